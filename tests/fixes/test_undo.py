"""Undo refuses where the world has moved on, and says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from instance_profiles.fixes.plan import CannotPlan
from instance_profiles.fixes.undo import plan_undo
from tests.fixes.bench import Bench, connected
from tests.fixes.cases import CASES, attach_another, give_role, other_trust
from tests.fixes.estate import profile

if TYPE_CHECKING:
    from instance_profiles.fixes.journal import JournalEntry

BY_ID = {case.id: case for case in CASES}


async def applied(bench: Bench, case_id: str) -> JournalEntry:
    outcome = await bench.apply(BY_ID[case_id].plan(bench))
    entry = bench.journal.entry(outcome.journal or "")
    assert entry is not None
    assert entry.state == "applied"
    return entry


@pytest.mark.parametrize(
    ("case_id", "change", "said"),
    [
        ("add-role", give_role("crawler", "db"), "holds role db"),
        ("replace-association", attach_another("crawl"), "to db"),
        ("attach", attach_another("bare"), "to db"),
        ("repair-trust", other_trust("mailer"), "another one than expected"),
    ],
)
async def test_a_world_that_moved_on_is_left_alone(bench: Bench, case_id: str, change, said: str) -> None:
    entry = await applied(bench, case_id)
    change(bench.world)
    bench.world.requests.clear()
    with pytest.raises(CannotPlan, match=said):
        await plan_undo(entry, bench.account)
    assert bench.writes() == []


async def test_an_undo_is_a_plan_with_checks_calls_and_a_name_to_type(bench: Bench) -> None:
    entry = await applied(bench, "replace-association")
    plan = await plan_undo(entry, bench.account)
    assert plan.title.startswith("Undo: ")
    assert plan.typed_name == "crawl"
    assert [call.operation for call in plan.calls] == ["ReplaceIamInstanceProfileAssociation"]
    checks = await bench.checks(plan)
    assert {check.state for check in checks.values()} == {"passed"}


async def test_the_undo_of_an_undo_is_called_what_it_is(bench: Bench) -> None:
    plan = await plan_undo(await applied(bench, "replace-association"), bench.account)
    done = plan.title.removeprefix("Undo: ")
    for title in (f"Redo: {done}", f"Undo: {done}"):
        outcome = await bench.apply(plan)
        entry = bench.journal.entry(outcome.journal or "")
        assert entry is not None
        plan = await plan_undo(entry, bench.account)
        assert plan.title == title


async def test_the_undo_of_a_creation_refuses_while_something_uses_it(bench: Bench) -> None:
    entry = await applied(bench, "recreate-for-template")
    plan = await plan_undo(entry, bench.account)
    checks = await bench.checks(plan)
    assert checks["no launch template names it"].state == "failed"
    assert plan.typed_name == "untidy"


async def test_a_deleted_instance_profile_comes_back_with_tags_path_and_role_but_another_id(
    bench: Bench,
) -> None:
    old = profile(bench.world, "unused")
    entry = await applied(bench, "delete-instance-profile")
    assert "new unique id" in entry.plan.undo
    await bench.apply(await plan_undo(entry, bench.account))
    new = profile(bench.world, "unused")
    assert (new.path, new.tags) == ("/old/", {"team": "search", "cost": "17"})
    assert new.role is bench.world.account.roles["db"]
    assert new.id != old.id


async def test_an_undo_can_be_undone(bench: Bench) -> None:
    entry = await applied(bench, "replace-association")
    outcome = await bench.apply(await plan_undo(entry, bench.account))
    second = bench.journal.entry(outcome.journal or "")
    assert second is not None
    again = await bench.apply(await plan_undo(second, bench.account))
    assert again.result == "applied"
    assert BY_ID["replace-association"].healthy(bench.world)


async def test_what_was_undone_is_not_undone_twice(bench: Bench) -> None:
    entry = await applied(bench, "add-role")
    outcome = await bench.apply(await plan_undo(entry, bench.account))
    undone = bench.journal.entry(entry.id)
    assert undone is not None
    assert (undone.state, undone.settled_by) == ("undone", outcome.journal)
    with pytest.raises(CannotPlan, match="undone already"):
        await plan_undo(undone, bench.account)


async def test_another_endpoint_is_another_world(bench: Bench) -> None:
    entry = await applied(bench, "add-role")
    elsewhere = msgspec.structs.replace(entry, endpoints={})
    with pytest.raises(CannotPlan, match="AWS itself"):
        await plan_undo(elsewhere, bench.account)


async def test_another_account_is_refused(bench: Bench) -> None:
    entry = await applied(bench, "add-role")
    foreign = msgspec.structs.replace(entry, plan=msgspec.structs.replace(entry.plan, account="999988887777"))
    with pytest.raises(CannotPlan, match="999988887777"):
        await plan_undo(foreign, bench.account)


async def test_an_instance_stopped_since_can_still_be_given_its_old_instance_profile(bench: Bench) -> None:
    entry = await applied(bench, "reattach-running")
    found = next(
        i for i in bench.world.account.region("eu-west-1").instances.values() if i.tags.get("Name") == "crawl"
    )
    found.state = found.shown_state = "stopped"
    bench.world.changed()
    undone = await bench.apply(await plan_undo(entry, bench.account))
    assert undone.result == "applied"


async def test_replacing_back_needs_the_instance_running(bench: Bench) -> None:
    entry = await applied(bench, "replace-association")
    found = next(
        i for i in bench.world.account.region("eu-west-1").instances.values() if i.tags.get("Name") == "crawl"
    )
    found.state = found.shown_state = "stopped"
    bench.world.changed()
    with pytest.raises(CannotPlan, match="is stopped"):
        await plan_undo(entry, bench.account)


async def test_undo_with_the_regular_account_class_works_the_same(bench: Bench) -> None:
    entry = await applied(bench, "enable-imds")
    async with connected() as account:
        assert (await plan_undo(entry, account)).calls[0].parameters["HttpEndpoint"] == "disabled"
