"""How long a scrolling view is, told without laying the screen out anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.scroll_view import ScrollView

if TYPE_CHECKING:
    from textual.geometry import Size


def tell_size(view: ScrollView, size: Size) -> None:
    """Give a view the size of what it holds.

    Textual lays out and draws the whole screen for that, and scroll bars some moments after it. Where the
    scroll bar neither comes nor goes, nothing but the bar can look different: it stays where `overflow-y` is
    `scroll`, and is blank while all fits.
    """
    if size == view.virtual_size:
        return
    room = view.scrollable_content_region.height
    is_scrolled = size.height > room or view.styles.overflow_y == "scroll"
    if room > 0 and is_scrolled == view.show_vertical_scrollbar:
        view.set_reactive(ScrollView.virtual_size, size)
        # It may be scrolled further than it is long now.
        view.scroll_y = view.validate_scroll_y(view.scroll_y)
    else:
        view.virtual_size = size
    if room > 0:
        bar = view.vertical_scrollbar
        # Left to the layout, the bar would ask for another one.
        view.show_vertical_scrollbar = bar.display = is_scrolled
        bar.window_size, bar.window_virtual_size = room, size.height
