"""Policy documents, indented, with the statement that decides marked at the edge."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from widgets.json_view import json_lines
from widgets.severity import ACCENT, MUTED
from widgets.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from textual.app import ComposeResult

MARK = "▌"


@dataclass(frozen=True, slots=True)
class Policy:
    """One document (JSON text), what is said about it, and the statement to mark, if one decides."""

    title: str
    document: str
    note: str = ""
    marked: Mapping[str, Any] | None = None


class PolicyView(VerticalScroll, can_focus=True):
    DEFAULT_CSS = """
    PolicyView { scrollbar-size-vertical: 1; }
    PolicyView > Static { height: auto; }
    """

    def compose(self) -> ComposeResult:
        yield Static(markup=False)

    def show(self, policies: Sequence[Policy]) -> None:
        lines = [line for policy in policies for line in _policy(policy)]
        self.query_one(Static).update(
            Content("\n").join(lines) if lines else plain("No role, so no policy.", MUTED)
        )


def _policy(policy: Policy) -> Iterator[Content]:
    yield plain(policy.title, "bold")
    if policy.note:
        yield plain(policy.note, MUTED)
    if policy.document:
        yield from _document(policy.document, policy.marked)
    yield Content("")


def _document(text: str, marked: Mapping[str, Any] | None) -> Iterator[Content]:
    """The document line by line; an unreadable one is shown as it came."""
    try:
        document = json.loads(text)
    except ValueError:
        yield plain(text)
        return
    statements = document.get("Statement", []) if isinstance(document, dict) else []
    listed = statements if isinstance(statements, list) else [statements]
    for statement in listed:
        decides = marked is not None and statement == marked
        edge = plain(MARK, ACCENT) if decides else Content(" ")
        for line in json_lines(statement):
            yield Content.assemble(edge, " ", line)
    if not listed:
        yield from json_lines(document)
