"""A plan on the screen: calls, checks, reach, the question, and then the calls one by one.

`FixScreen` and `UndoScreen` say where the plan comes from; everything from reading it to seeing it verified
is here and the same for both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from instance_profiles.aws.errors import AwsError
from instance_profiles.fixes.apply import Outcome, Progress, apply, roll_back
from instance_profiles.fixes.command_line import aws_command
from instance_profiles.fixes.differences import changed_lines
from instance_profiles.fixes.plan import Check, Plan
from instance_profiles.fixes.preflight import preflight, with_checks
from tui.screens.dialog import RESULT_LEVELS, Dialog, Question
from tui.words import counted
from widgets.call_list import CallLine, CallList
from widgets.check_list import CheckLine, CheckList
from widgets.labelled import Labelled
from widgets.policy_diff import PolicyDiff
from widgets.severity import MUTED, STYLES
from widgets.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.widget import Widget

    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.fixes.plan import BlastRadius, Call, Permission
    from widgets.severity import Glyphs

INTO = ("Add", "Associate", "Replace", "Attach")
"""Calls that put their second parameter into the first."""
LONGEST_NAME = 60
NOT_AUTHORIZED = "not authorized to perform"
OWNERS_SHOWN = 2


class PlanScreen(Dialog):
    """One plan, checked, asked about, applied."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("g,ctrl+g", "grant", "Grant what is missing", show=False, id="plan.grant"),
    ]

    def __init__(self, title: str, account: AwsAccount, glyphs: Glyphs) -> None:
        super().__init__(title, glyphs)
        self.account = account
        self.plan: Plan | None = None
        self._checks: list[Check] = []
        self._calls: list[CallLine] = []
        self._outcome: Outcome | None = None

    def head(self) -> Iterable[Widget]:
        """The rows above the calls."""
        return ()

    def facts(self) -> Iterable[Widget]:
        yield from self.head()
        owner = Labelled("Owner", Static(id="owner", markup=False), id="owner-row")
        owner.display = False
        yield owner
        yield self.row("Calls", CallList(glyphs=self.glyphs, id="calls"))
        yield self.row("Changes", PolicyDiff(id="changes"), id="changes-row")
        yield self.row("Checks", CheckList(glyphs=self.glyphs, id="checks"))
        yield self.row("Reaches", Static(id="reaches", markup=False))
        yield Labelled("Takes", Static(id="takes", markup=False))
        yield Labelled("Undo", Static(id="undo", markup=False))
        yield self.row("Notes", Static(id="notes", markup=False), id="notes-row")

    def commands(self) -> Sequence[str]:
        return [aws_command(call) for call in self.plan.calls] if self.plan else []

    def result(self) -> str | None:
        return self._outcome.result if self._outcome else None

    def copyable(self) -> tuple[str, str, str]:
        """A plan without calls is a text for somebody else."""
        if self.plan is not None and not self.plan.calls and self.plan.notes:
            return "\n".join(self.plan.notes) + "\n", "copy the text", "the text"
        return super().copyable()

    def further_keys(self) -> list[tuple[str, str, str]]:
        return [("plan.grant", "g", "grant what is missing")] if self._lacking else []

    @property
    def _lacking(self) -> list[Permission]:
        """What checks found denied only for want of an Allow, once all are done."""
        if self.phase != "asking":
            return []
        return [permission for check in self._checks for permission in check.lacks]

    @work(group="grant", exclusive=True)
    async def action_grant(self) -> None:
        """Another dialog gives the caller what it lacks; afterwards everything is checked again."""
        lacking, plan = self._lacking, self.plan
        if not lacking or plan is None:
            return
        caller = self.app.store.inventory.callers.get(plan.account)
        denied = [(one.action, one.resource) for one in lacking]
        if caller is not None and await self.app.grant(caller.arn, plan.account, denied):
            self.show_plan(plan)

    # -- the plan -------------------------------------------------------------------------------------------

    def show_plan(self, plan: Plan) -> None:
        """Draw the plan and begin to check it."""
        self.plan = plan
        self._checks = []
        self._calls = [CallLine(call_title(call), aws_command(call)) for call in plan.calls]
        self._draw_calls()
        changes = [(diff.title, changed_lines(diff.before, diff.after)) for diff in plan.diffs]
        self.query_one("#changes-row").display = bool(changes)
        self.query_one("#changes", PolicyDiff).show(changes)
        self.query_one("#reaches", Static).update(plain(reach_words(plan.blast_radius)))
        self.query_one("#takes", Static).update(plain(plan.delay or "at once"))
        self.query_one("#undo", Static).update(plain(plan.undo or "nothing to take back"))
        self._draw_owners(plan)
        self._draw_notes(plan)
        self.phase = "reading"
        self._question_changed()
        self._check(plan)

    def show_refusal(self, sentence: str) -> None:
        """There is no plan: say why, in place of the calls."""
        self.workers.cancel_group(self, "checks")
        self.plan = None
        self.phase = "reading"
        self._checks = []
        self.query_one("#calls", CallList).show((), nothing=sentence)
        self.query_one("#checks", CheckList).show((), running=False)
        for fact in ("#reaches", "#takes", "#undo"):
            self.query_one(fact, Static).update("")
        self.query_one("#owner-row").display = False
        self.query_one("#notes-row").display = False
        self.query_one("#changes-row").display = False
        self.put(None)
        self.say("")

    def _draw_owners(self, plan: Plan) -> None:
        """Right at the top: a change behind the back of a tool is seldom the one that lasts."""
        lines = [plain(words, STYLES["warning"]) for words in plan.owners[:OWNERS_SHOWN]]
        if len(plan.owners) > OWNERS_SHOWN:
            lines.append(plain(f"and {len(plan.owners) - OWNERS_SHOWN} more", MUTED))
        self.query_one("#owner-row").display = bool(lines)
        self.query_one("#owner", Static).update(Content("\n").join(lines))

    def _draw_notes(self, plan: Plan) -> None:
        lines = [plain(f"{self.glyphs.warning} {words}", STYLES["warning"]) for words in plan.warnings]
        lines += [plain(line, MUTED) for note in plan.notes for line in note.splitlines()]
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

    def _question_changed(self) -> None:
        if self.plan is not None:
            self.put(self._asked(self.plan))

    def _asked(self, plan: Plan) -> Question:
        if any(check.state == "failed" for check in self._checks):
            return Question("A check failed, so this is not applied.", refused=True)
        if plan.typed_name is None:
            return Question("Apply it?")
        reasons = ["running instances are affected"] if plan.blast_radius.running else []
        reasons += ["its owner may undo it"] if plan.owners else []
        words = " and ".join(reasons) or plan.typed_why or "this cannot be undone as it was"
        return Question(
            f"{words[0].upper()}{words[1:]}. Type the name to go on: {plan.typed_name}", plan.typed_name
        )

    # -- applying -------------------------------------------------------------------------------------------

    @work(group="apply", exclusive=True)
    async def _apply(self, plan: Plan) -> None:
        self.phase = "applying"
        self.say("Applying …")
        journal = self.app.journal
        outcome = await apply(plan, self.account, journal, observe=self._progressed, stop=self._stop)
        await self._ended(plan, outcome)

    @work(group="apply", exclusive=True)
    async def _take_back(self, plan: Plan, stopped: Outcome) -> None:
        self.phase = "applying"
        self.say("Taking back what was done …")
        outcome = await roll_back(plan, stopped, self.account, self.app.journal, observe=self._progressed)
        await self._ended(plan, outcome)

    async def _ended(self, plan: Plan, outcome: Outcome) -> None:
        self._outcome = outcome
        if outcome.result == "stopped":
            self.phase = "stopped"
            self.say(outcome.message, "warning")
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
        self.say(words, level)
        denial = self._denial(outcome)
        if denial:
            self.app.open_explain(denial)

    def _denial(self, outcome: Outcome) -> str:
        """AWS's own words where it denied a call, from the journal; empty where nothing was denied."""
        entry = self.app.journal.entry(outcome.journal) if outcome.journal else None
        calls = entry.calls if entry is not None and outcome.result != "applied" else ()
        denied = [call for call in calls if call.message and NOT_AUTHORIZED in call.message]
        return f"{denied[-1].code}: {denied[-1].message}" if denied else ""

    def _progressed(self, progress: Progress) -> None:
        if 0 <= progress.step < len(self._calls):
            line = self._calls[progress.step]
            self._calls[progress.step] = CallLine(line.title, line.command, progress.state, progress.detail)
            self._draw_calls()

    def apply_it(self) -> None:
        if self.plan is not None:
            self._apply(self.plan)

    def take_it_back(self) -> None:
        if self.plan is not None and self._outcome is not None:
            self._take_back(self.plan, self._outcome)


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


def reach_words(radius: BlastRadius) -> str:
    """`2 running, 1 stopped instance, 1 launch template`."""
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
