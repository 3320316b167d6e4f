"""Plain data as indented JSON, line by line, with quiet colours and nothing that a terminal would obey."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from textual.content import Content

from widgets.lines_view import wrapped
from widgets.severity import DIM, MUTED
from widgets.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

LITERAL = "$iptui-note"

_TOKEN = re.compile(
    r'(?P<key>"(?:[^"\\]|\\.)*")(?=\s*:)|(?P<text>"(?:[^"\\]|\\.)*")'
    r"|(?P<literal>-?\d[\d.eE+-]*|true|false|null)|(?P<mark>[^\"\d]+?)"
)
_STYLES = {"key": MUTED, "text": "", "literal": LITERAL, "mark": DIM}


def json_text_lines(data: object) -> list[str]:
    """JSON of plain data, two spaces a level; what JSON does not know is written as text."""
    return json.dumps(data, indent=2, ensure_ascii=False, default=str).split("\n")


def json_lines(data: object, width: int, indent: str = "") -> Iterator[Content]:
    """Coloured lines of at most `width` cells; long values go on below, further in."""
    for line in json_text_lines(data):
        yield from coloured(line, width, indent)


def coloured(line: str, width: int, indent: str = "") -> list[Content]:
    """One line of JSON text in colours, wrapped."""
    text = line.lstrip(" ")
    first = indent + " " * (len(line) - len(text))
    parts = [plain(match.group(), _STYLES[match.lastgroup or "mark"]) for match in _TOKEN.finditer(text)]
    return wrapped(Content("").join(parts), width, first, first + "  ")
