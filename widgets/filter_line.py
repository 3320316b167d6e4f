"""The search line above the tree: what is typed narrows the tree at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from widgets.line_input import LineInput
from widgets.severity import ACCENT, MUTED
from widgets.text import plain, safe

if TYPE_CHECKING:
    from textual.app import ComposeResult


class FilterLine(Horizontal):
    """Hidden until `open`; escape empties and hides it, enter keeps the filter and leaves the line."""

    DEFAULT_CSS = """
    FilterLine {
        height: 1;
        display: none;
        background: $surface;

        &.open { display: block; }
        & > .filter-line--slash { width: 3; padding: 0 1; }
        & > Input { width: 1fr; height: 1; border: none; padding: 0; background: $surface; }
        & > Input:focus { border: none; background-tint: $foreground 0%; }
        & > .filter-line--count { width: 2; padding: 0 1; text-align: right; text-wrap: nowrap; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "clear", "Clear the search", show=False, id="filter.clear"),
        Binding("down", "leave", "Into the tree", show=False, id="filter.leave"),
    ]

    @dataclass
    class Changed(Message):
        value: str

    @dataclass
    class Submitted(Message):
        """Enter (or down): the filter stays, the owner moves the focus on."""

        value: str

    @dataclass
    class Cleared(Message):
        """The filter is empty and hidden again; sent after the `Changed` that says so."""

    def __init__(self, *, placeholder: str = "name, id, ARN or tag", id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._placeholder = safe(placeholder)
        self._told = ""
        self._words = ""
        self._room = 0

    def compose(self) -> ComposeResult:
        yield Static(plain("/", f"bold {ACCENT}"), classes="filter-line--slash", markup=False)
        yield LineInput(placeholder=self._placeholder)
        yield Static("", classes="filter-line--count", markup=False)

    @property
    def value(self) -> str:
        return self._input.value

    @property
    def is_open(self) -> bool:
        return self.has_class("open")

    def open(self, total: int = 0) -> None:
        """Show the line and type into it; so many may be found, and room is kept to say that."""
        self.add_class("open")
        self._make_room(len(_of(total, total)))
        self.screen.set_focus(self._input)  # at once: `focus` would wait, and keys would go elsewhere

    def clear(self) -> None:
        """Empty the line, hide it, and say so once."""
        if not self.is_open:
            return
        self.remove_class("open")
        self._input.value = ""
        self.show_count(None, None)
        self._tell("")
        self.post_message(self.Cleared())

    def show_count(self, found: int | None, total: int | None) -> None:
        """`n of m` at the right; None shows nothing."""
        words = "" if found is None or total is None else _of(found, total)
        if words != self._words:
            self._words = words
            self._make_room(len(words))
            self._count.update(plain(words, MUTED), layout=False)

    def _make_room(self, cells: int) -> None:
        """It never gets smaller: each time the whole screen is laid out anew."""
        if cells > self._room:
            self._room = cells
            self._count.styles.width = cells + 2

    @property
    def _count(self) -> Static:
        return self.query_one(".filter-line--count", Static)

    def action_clear(self) -> None:
        self.clear()

    def action_leave(self) -> None:
        self.post_message(self.Submitted(self.value))

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._tell(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Submitted(event.value))

    def _tell(self, value: str) -> None:
        if value != self._told:
            self._told = value
            self.post_message(self.Changed(value))

    @property
    def _input(self) -> Input:
        return self.query_one(Input)


def _of(found: int, total: int) -> str:
    return f"{found:,} of {total:,}"
