"""One line of tab names, the active one in the accent colour; a click chooses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from widgets.text import safe, width_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.events import Click

GAP = "   "


class TabLine(Widget):
    """Names side by side; the owner keeps `active`, this widget draws it and says what was clicked."""

    DEFAULT_CSS = """
    TabLine {
        height: 1;
        color: $text-muted;
        & .tab-line--active { color: $accent; text-style: bold; }
    }
    """
    COMPONENT_CLASSES = {"tab-line--active"}  # noqa: RUF012

    active: reactive[int] = reactive(0)

    @dataclass
    class Chosen(Message):
        index: int

    def __init__(self, names: Sequence[str], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._names = tuple(safe(name) for name in names)

    def render(self) -> Content:
        style = self.get_visual_style("tab-line--active")
        parts = []
        for index, name in enumerate(self._names):
            content = Content(name)
            parts.append(content.stylize(style) if index == self.active else content)
        return Content(GAP).join(parts)

    def on_click(self, event: Click) -> None:
        start = 0
        for index, name in enumerate(self._names):
            if start <= event.x < start + width_of(name):
                self.post_message(self.Chosen(index))
                return
            start += width_of(name) + len(GAP)
