"""One row of a dialog: a quiet label on the left, whatever it labels on the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.widgets import Static

from widgets.text import safe

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.widget import Widget


class Labelled(Horizontal):
    DEFAULT_CSS = """
    Labelled {
        height: auto;
        & > .labelled--label { width: 10; height: 1; color: $iptui-muted; }
        & > .labelled--fact { width: 1fr; height: auto; }
    }
    """

    def __init__(self, label: str, fact: Widget, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._label = safe(label)
        self._fact = fact
        fact.add_class("labelled--fact")

    def compose(self) -> ComposeResult:
        yield Static(self._label, classes="labelled--label", markup=False)
        yield self._fact
