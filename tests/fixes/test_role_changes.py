"""What the journal tells of exchanged roles: what took effect, lately, and in this account."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from instance_profiles.aws.errors import Denied
from instance_profiles.fixes.role_changes import role_changes
from instance_profiles.fixes.undo import plan_undo
from tests.fixes import estate
from tests.fixes.bench import Bench, Trouble
from tests.fixes.cases import CASES

if TYPE_CHECKING:
    from instance_profiles.fixes.journal_entry import JournalEntry
    from instance_profiles.inventory.model import RoleChange

BY_ID = {case.id: case for case in CASES}


def changes(bench: Bench, *, ours: bool = True, later: timedelta = timedelta()) -> list[RoleChange]:
    def is_ours(_entry: JournalEntry) -> bool:
        return ours

    return list(role_changes(bench.journal.entries(), is_ours, datetime.now(UTC) + later))


async def swap(bench: Bench) -> JournalEntry:
    outcome = await bench.apply(BY_ID["swap-role"].plan(bench))
    entry = bench.journal.entry(outcome.journal or "")
    assert entry is not None
    return entry


async def test_a_swap_is_a_change_for_an_hour(bench: Bench) -> None:
    entry = await swap(bench)
    [change] = changes(bench)
    profile = bench.inventory.instance_profile_by_name(estate.ACCOUNT, "mailer")
    assert profile is not None
    assert (change.account, change.instance_profile_id) == (estate.ACCOUNT, profile.instance_profile_id)
    assert change.journal_entry == entry.id
    assert changes(bench, later=timedelta(minutes=59)) == [change]
    assert not changes(bench, later=timedelta(minutes=60))
    assert not changes(bench, later=-timedelta(hours=1)), "a clock that was set back"


async def test_the_same_number_at_another_address_is_another_account(bench: Bench) -> None:
    await swap(bench)
    assert not changes(bench, ours=False)


async def test_taking_a_swap_back_is_a_change_as_well(bench: Bench) -> None:
    entry = await swap(bench)
    undone = await bench.apply(await plan_undo(entry, bench.account))
    first, second = changes(bench)
    assert first.instance_profile_id == second.instance_profile_id
    assert [first.journal_entry, second.journal_entry] == [entry.id, undone.journal]


async def test_a_swap_that_was_rolled_back_changed_nothing(bench: Bench) -> None:
    plan = BY_ID["swap-role"].plan(bench)
    refused = Denied("You may not.", code="AccessDenied", message="not authorized", http_status=403)
    bench.account.troubles = [Trouble("AddRoleToInstanceProfile", refused)]
    outcome = await bench.apply(plan)
    assert outcome.result == "rolled-back"
    assert not changes(bench)


async def test_a_role_put_where_none_was_is_no_change(bench: Bench) -> None:
    await bench.apply(BY_ID["add-role"].plan(bench))
    assert not changes(bench)
