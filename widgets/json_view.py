"""Plain data as indented JSON, coloured by the theme, scrolled with the keyboard."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from widgets.severity import MUTED, STYLES
from widgets.text import plain

if TYPE_CHECKING:
    from textual.app import ComposeResult

_PARTS = re.compile(r'^(\s*)("(?:[^"\\]|\\.)*")(:\s)?(.*)$')


def json_lines(data: Any) -> list[Content]:
    """One content a line: keys muted, strings in the colour of done things, the rest plain.

    JSON escapes control characters by itself; what else may not reach a terminal is removed here.
    """
    text = json.dumps(data, indent=2, ensure_ascii=False, default=str)
    return [_line(line) for line in text.splitlines()]


def _line(line: str) -> Content:
    found = _PARTS.match(line)
    if found is None:
        return plain(line)
    indent, first, colon, rest = found.groups()
    if colon is None:
        return Content.assemble(indent, plain(first, STYLES["done"]), plain(rest))
    style = STYLES["done"] if rest.startswith('"') else ""
    return Content.assemble(indent, plain(first, MUTED), colon, plain(rest, style))


class JsonView(VerticalScroll, can_focus=True):
    DEFAULT_CSS = """
    JsonView { scrollbar-size-vertical: 1; }
    JsonView > Static { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "scroll_down", "Down", show=False, id="json.down"),
        Binding("k", "scroll_up", "Up", show=False, id="json.up"),
    ]

    def compose(self) -> ComposeResult:
        yield Static(markup=False)

    def show(self, data: Any) -> None:
        """Draw other data; None draws nothing."""
        content = Content("") if data is None else Content("\n").join(json_lines(data))
        self.query_one(Static).update(content)
