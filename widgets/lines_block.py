"""A block as high as its lines, wrapped to the width it gets; what they say is its subclasses' matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.geometry import Size


class LinesBlock(Widget):
    """Subclasses give `lines(width)` and call `lines_changed` when these would come out differently."""

    DEFAULT_CSS = "LinesBlock { width: 1fr; height: auto; text-wrap: nowrap; }"

    def lines(self, width: int) -> Iterable[Content]:
        """The lines, each at most `width` cells wide."""
        raise NotImplementedError

    def lines_changed(self) -> None:
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return sum(1 for _ in self.lines(width)) if width > 0 else 0

    def render(self) -> Content:
        return Content("\n").join(self.lines(self.size.width))
