"""Painting the rows of a tree: each is drawn when it comes into sight, and kept until it changes."""

from __future__ import annotations

import textwrap
from functools import lru_cache
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.strip import Strip

from widgets.text import safe, shorten
from widgets.tree_look import row_styles
from widgets.tree_row_drawing import RowPlace, RowStyles, draw_row

if TYPE_CHECKING:
    from rich.style import Style
    from textual.widget import Widget

    from widgets.severity import Glyphs
    from widgets.tree_rows import VisibleRows
    from widgets.tree_source import Row

_CACHED_ROWS = 2_000


class TreePainter:
    """Draws for one widget; knows what it painted last, so that only what differs is painted again."""

    def __init__(self, widget: Widget, glyphs: Glyphs) -> None:
        self._widget = widget
        self._glyphs = glyphs
        self._row_texts: dict[str, Row] = {}
        self._strips: dict[tuple[str, RowPlace, bool], tuple[Row, Strip]] = {}
        self.drawn = 0
        """Lines drawn so far, those left out that were kept: a frame must not draw more than changed."""
        self._painted: dict[int, tuple[str, RowPlace, Row] | None] = {}
        self._styles: tuple[RowStyles, RowStyles] | None = None
        self._ground: Style | None = None

    def forget_rows(self) -> None:
        """What the rows say may have changed; lines are kept for those that say the same again."""
        self._row_texts.clear()

    def forget_styles(self) -> None:
        self._styles = None
        self._ground = None
        self._strips.clear()

    def forget_places(self) -> None:
        """The width changed."""
        self._strips.clear()
        self._painted.clear()

    def paint(self, rows: VisibleRows, index: int, y: int, width: int, *, at_cursor: bool) -> Strip:
        """The line of the row at `index`, which stands `y` lines below the top of the widget."""
        key = rows.key(index)
        place = _place(rows, index, width)
        row = self._row(rows, key)
        self._painted[y] = (key, place, row)
        kept = self._strips.get((key, place, at_cursor))
        if kept is not None and kept[0] == row:
            return kept[1]
        if self._styles is None:
            self._styles = row_styles(self._widget)
        strip = draw_row(row, place, self._styles[at_cursor], self._glyphs)
        self.drawn += 1
        if len(self._strips) >= _CACHED_ROWS:
            self.forget_places()
            self.forget_rows()
            self._painted[y] = (key, place, row)
        self._strips[key, place, at_cursor] = (row, strip)
        return strip

    def paint_empty(self, text: str, y: int, width: int) -> Strip:
        """A line without a row; `text` stands where a tree has none at all."""
        self._painted[y] = None
        if self._ground is None:
            # Asked for anew on each line, it would take most of the time of a first frame.
            self._ground = self._widget.rich_style
        ground = self._ground
        lines = _wrapped(text, max(width - 4, 1)) if text else ()
        if not 1 <= y <= len(lines):
            return Strip.blank(width, ground)
        style = self._widget.get_component_rich_style("resource-tree--muted")
        line = Strip([Segment("  " + shorten(lines[y - 1], width - 4), style)])
        return line.adjust_cell_length(width, ground)

    def stale_lines(self, rows: VisibleRows, top: int, width: int, height: int) -> list[int]:
        """The lines on the screen that differ from what the source says now."""
        stale = []
        for y in range(height):
            index = y + top
            now = None
            if index < len(rows):
                key = rows.key(index)
                now = (key, _place(rows, index, width), self._row(rows, key))
            if y not in self._painted or self._painted[y] != now:
                stale.append(y)
        return stale

    def _row(self, rows: VisibleRows, key: str) -> Row:
        row = self._row_texts.get(key)
        if row is None:
            row = self._row_texts[key] = rows.source.row(key)
        return row


@lru_cache(maxsize=8)
def _wrapped(text: str, width: int) -> tuple[str, ...]:
    return tuple(textwrap.wrap(safe(text), width))


def _place(rows: VisibleRows, index: int, width: int) -> RowPlace:
    key = rows.key(index)
    is_open = rows.is_open(index) if rows.source.has_children(key) else None
    return RowPlace(depth=rows.depth(index), width=width, open=is_open)
