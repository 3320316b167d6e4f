"""Many fixes on the screen: one line each, checked together, asked about once, applied side by side.

`FixManyScreen` and `UndoBatchScreen` say where the batch comes from; everything from checking it to seeing it
verified is here and the same for both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from instance_profiles.aws.errors import AwsError
from instance_profiles.fixes.batch_apply import apply_batch, take_back_batch
from instance_profiles.fixes.batch_checks import check_batch, refusal_of, sorted_out, with_batch_checks
from instance_profiles.fixes.batch_undo import lasting
from instance_profiles.fixes.command_line import aws_command
from tui.screens.batch_lines import ItemLines, question_words, stays_lines
from tui.screens.dialog import RESULT_LEVELS, Dialog, Question
from tui.screens.plan import reach_words
from tui.words import counted
from widgets.choice import Choice, Choosable
from widgets.item_list import ItemList
from widgets.labelled import Labelled
from widgets.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.widget import Widget

    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.fixes.batch_outcome import BatchOutcome, ItemProgress
    from instance_profiles.fixes.plan import Check
    from instance_profiles.fixes.several import Batch
    from widgets.severity import Glyphs

FRAME_SECONDS = 0.1
"""News of hundreds of fixes are drawn at most ten times a second."""
STOP, GO_ON = "stop", "go-on"


class BatchScreen(Dialog):
    """One batch, checked, asked about, applied; what is refused is listed and left out."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("h", "take_half_back", "Take back half", show=False, id="plan.half"),
    ]

    def __init__(self, title: str, glyphs: Glyphs) -> None:
        super().__init__(title, glyphs)
        self.everything: Batch | None = None
        self.ready: Batch | None = None
        """The batch without what the checks refuse: what is applied."""
        self._checks: dict[int, list[Check]] = {}
        self._lines = ItemLines()
        self._places: list[int] = []
        """Which item of `everything` each item of `ready` is."""
        self._outcome: BatchOutcome | None = None
        self._is_stale = False

    # -- what the kinds of batches give ---------------------------------------------------------------------

    def head(self) -> Iterable[Widget]:
        """The rows above the fixes."""
        return ()

    def left(self) -> Sequence[tuple[str, str]]:
        """What else is left out: its name, and why."""
        if self.everything is None:
            return []
        return [(one.finding.object.name, one.reason) for one in self.everything.left_out]

    # -- facts ----------------------------------------------------------------------------------------------

    def facts(self) -> Iterable[Widget]:
        yield from self.head()
        yield self.row("Fixes", ItemList(glyphs=self.glyphs, id="items"))
        yield self.row("Left out", Static(id="left", markup=False), id="left-row")
        yield self.row("Calls", Static(id="total", markup=False))
        yield Labelled("Reaches", Static(id="reaches", markup=False))
        yield Labelled("Undo", Static(id="undo", markup=False))
        yield Labelled("If one", Choice(glyphs=self.glyphs, id="if-one-fails"), id="if-row")

    def on_mount(self) -> None:
        self.query_one("#if-one-fails", Choice).offer(
            [Choosable(STOP, "fails, begin no other"), Choosable(GO_ON, "fails, go on with the others")]
        )
        self.set_interval(FRAME_SECONDS, self._draw_if_stale)

    def commands(self) -> Sequence[str]:
        batch = self.ready or self.everything
        return [aws_command(call) for item in batch.items for call in item.plan.calls] if batch else []

    def result(self) -> str | None:
        return self._outcome.result if self._outcome else None

    def show_batch(self, batch: Batch) -> None:
        """Draw the batch and begin to check it."""
        self.everything, self.ready = batch, None
        self._checks = {}
        self.phase = "reading"
        self._lines.begin(batch)
        self._draw()
        self.put(self._asked(batch))
        self._check(batch)

    def show_refusal(self, sentence: str) -> None:
        """There is no batch: say why."""
        self.workers.cancel_group(self, "checks")
        self.everything = self.ready = None
        self.phase = "reading"
        self._lines.clear()
        self._draw()
        self.put(None)
        self.say(sentence)

    def _draw(self) -> None:
        batch = self.ready or self.everything
        self.query_one("#items", ItemList).show(self._lines.items)
        for name in ("#total", "#reaches", "#undo"):
            self.query_one(name, Static).update("")
        left = stays_lines(self.left(), self.glyphs)
        self.query_one("#left-row").display = bool(left)
        self.query_one("#left", Static).update(Content("\n").join(left))
        several = batch is not None and len(batch.items) > 1
        self.query_one("#if-row").display = several and self.phase in ("reading", "asking")
        if batch is None:
            return
        settled = sum(len(item.findings) for item in batch.items)
        fixes = counted(len(batch.items), "fix", "fixes")
        more = f", for {settled} problems" if settled > len(batch.items) else ""
        self.query_one("#total", Static).update(plain(f"{counted(batch.calls, 'call')} in {fixes}{more}"))
        self.query_one("#reaches", Static).update(plain(reach_words(batch.blast_radius)))
        undo = [plain(f"{n} × {words}" if several else words) for words, n in lasting(batch.items).items()]
        self.query_one("#undo", Static).update(Content("\n").join(undo or [plain("nothing to take back")]))

    def _draw_if_stale(self) -> None:
        if self._is_stale:
            self._is_stale = False
            self.query_one("#items", ItemList).show(self._lines.items)
            if self.phase == "applying" and not self._stop.is_set():
                self.say(f"Applying … {self._lines.ended} of {len(self._places)} ended")

    # -- checks ---------------------------------------------------------------------------------------------

    @work(exclusive=True, group="checks", exit_on_error=True)
    async def _check(self, batch: Batch) -> None:
        async for number, check in check_batch(batch, self.account_of):
            self._checks.setdefault(number, []).append(check)
            self._lines.checked(number, check)
            self._is_stale = True
        checked = with_batch_checks(batch, self._checks)
        self.everything = checked
        self.ready, _ = sorted_out(checked, self.app.store.inventory)
        reasons = [refusal_of(item) for item in checked.items]
        self._places = [number for number, reason in enumerate(reasons) if reason is None]
        self._lines.all_checked(reasons)
        self.phase = "asking"
        self._draw()
        self.put(self._asked(self.ready))

    def _asked(self, batch: Batch) -> Question:
        if not batch.items:
            return Question("Nothing of this can be applied.", refused=True)
        if batch.typed is None:
            return Question(f"Apply all {len(batch.items)}?" if len(batch.items) > 1 else "Apply it?")
        return Question(question_words(batch, self._account_name(batch)), batch.typed)

    def _account_name(self, batch: Batch) -> str:
        """The alias of the one account, its id without one, or how many accounts there are."""
        if len(batch.accounts) != 1:
            return counted(len(batch.accounts), "account")
        caller = self.app.store.inventory.callers.get(batch.accounts[0])
        return (caller.account_alias if caller else None) or f"account {batch.accounts[0]}"

    def account_of(self, account_id: str) -> AwsAccount:
        """The connection to an account; the workspace is open as long as a dialog is."""
        if self.app.workspace is None:
            raise RuntimeError("no workspace is open")
        return self.app.workspace.account_for(account_id)

    # -- applying -------------------------------------------------------------------------------------------

    def apply_it(self) -> None:
        if self.ready is not None:
            self._apply(self.ready)

    @work(group="apply", exclusive=True)
    async def _apply(self, batch: Batch) -> None:
        go_on = self.query_one("#if-one-fails", Choice).value == GO_ON
        self.query_one("#if-row").display = False
        self.phase = "applying"
        self.say("Applying …")
        outcome = await apply_batch(
            batch,
            self.account_of,
            self.app.journal,
            observe=self._progressed,
            stop=self._stop,
            go_on=go_on,
        )
        self._outcome = outcome
        self._lines.ended_all(outcome.outcomes, self._places)
        may_go_back = bool(outcome.done or outcome.half_done)
        if outcome.result in ("stopped", "failed") and may_go_back:
            self.phase = "stopped"
            self._draw()
            self.say(f"{self._told(outcome)} What is done stays until it is taken back.", "warning")
            return
        await self._end(batch, outcome)

    def take_it_back(self) -> None:
        self._take_back(half_done_only=False)

    def action_take_half_back(self) -> None:
        """Take back only the fixes that were stopped between two calls."""
        if self.phase == "stopped" and self._outcome is not None and self._outcome.half_done:
            self._take_back(half_done_only=True)

    def keep_it(self) -> None:
        if self.ready is not None and self._outcome is not None:
            self._keep(self.ready, self._outcome)

    def keys_after_stop(self) -> list[tuple[str, str]]:
        outcome = self._outcome
        half = [("h", "only the half done")] if outcome and outcome.half_done and outcome.done else []
        return [("r", "take all back"), *half, ("k", "keep it as it is")]

    @work(group="apply", exclusive=True)
    async def _take_back(self, *, half_done_only: bool) -> None:
        batch, outcome = self.ready, self._outcome
        if batch is None or outcome is None:
            return
        self.phase = "applying"
        self.say("Taking back what was done …")
        told = await take_back_batch(
            batch,
            outcome,
            self.account_of,
            self.app.journal,
            half_done_only=half_done_only,
            observe=self._progressed,
        )
        self._outcome = told
        await self._end(batch, told)

    @work(group="apply", exclusive=True)
    async def _keep(self, batch: Batch, outcome: BatchOutcome) -> None:
        await self._end(batch, outcome)

    async def _end(self, batch: Batch, outcome: BatchOutcome) -> None:
        radius = batch.blast_radius
        touched = (
            *(item.plan.subject for item in batch.items),
            *radius.instances,
            *radius.launch_templates,
            *radius.auto_scaling_groups,
        )
        try:
            await self.app.look_again(touched)
        except AwsError as error:
            self.notify(f"{error} Reload with r.", markup=False, severity="warning")
        self.phase = "ended"
        self._lines.ended_all(outcome.outcomes, self._places)
        self._draw()
        level = RESULT_LEVELS.get(outcome.result, "error")
        self.say(f"{self.glyphs.of(level)} {self._told(outcome)}", level)

    def _told(self, outcome: BatchOutcome) -> str:
        export = f" What was to be deleted is listed in {outcome.export}." if outcome.export else ""
        return f"{outcome.message}{export}"

    def _progressed(self, news: ItemProgress) -> None:
        self._lines.progressed(self._places[news.item], news)
        self._is_stale = True
