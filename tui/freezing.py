"""Makes a still (`tui.still`): what the opening shows at first, in the size and colours of now.

A test holds it to what the opening draws.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.css.query import NoMatches
from textual.scrollbar import ScrollBarRender
from textual.strip import Strip

from config.themes import chosen_theme
from tui import keys
from tui.picture import PictureSource
from tui.screens.frame import EMPTY_TEXT, FIRST_VIEW
from tui.still import FACTS, GAP, Still, looks_of
from widgets.key_bar import KeyBar
from widgets.lines_view import drawn
from widgets.resource_tree import ResourceTree
from widgets.severity import MUTED
from widgets.status_strip import StatusFacts, StatusStrip
from widgets.title_line import TitleFacts, TitleLine
from widgets.tree_look import row_styles
from widgets.tree_painter import TreePainter
from widgets.tree_row_drawing import RowPlace, draw_row
from widgets.tree_rows import VisibleRows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.widget import Widget

    from tui.app import IptuiApp
    from tui.picture import Picture

_ABOVE = 3
"""Lines above the tree: title, strip and a blank one."""


def still_of(app: IptuiApp, picture: Picture | None) -> Still | None:
    """What a start opens with on a terminal like this one, with this picture or with nothing read; None where
    it may look different there. The main screen has to be laid out."""
    settings = app.resolved.settings
    looks = looks_of(app.resolved, os.environ)
    if looks is None or app.theme != chosen_theme(settings.theme, no_color=settings.no_color):
        return None
    try:
        return _Freezing(app, picture).still(looks)
    except NoMatches:
        return None  # whoever leaves takes the screen apart, perhaps just when a load ends


class _Freezing:
    def __init__(self, app: IptuiApp, picture: Picture | None) -> None:
        self._app = app
        self._picture = picture
        self._tree = app.main.query_one(ResourceTree)
        self._right = app.main.query_one("#right")

    def still(self, looks: str) -> Still | None:
        size, rows = self._app.size, self._tree.region
        if (rows.y, rows.bottom) != (_ABOVE, size.height - 1):
            return None  # a search line stands there, or nothing is laid out yet
        frozen = [self._strip(), self._blank(size.width), *self._body(), self._keys()]
        titles = tuple((left.cell_length, self._frozen(self._title(left))) for left in self._lefts())
        lines, picture = tuple(map(self._frozen, frozen)), self._picture
        if picture is None:
            return Still(looks, size.width, titles, lines)
        dot = self._app.glyphs.between
        return Still(looks, size.width, titles, lines, picture.size, dot, picture.read_at)

    def _frozen(self, strip: Strip) -> str:
        return strip.render(self._app.console)

    def _lefts(self) -> tuple[Content, Content]:
        facts = TitleFacts(read_only=self._app.resolved.settings.read_only)
        if self._picture is not None:
            facts = self._picture.title(self._picture.read_at, facts)
        return self._app.main.query_one(TitleLine).lefts(facts)

    def _title(self, left: Content) -> Strip:
        ground = self._app.main.query_one(TitleLine).visual_style
        right = Content.styled(FACTS, MUTED).render(ground, end="")
        blank = Segment(" ", ground.rich_style)
        segments = [Segment(text, style.rich_style) for text, style in (*left.render(ground, end=""), *right)]
        return Strip([blank, *segments[:-1], Segment(GAP, ground.rich_style), segments[-1], blank])

    def _strip(self) -> Strip:
        strip = self._app.main.query_one(StatusStrip)
        facts = self._picture.status(FIRST_VIEW) if self._picture else StatusFacts(active=FIRST_VIEW)
        return self._line(strip, strip.drawn(facts, self._app.size.width - 2))

    def _keys(self) -> Strip:
        bar = self._app.main.query_one(KeyBar)
        shown = keys.on_bar(self._app.resolved.settings.keymap)
        return self._line(bar, bar.drawn(shown, self._app.size.width - 2))

    def _line(self, widget: Widget, content: Content) -> Strip:
        """A line of the whole width with a blank cell at both ends."""
        return drawn(Content(" ") + content, widget.visual_style, self._app.size.width)

    def _blank(self, width: int) -> Strip:
        return Strip.blank(width, self._app.main.rich_style)

    def _body(self) -> Iterator[Strip]:
        """The tree with its scroll bar, and the empty right side."""
        width = self._app.size.width - self._right.region.width if self._right.display else None
        right = [] if width is None else [self._edge(), self._blank(self._right.region.width - 1)]
        for row, bar in zip(self._rows(), self._bar(), strict=True):
            yield Strip.join([row, Strip([bar]), *right])

    def _edge(self) -> Strip:
        colour = self._right.styles.border_left[1].rich_color
        return Strip([Segment("│", self._app.main.rich_style + Style(color=colour))])

    def _rows(self) -> Iterator[Strip]:
        source = PictureSource(self._picture.lines if self._picture else ())
        rows = VisibleRows(source, source.opened)
        width, styles = self._tree.scrollable_content_region.width, row_styles(self._tree)
        painter = TreePainter(self._tree, self._app.glyphs)
        for index in range(self._tree.region.height):
            if index >= len(rows):
                yield painter.paint_empty("" if len(rows) else EMPTY_TEXT, index, width)
                continue
            key = rows.key(index)
            is_open = rows.is_open(index) if source.has_children(key) else None
            place = RowPlace(rows.depth(index), width, is_open)
            yield draw_row(source.row(key), place, styles[index == 0], self._app.glyphs)

    def _bar(self) -> list[Segment]:
        height, length = self._tree.region.height, len(self._picture.lines) if self._picture else 0
        styles = self._tree.styles
        return ScrollBarRender.render_bar(
            height,
            length,
            height if height < length else 0,
            back_color=styles.scrollbar_background.rich_color,
            bar_color=styles.scrollbar_color.rich_color,
        ).segments
