"""What changes in a document: lines that go and lines that come, with a little around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from widgets.severity import MUTED
from widgets.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_STYLES = {"+": "$iptui-done", "-": "$text-error"}


class PolicyDiff(Static):
    """Shows the changed lines of documents, each under its title; `+` comes, `-` goes."""

    DEFAULT_CSS = "PolicyDiff { height: auto; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, markup=False)

    def show(self, changes: Iterable[tuple[str, Sequence[str]]]) -> None:
        """Draw titles and their changed lines."""
        drawn = [line for title, lines in changes for line in (plain(title), *diff_lines(lines))]
        self.update(Content("\n").join(drawn))


def diff_lines(lines: Sequence[str]) -> list[Content]:
    """Changed lines in colours; the sign says the same without them."""
    return [plain(line, _STYLES.get(line[:1], MUTED)) for line in lines] or [plain("nothing changes", MUTED)]
