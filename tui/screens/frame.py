"""The frame of the window: title, strip, a left and a right side, keys. It needs nothing of the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical

from widgets.key_bar import KeyBar
from widgets.status_strip import StatusStrip
from widgets.title_line import TitleLine

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.widget import Widget

    from widgets.severity import Glyphs

NARROW = 100
"""Columns below which the detail opens over the tree instead of beside it; the screen has a class then."""

FRAME_CSS = """
    #body { height: 1fr; padding-top: 1; }
    #left { width: 54%; }
    #right { width: 1fr; border-left: solid $iptui-guide; padding: 0 1 0 2; }
    &.narrow #left { width: 100%; }
    &.narrow #right { display: none; }
"""
"""To be put into the rule of a screen."""

VIEW_TITLES = {
    "problems": "problems",
    "instance-profiles": "instance profiles",
    "roles": "roles",
    "instances": "instances",
    "named": "named",
}
"""What the strip calls each view, by id, in the order of their keys."""
FIRST_VIEW = 1
EMPTY_TEXT = "Looking for credentials …"
"""What stands in the tree until something is known."""


def framed(*left: Widget, right: Widget, glyphs: Glyphs) -> ComposeResult:
    """The widgets of a screen with this on its left side; `right` bears the id `right`."""
    keyed = [(str(number), title) for number, title in enumerate(VIEW_TITLES.values(), 1)]
    yield TitleLine(glyphs=glyphs)
    yield StatusStrip(keyed, glyphs=glyphs)
    yield Horizontal(Vertical(*left, id="left"), right, id="body")
    yield KeyBar()
