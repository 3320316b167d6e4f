"""Taking back what a failed fix has done: in order, and never from under something that stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.aws.errors import Denied
from instance_profiles.fixes.undo import plan_undo
from tests.fixes.bench import Bench, Trouble
from tests.fixes.cases import CASES, holds
from tests.fixes.estate import profile, shape

if TYPE_CHECKING:
    from instance_profiles.fixes.plan import Plan

BY_ID = {case.id: case for case in CASES}


def denied(operation: str, *, skip: int = 0) -> Trouble:
    error = Denied("You may not.", code="AccessDenied", message="not authorized", http_status=403)
    return Trouble(operation, error, skip=skip)


def calls_of(plan: Plan) -> list[str]:
    return [call.operation for call in plan.calls]


async def test_the_last_step_is_taken_back_first(bench: Bench) -> None:
    before = shape(bench.world)
    plan = BY_ID["delete-instance-profile"].plan(bench)
    bench.account.troubles = [denied("DeleteInstanceProfile")]
    outcome = await bench.apply(plan)
    assert outcome.result == "rolled-back"
    assert outcome.message == "You may not. What was done is taken back."
    assert [call.state for call in outcome.calls] == ["rolled-back", "failed"]
    assert shape(bench.world) == before


async def test_what_an_instance_has_by_now_is_not_deleted_from_under_it(bench: Bench) -> None:
    """The old instance profile of the first instance is gone for good: it keeps the new one, and its role."""
    plan = BY_ID["create-for-orphans"].plan(bench)
    bench.account.troubles = [denied("DisassociateIamInstanceProfile", skip=1)]
    outcome = await bench.apply(plan)
    assert outcome.result == "failed"
    assert holds(bench.world, "orphan-1", "reporting")
    assert profile(bench.world, "reporting").role is not None
    assert "DeleteInstanceProfile" not in bench.writes()


async def test_what_stays_is_named_in_the_result_the_journal_and_to_whoever_watches(bench: Bench) -> None:
    plan = BY_ID["create-for-orphans"].plan(bench)
    bench.account.troubles = [denied("DisassociateIamInstanceProfile", skip=1)]
    outcome = await bench.apply(plan)
    stays = [number for number, name in enumerate(calls_of(plan)) if outcome.calls[number].state == "done"]
    assert [calls_of(plan)[number] for number in stays] == [
        "CreateInstanceProfile",
        "AddRoleToInstanceProfile",
        "DisassociateIamInstanceProfile",
        "AssociateIamInstanceProfile",
    ]
    (entry,) = bench.journal.entries()
    assert entry.state == "failed"
    assert entry.message == outcome.message
    for number in stays:
        assert f"{calls_of(plan)[number]} (" in outcome.message
        assert outcome.calls[number].detail.startswith("could not be taken back")
        last = [news for news in bench.seen if news.step == number][-1]
        assert last.detail.startswith("could not be taken back")


async def test_a_step_that_cannot_be_taken_back_for_now_leaves_the_entry_to_be_undone_later(
    bench: Bench,
) -> None:
    before = shape(bench.world)
    plan = BY_ID["delete-instance-profile"].plan(bench)
    bench.account.troubles = [denied("DeleteInstanceProfile"), denied("AddRoleToInstanceProfile")]
    outcome = await bench.apply(plan)
    assert outcome.result == "failed"
    assert "RemoveRoleFromInstanceProfile (unused) could not be taken back: You may not." in outcome.message
    assert profile(bench.world, "unused").role is None

    (entry,) = bench.journal.entries()
    assert (await bench.apply(await plan_undo(entry, bench.account))).result == "applied"
    assert shape(bench.world) == before
