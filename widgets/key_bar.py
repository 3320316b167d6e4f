"""The last line: the few keys that matter here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.keys import format_key
from textual.widget import Widget

from widgets.line_parts import Part, joined, meaning_at, width_of_parts
from widgets.severity import ACCENT, MUTED
from widgets.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.events import Click

MOST = 8
_GAPS = ("   ", "  ", " ")
_NAMES = {"escape": "esc"}


class KeyBar(Widget):
    """Shows at most eight keys with a word each; a click does what the key does."""

    DEFAULT_CSS = """
    KeyBar { height: 1; padding: 0 1; background: $surface; text-wrap: nowrap; }
    """

    def __init__(self, keys: Sequence[tuple[str, str]] = (), *, id: str | None = None) -> None:  # noqa: A002
        """`keys` are pairs of a key as bindings write it (`slash`) and a word."""
        super().__init__(id=id)
        self._keys = tuple(keys)
        self._parts: list[Part[str]] = []

    def show(self, keys: Sequence[tuple[str, str]]) -> None:
        if tuple(keys) != self._keys:
            self._keys = tuple(keys)
            self.refresh()

    def render(self) -> Content:
        self._parts = self._laid_out(self._keys, self.size.width)
        return joined(self._parts)

    def drawn(self, keys: Sequence[tuple[str, str]], width: int) -> Content:
        """How the line would look with other keys."""
        return joined(self._laid_out(keys, width))

    def _laid_out(self, keys: Sequence[tuple[str, str]], width: int) -> list[Part[str]]:
        """The keys from the left, closer together where space lacks; those that do not fit stay away."""
        pieces = [self._piece(*pair) for pair in keys[:MOST]]
        gap = next((gap for gap in _GAPS if self._width(pieces, gap) <= width), _GAPS[-1])
        while pieces and self._width(pieces, gap) > width:
            pieces.pop()
        space: Part[str] = Part(Content(gap))
        return [part for piece in pieces for part in (piece, space)][:-1]

    def on_click(self, event: Click) -> None:
        key = meaning_at(self._parts, event.x - self.styles.padding.left)
        if key is not None:
            event.stop()
            self.app.simulate_key(key)

    def _piece(self, keys: str, word: str) -> Part[str]:
        key = keys.split(",", maxsplit=1)[0].strip()
        name = _NAMES.get(key) or format_key(key)
        return Part(Content.assemble(plain(name, f"bold {ACCENT}"), " ", plain(word, MUTED)), key)

    @staticmethod
    def _width(pieces: Sequence[Part[str]], gap: str) -> int:
        return width_of_parts(pieces) + len(gap) * max(len(pieces) - 1, 0)
