"""What stands there from the first frame until the main screen does: the same frame, with what stood in it
the last time where that is known, and else with nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Vertical
from textual.screen import Screen

from tui import keys
from tui.picture import PictureSource
from tui.screens.frame import EMPTY_TEXT, FIRST_VIEW, FRAME_CSS, NARROW, framed
from tui.words import ASKING
from widgets.key_bar import KeyBar
from widgets.resource_tree import ResourceTree
from widgets.status_strip import StatusFacts, StatusStrip
from widgets.title_line import TitleFacts, TitleLine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.events import Key, Resize
    from textual.geometry import Size

    from tui.picture import Picture
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

    def __init__(
        self,
        glyphs: Glyphs,
        keymap: Mapping[str, str],
        *,
        read_only: bool,
        picture: Picture | None = None,
    ) -> None:
        super().__init__()
        self._picture = picture
        self.typed: list[Key] = []
        self._glyphs = glyphs
        self._keymap = keymap
        self._read_only = read_only

    def compose(self) -> ComposeResult:
        tree = ResourceTree(empty_text=EMPTY_TEXT, glyphs=self._glyphs)
        return framed(tree, right=Vertical(id="right"), glyphs=self._glyphs)

    def on_mount(self) -> None:
        title, status = TitleFacts(read_only=self._read_only), StatusFacts(active=FIRST_VIEW)
        if self._picture is not None:
            title = self._picture.title(datetime.now(UTC), replace(title, waiting=ASKING))
            status = self._picture.status(FIRST_VIEW)
            source = PictureSource(self._picture.lines)
            self.query_one(ResourceTree).set_source(source, source.opened)
        self.query_one(TitleLine).show(title)
        self.query_one(StatusStrip).show(status)
        self.query_one(KeyBar).show(keys.on_bar(self._keymap))
        self._fit(self.app.size)  # before the first frame, which is drawn before the screen is told its size

    def on_resize(self, event: Resize) -> None:
        self._fit(event.size)

    def _fit(self, size: Size) -> None:
        self.set_class(size.width < NARROW, "narrow")

    def on_key(self, event: Key) -> None:
        self.typed.append(event)

    def action_quit_program(self) -> None:
        self.app.exit(0)
