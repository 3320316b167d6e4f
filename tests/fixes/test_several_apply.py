"""Applying a batch: regions side by side, one journal mark, stopping, going on, and taking all of it back."""

from __future__ import annotations

import asyncio
import json
import stat
from typing import TYPE_CHECKING

import pytest

from instance_profiles.aws.errors import Denied
from instance_profiles.fixes.batch_apply import apply_batch, export_path, take_back_batch
from instance_profiles.fixes.batch_pace import BatchPace
from instance_profiles.fixes.batch_undo import lasting, plan_batch_undo
from instance_profiles.fixes.journal_entry import batch_state
from instance_profiles.fixes.plan import Call, CannotPlan
from instance_profiles.fixes.several import Batch, build_batch
from instance_profiles.fixes.timing import Timing
from tests.fixes.bench import Bench, Trouble
from tests.fixes.crowd import CRAWLERS, DARK, ORPHANS, Watched, ended, findings_of
from tests.fixes.estate import profile, shape

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from instance_profiles.fixes.batch_outcome import BatchOutcome, ItemProgress


def batch_of(crowd: Bench, rule: str) -> Batch:
    return build_batch(findings_of(crowd, rule), crowd.inventory)


async def applied(crowd: Bench, batch: Batch, **more: Any) -> BatchOutcome:
    return await apply_batch(batch, lambda _: crowd.account, crowd.journal, timing=crowd.timing, **more)


async def undone(crowd: Bench, outcome: BatchOutcome) -> BatchOutcome:
    entries = crowd.journal.batch(outcome.batch or "")
    undo = await plan_batch_undo(entries, lambda _: crowd.account, crowd.inventory)
    assert undo.stays == ()
    return await applied(crowd, undo.batch)


def deny(crowd: Bench, operation: str, *, skip: int = 0) -> None:
    """IAM refuses one call, after as many that it lets pass; the checks have not seen it coming."""
    error = Denied("You may not.", code="AccessDenied", message="not authorized", http_status=403)
    crowd.account.troubles = [Trouble(operation, error, skip=skip)]


# -- applying ------------------------------------------------------------------------------------------------


async def test_all_are_applied_under_one_mark_in_the_journal(crowd: Bench) -> None:
    batch = batch_of(crowd, "profile-without-role")
    watched = Watched()
    outcome = await applied(crowd, batch, observe=watched)
    assert outcome.result == "applied"
    assert outcome.message == "All 3 fixes are applied and verified."
    assert ended(batch, outcome) == dict.fromkeys(CRAWLERS, "applied")
    roles = crowd.world.account.roles
    assert all(profile(crowd.world, name).role is roles[name] for name in CRAWLERS)
    entries = crowd.journal.batch(outcome.batch or "")
    assert [entry.id for entry in entries] == [told.journal for told in outcome.outcomes if told]
    assert [(entry.batch.number, entry.batch.of, entry.batch.title) for entry in entries if entry.batch] == [
        (1, 3, batch.title),
        (2, 3, batch.title),
        (3, 3, batch.title),
    ]
    assert batch_state(entries) == "applied"
    assert watched.begun() == [0, 1, 2]  # in IAM one after the other


async def test_regions_go_side_by_side_and_no_object_is_written_twice_at_once(crowd: Bench) -> None:
    batch = batch_of(crowd, "instance-imds-disabled")
    busy: set[int] = set()
    most = [0]

    def observe(news: ItemProgress) -> None:
        (busy.discard if news.state == "ended" else busy.add)(news.item)
        most[0] = max(most[0], len(busy))

    outcome = await applied(crowd, batch, observe=observe)
    assert outcome.result == "applied"
    assert most[0] >= 2
    written = [thing for item in batch.items for thing in item.plan.calls[0].parameters["InstanceId"]]
    assert written
    assert sorted(outcome.order) == list(range(len(DARK)))


async def test_the_first_that_fails_stops_all_that_have_not_begun(crowd: Bench) -> None:
    batch = batch_of(crowd, "profile-orphaned")
    deny(crowd, "RemoveRoleFromInstanceProfile", skip=1)
    outcome = await applied(crowd, batch)
    assert outcome.result == "failed"
    assert ended(batch, outcome) == {"old-1": "applied", "old-2": "failed", "old-3": None, "old-4": None}
    assert outcome.message == "Of 4: 1 applied, 1 failed, 2 not begun."
    assert profile(crowd.world, "old-3").role is not None


async def test_going_on_leaves_only_the_one_that_fails(crowd: Bench) -> None:
    batch = batch_of(crowd, "profile-orphaned")
    deny(crowd, "RemoveRoleFromInstanceProfile", skip=1)
    outcome = await applied(crowd, batch, go_on=True)
    assert outcome.result == "failed"
    assert outcome.message == "Of 4: 3 applied, 1 failed."
    assert [name for name in ORPHANS if name in crowd.world.account.instance_profiles] == ["old-2"]


async def test_one_that_fails_in_the_middle_takes_its_own_steps_back_and_no_others(crowd: Bench) -> None:
    batch = batch_of(crowd, "profile-orphaned")
    deny(crowd, "DeleteInstanceProfile", skip=1)
    outcome = await applied(crowd, batch, go_on=True)
    assert ended(batch, outcome)["old-2"] == "rolled-back"
    assert profile(crowd.world, "old-2").role is not None
    assert outcome.count("applied") == 3


async def test_what_changed_since_is_left_alone_and_the_others_go_on(crowd: Bench) -> None:
    batch = batch_of(crowd, "profile-orphaned")
    profile(crowd.world, "old-3").role = crowd.world.account.roles["crawl-a"]
    crowd.world.changed()
    outcome = await applied(crowd, batch, go_on=True)
    assert ended(batch, outcome)["old-3"] == "refused"
    assert profile(crowd.world, "old-3").role is not None
    assert outcome.count("applied") == 3


# -- the list of what is deleted -----------------------------------------------------------------------------


async def test_what_is_deleted_is_written_down_first_for_its_owner_alone(crowd: Bench) -> None:
    batch = batch_of(crowd, "profile-orphaned")
    seen: list[bool] = []

    def observe(_news: ItemProgress) -> None:
        seen.append(any(crowd.journal.path.parent.glob("deleted-*.json")))

    outcome = await applied(crowd, batch, observe=observe)
    assert outcome.export is not None
    assert outcome.export == export_path(crowd.journal, outcome.batch or "")
    assert seen[0]
    assert stat.S_IMODE(outcome.export.stat().st_mode) == 0o600
    told = json.loads(outcome.export.read_text())
    assert told["schema"] == "iptui.export/1"
    assert [one["object"]["name"] for one in told["objects"]] == list(ORPHANS)
    kept = told["objects"][0]["as_it_is"][0]["InstanceProfile"]
    assert (kept["Path"], kept["Roles"][0]["RoleName"]) == ("/old/", "web")
    assert kept["Tags"] == [{"Key": "team", "Value": "old-1"}]


async def test_without_the_list_nothing_is_deleted(crowd: Bench, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    outcome = await applied(crowd, batch_of(crowd, "profile-orphaned"))
    assert outcome.result == "refused"
    assert "cannot be written" in outcome.message
    assert crowd.writes() == []


async def test_where_nothing_is_deleted_no_list_is_written(crowd: Bench) -> None:
    outcome = await applied(crowd, batch_of(crowd, "profile-without-role"))
    assert outcome.export is None
    assert list(crowd.journal.path.parent.glob("deleted-*")) == []


# -- stopping ------------------------------------------------------------------------------------------------


async def stopped_at(crowd: Bench, batch: Batch, item: int, calls: int) -> BatchOutcome:
    """Apply and ask to stop once an item has done so many calls."""
    stop = asyncio.Event()
    done: set[int] = set()

    def observe(news: ItemProgress) -> None:
        if news.item == item and news.progress is not None and news.progress.state == "done":
            done.add(news.progress.step)
            if len(done) >= calls:
                stop.set()

    return await applied(crowd, batch, observe=observe, stop=stop)


async def test_stopping_ends_after_the_current_call_and_begins_no_other(crowd: Bench) -> None:
    batch = batch_of(crowd, "profile-orphaned")
    outcome = await stopped_at(crowd, batch, 1, 1)
    assert outcome.result == "stopped"
    assert ended(batch, outcome) == {"old-1": "applied", "old-2": "stopped", "old-3": None, "old-4": None}
    assert (outcome.done, outcome.half_done) == ((0,), (1,))
    assert outcome.message == "Of 4: 1 applied, 1 stopped in the middle, 2 not begun."
    assert batch_state(crowd.journal.batch(outcome.batch or "")) == "interrupted"


async def test_all_that_was_done_is_taken_back(crowd: Bench) -> None:
    before = shape(crowd.world)
    batch = batch_of(crowd, "profile-orphaned")
    outcome = await stopped_at(crowd, batch, 1, 1)
    back = await take_back_batch(batch, outcome, lambda _: crowd.account, crowd.journal, timing=crowd.timing)
    assert back.result == "rolled-back"
    assert shape(crowd.world) == before
    states = {entry.state for entry in crowd.journal.batch(outcome.batch or "")}
    assert states == {"undone", "rolled-back"}


async def test_only_what_is_half_done_can_be_taken_back(crowd: Bench) -> None:
    batch = batch_of(crowd, "profile-orphaned")
    outcome = await stopped_at(crowd, batch, 1, 1)
    back = await take_back_batch(
        batch, outcome, lambda _: crowd.account, crowd.journal, half_done_only=True, timing=crowd.timing
    )
    assert back.result == "rolled-back"
    assert profile(crowd.world, "old-2").role is not None
    assert "old-1" not in crowd.world.account.instance_profiles


async def test_what_cannot_be_taken_back_is_named(crowd: Bench) -> None:
    batch = batch_of(crowd, "profile-orphaned")
    outcome = await stopped_at(crowd, batch, 1, 1)
    deny(crowd, "CreateInstanceProfile")
    back = await take_back_batch(batch, outcome, lambda _: crowd.account, crowd.journal, timing=crowd.timing)
    assert back.result == "failed"
    assert "Delete instance profile old-1" in back.message
    assert "You may not" in back.message
    assert profile(crowd.world, "old-2").role is not None


# -- undo ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", ["profile-without-role", "profile-orphaned", "instance-imds-disabled"])
async def test_one_undo_takes_the_whole_batch_back(crowd: Bench, rule: str) -> None:
    before = shape(crowd.world)
    outcome = await applied(crowd, batch_of(crowd, rule))
    assert shape(crowd.world) != before
    back = await undone(crowd, outcome)
    assert back.result == "applied"
    assert shape(crowd.world) == before
    assert batch_state(crowd.journal.batch(outcome.batch or "")) == "undone"
    marks = {entry.batch.undoes for entry in crowd.journal.batch(back.batch or "") if entry.batch}
    assert marks == {outcome.batch}
    with pytest.raises(CannotPlan, match="left to undo"):
        await plan_batch_undo(
            crowd.journal.batch(outcome.batch or ""), lambda _: crowd.account, crowd.inventory
        )


async def test_the_last_is_undone_first(crowd: Bench) -> None:
    outcome = await applied(crowd, batch_of(crowd, "profile-without-role"))
    entries = crowd.journal.batch(outcome.batch or "")
    undo = await plan_batch_undo(entries, lambda _: crowd.account, crowd.inventory)
    assert [item.plan.subject.name for item in undo.batch.items] == list(reversed(CRAWLERS))
    assert undo.batch.title == "Undo: 3 × Add a role"
    assert undo.batch.typed == "3"


async def test_what_must_stay_is_named_before_and_the_rest_is_undone(crowd: Bench) -> None:
    outcome = await applied(crowd, batch_of(crowd, "profile-without-role"))
    profile(crowd.world, "crawl-b").role = crowd.world.account.roles["web"]
    crowd.world.changed()
    entries = crowd.journal.batch(outcome.batch or "")
    undo = await plan_batch_undo(entries, lambda _: crowd.account, crowd.inventory)
    (stays,) = undo.stays
    assert stays.title == "Add role crawl-b to crawl-b"
    assert "moved on" in stays.reason
    assert (await applied(crowd, undo.batch)).result == "applied"
    assert [profile(crowd.world, name).role is None for name in CRAWLERS] == [True, False, True]


async def test_what_taking_back_does_not_bring_back_is_said_once_with_its_number(crowd: Bench) -> None:
    both = findings_of(crowd, "profile-without-role", "profile-orphaned")
    told = lasting(build_batch(both, crowd.inventory).items)
    assert sorted(told.values()) == [len(CRAWLERS), len(ORPHANS)]
    assert any("new unique id" in words and count == len(ORPHANS) for words, count in told.items())


# -- pace ----------------------------------------------------------------------------------------------------


async def test_a_region_is_held_to_five_changes_a_second_and_iam_to_two() -> None:
    now = [0.0]

    async def sleep(seconds: float) -> None:
        now[0] += seconds

    def call(service: str, region: str | None) -> Call:
        return Call(service, "Any", region, {})

    pace = BatchPace(Timing(lambda: now[0], sleep))
    for _ in range(25):
        await pace.wait("1", call("ec2", "eu-west-1"))
    assert now[0] == pytest.approx(4.0)  # five at once, then five a second
    await pace.wait("1", call("ec2", "us-east-1"))
    await pace.wait("2", call("ec2", "eu-west-1"))
    assert now[0] == pytest.approx(4.0)
    for _ in range(10):
        await pace.wait("1", call("iam", None))
    assert now[0] == pytest.approx(8.0)
