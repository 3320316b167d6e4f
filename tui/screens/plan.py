"""A plan on the screen: calls, checks, reach, the question, and then the calls one by one.

`FixScreen` and `UndoScreen` say where the plan comes from; everything from reading it to seeing it verified
is here and the same for both.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar, Literal

from textual import work
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from instance_profiles.aws.errors import AwsError
from instance_profiles.fixes.apply import Outcome, Progress, apply, roll_back
from instance_profiles.fixes.command_line import aws_command
from instance_profiles.fixes.plan import Check, Plan
from instance_profiles.fixes.preflight import preflight, with_checks
from tui.clipboard import copy
from tui.words import counted
from widgets.call_list import CallLine, CallList
from widgets.check_list import CheckLine, CheckList
from widgets.choice import Choice, Choosable
from widgets.key_bar import KeyBar
from widgets.labelled import Labelled
from widgets.severity import MUTED, STYLES
from widgets.text import plain
from widgets.typed_name import TypedName

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import ComposeResult
    from textual.events import Resize
    from textual.widget import Widget

    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.fixes.plan import Call
    from tui.app import IptuiApp
    from widgets.severity import Glyphs, Level

Phase = Literal["reading", "asking", "applying", "stopped", "ended"]

RESULT_LEVELS: dict[str, Level] = {"applied": "done", "unverified": "warning", "rolled-back": "warning"}
INTO = ("Add", "Associate", "Replace", "Attach")
"""Calls that put their second parameter into the first."""
LONGEST_NAME = 60
SHORT = 30
"""Rows below which the facts give room to the question."""
NO, YES = "no", "yes"


class PlanScreen(ModalScreen[str | None]):
    """Dismissed with the result (`applied`, ...), or None where nothing was sent."""

    DEFAULT_CSS = """
    PlanScreen.short #facts { max-height: 62vh; }
    PlanScreen {
        align: center middle; background: $background 60%;
        &> #dialog {
            width: 92%; max-width: 96; height: auto; max-height: 96%;
            background: $surface; padding: 1 2 0 2;
            border: round $iptui-accent; border-title-color: $iptui-accent;
        }
        #facts { height: auto; max-height: 72vh; scrollbar-size-vertical: 1; }
        #form { height: auto; }
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

    def __init__(self, title: str, account: AwsAccount, glyphs: Glyphs) -> None:
        super().__init__()
        self.account = account
        self.glyphs = glyphs
        self.phase: Phase = "reading"
        self.plan: Plan | None = None
        self._title = title
        self._checks: list[Check] = []
        self._calls: list[CallLine] = []
        self._stop = asyncio.Event()
        self._outcome: Outcome | None = None

    # -- what the two kinds of plan give --------------------------------------------------------------------

    def head(self) -> Iterable[Widget]:
        """The rows above the calls."""
        return ()

    def start(self) -> None:
        """Begin to make the plan; ends in `show_plan` or `show_refusal`."""
        raise NotImplementedError

    # -- composing ------------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog") as dialog:
            dialog.border_title = plain(self._title, limit=60)
            with VerticalScroll(id="facts", can_focus=False):
                yield from self.head()
                yield self._row("Calls", CallList(glyphs=self.glyphs, id="calls"))
                yield self._row("Checks", CheckList(glyphs=self.glyphs, id="checks"))
                yield self._row("Reaches", Static(id="reaches", markup=False))
                yield Labelled("Takes", Static(id="takes", markup=False))
                yield Labelled("Undo", Static(id="undo", markup=False))
                yield self._row("Notes", Static(id="notes", markup=False), id="notes-row")
            with Vertical(id="question"):
                yield Static(id="words", markup=False)
                yield TypedName(id="typed")
                yield Choice(glyphs=self.glyphs, id="answer")
            yield KeyBar([])

    def _row(self, label: str, fact: Widget, id: str | None = None) -> Labelled:  # noqa: A002
        row = Labelled(label, fact, id=id)
        row.add_class("gap")
        return row

    def on_resize(self, event: Resize) -> None:
        self.set_class(event.size.height < SHORT, "short")

    def on_mount(self) -> None:
        self.query_one("#answer", Choice).offer(
            [Choosable(NO, "No, leave everything as it is"), Choosable(YES, "Yes, send the calls")]
        )
        self._ask("Making the plan …", typed=False, answer=False)
        self.start()

    # -- the plan -------------------------------------------------------------------------------------------

    def show_plan(self, plan: Plan) -> None:
        """Draw the plan and begin to check it."""
        self.plan = plan
        self._checks = []
        self._calls = [CallLine(call_title(call), aws_command(call)) for call in plan.calls]
        self._draw_calls()
        self.query_one("#reaches", Static).update(plain(reach_words(plan)))
        self.query_one("#takes", Static).update(plain(plan.delay or "at once"))
        self.query_one("#undo", Static).update(plain(plan.undo or "nothing to take back"))
        self._draw_notes(plan)
        self.phase = "reading"
        self._question_changed()
        self._check(plan)

    def show_refusal(self, sentence: str) -> None:
        """There is no plan: say why, in place of the calls."""
        self.plan = None
        self.phase = "reading"
        self._checks = []
        self.query_one("#calls", CallList).show((), nothing=sentence)
        self.query_one("#checks", CheckList).show((), running=False)
        for fact in ("#reaches", "#takes", "#undo"):
            self.query_one(fact, Static).update("")
        self.query_one("#notes-row").display = False
        self._ask("", typed=False, answer=False)

    def _draw_notes(self, plan: Plan) -> None:
        lines = [plain(f"{self.glyphs.warning} {words}", STYLES["warning"]) for words in plan.warnings]
        lines += [plain(line, _diff_style(line)) for note in plan.notes for line in note.splitlines()]
        self.query_one("#notes-row").display = bool(lines)
        self.query_one("#notes", Static).update(Content("\n").join(lines))

    def _draw_calls(self) -> None:
        self.query_one("#calls", CallList).show(self._calls)

    def _draw_checks(self, *, running: bool) -> None:
        lines = [CheckLine(check.name, check.state, check.detail) for check in self._checks]
        self.query_one("#checks", CheckList).show(lines, running=running)

    @work(exclusive=True, group="checks", exit_on_error=True)
    async def _check(self, plan: Plan) -> None:
        self._draw_checks(running=True)
        inventory = self.app.store.inventory
        try:
            async for check in preflight(plan, self.account, inventory):
                self._checks.append(check)
                self._draw_checks(running=True)
        except AwsError as error:
            self._checks.append(Check("AWS could be asked", "failed", str(error)))
        self._draw_checks(running=False)
        self.plan = with_checks(plan, self._checks)
        self.phase = "asking"
        self._question_changed()

    # -- the question ---------------------------------------------------------------------------------------

    @property
    def _is_refused(self) -> bool:
        return any(check.state == "failed" for check in self._checks)

    def _question_changed(self) -> None:
        plan = self.plan
        if plan is None:
            return
        typed = self.query_one("#typed", TypedName)
        if self._is_refused:
            self._ask("A check failed, so this is not applied.", typed=False, answer=False, level="error")
        elif plan.typed_name is not None:
            if typed.expected != plan.typed_name:
                typed.expect(plan.typed_name)
            words = (
                "Running instances are affected"
                if plan.blast_radius.running
                else "This cannot be undone as it was"
            )
            self._ask(f"{words}. Type the name to go on: {plan.typed_name}", typed=True, answer=False)
        else:
            self._ask("Apply it?", typed=False, answer=True)

    def _ask(self, words: str, *, typed: bool, answer: bool, level: Level | None = None) -> None:
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
        self._draw_keys()

    def _busy_elsewhere(self) -> bool:
        """Whether the person is in the form above: what arrives must not take the focus away."""
        return self.focused is not None and self.focused.has_class("form")

    def _draw_keys(self) -> None:
        match self.phase:
            case "applying":
                keys = [("escape", "stop after this call")]
            case "stopped":
                keys = [("r", "take back what was done"), ("k", "keep it as it is")]
            case "ended":
                keys = [("enter", "close")]
            case _:
                keys = [("enter", "apply")] if self.plan and not self._is_refused else []
                keys += [("ctrl+y", "copy as script")] if self.plan else []
                keys += [("escape", "leave everything as it is")]
        self.query_one(KeyBar).show(keys)

    async def action_enter(self) -> None:
        if self.phase == "ended":
            self.dismiss(self._outcome.result if self._outcome else None)
            return
        if self.phase in ("applying", "stopped") or self.plan is None or self._is_refused:
            return
        if self.phase == "reading":
            self.notify("The checks are not done yet.", markup=False)
        elif self.plan.typed_name is not None:
            typed = self.query_one("#typed", TypedName)
            if typed.matches:
                self._apply(self.plan)
            else:
                self.notify(f"Type {self.plan.typed_name} in full to go on.", markup=False)
        elif self.query_one("#answer", Choice).value == YES:
            self._apply(self.plan)
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
            self.dismiss(self._outcome.result if self._outcome else None)
        elif self.phase != "stopped":
            self.dismiss(None)

    async def action_copy_script(self) -> None:
        if self.plan is None:
            return
        await copy(self.app, "\n".join(aws_command(call) for call in self.plan.calls) + "\n")
        self.notify(f"Copied {counted(len(self.plan.calls), 'command')}.", markup=False)

    def action_scroll_facts(self, direction: int) -> None:
        facts = self.query_one("#facts", VerticalScroll)
        if direction < 0:
            facts.scroll_page_up(animate=False)
        else:
            facts.scroll_page_down(animate=False)

    # -- applying -------------------------------------------------------------------------------------------

    @work(group="apply", exclusive=True)
    async def _apply(self, plan: Plan) -> None:
        self.phase = "applying"
        self._ask("Applying …", typed=False, answer=False)
        journal = self.app.journal
        outcome = await apply(plan, self.account, journal, observe=self._progressed, stop=self._stop)
        await self._ended(plan, outcome)

    @work(group="apply", exclusive=True)
    async def _take_back(self, plan: Plan, stopped: Outcome) -> None:
        self.phase = "applying"
        self._ask("Taking back what was done …", typed=False, answer=False)
        outcome = await roll_back(plan, stopped, self.account, self.app.journal, observe=self._progressed)
        await self._ended(plan, outcome)

    async def _ended(self, plan: Plan, outcome: Outcome) -> None:
        self._outcome = outcome
        if outcome.result == "stopped":
            self.phase = "stopped"
            self._ask(outcome.message, typed=False, answer=False, level="warning")
            return
        radius = plan.blast_radius
        touched = (plan.subject, *radius.instances, *radius.launch_templates, *radius.auto_scaling_groups)
        try:
            await self.app.look_again(touched)
        except AwsError as error:
            self.notify(f"{error} Reload with r.", markup=False, severity="warning")
        self.phase = "ended"
        level = RESULT_LEVELS.get(outcome.result, "error")
        settled = (
            f"{plan.settles.state}: " if plan.settles is not None and outcome.result == "applied" else ""
        )
        words = f"{self.glyphs.of(level)} {settled}{outcome.message or outcome.result}"
        self._ask(words, typed=False, answer=False, level=level)

    def _progressed(self, progress: Progress) -> None:
        if 0 <= progress.step < len(self._calls):
            line = self._calls[progress.step]
            self._calls[progress.step] = CallLine(line.title, line.command, progress.state, progress.detail)
            self._draw_calls()

    def action_roll_back(self) -> None:
        if self.phase == "stopped" and self.plan is not None and self._outcome is not None:
            self._take_back(self.plan, self._outcome)

    def action_keep(self) -> None:
        if self.phase == "stopped":
            self.dismiss("stopped")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The letters r and k mean something only after a stop; before, they are for typing."""
        if action in ("roll_back", "keep"):
            return self.phase == "stopped"
        return True


def call_title(call: Call) -> str:
    """`iam AddRoleToInstanceProfile  crawler ← crawler`: what is called and on what."""
    names = [name for value in call.parameters.values() for name in _names(value)]
    joint = "  ←  " if call.operation.startswith(INTO) else " "
    region = f"  {call.region}" if call.region else ""
    return f"{call.service} {call.operation}  {joint.join(names[:3])}{region}"


def _names(value: object) -> list[str]:
    """The short names among parameters: no documents, and of an ARN its last part."""
    if isinstance(value, dict):
        return [name for inner in value.values() for name in _names(inner)]
    if not isinstance(value, str) or len(value) > LONGEST_NAME + 60 * value.startswith("arn:"):
        return []
    return [value.rpartition("/")[2] if value.startswith("arn:") else value]


def reach_words(plan: Plan) -> str:
    """`2 running, 1 stopped instance, 1 launch template`."""
    radius = plan.blast_radius
    parts = []
    if radius.running:
        parts.append(f"{radius.running} running")
    if radius.stopped:
        parts.append(f"{radius.stopped} stopped")
    if parts:
        parts[-1] += " instance" if (radius.stopped or radius.running) == 1 else " instances"
    if radius.launch_templates:
        parts.append(counted(len(radius.launch_templates), "launch template"))
    if radius.auto_scaling_groups:
        parts.append(counted(len(radius.auto_scaling_groups), "scaling group"))
    return ", ".join(parts) or "nothing that runs"


def _diff_style(line: str) -> str:
    if line.startswith("+"):
        return STYLES["done"]
    return STYLES["error"] if line.startswith("-") else MUTED
