"""A bare application with iptui's themes: one widget on stage, and what a terminal would get of it."""

from __future__ import annotations

import unicodedata
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from textual._context import visible_screen_stack
from textual.app import App

from config.themes import DARK, themes, variables_for
from tests.widgets.quickly import wait_in_moments

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from textual.app import ComposeResult
    from textual.message import Message
    from textual.pilot import Pilot
    from textual.strip import Strip
    from textual.widget import Widget

HOSTILE = (
    "\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07",
    "\x9b2J",
    "a\r\nb\tc\x00d",
    "[red]markup[/red] [/nothing] [@click=app.quit]x[/]",
    "abc\u202edcba\u202c\u2066x\u2069",
    "zero\u200bwidth\u200d\ufeff\u00ad",
    "lone \ud800 surrogate",
    "line\u2028and\u2029paragraph",
    "e" + "\u0301" * 40,
    "日本語の名前" * 20,
    "👩‍👩‍👧‍👦 \U000e0041\U000e0042",
    "x" * 5000,
    "",
)


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    wait_in_moments(monkeypatch)


class Stage(App[None]):
    CSS = "Screen { layout: vertical; }"

    def __init__(self, *actors: Widget, theme: str = DARK) -> None:
        super().__init__(ansi_color=True if theme.startswith("ansi-") else None)
        self._actors = actors
        for own in themes():
            self.register_theme(own)
        self.theme = theme
        self.heard: list[Message] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return variables_for(self.current_theme)

    def compose(self) -> ComposeResult:
        yield from self._actors

    def said(self, kind: type[Message]) -> list[Message]:
        """The messages of a kind, each once although it passes several nodes on its way up."""
        return list({id(message): message for message in self.heard if isinstance(message, kind)}.values())


@asynccontextmanager
async def on_stage(
    *actors: Widget, size: tuple[int, int] = (80, 24), theme: str = DARK
) -> AsyncIterator[Pilot[None]]:
    """Run the widgets; `pilot.app.said(kind)` are the messages of a kind that were sent so far."""
    app = Stage(*actors, theme=theme)
    async with app.run_test(size=size, message_hook=app.heard.append) as pilot:
        await pilot.pause()
        yield pilot


def screen_strips(app: App[None]) -> list[Strip]:
    # What lies below a dialog is part of the picture.
    visible_screen_stack.set(app._background_screens)
    return app.screen._compositor.render_strips()


def screen_lines(app: App[None]) -> list[str]:
    """The text on the screen, line by line, without trailing blanks."""
    return [strip.text.rstrip() for strip in screen_strips(app)]


def colours_of(app: App[None], line: int, text: str) -> tuple[str, str]:
    """Foreground and background of the first segment on a line that holds a text, as #rrggbb."""
    for segment in screen_strips(app)[line]:
        if text in segment.text and segment.style and segment.style.color and segment.style.bgcolor:
            front, back = segment.style.color, segment.style.bgcolor
            if segment.style.reverse:
                front, back = back, front
            return front.get_truecolor().hex, back.get_truecolor().hex
    raise AssertionError(f"{text!r} is not on line {line}: {screen_lines(app)[line]!r}")


def unprintable(text: str) -> list[str]:
    """The characters of a text that a terminal might obey or hide."""
    return [c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}]
