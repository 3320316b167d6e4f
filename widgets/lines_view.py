"""A scrolling view of lines that are wrapped to its width; what the lines say is its subclasses' matter."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from widgets.scroll_size import tell_size

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.events import Resize
    from textual.geometry import Region
    from textual.style import Style


class LinesView(ScrollView, can_focus=True, inherit_bindings=False):
    """Subclasses give `lines(width)` and call `lines_changed` when these would come out differently."""

    DEFAULT_CSS = """
    LinesView {
        height: 1fr;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
        text-wrap: nowrap;
        background: transparent;
        color: $foreground;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll_lines(-1)", "Up", show=False, id="lines.up"),
        Binding("down,j", "scroll_lines(1)", "Down", show=False, id="lines.down"),
        Binding("pageup", "scroll_pages(-1)", "Page up", show=False, id="lines.page-up"),
        Binding("pagedown,space", "scroll_pages(1)", "Page down", show=False, id="lines.page-down"),
        Binding("home", "scroll_start", "Top", show=False, id="lines.first"),
        Binding("end", "scroll_finish", "Bottom", show=False, id="lines.last"),
    ]

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._wrapped: list[Content] = []
        self._wrapped_for = -1
        self._strips: dict[int, Strip] = {}
        """The lines that were drawn, of `_wrapped` at the width `_strips_for`."""
        self._strips_for = -1
        self._blank: Strip | None = None
        self._ground: Style | None = None

    def lines(self, width: int) -> Iterable[Content]:
        """The lines, each at most `width` cells wide."""
        raise NotImplementedError

    def lines_changed(self, *, to_top: bool) -> None:
        """Draw what differs; from the top when another thing is shown, in place when the same one changed."""
        before, width, top = self._wrapped, self._wrapped_for, self.scroll_offset.y
        self._wrapped_for = -1
        self._wrap()
        if to_top:
            self.scroll_to(y=0, animate=False, force=True)
        if self._wrapped_for != width or self.scroll_offset.y != top:
            self.refresh()
            return
        last = top + self.scrollable_content_region.height
        stale = [
            index
            for index, (old, new) in enumerate(zip_longest(before[top:last], self._wrapped[top:last]), top)
            if not _is_same(old, new)
        ]
        if stale:
            self.refresh_lines(stale[0], stale[-1] - stale[0] + 1)

    def render_lines(self, crop: Region) -> list[Strip]:
        self._wrap()
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        index = y + self.scroll_offset.y
        if index >= len(self._wrapped):
            # All are alike, and to look the style up is what costs.
            if self._blank is None or self._blank.cell_length != self._wrapped_for:
                self._blank = Strip.blank(self._wrapped_for, self.rich_style)
            return self._blank
        strip = self._strips.get(index)
        if strip is None:
            strip = self._strips[index] = self._strip(self._wrapped[index])
        return strip

    def _strip(self, line: Content) -> Strip:
        if self._ground is None:
            self._ground = self.visual_style
        return drawn(line, self._ground, self._wrapped_for)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._strips.clear()
        self._blank = self._ground = None

    def on_resize(self, event: Resize) -> None:
        self._wrap()
        self._tell_size()

    def _wrap(self) -> None:
        width = self.scrollable_content_region.width
        if width == self._wrapped_for or width <= 0:
            return
        before, is_as_wide = self._wrapped, width == self._strips_for
        self._wrapped_for = self._strips_for = width
        self._wrapped = list(self.lines(width))
        drawn = self._strips.items() if is_as_wide else ()
        self._strips = {at: strip for at, strip in drawn if _is_same(before[at], _at(self._wrapped, at))}
        self._tell_size()

    def _tell_size(self) -> None:
        """Another size may be laid out anew: what fits always has the same."""
        tell_size(self, Size(1, max(len(self._wrapped), self.scrollable_content_region.height)))

    def action_scroll_lines(self, lines: int) -> None:
        self.scroll_relative(y=lines, animate=False)

    def action_scroll_pages(self, pages: int) -> None:
        height = self.scrollable_content_region.height
        self.scroll_relative(y=pages * max(height - 1, 1), animate=False)

    def action_scroll_start(self) -> None:
        self.scroll_to(y=0, animate=False)

    def action_scroll_finish(self) -> None:
        self.scroll_to(y=self.max_scroll_y, animate=False)


def drawn(line: Content, ground: Style, width: int) -> Strip:
    """A line as it is drawn on this ground. Textual's own way notes for each piece of text where it stands,
    for a selection with the mouse, which these views have not; that takes four times as long."""
    pieces = line.render(ground, end="")
    strip = Strip([Segment(text, style.rich_style) for text, style in pieces], line.cell_length)
    return strip.adjust_cell_length(width, ground.rich_style)


def _is_same(old: Content | None, new: Content | None) -> bool:
    """Whether two lines look the same: `==` compares texts only."""
    return old is new or (old is not None and new is not None and old.is_same(new))


def _at(lines: Sequence[Content], index: int) -> Content | None:
    return lines[index] if index < len(lines) else None


def wrapped(content: Content, width: int, first: str = "", rest: str | None = None) -> list[Content]:
    """Content wrapped at words to `width` cells, the first line after `first`, the others after `rest`."""
    rest = first if rest is None else rest
    room = max(width - max(len(first), len(rest)), 8)
    # Most lines fit, and that is told much faster than by wrapping them.
    fits = content.cell_length <= room and content.plain.isprintable()
    lines = [content] if fits else content.wrap(room) or [Content("")]
    return [
        Content.assemble(first if number == 0 else rest, line.rstrip()).truncate(width)
        for number, line in enumerate(lines)
    ]
