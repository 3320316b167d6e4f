"""Questions to AWS, one below the other: how each stands, what came of it, and the facts that it brought."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from textual.content import Content

from widgets.lines_view import wrapped
from widgets.severity import DIM, MUTED, STYLES
from widgets.text import plain, safe, width_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from widgets.severity import Glyphs

AskedState = Literal["asking", "answered", "skipped", "offered", "denied", "failed"]

_INDENT = "  "
_WIDE = 72
"""Cells from which titles and answers stand side by side."""
_BEFORE: dict[AskedState, str] = {"failed": "failed: ", "offered": "not asked: "}


@dataclass(frozen=True, slots=True)
class AskedLine:
    """One question; `facts` are lines, written `label  value` or plain."""

    title: str
    state: AskedState
    words: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    title: str
    lines: tuple[AskedLine, ...]


def lines_of_asked(asked: Asked, width: int, glyphs: Glyphs) -> Iterator[Content]:
    """The questions; what was not asked is dim, what was learnt stands out."""
    yield from wrapped(plain(asked.title, MUTED), width)
    column = max((width_of(safe(line.title)) for line in asked.lines), default=0)
    for line in asked.lines:
        glyph, style = _sign(line.state, glyphs)
        first = Content.assemble(_INDENT, plain(glyph, style), " ")
        quiet = MUTED if line.state in ("skipped", "offered") else ""
        words = plain(f"{_BEFORE.get(line.state, '')}{safe(line.words) or 'asking …'}", quiet)
        title = plain(line.title, quiet or "bold")
        if width >= _WIDE:
            head = Content.assemble(first, title, " " * (column - title.cell_length + 2))
            rest = " " * head.cell_length
            pieces = wrapped(words, width - head.cell_length)
            yield Content.assemble(head, pieces[0])
            yield from (Content.assemble(rest, piece) for piece in pieces[1:])
        else:
            rest = " " * (first.cell_length + 2)
            yield from wrapped(Content.assemble(first, title), width)
            yield from (Content.assemble(rest, piece) for piece in wrapped(words, width - len(rest)))
        for fact in line.facts:
            yield from _fact(fact, width, rest)


def _sign(state: AskedState, glyphs: Glyphs) -> tuple[str, str]:
    match state:
        case "asking":
            return glyphs.sending, STYLES["info"]
        case "answered":
            return glyphs.done, STYLES["done"]
        case "denied":
            return glyphs.locked, STYLES["warning"]
        case "failed":
            return glyphs.warning, STYLES["warning"]
        case "offered":
            return glyphs.waiting, STYLES["info"]
        case "skipped":
            return glyphs.dot, DIM


def _fact(fact: str, width: int, rest: str) -> Iterator[Content]:
    label, gap, value = safe(fact).partition("  ")
    text = Content.assemble(plain(label, DIM), "  ", plain(value.strip())) if gap else plain(label)
    yield from (Content.assemble(rest, piece) for piece in wrapped(text, width - len(rest), "", "  "))
