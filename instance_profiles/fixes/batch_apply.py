"""Applying a batch: regions side by side, paced, each fix as if it were alone, and taking all of it back.

The fixes of a batch share no object, so that one write at most is under way for each. The first fix of a
region goes alone: what would fail for all fails once.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from instance_profiles.aws.errors import AwsError
from instance_profiles.fixes.apply import apply, roll_back
from instance_profiles.fixes.batch_export import ExportFailed, export
from instance_profiles.fixes.batch_outcome import BatchOutcome, BatchResult, ItemProgress
from instance_profiles.fixes.batch_pace import BatchPace
from instance_profiles.fixes.journal_lines import BatchPart
from instance_profiles.fixes.outcome import Outcome
from instance_profiles.fixes.plan import CannotPlan
from instance_profiles.fixes.timing import REAL, Timing
from instance_profiles.fixes.undo import plan_undo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.fixes.journal import Journal
    from instance_profiles.fixes.outcome import Progress
    from instance_profiles.fixes.several import Batch, Item

    AccountOf = Callable[[str], AwsAccount]

WIDTH = 4
"""Fixes at once in one region; those of IAM go one by one."""
_GOOD = ("applied", "unverified")
_WORDS: dict[str | None, str] = {
    "applied": "applied",
    "unverified": "not seen to work yet",
    "stopped": "stopped in the middle",
    "failed": "failed",
    "rolled-back": "failed and taken back",
    "refused": "refused",
    None: "not begun",
}


def _unseen(_progress: ItemProgress) -> None:
    """Nobody watches."""


async def apply_batch(
    batch: Batch,
    account_of: AccountOf,
    journal: Journal,
    *,
    observe: Callable[[ItemProgress], None] = _unseen,
    stop: asyncio.Event | None = None,
    timing: Timing = REAL,
    go_on: bool = False,
) -> BatchOutcome:
    """Carry out a batch that a person has confirmed.

    `stop` ends every fix after its current call. After one that fails no other is begun, unless `go_on` says
    so; each fix takes its own steps back where a later one fails. Trouble is an outcome, not an exception.
    """
    batch_id = journal.new_batch_id()
    try:
        exported = await export(batch, export_path(journal, batch_id), account_of, journal.now())
    except ExportFailed as failed:
        return BatchOutcome("refused", str(failed), (None,) * len(batch.items))
    run = _Run(batch, batch_id, account_of, journal, observe, stop or asyncio.Event(), timing, go_on=go_on)
    async with asyncio.TaskGroup() as lanes:
        for numbers in _lanes(batch):
            lanes.create_task(run.lane(numbers))
    return run.ended(exported)


async def take_back_batch(
    batch: Batch,
    outcome: BatchOutcome,
    account_of: AccountOf,
    journal: Journal,
    *,
    half_done_only: bool = False,
    observe: Callable[[ItemProgress], None] = _unseen,
    timing: Timing = REAL,
) -> BatchOutcome:
    """Take back what a batch did, the last first: fixes that were cut in half, and (or not) whole ones."""
    wanted = set(outcome.half_done) | (set() if half_done_only else set(outcome.done))
    numbers = [number for number in reversed(outcome.order) if number in wanted]
    outcomes = list(outcome.outcomes)
    pace = BatchPace(timing)
    back_id = journal.new_batch_id()
    left: list[str] = []
    for place, number in enumerate(numbers, start=1):
        item, before = batch.items[number], outcomes[number]
        if before is None:
            continue
        observe(ItemProgress(number, "taking-back"))
        part = BatchPart(back_id, f"Take back: {batch.title}", place, len(numbers), outcome.batch)
        told = await _taken_back(item, before, account_of, journal, part, pace, timing)
        outcomes[number] = told
        observe(ItemProgress(number, "taken-back", outcome=told))
        if told.result != "rolled-back":
            left.append(f"{item.plan.title}: {told.message}")
    result: BatchResult = "failed" if left else "rolled-back"
    message = " ".join(left) if left else f"Taken back: {len(numbers)} of {len(batch.items)}."
    return msgspec.structs.replace(outcome, result=result, message=message, outcomes=tuple(outcomes))


def export_path(journal: Journal, batch_id: str) -> Path:
    """The file beside the journal that lists what a batch is about to delete."""
    return journal.path.with_name(f"deleted-{batch_id}.json")


async def _taken_back(
    item: Item,
    before: Outcome,
    account_of: AccountOf,
    journal: Journal,
    part: BatchPart,
    pace: BatchPace,
    timing: Timing,
) -> Outcome:
    """The outcome of the fix after taking it back; `rolled-back` where that worked."""
    plan = item.plan
    account = account_of(plan.account)
    waits = partial(pace.wait, plan.account)
    if before.result == "stopped":
        return await roll_back(plan, before, account, journal, timing=timing, pace=waits)
    entry = journal.entry(before.journal) if before.journal else None
    if entry is None:
        return msgspec.structs.replace(before, message="Its journal entry is gone, so it stays.")
    try:
        back = await plan_undo(entry, account)
    except (CannotPlan, AwsError) as refusal:
        return msgspec.structs.replace(before, message=str(refusal))
    told = await apply(back, account, journal, timing=timing, part=part, pace=waits)
    if told.result != "applied":
        return msgspec.structs.replace(before, message=f"It could not be taken back: {told.message}")
    calls = tuple(msgspec.structs.replace(call, state="rolled-back") for call in before.calls)
    return Outcome("rolled-back", before.journal, calls, "Taken back.")


class _Run:
    """The state of one batch being applied."""

    def __init__(
        self,
        batch: Batch,
        batch_id: str,
        account_of: AccountOf,
        journal: Journal,
        observe: Callable[[ItemProgress], None],
        stop: asyncio.Event,
        timing: Timing,
        *,
        go_on: bool,
    ) -> None:
        self._batch = batch
        self._id = batch_id
        self._account_of = account_of
        self._journal = journal
        self._observe = observe
        self._stop = stop
        self._timing = timing
        self._go_on = go_on
        self._pace = BatchPace(timing)
        self._failed = False
        self._outcomes: list[Outcome | None] = [None] * len(batch.items)
        self._order: list[int] = []

    async def lane(self, numbers: Iterable[int]) -> None:
        """The fixes of one account and region: the first alone, then a few at once."""
        waiting = deque(numbers)
        regional = self._batch.items[waiting[0]].region is not None
        await self._next(waiting)
        async with asyncio.TaskGroup() as workers:
            for _ in range(WIDTH if regional else 1):
                workers.create_task(self._work(waiting))

    def ended(self, exported: Path | None) -> BatchOutcome:
        outcomes = tuple(self._outcomes)
        sent = any(outcome is not None and outcome.journal for outcome in outcomes)
        result = self._result()
        return BatchOutcome(
            result,
            _message(result, outcomes),
            outcomes,
            tuple(self._order),
            self._id if sent else None,
            exported,
        )

    async def _work(self, waiting: deque[int]) -> None:
        while waiting and not self._over():
            await self._next(waiting)

    async def _next(self, waiting: deque[int]) -> None:
        if not waiting or self._over():
            return
        number = waiting.popleft()
        plan = self._batch.items[number].plan
        self._observe(ItemProgress(number, "begun"))

        def watch(progress: Progress) -> None:
            self._observe(ItemProgress(number, "begun", progress))

        outcome = await apply(
            plan,
            self._account_of(plan.account),
            self._journal,
            observe=watch,
            stop=self._stop,
            timing=self._timing,
            part=BatchPart(
                self._id, self._batch.title, number + 1, len(self._batch.items), self._batch.undoes
            ),
            pace=partial(self._pace.wait, plan.account),
        )
        self._outcomes[number] = outcome
        self._order.append(number)
        self._failed = self._failed or outcome.result not in (*_GOOD, "stopped")
        self._observe(ItemProgress(number, "ended", outcome=outcome))

    def _over(self) -> bool:
        return self._stop.is_set() or (self._failed and not self._go_on)

    def _result(self) -> BatchResult:
        results = [outcome.result for outcome in self._outcomes if outcome is not None]
        if all(result == "applied" for result in results) and len(results) == len(self._outcomes):
            return "applied"
        if self._failed:
            return "failed"
        if self._stop.is_set() and (len(results) < len(self._outcomes) or "stopped" in results):
            return "stopped"
        return "unverified"


def _lanes(batch: Batch) -> Iterator[list[int]]:
    """The numbers of the items by account and region, in the order of the batch."""
    found: dict[tuple[str, str | None], list[int]] = {}
    for number, item in enumerate(batch.items):
        found.setdefault((item.plan.account, item.region), []).append(number)
    yield from found.values()


def _message(result: BatchResult, outcomes: tuple[Outcome | None, ...]) -> str:
    """How many ended how, in one sentence."""
    total = len(outcomes)
    if result == "applied":
        return f"All {total} fixes are applied and verified." if total > 1 else "Applied and verified."
    counts = Counter(_word(outcome) for outcome in outcomes)
    parts = [f"{counts[word]} {word}" for word in _WORDS.values() if counts[word]]
    return f"Of {total}: {', '.join(parts)}."


def _word(outcome: Outcome | None) -> str:
    if outcome is None:
        return _WORDS[None]
    if outcome.result == "stopped" and not any(call.state == "done" for call in outcome.calls):
        return _WORDS[None]
    return _WORDS[outcome.result]
