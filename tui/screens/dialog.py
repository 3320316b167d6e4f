"""The frame of a dialog that changes something: facts above, the question below, one line of keys.

What is asked, and what happens after the yes, is its subclasses' matter: one plan, or many.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.clipboard import copy
from tui.words import counted
from widgets.choice import Choice, Choosable
from widgets.key_bar import KeyBar
from widgets.labelled import Labelled
from widgets.severity import STYLES
from widgets.text import plain
from widgets.typed_name import TypedName

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.app import ComposeResult
    from textual.await_complete import AwaitComplete
    from textual.events import Resize
    from textual.widget import Widget

    from tui.app import IptuiApp
    from widgets.severity import Glyphs, Level

Phase = Literal["reading", "asking", "applying", "stopped", "ended"]

RESULT_LEVELS: dict[str, Level] = {"applied": "done", "unverified": "warning", "rolled-back": "warning"}
SHORT, TINY = 30, 24
"""Rows below which the facts give room to the question."""
NO, YES = "no", "yes"


@dataclass(frozen=True, slots=True)
class Question:
    """`typed` must be typed in full, None where a yes is enough; a refused one cannot be answered."""

    words: str
    typed: str | None = None
    refused: bool = False


class Dialog(ModalScreen[str | None]):
    """Dismissed with the result (`applied`, ...), or None where nothing was sent."""

    DEFAULT_CSS = """
    Dialog.short #facts { max-height: 62vh; }
    Dialog.tiny #facts { max-height: 36vh; }
    Dialog {
        align: center middle; background: $background 60%;
        &> #dialog {
            width: 92%; max-width: 96; height: auto; max-height: 96%;
            background: $surface; padding: 1 2 0 2;
            border: round $iptui-accent; border-title-color: $iptui-accent;
        }
        #facts { height: auto; max-height: 72vh; scrollbar-size-vertical: 1; }
        #form { height: auto; }
        #form Input { height: 1; border: none; padding: 0 1; background: $panel; }
        #form Input:focus { border: none; }
        .gap { margin-top: 1; }
        #question { height: auto; margin-top: 1; }
        #question > Static { height: auto; }
        KeyBar { margin-top: 1; background: $surface; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "enter", "Apply", show=False, id="plan.enter"),
        Binding("escape", "leave", "Leave", show=False, id="plan.leave"),
        Binding("y,ctrl+y", "copy_script", "Copy as script", show=False, id="plan.copy"),
        Binding("up", "app.focus_previous", "Up", show=False, id="plan.up"),
        Binding("down", "app.focus_next", "Down", show=False, id="plan.down"),
        Binding("pageup", "scroll_facts(-1)", "Page up", show=False, id="plan.page-up"),
        Binding("pagedown", "scroll_facts(1)", "Page down", show=False, id="plan.page-down"),
        Binding("r", "roll_back", "Take back", show=False, id="plan.roll-back"),
        Binding("k", "keep", "Keep", show=False, id="plan.keep"),
    ]

    app: IptuiApp

    def __init__(self, title: str, glyphs: Glyphs) -> None:
        super().__init__()
        self.glyphs = glyphs
        self.phase: Phase = "reading"
        self._title = title
        self._stop = asyncio.Event()
        self._question: Question | None = None

    def dismiss(self, result: str | None = None) -> AwaitComplete:
        """Close it. What is still being looked at has nobody left to show it to."""
        self.stop_looking()
        return super().dismiss(result)

    def stop_looking(self) -> None:
        """End what goes on to make or check a plan; nothing that applies one."""
        for group in ("plan", "checks"):
            self.workers.cancel_group(self, group)

    # -- what the kinds of dialogs give ---------------------------------------------------------------------

    def facts(self) -> Iterable[Widget]:
        """The rows above the question."""
        return ()

    def start(self) -> None:
        """Begin to find out what there is to ask; ends in `put`."""
        raise NotImplementedError

    def commands(self) -> Sequence[str]:
        """The calls as shell commands."""
        return ()

    def further_keys(self) -> list[tuple[str, str, str]]:
        """Keys of the kind of dialog while it asks: command, key and word."""
        return []

    def copyable(self) -> tuple[str, str, str]:
        """What there is to copy, the word on its key, and what was copied then; empty for nothing."""
        commands = self.commands()
        if not commands:
            return "", "", ""
        return "\n".join(commands) + "\n", "copy as script", counted(len(commands), "command")

    def apply_it(self) -> None:
        """The person has said yes."""
        raise NotImplementedError

    def take_it_back(self) -> None:
        """The person wants back what was done before the stop."""
        raise NotImplementedError

    def keep_it(self) -> None:
        """The person wants to keep what was done before the stop."""
        self.dismiss("stopped")

    def result(self) -> str | None:
        """How applying ended, None before."""
        return None

    def keys_after_stop(self) -> list[tuple[str, str]]:
        return [("r", "take back what was done"), ("k", "keep it as it is")]

    # -- composing ------------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog") as dialog:
            dialog.border_title = plain(self._title, limit=60)
            with VerticalScroll(id="facts", can_focus=False):
                yield from self.facts()
            with Vertical(id="question"):
                yield Static(id="words", markup=False)
                yield TypedName(id="typed")
                yield Choice(glyphs=self.glyphs, id="answer")
            yield KeyBar([])

    def row(self, label: str, fact: Widget, id: str | None = None) -> Labelled:  # noqa: A002
        """A row of facts with a gap above it."""
        row = Labelled(label, fact, id=id)
        row.add_class("gap")
        return row

    def on_resize(self, event: Resize) -> None:
        self.set_class(TINY <= event.size.height < SHORT, "short")
        self.set_class(event.size.height < TINY, "tiny")

    def on_mount(self) -> None:
        self.query_one("#answer", Choice).offer(
            [Choosable(NO, "No, leave everything as it is"), Choosable(YES, "Yes, send the calls")]
        )
        self.say("Making the plan …")
        self.start()

    # -- the question ---------------------------------------------------------------------------------------

    def put(self, question: Question | None) -> None:
        """Ask this, or nothing (any more)."""
        self._question = question
        if question is None:
            return
        typed = self.query_one("#typed", TypedName)
        if question.refused:
            self.say(question.words, "error")
        elif question.typed is not None:
            if typed.expected != question.typed:
                typed.expect(question.typed)
            self._show(question.words, typed=True, answer=False)
        else:
            self._show(question.words, typed=False, answer=True)

    def say(self, words: str, level: Level | None = None) -> None:
        """Words in the place of the question, with nothing to answer."""
        self._show(words, typed=False, answer=False, level=level)

    def _show(self, words: str, *, typed: bool, answer: bool, level: Level | None = None) -> None:
        question = plain(words, STYLES[level] if level else "")
        self.query_one("#words", Static).update(question)
        field, choice = self.query_one("#typed", TypedName), self.query_one("#answer", Choice)
        newly = (typed and not field.display) or (answer and not choice.display)
        field.display, choice.display = typed, answer
        if newly and not self._busy_elsewhere():
            if typed:
                field.focus()
            else:
                choice.focus_box()
        self.draw_keys()

    def _busy_elsewhere(self) -> bool:
        """Whether the person is in the form above: what arrives must not take the focus away."""
        return self.focused is not None and self.focused.has_class("form")

    @property
    def _can_apply(self) -> bool:
        return self._question is not None and not self._question.refused and self.phase != "reading"

    def draw_keys(self) -> None:
        """The keys that mean something now."""
        match self.phase:
            case "applying":
                keys = [("plan.leave", "escape", "stop after this call")]
            case "stopped":
                keys = [(f"plan.{_STOPPED[key]}", key, words) for key, words in self.keys_after_stop()]
            case "ended":
                keys = [("plan.enter", "enter", "close")]
            case _:
                keys = [("plan.enter", "enter", "apply")] if self._can_apply else []
                keys += self.further_keys()
                text, word, _ = self.copyable()
                keys += [("plan.copy", "ctrl+y", word)] if text else []
                keys += [("plan.leave", "escape", "leave everything as it is")]
        keymap = self.app.resolved.settings.keymap
        self.query_one(KeyBar).show([(keymap.get(name, key), words) for name, key, words in keys])

    # -- keys -----------------------------------------------------------------------------------------------

    async def action_enter(self) -> None:
        if self.phase == "ended":
            self.dismiss(self.result())
            return
        question = self._question
        if self.phase in ("applying", "stopped") or question is None or question.refused:
            return
        if self.phase == "reading":
            self.notify("The checks are not done yet.", markup=False)
        elif question.typed is not None:
            if self.query_one("#typed", TypedName).matches:
                self.apply_it()
            else:
                self.notify(f"Type {question.typed} in full to go on.", markup=False)
        elif self.query_one("#answer", Choice).value == YES:
            self.apply_it()
        else:
            self.dismiss(None)

    async def on_input_submitted(self) -> None:
        await self.action_enter()

    def action_leave(self) -> None:
        """Before the yes: leave. While it runs: stop after the call that is under way."""
        if self.phase == "applying":
            self._stop.set()
            self.query_one("#words", Static).update(plain("Stopping after the call that is under way …"))
        elif self.phase == "ended":
            self.dismiss(self.result())
        elif self.phase != "stopped":
            self.dismiss(None)

    async def action_copy_script(self) -> None:
        text, _, what = self.copyable()
        if text:
            await copy(self.app, text)
            self.notify(f"Copied {what}.", markup=False)

    def action_scroll_facts(self, direction: int) -> None:
        facts = self.query_one("#facts", VerticalScroll)
        if direction < 0:
            facts.scroll_page_up(animate=False)
        else:
            facts.scroll_page_down(animate=False)

    def action_roll_back(self) -> None:
        if self.phase == "stopped":
            self.take_it_back()

    def action_keep(self) -> None:
        if self.phase == "stopped":
            self.keep_it()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The letters r and k mean something only after a stop; before, they are for typing."""
        if action in ("roll_back", "keep", "take_half_back"):
            return self.phase == "stopped"
        return True


_STOPPED = {"r": "roll-back", "k": "keep", "h": "half"}
"""The bindings that mean something after a stop, by their keys."""
