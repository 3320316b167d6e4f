"""What holds for every recipe, against the emulator over HTTP."""

from __future__ import annotations

import pytest

from instance_profiles.aws.action_names import action_name
from instance_profiles.aws.errors import Throttled, TimedOut
from instance_profiles.fixes.apply import apply
from instance_profiles.fixes.plan import CannotPlan
from instance_profiles.fixes.undo import plan_undo
from tests.fixes.bench import Bench, Trouble
from tests.fixes.cases import CASES, Case
from tests.fixes.estate import shape

every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
every_call = pytest.mark.parametrize(
    ("case", "number"),
    [(case, number) for case in CASES for number in range(len(case.calls))],
    ids=lambda value: value.id if isinstance(value, Case) else str(value),
)


@every_case
async def test_the_plan_names_its_calls_and_asks_for_the_name_where_much_is_at_stake(
    bench: Bench, case: Case
) -> None:
    plan = case.plan(bench)
    assert tuple(call.operation for call in plan.calls) == case.calls
    assert plan.typed_name == case.typed
    assert plan.delay
    assert plan.undo
    assert plan.permissions
    assert plan.verify
    assert bench.writes() == []


@every_case
async def test_the_checks_pass_and_change_nothing(bench: Bench, case: Case) -> None:
    before = shape(bench.world)
    checks = await bench.checks(case.plan(bench))
    assert {
        check.name: (check.state, check.detail) for check in checks.values() if check.state != "passed"
    } == {}
    assert shape(bench.world) == before


@every_case
async def test_applying_heals_and_is_verified(bench: Bench, case: Case) -> None:
    assert not case.healthy(bench.world)
    outcome = await bench.apply(case.plan(bench))
    assert (outcome.result, outcome.message) == ("applied", "Applied and verified.")
    assert [call.state for call in outcome.calls] == ["done"] * len(case.calls)
    assert case.healthy(bench.world)
    entry = bench.journal.entry(outcome.journal or "")
    assert entry is not None
    assert (entry.state, entry.running) == ("applied", False)


@every_case
async def test_undo_brings_everything_back(bench: Bench, case: Case) -> None:
    before = shape(bench.world)
    outcome = await bench.apply(case.plan(bench))
    entry = bench.journal.entry(outcome.journal or "")
    assert entry is not None
    if not case.undoable:
        with pytest.raises(CannotPlan):
            await plan_undo(entry, bench.account)
        return
    undone = await bench.apply(await plan_undo(entry, bench.account))
    assert (undone.result, undone.message) == ("applied", "Applied and verified.")
    bench.world.clock.advance(60)
    assert shape(bench.world) == before
    assert [found.state for found in bench.journal.entries()] == ["undone", "applied"]


@every_case
async def test_nothing_is_sent_where_somebody_changed_the_object_meanwhile(bench: Bench, case: Case) -> None:
    plan = case.plan(bench)
    case.change(bench.world)
    before = shape(bench.world)
    outcome = await bench.apply(plan)
    assert outcome.result == "refused"
    assert "Not as planned" in outcome.message
    assert bench.writes() == []
    assert shape(bench.world) == before
    assert bench.journal.entries() == ()


@every_call
async def test_a_denied_call_leaves_everything_as_it_was(bench: Bench, case: Case, number: int) -> None:
    plan = case.plan(bench)
    before = shape(bench.world)
    call = plan.calls[number]
    bench.world.deny(action_name(call.service, call.operation), call.region)
    outcome = await bench.apply(plan)
    bench.world.clock.advance(60)
    if outcome.result == "failed":
        # What cannot be taken back is named.
        assert "could not be taken back" in outcome.message or "Nothing was changed" in outcome.message
    else:
        assert outcome.result in ("refused", "rolled-back")
    if "could not be taken back" not in outcome.message:
        assert shape(bench.world) == before
    assert outcome.calls[number].state in ("failed", "not-sent")


@every_call
async def test_an_answer_that_is_lost_is_found_out_by_looking(bench: Bench, case: Case, number: int) -> None:
    plan = case.plan(bench)
    earlier = [call.operation for call in plan.calls[:number]].count(case.calls[number])
    lost = TimedOut("No answer came in time.")
    bench.account.troubles = [Trouble(case.calls[number], lost, after=True, skip=earlier)]
    outcome = await bench.apply(plan)
    assert outcome.result == "applied"
    assert "lost" in outcome.calls[number].detail
    assert case.healthy(bench.world)


@every_call
async def test_a_call_that_never_arrived_is_not_taken_for_done(bench: Bench, case: Case, number: int) -> None:
    plan = case.plan(bench)
    before = shape(bench.world)
    earlier = [call.operation for call in plan.calls[:number]].count(case.calls[number])
    lost = TimedOut("No answer came in time.")
    bench.account.troubles = [Trouble(case.calls[number], lost, skip=earlier)]
    outcome = await bench.apply(plan)
    bench.world.clock.advance(60)
    assert outcome.result in ("failed", "rolled-back")
    if "could not be taken back" not in outcome.message:
        assert shape(bench.world) == before
    assert outcome.calls[number].state == "failed"


@every_case
async def test_throttling_is_waited_for(bench: Bench, case: Case) -> None:
    bench.account.troubles = [
        Trouble(operation, Throttled("Slow down.", code="RequestLimitExceeded"), times=2)
        for operation in dict.fromkeys(case.calls)
    ]
    outcome = await bench.apply(case.plan(bench))
    assert outcome.result == "applied"
    assert case.healthy(bench.world)


@every_case
async def test_read_only_refuses_before_and_while_applying(bench: Bench, case: Case) -> None:
    plan = case.plan(bench)
    bench.account.connection = type(bench.account.connection)(read_only=True)
    assert (await bench.checks(plan))["read-only"].state == "failed"
    outcome = await apply(plan, bench.account, bench.journal, timing=bench.timing)
    assert outcome.result == "refused"
    assert bench.journal.entries() == ()
