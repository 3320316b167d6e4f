"""A process killed with SIGKILL at any call leaves a journal that tells, with the world, how things stand."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import pytest

from instance_profiles.fixes.plan import CannotPlan
from instance_profiles.fixes.recover import Recovery, recover
from tests.fixes.case import Case
from tests.fixes.cases import CASES
from tests.fixes.dying import Death, die
from tests.fixes.estate import shape

if TYPE_CHECKING:
    from tests.fixes.bench import Bench
    from tests.fixes.stage import Stage

every_death = pytest.mark.parametrize(
    ("case", "death"),
    [
        (case, Death(number, when))
        for case in CASES
        for number in range(len(case.calls))
        for when in ("before", "after")
    ],
    ids=lambda value: value.id if isinstance(value, Case) else str(value),
)


def let_time_pass(bench: Bench) -> None:
    """In the world everything happens at once: the other process cannot move the clock."""
    for field in fields(bench.world.timing):
        if not field.name.startswith("retry"):
            setattr(bench.world.timing, field.name, 0.0)


async def killed(bench: Bench, case: Case, death: Death) -> Recovery:
    """Let a process of its own apply the case and die; then look with fresh eyes."""
    let_time_pass(bench)
    assert await die(case.plan(bench), bench.journal.path, death)
    bench.world.clock.advance(60)
    (entry,) = bench.journal.entries()
    assert (entry.state, entry.running) == ("interrupted", False)
    return await recover(entry, bench.account)


@every_death
async def test_recovery_tells_what_happened_and_finishes_it_or_rolls_it_back(
    bench: Bench, stage: Stage, case: Case, death: Death
) -> None:
    before = shape(bench.world)
    found = await killed(bench, case, death)
    count = death.number + (death.when == "after")
    assert [call.happened for call in found.calls] == ["happened"] * count + ["not"] * (
        len(case.calls) - count
    )
    with stage.tried_out(bench):
        await rolls_back(bench, case, found, before)
    await finishes(bench, case, found)


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if any("IamInstanceProfile" in call for call in case.calls)],
    ids=lambda case: case.id,
)
async def test_a_death_while_ec2_is_only_asked_changed_no_association(
    bench: Bench, stage: Stage, case: Case
) -> None:
    before = shape(bench.world)
    found = await killed(bench, case, Death(0, "asking"))
    happened = [call.happened for call in found.calls]
    count = happened.count("happened")
    assert happened == ["happened"] * count + ["not"] * (len(happened) - count)
    assert not any("IamInstanceProfile" in call.call.operation for call in found.calls[:count])
    with stage.tried_out(bench):
        await rolls_back(bench, case, found, before)
    await finishes(bench, case, found)


async def rolls_back(bench: Bench, case: Case, found: Recovery, before: object) -> None:
    if found.roll_back is None:
        assert not case.undoable
        assert found.why_not_roll_back
        return
    outcome = await bench.apply(found.roll_back)
    assert (outcome.result, outcome.message) == ("applied", "Applied and verified.")
    bench.world.clock.advance(60)
    assert shape(bench.world) == before
    assert bench.journal.entries()[0].state == "rolled-back"


async def finishes(bench: Bench, case: Case, found: Recovery) -> None:
    assert found.finish is not None, found.why_not_finish
    outcome = await bench.apply(found.finish)
    assert (outcome.result, outcome.message) == ("applied", "Applied and verified.")
    assert case.healthy(bench.world)
    assert bench.journal.entries()[0].state == "applied"


@pytest.mark.parametrize(
    ("case", "death"),
    [
        (case, Death(len(case.calls) + back, when, denied=len(case.calls) - 1))
        for case in CASES
        for back in range(len(case.calls) - 1)
        for when in ("before", "after")
    ],
    ids=lambda value: value.id if isinstance(value, Case) else str(value),
)
async def test_taking_back_that_was_cut_off_can_be_recovered_as_well(
    bench: Bench, case: Case, death: Death
) -> None:
    before = shape(bench.world)
    let_time_pass(bench)
    was_killed = await die(case.plan(bench), bench.journal.path, death)
    bench.world.clock.advance(60)
    (entry,) = bench.journal.entries()
    if not was_killed:
        assert entry.state in ("failed", "rolled-back")
        assert (shape(bench.world) == before) is (entry.state == "rolled-back")
        return
    assert entry.state == "interrupted"
    found = await recover(entry, bench.account)
    assert "unknown" not in [call.happened for call in found.calls]
    if found.roll_back is None:
        assert not case.undoable
        assert found.why_not_roll_back
        return
    outcome = await bench.apply(found.roll_back)
    assert (outcome.result, outcome.message) == ("applied", "Applied and verified.")
    bench.world.clock.advance(60)
    assert shape(bench.world) == before


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
