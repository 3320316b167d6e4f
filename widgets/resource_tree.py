"""The tree: stretches of visible rows on Textual's line API, fast with 100,000 rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView

from widgets.scroll_size import tell_size
from widgets.severity import UNICODE
from widgets.tree_look import COMPONENT_CLASSES, CSS
from widgets.tree_painter import TreePainter
from widgets.tree_row_drawing import INDENT, arrow_column
from widgets.tree_rows import VisibleRows
from widgets.tree_source import NoRows, Part, Row, SiblingKeys, TreeSource
from widgets.turns import Work, go_on

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from textual.events import Click, Resize
    from textual.strip import Strip

    from widgets.severity import Glyphs
    from widgets.tree_rows import Opens

__all__ = ["ResourceTree", "Row", "SiblingKeys", "TreeSource"]

_EXPAND_ALL_LIMIT = 200_000
_AT_ONCE = 200
"""So many open rows are asked again what is below them while a key waits; more of them in turns."""
_FIRST_TURN = 0.015
"""Seconds of opening everything before the first frame shows what is open so far."""


class ResourceTree(ScrollView, can_focus=True, inherit_bindings=False):
    """Draws the rows of a `TreeSource`; keeps cursor, expansion and scroll position by key.

    The owner calls `source_changed` when the data behind the source changed; until then the source must
    answer for every key that it gave.
    """

    DEFAULT_CSS = CSS
    COMPONENT_CLASSES: ClassVar[set[str]] = set(COMPONENT_CLASSES)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False, id="tree.up"),
        Binding("down,j", "move(1)", "Down", show=False, id="tree.down"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="tree.page-up"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="tree.page-down"),
        Binding("home", "first", "First row", show=False, id="tree.first"),
        Binding("end", "last", "Last row", show=False, id="tree.last"),
        Binding("left", "collapse_or_parent", "Collapse", show=False, id="tree.collapse"),
        Binding("right", "expand_or_child", "Expand", show=False, id="tree.expand"),
        Binding("enter", "select", "Open", show=False, id="tree.select"),
        Binding("asterisk,plus", "expand_all", "Expand all", show=False, id="tree.expand-all"),
        Binding("minus", "collapse_all", "Collapse all", show=False, id="tree.collapse-all"),
    ]

    @dataclass
    class Highlighted(Message):
        """The cursor stands on another row, or on none. Bursts collapse into the last one."""

        tree: ResourceTree
        key: str | None

        @property
        def control(self) -> ResourceTree:
            return self.tree

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, ResourceTree.Highlighted) and message.tree is self.tree

    @dataclass
    class Selected(Message):
        """The person opened a row (enter or a double click)."""

        tree: ResourceTree
        key: str

        @property
        def control(self) -> ResourceTree:
            return self.tree

    @dataclass
    class Settled(Message):
        """Work that took several turns is done: the tree can be told again that its source changed."""

        tree: ResourceTree

        @property
        def control(self) -> ResourceTree:
            return self.tree

    def __init__(
        self,
        *,
        empty_text: str = "",
        glyphs: Glyphs = UNICODE,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._empty_text = empty_text
        self._rows = VisibleRows(NoRows())
        self._cursor = -1
        self._work = Work(self, lambda: self.post_message(self.Settled(self)))
        """What takes several turns: opening rows, or reading them again."""
        self._wanted: str | None = None
        self._painter = TreePainter(self, glyphs)

    # What the owner reads and does

    @property
    def source(self) -> TreeSource:
        return self._rows.source

    @property
    def cursor_key(self) -> str | None:
        """The key of the row under the cursor; None in an empty tree."""
        return self._rows.key(self._cursor) if self._cursor >= 0 else None

    @property
    def expanded(self) -> frozenset[str]:
        return frozenset(self._rows.expanded)

    @property
    def visible_keys(self) -> Sequence[str]:
        """The keys of all rows that scrolling reaches, from top to bottom; made one by one."""
        return tuple(self._rows)

    @property
    def row_count(self) -> int:
        return len(self._rows)

    @property
    def is_busy(self) -> bool:
        """Whether rows are still being opened or read again; `Settled` tells the end.

        Until then the source must go on answering for the keys that it gave, so it must not be told to
        forget them.
        """
        return bool(self._work)

    def let_draw(self) -> None:
        """Where rows are still being opened, let those that are open be drawn before it goes on."""
        self._work.let_draw()

    @property
    def drawn(self) -> int:
        """Lines drawn so far: a change must not draw more than it touches."""
        return self._painter.drawn

    @property
    def empty_text(self) -> str:
        return self._empty_text

    @empty_text.setter
    def empty_text(self, text: str) -> None:
        """What stands in a tree without rows; a plain sentence."""
        if text != self._empty_text:
            self._empty_text = text
            if not len(self._rows):
                self.refresh()

    def set_source(
        self,
        source: TreeSource,
        expanded: Collection[str] | None = None,
        cursor: str | None = None,
        *,
        opens: Opens | None = None,
        limit: int | None = None,
    ) -> None:
        """Show another source from its top; `expanded` None opens the roots.

        Where very much is expanded it takes several turns, and the cursor goes to its row once that is there.
        Instead of `expanded`, `opens` may choose what is opened, level by level, below `limit` rows.
        """
        self._stop_working()
        expanded = source.roots() if expanded is None else expanded
        is_much = len(expanded) > _AT_ONCE
        self._rows = VisibleRows(source, () if is_much else expanded)
        self._painter.forget_rows()
        self._cursor = min(0, len(self._rows) - 1)
        self._scroll_top_to(0)
        self._go_to(cursor)
        if is_much:
            self._wanted = cursor if self.cursor_key != cursor else None
            opened = frozenset(expanded)
            opens, limit = lambda keys, places: [place for place in places if keys[place] in opened], None
        if opens is not None:
            self._begin_to_open(limit, opens)
        # Only now: the scroll bar would go, and come again with the rows that were opened.
        self._fit_height()
        self._show_cursor()
        self.post_message(self.Highlighted(self, self.cursor_key))
        self.refresh()

    def exchange_source(self, source: TreeSource) -> None:
        """Show the same rows of another source, as far as it has them, with cursor and expansion."""
        self._stop_working()
        before, old_key = self._rows.as_it_is(), self.cursor_key
        self._rows = VisibleRows(source, self._rows.expanded)
        self._show_read(before, old_key)

    def _go_to(self, key: str | None) -> bool:
        index = self._rows.index_of(key) if key is not None else None
        if index is not None:
            self._cursor = index
        return index is not None

    def source_changed(self) -> None:
        """Read again what is open, keeping cursor, scroll position and expansion.

        Where very much is open it takes several turns, and the rows are the old ones until then.
        """
        self._stop_working()
        if len(self._rows.expanded) > _AT_ONCE:
            self._begin_to_read()
        else:
            before, old_key = self._rows.as_it_is(), self.cursor_key
            self._rows.rebuild()
            self._show_read(before, old_key)

    def _show_read(self, before: VisibleRows, old_key: str | None) -> None:
        """Show what was read again in place of the rows of before: only lines that differ are drawn."""
        self._painter.forget_rows()
        self._fit_height()
        self._hold(before, self._cursor, self.scroll_offset.y)
        self._tell_if_moved(old_key)
        region = self.scrollable_content_region
        top = self.scroll_offset.y
        stale = self._painter.stale_lines(self._rows, top, region.width, region.height)
        if len(stale) > region.height // 2:
            self.refresh()
        else:
            for line in stale:
                self.refresh_line(line + top)

    def rows_changed(self) -> None:
        """Draw the same rows anew: what they say changed, not which there are."""
        self._painter.forget_rows()
        self.refresh()

    def expand_row(self, key: str) -> None:
        index = self._rows.index_of(key)
        if index is not None:
            self._expand(index)

    def collapse_row(self, key: str) -> None:
        index = self._rows.index_of(key)
        if index is not None:
            self._collapse(index)

    def toggle(self, key: str) -> None:
        index = self._rows.index_of(key)
        if index is not None:
            self._toggle(index)

    def expand_all(self, limit: int | None = _EXPAND_ALL_LIMIT, opens: Opens | None = None) -> None:
        """Open everything, or what `opens`, level by level, as long as the tree stays below `limit` rows.

        Much of it takes several turns; what is open is shown level by level.
        """
        self._reach(len(self._rows))
        self._stop_working()
        self._begin_to_open(limit, opens)

    # Work that takes several turns; what is begun later ends what was begun before

    def _begin_to_open(self, limit: int | None, opens: Opens | None) -> None:
        self._work.begin(self._rows.opening_all(limit, opens), self._open_some, _FIRST_TURN)

    def _open_some(self, steps: Iterator[object], seconds: float) -> bool:
        before, old_key = self._rows.as_it_is(), self.cursor_key
        more = go_on(steps, seconds)
        self._show_opened(before, old_key)
        return more

    def _begin_to_read(self) -> None:
        self._work.begin(self._rows.rebuilding(), self._read_some)

    def _read_some(self, steps: Iterator[object], seconds: float) -> bool:
        before, old_key = self._rows.as_it_is(), self.cursor_key
        more = go_on(steps, seconds)
        if not more:
            self._show_read(before, old_key)
        return more

    def _stop_working(self) -> None:
        self._work.stop()
        self._wanted = None

    def _begin_again(self) -> None:
        """A person opened or closed a row while the tree is at work: what was read so far may lack that."""
        if self._work.is_at(self._read_some):
            self._begin_to_read()
        elif self._work:
            self._work.end()

    def _show_opened(self, before: VisibleRows, old_key: str | None) -> None:
        """Show what was opened by now, if anything."""
        if self._rows.is_shaped_as(before):
            return
        self._hold_shape(before)
        if self._wanted is not None and self._go_to(self._wanted):
            self._wanted = None
            self._show_cursor()
        self._tell_if_moved(old_key)

    def collapse_all(self) -> None:
        self._stop_working()
        self._reshape(self._rows.collapse_all)

    def reveal(self, key: str, path: Sequence[str] | None = None) -> bool:
        """Put the cursor on a row, opening what is above it; False where the source has no such row.

        `path` are the keys above it, outermost first; without it the whole source is searched.
        """
        if self._rows.index_of(key) is None:
            above = self._rows.path_to(key) if path is None else list(path)
            if above is None:
                return False
            self._rows.open_up(above)
            self._stop_working()
            self._reshape(self._rows.rebuild)
        index = self._rows.index_of(key)
        if index is None:
            return False
        self._move_to(index)
        return True

    # Drawing

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        index = y + self.scroll_offset.y
        if index >= len(self._rows):
            return self._painter.paint_empty("" if len(self._rows) else self._empty_text, y, width)
        return self._painter.paint(self._rows, index, y, width, at_cursor=index == self._cursor)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._painter.forget_styles()

    def on_resize(self, event: Resize) -> None:
        self._painter.forget_places()
        self._fit_height()
        self._show_cursor()

    # Moving and changing shape

    def _move_to(self, index: int) -> None:
        index = max(0, min(index, len(self._rows) - 1))
        if not len(self._rows) or index == self._cursor:
            self._show_cursor()
            return
        self._wanted = None
        old, self._cursor = self._cursor, index
        self.refresh_line(old)
        self.refresh_line(index)
        self._show_cursor()
        self.post_message(self.Highlighted(self, self.cursor_key))

    def _reach(self, index: int) -> None:
        """Whoever goes past the rows of a part wants the whole."""
        source = self._rows.source
        if index >= len(self._rows) and isinstance(source, Part):
            self.exchange_source(source.whole)

    def _show_cursor(self) -> None:
        height, top = self.scrollable_content_region.height, self.scroll_offset.y
        if self._cursor < 0 or height <= 0:
            return
        if self._cursor < top:
            self._scroll_top_to(self._cursor)
        elif self._cursor >= top + height:
            self._scroll_top_to(self._cursor - height + 1)

    def _scroll_top_to(self, top: int) -> None:
        self.scroll_to(y=max(top, 0), animate=False, force=True)

    def _fit_height(self) -> None:
        # Rows are never wider than the tree; a width that follows the scroll bar would cost a repaint.
        tell_size(self, Size(1, len(self._rows)))

    def _tell_if_moved(self, old_key: str | None) -> None:
        if self.cursor_key != old_key:
            self.post_message(self.Highlighted(self, self.cursor_key))

    def _expand(self, index: int) -> None:
        came = self._rows.expand(index)
        self._begin_again()
        if self._cursor > index:
            self._cursor += came
        self._fit_height()
        self.refresh()

    def _collapse(self, index: int) -> None:
        old_key = self.cursor_key
        went = self._rows.collapse(index)
        self._begin_again()
        if self._cursor > index:
            self._cursor = max(index, self._cursor - went)
        self._fit_height()
        self._show_cursor()
        self._tell_if_moved(old_key)
        self.refresh()

    def _toggle(self, index: int) -> None:
        if self._rows.is_open(index):
            self._collapse(index)
        else:
            self._expand(index)

    def _reshape(self, change: Callable[[], None]) -> None:
        """Change the whole list; a row that went takes the cursor up to what held it."""
        before, old_key = self._rows.as_it_is(), self.cursor_key
        change()
        self._hold_shape(before)
        self._tell_if_moved(old_key)

    def _hold_shape(self, before: VisibleRows) -> None:
        offset = self._cursor - self.scroll_offset.y
        self._cursor = self._rows.nearest_above(self._cursor, before)
        self._fit_height()
        self._scroll_top_to(self._cursor - offset)
        self._show_cursor()
        self.refresh()

    def _hold(self, before: VisibleRows, old_cursor: int, top: int) -> None:
        """Put the cursor back on its row (or the nearest that is left), and the row back where it stood.

        When the cursor is off the screen, the topmost row on it stays in place instead. A tree that shows
        its top goes on doing so while the cursor fits.
        """
        self._cursor = self._rows.nearest(old_cursor, before)
        height = self.scrollable_content_region.height
        cursor_on_screen = top <= old_cursor < top + height
        if top == 0 and self._cursor < height:
            return
        if cursor_on_screen:
            self._scroll_top_to(self._cursor - (old_cursor - top))
        else:
            self._scroll_top_to(self._rows.nearest(top, before))

    # Keys and mouse

    def action_move(self, rows: int) -> None:
        self._reach(self._cursor + rows)
        self._move_to(self._cursor + rows)

    def action_page(self, pages: int) -> None:
        self.action_move(pages * max(self.scrollable_content_region.height - 1, 1))

    def action_first(self) -> None:
        self._move_to(0)

    def action_last(self) -> None:
        self._reach(len(self._rows))
        self._move_to(len(self._rows) - 1)

    def action_collapse_or_parent(self) -> None:
        if self._cursor < 0:
            return
        if self._rows.is_open(self._cursor):
            self._collapse(self._cursor)
        elif (parent := self._rows.parent_of(self._cursor)) is not None:
            self._move_to(parent)

    def action_expand_or_child(self) -> None:
        if self._cursor < 0:
            return
        if not self._rows.is_open(self._cursor):
            self._expand(self._cursor)
        elif self._rows.end_of(self._cursor) > self._cursor + 1:
            self._move_to(self._cursor + 1)

    def action_select(self) -> None:
        if (key := self.cursor_key) is not None:
            self.post_message(self.Selected(self, key))

    def action_expand_all(self) -> None:
        self.expand_all()

    def action_collapse_all(self) -> None:
        self.collapse_all()

    def on_click(self, event: Click) -> None:
        index = event.y + self.scroll_offset.y
        if event.y < 0 or index >= len(self._rows):
            return
        event.stop()
        self._move_to(index)
        column = arrow_column(self._rows.depth(index))
        if column <= event.x < column + INDENT and self._rows.source.has_children(self._rows.key(index)):
            self._toggle(index)
        elif event.chain == 2:
            self.action_select()
