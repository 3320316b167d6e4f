"""The checks before a fix, filling in as they arrive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from textual.content import Content

from widgets.lines_block import LinesBlock
from widgets.lines_view import wrapped
from widgets.severity import MUTED, STYLES, UNICODE
from widgets.text import plain, safe, width_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from widgets.severity import Glyphs, Level

CheckState = Literal["passed", "failed", "unknown", "waiting"]
_LEVELS: dict[CheckState, Level] = {"passed": "done", "failed": "error", "unknown": "warning"}
_WORDS: dict[CheckState, str] = {"passed": "", "failed": "failed", "unknown": "not known"}
_GAP = 3
_LEAST_DETAIL = 20


@dataclass(frozen=True, slots=True)
class CheckLine:
    """`word` stands in for the one that its state has by itself."""

    name: str
    state: CheckState
    detail: str = ""
    word: str | None = None


class CheckList(LinesBlock):
    """One line a check: passed, failed, or not known; a quiet last line while more are to come."""

    def __init__(self, *, glyphs: Glyphs = UNICODE, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._glyphs = glyphs
        self._checks: tuple[CheckLine, ...] = ()
        self._running = False

    def show(self, checks: Sequence[CheckLine], *, running: bool) -> None:
        self._checks, self._running = tuple(checks), running
        self.lines_changed()

    def lines(self, width: int) -> Iterator[Content]:
        yield from lines_of_checks(self._checks, width, self._glyphs)
        if self._running:
            yield plain("checking …", MUTED)
        elif not self._checks:
            yield plain("nothing to check", MUTED)


def lines_of_checks(checks: Sequence[CheckLine], width: int, glyphs: Glyphs) -> Iterator[Content]:
    """Names in one column, what was found in the next."""
    names = [_named(check, glyphs) for check in checks]
    column = max((name.cell_length for name in names), default=0) + _GAP
    for check, name in zip(checks, names, strict=True):
        yield from _line(name, check.detail, column, width)


def _named(check: CheckLine, glyphs: Glyphs) -> Content:
    if check.state == "waiting":
        return plain(f"{glyphs.waiting} {safe(check.name)}", MUTED)
    level = _LEVELS[check.state]
    glyph = (f"{glyphs.of(level)} ", STYLES[level])
    word = _WORDS[check.state] if check.word is None else check.word
    return Content.assemble(glyph, plain(check.name), (f" {word}" if word else "", STYLES[level]))


def _line(name: Content, detail: str, column: int, width: int) -> Iterator[Content]:
    """Name and detail side by side in columns; where that gets too narrow, the detail stands below."""
    if not detail:
        yield from wrapped(name, width, "", "  ")
        return
    beside = width - column
    if beside < min(_LEAST_DETAIL, width_of(safe(detail))):
        yield from wrapped(name, width, "", "  ")
        yield from wrapped(plain(detail, MUTED), width, "  ")
        return
    pieces = wrapped(plain(detail, MUTED), beside)
    yield Content.assemble(name.pad_right(column - name.cell_length), pieces[0])
    for piece in pieces[1:]:
        yield Content.assemble(" " * column, piece)
