"""What an error message means: paste it, and read who was denied what by which policy and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.worker import get_current_worker

from tui.explanation import Explanation, explain
from widgets.key_bar import KeyBar
from widgets.note import Block, Fault, Heading, Note, Paragraph, Section
from widgets.paste_area import PasteArea

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual.app import ComposeResult

    from instance_profiles.inventory.model import NamedProfile
    from tui.app import IptuiApp
    from tui.explanation import Explained
    from widgets.severity import Glyphs

_WAIT = 0.15
"""Seconds without a key after which the text is read."""
_FACTS = (
    ("code", "code"),
    ("who", "principal"),
    ("action", "action"),
    ("on", "resource"),
    ("policy", "policy"),
)


class ExplainScreen(ModalScreen[None]):
    """The text above, what it says below; both are read again with every change."""

    DEFAULT_CSS = """
    ExplainScreen {
        align: center middle; background: $background 60%;
        &> #dialog {
            width: 94%; max-width: 120; height: 92%; background: $surface; padding: 1 2 0 2;
            border: round $iptui-accent; border-title-color: $iptui-accent;
        }
        PasteArea, PasteArea:focus {
            height: 6; border: none; background: $panel; padding: 0 1; margin-bottom: 1;
        }
        Note { height: 1fr; }
        KeyBar { background: $surface; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Close", show=False, id="explain.close"),
        Binding("tab", "switch_focus", "Go between text and explanation", show=False, id="explain.focus"),
    ]

    app: IptuiApp

    def __init__(self, glyphs: Glyphs, text: str = "", named_profiles: Sequence[NamedProfile] = ()) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._text = text
        self._named_profiles = named_profiles

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog") as dialog:
            dialog.border_title = "What an error means"
            yield PasteArea(self._text, soft_wrap=True, show_line_numbers=False, tab_behavior="focus")
            yield Note(glyphs=self._glyphs, id="explanation")
            yield KeyBar()

    def on_mount(self) -> None:
        self.query_one(KeyBar).show([("tab", "to the explanation and back"), ("esc", "close")])
        (self.query_one(Note) if self._text else self.query_one(PasteArea)).focus()
        self._read(self._text)

    def on_text_area_changed(self, event: PasteArea.Changed) -> None:
        event.stop()
        text = event.text_area.text
        self.set_timer(_WAIT, lambda: self._read_if_settled(text))

    def action_switch_focus(self) -> None:
        text, note = self.query_one(PasteArea), self.query_one(Note)
        (note if text.has_focus else text).focus()

    def _read_if_settled(self, text: str) -> None:
        if self.query_one(PasteArea).text == text:
            self._read(text)

    @work(thread=True, exclusive=True, group="explain", exit_on_error=True)
    def _read(self, text: str) -> None:
        """In a thread of its own: a pasted log may be long."""
        blocks = list(blocks_of(explain(text, self._named_profiles))) if text.strip() else [EMPTY]
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self.query_one(Note).show, blocks)


EMPTY = Paragraph("Paste an error message, or a whole log, as it was received. No call is made.")


def blocks_of(explanation: Explanation) -> Iterator[Block]:
    """An explanation as a note."""
    for one in explanation.errors:
        yield from _told(one)
    if explanation.unrecognised:
        yield Section("Not recognised", explanation.unrecognised)
        if not explanation.errors:
            yield Paragraph("Paste the whole message, from its first line on.")


def _told(one: Explained) -> Iterator[Block]:
    error = one.error
    times = f", {error.count} times" if error.count > 1 else ""
    yield Heading(one.title, f"{error.rule or 'no rule'}{times}")
    yield Fault("error", error.message)
    facts = [f"{label}  {getattr(error, name)}" for label, name in _FACTS if getattr(error, name)]
    if error.effect:
        by = f", {error.denied_by.replace('-', ' ')}" if error.denied_by else ""
        facts.append(f"denied  {'by a Deny' if error.effect == 'explicit' else 'no Allow'}{by}")
    if facts:
        yield Section("What it says", tuple(facts))
    yield Paragraph(one.advice.meaning)
    if one.advice.next_steps:
        steps = tuple(f"{number}  {step}" for number, step in enumerate(one.advice.next_steps, 1))
        yield Section("What to do", steps)
