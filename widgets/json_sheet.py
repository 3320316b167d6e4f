"""Everything that was read of a thing, as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from widgets.json_lines import json_lines
from widgets.severity import MUTED
from widgets.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.content import Content

    from widgets.sheet_view import Sheet


@dataclass(frozen=True, slots=True)
class JsonSheet:
    """Plain data: dicts, lists, strings, numbers, booleans; None says that nothing is selected."""

    data: Any = None
    empty_text: str = "Select an object."

    def lines(self, width: int) -> Iterator[Content]:
        if self.data is None:
            yield plain(self.empty_text, MUTED)
        else:
            yield from json_lines(self.data, width)

    def goes_on(self, before: Sheet) -> bool:
        return False
