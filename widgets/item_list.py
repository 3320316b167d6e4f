"""The fixes of a batch, one line each: what is done, how far it is; opened, its calls and checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from textual.binding import Binding, BindingType
from textual.content import Content

from widgets.call_list import lines_of_calls
from widgets.check_list import lines_of_checks
from widgets.lines_view import LinesView, wrapped
from widgets.severity import DIM, MUTED, STYLES, UNICODE
from widgets.text import plain, safe, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual.events import Click

    from widgets.call_list import CallLine
    from widgets.check_list import CheckLine
    from widgets.severity import Glyphs, Level

ItemState = Literal[
    "checking",
    "ready",
    "refused",
    "running",
    "applied",
    "unverified",
    "failed",
    "rolled-back",
    "stopped",
    "not-begun",
]
_LEVELS: dict[ItemState, Level] = {
    "ready": "done",
    "refused": "error",
    "applied": "done",
    "unverified": "warning",
    "failed": "error",
    "rolled-back": "warning",
    "stopped": "warning",
    "not-begun": "unknown",
}
_WORDS: dict[ItemState, str] = {
    "checking": "checking …",
    "ready": "checked",
    "refused": "left out",
    "running": "",
    "applied": "applied",
    "unverified": "not seen to work yet",
    "failed": "failed",
    "rolled-back": "taken back",
    "stopped": "stopped in the middle",
    "not-begun": "not begun",
}
_INDENT = "    "
_LEAST_TITLE = 16
_LEAST_HEIGHT = 4


@dataclass(frozen=True, slots=True)
class ItemLine:
    """`note` stands right of the title, `reason` below it, `heading` (a region) above the first one there."""

    title: str
    state: ItemState = "checking"
    note: str = ""
    reason: str = ""
    heading: str = ""
    calls: tuple[CallLine, ...] = ()
    checks: tuple[CheckLine, ...] = ()


class ItemList(LinesView):
    """Up and down go from fix to fix and out at the ends, enter opens one; as high as its lines allow."""

    DEFAULT_CSS = """
    ItemList {
        height: 1;
        & > .item-list--cursor { background: $iptui-cursor; }
        &:ansi > .item-list--cursor { text-style: reverse; }
        &:nocolor > .item-list--cursor { text-style: reverse; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"item-list--cursor"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Previous", show=False, id="items.up"),
        Binding("down", "move(1)", "Next", show=False, id="items.down"),
        Binding("enter,space", "switch", "Open or close", show=False, id="items.switch"),
        Binding("right", "open(True)", "Open", show=False, id="items.open"),
        Binding("left", "open(False)", "Close", show=False, id="items.close"),
        Binding("pageup", "scroll_pages(-1)", "Page up", show=False, id="items.page-up"),
        Binding("pagedown", "scroll_pages(1)", "Page down", show=False, id="items.page-down"),
        Binding("home", "move(-1000000)", "First", show=False, id="items.first"),
        Binding("end", "move(1000000)", "Last", show=False, id="items.last"),
    ]

    def __init__(self, *, glyphs: Glyphs = UNICODE, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._glyphs = glyphs
        self._items: tuple[ItemLine, ...] = ()
        self._open: set[int] = set()
        self._cursor = 0
        self._heads: list[int] = []

    def show(self, items: Sequence[ItemLine]) -> None:
        """Show these; what is open stays open."""
        self._items = tuple(items)
        self._cursor = min(self._cursor, max(len(self._items) - 1, 0))
        self._redraw()

    def lines(self, width: int) -> Iterator[Content]:
        self._heads = []
        count = 0
        heading = ""
        for number, item in enumerate(self._items):
            block = []
            if item.heading != heading:
                heading = item.heading
                block.append(plain(heading, MUTED))
            self._heads.append(count + len(block))
            block += self._item(number, item, width)
            count += len(block)
            yield from block

    def on_focus(self) -> None:
        self._redraw()

    def on_blur(self) -> None:
        self._redraw()

    def on_click(self, event: Click) -> None:
        line = event.y + self.scroll_offset.y
        if line in self._heads:
            event.stop()
            self._cursor = self._heads.index(line)
            self.action_switch()

    def action_move(self, step: int) -> None:
        """Past either end the focus goes on."""
        if not 0 <= self._cursor + step < len(self._items) and abs(step) == 1:
            if step < 0:
                self.screen.focus_previous()
            else:
                self.screen.focus_next()
            return
        self._cursor = max(0, min(self._cursor + step, len(self._items) - 1))
        self._redraw()
        self._reveal()

    def action_switch(self) -> None:
        self.action_open(self._cursor not in self._open)

    def action_open(self, wanted: bool) -> None:
        """Show or hide the calls and checks of the fix under the cursor."""
        (self._open.add if wanted else self._open.discard)(self._cursor)
        self._redraw()
        self._reveal()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._redraw()

    def _redraw(self) -> None:
        if not self.is_attached:
            return
        self.lines_changed(to_top=False)
        # A limit in the style sheet would leave the row around the list as high as all its lines.
        limit = max(self.app.size.height * 2 // 5, _LEAST_HEIGHT)
        height = min(max(self.virtual_size.height, 1), limit)
        if self.styles.height is None or self.styles.height.value != height:
            self.styles.height = height

    def _reveal(self) -> None:
        """Scroll so that the fix under the cursor, and as much as fits of what is open of it, is in sight."""
        if not self._heads:
            return
        height = self.scrollable_content_region.height
        top = self._heads[self._cursor]
        later = self._heads[self._cursor + 1 :]
        bottom = later[0] if later else self.virtual_size.height
        if bottom > self.scroll_offset.y + height:
            self.scroll_to(y=min(top, bottom - height), animate=False, force=True)
        if top < self.scroll_offset.y:
            self.scroll_to(y=top, animate=False, force=True)

    def _item(self, number: int, item: ItemLine, width: int) -> list[Content]:
        lines = [self._head(number, item, width)]
        if item.reason:
            style = STYLES["error"] if item.state in ("failed", "refused") else MUTED
            lines += wrapped(plain(item.reason, style), width, _INDENT)
        if number in self._open:
            inner = width - len(_INDENT)
            opened = [
                *lines_of_calls(item.calls, inner, self._glyphs),
                *lines_of_checks(item.checks, inner, self._glyphs),
            ]
            lines += [Content.assemble(_INDENT, line) for line in opened]
        return lines

    def _head(self, number: int, item: ItemLine, width: int) -> Content:
        arrow = self._glyphs.open if number in self._open else self._glyphs.closed
        note = " · ".join(part for part in (_WORDS[item.state], safe(item.note)) if part)
        note = shorten(note, max(width - _LEAST_TITLE - 6, 0))
        room = max(width - 6 - len(note), _LEAST_TITLE)
        title = plain(shorten(safe(item.title), room))
        line = Content.assemble(plain(f"{arrow} ", DIM), self._sign(item.state), " ", title)
        gap = max(width - line.cell_length - plain(note).cell_length, 1)
        line = Content.assemble(line, " " * gap, plain(note, MUTED)).truncate(width)
        if self.has_focus and number == self._cursor:
            return line.pad_right(max(width - line.cell_length, 0)).stylize_before(
                self.get_visual_style("item-list--cursor")
            )
        return line

    def _sign(self, state: ItemState) -> Content:
        if state == "checking":
            return plain(self._glyphs.waiting, STYLES["info"])
        if state == "running":
            return plain(self._glyphs.sending, STYLES["info"])
        level = _LEVELS[state]
        return plain(self._glyphs.of(level), STYLES[level])
