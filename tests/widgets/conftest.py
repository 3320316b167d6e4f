"""A bare application with iptui's themes, for one widget at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.app import App

from config.themes import DARK, themes, variables_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.message import Message
    from textual.widget import Widget


class Stage(App[None]):
    """Shows what `compose_widgets` makes and keeps every message of our own in `heard`."""

    CSS = "Screen { layout: vertical; }"

    def __init__(self, make: Callable[[], list[Widget]], theme: str = DARK) -> None:
        super().__init__()
        self._make = make
        for own in themes():
            self.register_theme(own)
        self.theme = theme
        self.heard: list[Message] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return variables_for(self.current_theme)

    def compose(self) -> ComposeResult:
        yield from self._make()

    async def on_event(self, event: Message) -> None:
        await super().on_event(event)


def screen_lines(app: App[None]) -> list[str]:
    """The text on the screen, line by line, without trailing blanks."""
    width, height = app.size
    strips = app.screen._compositor.render_strips()
    assert len(strips) == height
    return [strip.text.rstrip() for strip in strips if strip.cell_length == width]


@pytest.fixture
def stage() -> type[Stage]:
    return Stage
