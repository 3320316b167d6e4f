"""Everything that was read of a thing, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from widgets.json_lines import json_lines
from widgets.lines_view import LinesView
from widgets.severity import MUTED
from widgets.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.content import Content


class JsonView(LinesView):
    """Shows plain data: dicts, lists, strings, numbers, booleans, None."""

    def __init__(self, *, empty_text: str = "Select an object.", id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._empty_text = empty_text
        self._data: Any = None

    def show(self, data: Any) -> None:
        """Show other data; None says that nothing is selected."""
        if data != self._data:
            self._data = data
            self.lines_changed(to_top=True)

    def lines(self, width: int) -> Iterator[Content]:
        if self._data is None:
            yield plain(self._empty_text, MUTED)
        else:
            yield from json_lines(self._data, width)
