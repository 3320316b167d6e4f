"""A process killed with SIGKILL at any call leaves a journal that tells, with the world, how things stand."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

import pytest

from instance_profiles.fixes.plan import CannotPlan
from instance_profiles.fixes.recover import Recovery, recover
from tests.fixes.cases import CASES, Case
from tests.fixes.estate import shape

if TYPE_CHECKING:
    from tests.fixes.bench import Bench

KILLED = ("add-role", "reattach-running", "delete-instance-profile", "repair-launch-template-alone", "attach")
every_death = pytest.mark.parametrize(
    ("case", "number", "when"),
    [
        (case, number, when)
        for case in CASES
        if case.id in KILLED
        for number in range(len(case.calls))
        for when in ("before", "after")
    ],
    ids=lambda value: value.id if isinstance(value, Case) else str(value),
)


async def killed(bench: Bench, case: Case, number: int, when: str) -> Recovery:
    """Let a process of its own apply the case and die; then look with fresh eyes."""
    # In the world time passes by itself here: the other process cannot move the clock.
    bench.world.timing.associate = bench.world.timing.disassociate = 0.0
    bench.world.timing.shown_attached = bench.world.timing.shown_detached = 0.0
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.fixes.killed", str(bench.journal.path), case.id, str(number), when
    )
    assert await asyncio.wait_for(process.wait(), 60) == -9
    bench.world.clock.advance(60)
    await bench.load()
    (entry,) = bench.journal.entries()
    assert (entry.state, entry.running) == ("interrupted", False)
    return await recover(entry, bench.account)


@every_death
async def test_recovery_tells_what_happened_and_rolls_it_back(
    bench: Bench, case: Case, number: int, when: str
) -> None:
    before = shape(bench.world)
    found = await killed(bench, case, number, when)
    count = number + (when == "after")
    assert [call.happened for call in found.calls] == ["happened"] * count + ["not"] * (
        len(case.calls) - count
    )
    assert found.roll_back is not None
    outcome = await bench.apply(found.roll_back)
    assert outcome.result == "applied"
    bench.world.clock.advance(60)
    assert shape(bench.world) == before
    assert bench.journal.entries()[0].state == "rolled-back"


@every_death
async def test_recovery_finishes_what_was_begun(bench: Bench, case: Case, number: int, when: str) -> None:
    found = await killed(bench, case, number, when)
    assert found.finish is not None
    outcome = await bench.apply(found.finish)
    assert outcome.result == "applied"
    assert case.healthy(bench.world)
    assert bench.journal.entries()[0].state == "applied"


async def test_an_entry_that_a_living_process_is_at_is_left_alone(bench: Bench) -> None:
    from instance_profiles.fixes.journal_lines import Opened

    plan = CASES[0].plan(bench)
    with bench.journal.open(Opened(plan, None, None, {})):
        (entry,) = bench.journal.entries()
        with pytest.raises(CannotPlan, match="right now"):
            await recover(entry, bench.account)


async def test_only_interrupted_entries_are_recovered(bench: Bench) -> None:
    await bench.apply(CASES[0].plan(bench))
    with pytest.raises(CannotPlan, match="is applied"):
        await recover(bench.journal.entries()[0], bench.account)
