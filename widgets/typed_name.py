"""The last gate before something that can hurt: a name that has to be typed in full."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message
from textual.widgets import Input

from widgets.text import safe


class TypedName(Input):
    """Tells whether what is typed equals the expected name, letter by letter."""

    DEFAULT_CSS = """
    TypedName {
        height: 1; width: 40; border: none; padding: 0 1;
        background: $foreground; color: $background;
    }
    TypedName:focus { border: none; }
    TypedName > .input--placeholder { color: $background 75%; }
    TypedName > .input--cursor { background: $background; color: $foreground; }
    TypedName > .input--selection { background: $background; color: $foreground; }
    """

    @dataclass
    class Matched(Message):
        matches: bool

    def __init__(self, expected: str = "", *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.expect(expected)

    def expect(self, name: str) -> None:
        self.expected = name
        self.placeholder = safe(name, 60)

    @property
    def matches(self) -> bool:
        return bool(self.expected) and self.value == self.expected

    def on_input_changed(self, _event: Input.Changed) -> None:
        self.post_message(self.Matched(self.matches))
