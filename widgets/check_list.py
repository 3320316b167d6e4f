"""The checks before a fix, filling in as they arrive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from textual.content import Content
from textual.widgets import Static

from widgets.severity import MUTED, STYLES, UNICODE
from widgets.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from widgets.severity import Glyphs, Level

CheckState = Literal["passed", "failed", "unknown"]
_LEVELS: dict[CheckState, Level] = {"passed": "done", "failed": "error", "unknown": "warning"}


@dataclass(frozen=True, slots=True)
class CheckLine:
    name: str
    state: CheckState
    detail: str = ""


class CheckList(Static):
    """One line a check: passed, failed, or not known; a quiet last line while more are to come."""

    DEFAULT_CSS = "CheckList { height: auto; }"

    def __init__(self, *, glyphs: Glyphs = UNICODE, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, markup=False)
        self._glyphs = glyphs

    def show(self, checks: Sequence[CheckLine], *, running: bool) -> None:
        lines = [self._line(check) for check in checks]
        if running:
            lines.append(plain("checking …", MUTED))
        self.update(Content("\n").join(lines or [plain("nothing to check", MUTED)]))

    def _line(self, check: CheckLine) -> Content:
        level = _LEVELS[check.state]
        word = " not known" if check.state == "unknown" else ""
        parts: list[Content | str] = [
            plain(self._glyphs.of(level), STYLES[level]),
            " ",
            plain(check.name),
            plain(word, STYLES[level]),
        ]
        if check.detail:
            parts += ["   ", plain(check.detail, MUTED)]
        return Content.assemble(*parts)
