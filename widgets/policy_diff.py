"""What changes in a document: lines that go and lines that come, with a little around them."""

from __future__ import annotations

import difflib
import json
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from widgets.json_lines import json_text_lines
from widgets.severity import DIM, MUTED
from widgets.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

_AROUND = 2
_STYLES = {"+": "$iptui-done", "-": "$text-error", " ": MUTED}


class PolicyDiff(Static):
    """Shows two JSON documents as one list of lines; `+` comes, `-` goes."""

    DEFAULT_CSS = "PolicyDiff { height: auto; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, markup=False)

    def show(self, before: str, after: str) -> None:
        self.update(Content("\n").join(diff_lines(before, after)))


def diff_lines(before: str, after: str) -> list[Content]:
    """The lines that differ between two documents; key order and spacing of the texts do not matter."""
    changes = difflib.unified_diff(_lines(before), _lines(after), n=_AROUND, lineterm="")
    return list(_drawn(changes)) or [plain("nothing changes", MUTED)]


def _drawn(changes: Iterator[str]) -> Iterator[Content]:
    for number, line in enumerate(changes):
        if number < 2:
            continue  # the names of the two files, which there are none of
        if line.startswith("@@"):
            if number > 2:
                yield plain("  …", DIM)
            continue
        sign, text = line[:1], line[1:]
        yield plain(f"{sign} {text}", _STYLES.get(sign, ""))


def _lines(text: str) -> list[str]:
    try:
        return json_text_lines(json.loads(text))
    except ValueError:
        return text.split("\n")
