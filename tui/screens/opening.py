"""What stands there from the first frame until the main screen does: the same frame, with nothing in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Vertical
from textual.screen import Screen

from tui import keys
from tui.screens.frame import EMPTY_TEXT, FIRST_VIEW, FRAME_CSS, NARROW, framed
from widgets.key_bar import KeyBar
from widgets.resource_tree import ResourceTree
from widgets.status_strip import StatusFacts, StatusStrip
from widgets.title_line import TitleFacts, TitleLine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.events import Key, Resize

    from widgets.severity import Glyphs


class OpeningScreen(Screen[None]):
    """Leaves at once when asked to; all other keys are kept in `typed` for the main screen.

    It is gone before a person has read it, so it imports only what the first frame shows.
    """

    DEFAULT_CSS = f"OpeningScreen {{ {FRAME_CSS} }}"
    BINDINGS: ClassVar[list[BindingType]] = [
        command.binding() for command in keys.MAIN if command.id == "quit"
    ]
    AUTO_FOCUS = ""

    def __init__(self, glyphs: Glyphs, keymap: Mapping[str, str], *, read_only: bool) -> None:
        super().__init__()
        self.typed: list[Key] = []
        self._glyphs = glyphs
        self._keymap = keymap
        self._read_only = read_only

    def compose(self) -> ComposeResult:
        tree = ResourceTree(empty_text=EMPTY_TEXT, glyphs=self._glyphs)
        return framed(tree, right=Vertical(id="right"), glyphs=self._glyphs)

    def on_mount(self) -> None:
        self.query_one(TitleLine).show(TitleFacts(read_only=self._read_only))
        self.query_one(StatusStrip).show(StatusFacts(active=FIRST_VIEW))
        self.query_one(KeyBar).show(keys.on_bar(self._keymap))

    def on_resize(self, event: Resize) -> None:
        self.set_class(event.size.width < NARROW, "narrow")

    def on_key(self, event: Key) -> None:
        self.typed.append(event)

    def action_quit_program(self) -> None:
        self.app.exit(0)
