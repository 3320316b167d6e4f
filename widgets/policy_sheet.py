"""Policy documents as people read them, with the statement that decides marked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.content import Content

from widgets.json_lines import coloured, json_text_lines
from widgets.lines_view import wrapped
from widgets.severity import MUTED, UNICODE
from widgets.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from widgets.severity import Glyphs
    from widgets.sheet_view import Sheet

_GUTTER = "  "


@dataclass(frozen=True, slots=True)
class Policy:
    """One document as JSON text ('' where only the note is known); `marked` is the statement that decides,
    `note` says in a sentence what it decides."""

    title: str
    document: str
    note: str = ""
    marked: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class PolicySheet:
    """Policies one below the other."""

    policies: tuple[Policy, ...] = ()
    glyphs: Glyphs = UNICODE
    empty_text: str = "No policy belongs to this."

    def lines(self, width: int) -> Iterator[Content]:
        if not self.policies:
            yield plain(self.empty_text, MUTED)
        for number, policy in enumerate(self.policies):
            if number:
                yield Content("")
            yield from lines_of_policy(policy, width, self.glyphs)

    def goes_on(self, before: Sheet) -> bool:
        return False


def lines_of_policy(policy: Policy, width: int, glyphs: Glyphs) -> Iterator[Content]:
    """Title, note and document, with a bar along the statement that decides."""
    yield from wrapped(plain(policy.title, "bold"), width)
    if policy.note:
        yield from wrapped(plain(policy.note, MUTED), width)
    if policy.document:
        yield Content("")
        yield from _document(policy, width, glyphs)


def _document(policy: Policy, width: int, glyphs: Glyphs) -> Iterator[Content]:
    try:
        document = json.loads(policy.document)
    except ValueError as error:
        yield from wrapped(plain(f"This document is no JSON: {error}", "$text-warning"), width)
        for line in policy.document.split("\n"):
            yield from wrapped(plain(line), width)
        return
    lines = json_text_lines(document)
    start, end = _marked_lines(document, policy.marked)
    for number, line in enumerate(lines):
        marked = start <= number < end
        word = "   decides" if number == start and marked else ""
        for place, piece in enumerate(coloured(line, width - len(_GUTTER) - len(word))):
            gutter = (f"{glyphs.mark} ", "bold") if marked else (_GUTTER, "")
            tail = (word, MUTED) if place == 0 else ("", "")
            yield Content.assemble(gutter, piece, tail)


def _marked_lines(document: Any, marked: Mapping[str, Any] | None) -> tuple[int, int]:
    """The first line of the marked statement and the line after its last, in the document's JSON lines.

    A document may hold a single statement without a list around it.
    """
    if marked is None or not isinstance(document, dict):
        return (0, 0)
    line = 1
    for key, value in document.items():
        if key == "Statement":
            return _in_statements(value, marked, line)
        line += len(json_text_lines(value))
    return (0, 0)


def _in_statements(statements: Any, marked: Mapping[str, Any], line: int) -> tuple[int, int]:
    if not isinstance(statements, list):
        return (line, line + len(json_text_lines(statements))) if statements == marked else (0, 0)
    line += 1
    for statement in statements:
        height = len(json_text_lines(statement))
        if statement == marked:
            return (line, line + height)
        line += height
    return (0, 0)
