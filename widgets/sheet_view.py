"""A scrolling view of one sheet out of several: to show another one costs no more than to draw it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from widgets.lines_view import LinesView

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.content import Content


class Sheet(Protocol):
    """Sheets that are equal look the same."""

    def lines(self, width: int) -> Iterable[Content]:
        """The lines, each at most `width` cells wide."""

    def goes_on(self, before: Sheet) -> bool:
        """Whether it is about the same as another one, so that it stays scrolled as that was."""


class SheetView(LinesView):
    def __init__(self, sheet: Sheet, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._sheet = sheet

    def show_sheet(self, sheet: Sheet, place: int | None = None) -> None:
        """Show another sheet, `place` lines down, or where it goes on from the one before."""
        before, self._sheet = self._sheet, sheet
        if sheet != before:
            self.lines_changed(to_top=place is None and not sheet.goes_on(before))
        if place is not None:
            self.scroll_to(y=place, animate=False, force=True)

    def lines(self, width: int) -> Iterable[Content]:
        return self._sheet.lines(width)
