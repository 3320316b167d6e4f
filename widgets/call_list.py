"""The calls of a plan: what is sent, the same as an `aws` command, and how far it got."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from textual.content import Content

from widgets.lines_block import LinesBlock
from widgets.lines_view import wrapped
from widgets.severity import DIM, MUTED, STYLES, UNICODE
from widgets.text import plain, safe, width_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from widgets.severity import Glyphs

CallState = Literal[
    "planned", "checking", "sending", "waiting", "done", "failed", "unknown", "rolled-back", "not-sent"
]

STATE_WORDS: dict[CallState, str] = {
    "planned": "",
    "checking": "reading once more",
    "sending": "sending",
    "waiting": "waiting for AWS to show it",
    "done": "done",
    "failed": "failed",
    "unknown": "sent, but what came of it is not known",
    "rolled-back": "taken back",
    "not-sent": "not sent",
}
_INDENT = "   "
_FURTHER = "    "


@dataclass(frozen=True, slots=True)
class CallLine:
    """`title` names service, operation and what it is about; `detail` is the word that came back."""

    title: str
    command: str
    state: CallState = "planned"
    detail: str = ""


class CallList(LinesBlock):
    """Numbered calls; while they run, each shows its own state in glyph, word and colour."""

    def __init__(self, *, glyphs: Glyphs = UNICODE, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._glyphs = glyphs
        self._calls: tuple[CallLine, ...] = ()
        self._nothing = ""

    def show(self, calls: Sequence[CallLine], nothing: str = "nothing is sent") -> None:
        self._calls, self._nothing = tuple(calls), nothing
        self.lines_changed()

    def lines(self, width: int) -> Iterator[Content]:
        if not self._calls:
            yield from wrapped(plain(self._nothing, MUTED), width)
        yield from lines_of_calls(self._calls, width, self._glyphs)


def lines_of_calls(calls: Sequence[CallLine], width: int, glyphs: Glyphs) -> Iterator[Content]:
    """Each call with its number, its state, its command and what came back."""
    for number, call in enumerate(calls, 1):
        yield from _call(number, call, width, glyphs)


def _call(number: int, call: CallLine, width: int, glyphs: Glyphs) -> Iterator[Content]:
    head = plain(call.title)
    if words := STATE_WORDS[call.state]:
        head = Content.assemble(head, "   ", _sign(call.state, glyphs), " ", plain(words, MUTED))
    yield from wrapped(head, width, f"{number:<{len(_INDENT)}}", _INDENT)
    yield from _command(call.command, width, glyphs)
    if call.detail:
        style = STYLES["error"] if call.state == "failed" else MUTED
        yield from wrapped(plain(call.detail, style), width, _INDENT)


def _command(command: str, width: int, glyphs: Glyphs) -> Iterator[Content]:
    """The command in as many lines as it needs; each but the last ends with the sign for going on."""
    tail = f" {glyphs.goes_on}"
    lines = command_lines(command, width - len(_INDENT + _FURTHER) - width_of(tail))
    for number, line in enumerate(lines):
        indent = _INDENT + (_FURTHER if number else "")
        yield plain(indent + line + (tail if number < len(lines) - 1 else ""), DIM).truncate(width)


def _sign(state: CallState, glyphs: Glyphs) -> Content:
    match state:
        case "done":
            return plain(glyphs.done, STYLES["done"])
        case "failed":
            return plain(glyphs.error, STYLES["error"])
        case "rolled-back" | "not-sent" | "unknown":
            return plain(glyphs.warning, STYLES["warning"])
        case "planned" | "checking" | "waiting":
            return plain(glyphs.waiting, STYLES["info"])
        case "sending":
            return plain(glyphs.sending, STYLES["info"])


def command_lines(command: str, width: int) -> list[str]:
    """A shell command in lines of at most `width` cells, broken before its options where that is possible."""
    lines = [""]
    for piece in re.split(r" (?=--)", safe(command)):
        longer = f"{lines[-1]} {piece}".strip()
        if width_of(longer) <= width:
            lines[-1] = longer
        elif width_of(piece) <= width:
            lines.append(piece)
        else:
            folded = [line.plain for line in wrapped(Content(piece), width)]
            lines.extend(folded)
    return [line for line in lines if line]
