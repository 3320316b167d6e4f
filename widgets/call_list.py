"""The calls of a plan: what is sent, the same as an `aws` command, and how far it got."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from textual.content import Content
from textual.widgets import Static

from widgets.severity import DIM, MUTED, STYLES, UNICODE
from widgets.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from widgets.severity import Glyphs

CallState = Literal["planned", "checking", "sending", "waiting", "done", "failed", "rolled-back", "not-sent"]

STATE_WORDS: dict[CallState, str] = {
    "planned": "",
    "checking": "reading once more",
    "sending": "sending",
    "waiting": "waiting for AWS to show it",
    "done": "done",
    "failed": "failed",
    "rolled-back": "taken back",
    "not-sent": "not sent",
}


@dataclass(frozen=True, slots=True)
class CallLine:
    """`title` names service, operation and what it is about; `detail` is the word that came back."""

    title: str
    command: str
    state: CallState = "planned"
    detail: str = ""


class CallList(Static):
    """Numbered calls; while they run, each shows its own state in glyph, word and colour."""

    DEFAULT_CSS = "CallList { height: auto; }"

    def __init__(self, *, glyphs: Glyphs = UNICODE, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, markup=False)
        self._glyphs = glyphs

    def show(self, calls: Sequence[CallLine], nothing: str = "nothing is sent") -> None:
        if not calls:
            self.update(plain(nothing, MUTED))
            return
        lines = [line for number, call in enumerate(calls, 1) for line in self._lines(number, call)]
        self.update(Content("\n").join(lines))

    def _lines(self, number: int, call: CallLine) -> list[Content]:
        head = Content.assemble(plain(f"{number}  "), plain(call.title))
        words = STATE_WORDS[call.state]
        if words:
            head = Content.assemble(head, "   ", self._sign(call.state), " ", plain(words, MUTED))
        lines = [head, Content.assemble("   ", plain(call.command, DIM))]
        if call.detail:
            style = STYLES["error"] if call.state == "failed" else MUTED
            lines.append(Content.assemble("   ", plain(call.detail, style)))
        return lines

    def _sign(self, state: CallState) -> Content:
        match state:
            case "done":
                return plain(self._glyphs.done, STYLES["done"])
            case "failed":
                return plain(self._glyphs.error, STYLES["error"])
            case "rolled-back" | "not-sent":
                return plain(self._glyphs.warning, STYLES["warning"])
            case _:
                return plain(self._glyphs.sending, STYLES["info"])
