"""Many fixes as one batch: what is part of it, what is left out and why, and its checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from instance_profiles.fixes.batch_checks import check_batch, refusal_of, with_batch_checks
from instance_profiles.fixes.several import Batch, LeftOut, build_batch
from tests.fixes.cases import CASES
from tests.fixes.crowd import CRAWLERS, DARK, ORPHANS, findings_of

if TYPE_CHECKING:
    from instance_profiles.fixes.plan import Check
    from tests.fixes.bench import Bench


def names(batch: Batch) -> list[str]:
    return [item.plan.subject.name for item in batch.items]


async def checked(crowd: Bench, batch: Batch) -> Batch:
    found: dict[int, list[Check]] = {}
    async for number, check in check_batch(batch, lambda _: crowd.account):
        found.setdefault(number, []).append(check)
    return with_batch_checks(batch, found)


# -- what is part of it --------------------------------------------------------------------------------------


async def test_all_findings_of_a_rule_are_one_batch_each_fixed_in_its_best_way(crowd: Bench) -> None:
    batch = build_batch(findings_of(crowd, "profile-without-role"), crowd.inventory)
    assert names(batch) == list(CRAWLERS)
    assert {item.plan.recipe for item in batch.items} == {"add-role"}
    assert batch.title == "3 × Add a role"
    assert (batch.calls, batch.blast_radius.running) == (3, 3)
    assert batch.permissions == ("iam:AddRoleToInstanceProfile", "iam:PassRole")
    assert batch.left_out == ()
    assert crowd.writes() == []


async def test_two_findings_with_the_same_calls_are_one_fix_that_settles_both(crowd: Bench) -> None:
    both = findings_of(crowd, "profile-without-role", "instance-profile-empty")
    assert len(both) == 2 * len(CRAWLERS)
    batch = build_batch(both, crowd.inventory, {"instance-profile-empty": "add-role"})
    assert names(batch) == list(CRAWLERS)
    assert sorted(fault for item in batch.items for fault in item.findings) == sorted(f.id for f in both)
    assert batch.left_out == ()


async def test_a_finding_given_twice_is_fixed_once(crowd: Bench) -> None:
    (one, *_) = findings_of(crowd, "profile-without-role")
    assert len(build_batch([one, one], crowd.inventory).items) == 1


async def test_of_two_fixes_that_meet_at_an_object_the_second_is_left_out(crowd: Bench) -> None:
    """To delete an instance profile and to give it another role are both ways; not both at once."""
    deleting = findings_of(crowd, "profile-orphaned")
    ref = next(found.object for found in deleting if found.object.name == "old-1")
    swapping = crowd.finding("profile-name-role-mismatch", ref, "swap-role")
    batch = build_batch([*deleting, swapping], crowd.inventory, answers={"role": "crawl-a"})
    assert [item.plan.recipe for item in batch.items] == ["clean-up-orphans"] * len(ORPHANS)
    (left,) = batch.left_out
    assert left.finding == swapping
    assert "Delete instance profile old-1" in left.reason


async def test_what_another_fix_deletes_is_not_attached_at_the_same_time(crowd: Bench) -> None:
    deleting = next(f for f in findings_of(crowd, "profile-orphaned") if f.object.name == "old-1")
    moving = crowd.finding("instance-profile-empty", crowd.instance_ref("crawl-a"), "replace-association")
    batch = build_batch([deleting, moving], crowd.inventory, answers={"instance-profile": "old-1"})
    assert len(batch.items) == 1
    assert [left.finding for left in batch.left_out] == [moving]


async def test_regions_stand_together_and_both_orders_of_findings_give_the_same_batch(crowd: Bench) -> None:
    found = findings_of(crowd, "instance-imds-disabled")
    batch = build_batch(found, crowd.inventory)
    assert names(batch) == list(DARK)
    assert [item.region for item in batch.items] == ["eu-west-1"] * 3 + ["us-east-1"] * 3
    assert build_batch(reversed(found), crowd.inventory) == batch


@pytest.mark.parametrize("case", ["delete-role", "start-and-replace", "lift-quarantine"])
async def test_what_is_a_decision_for_one_object_is_in_no_batch(bench: Bench, case: str) -> None:
    (found,) = [each for each in CASES if each.id == case]
    batch = build_batch([found.finding(bench)], bench.inventory)
    assert batch.items == ()
    (left,) = batch.left_out
    assert (left.recipe, "by itself" in left.reason) == (case, True)


async def test_what_nothing_suggests_is_left_out_because_nobody_looks_at_each_guess(crowd: Bench) -> None:
    (one, *_) = findings_of(crowd, "profile-without-role")
    crowd.world.account.roles.pop(one.object.name)
    crowd.world.changed()
    await crowd.load()
    batch = build_batch(findings_of(crowd, "profile-without-role"), crowd.inventory)
    assert one.object.name not in names(batch)
    (left,) = batch.left_out
    assert left.finding.id == one.id
    assert "fix it by itself" in left.reason


async def test_an_answer_goes_to_every_fix_that_needs_it(crowd: Bench) -> None:
    batch = build_batch(findings_of(crowd, "profile-without-role"), crowd.inventory, answers={"role": "web"})
    assert {item.plan.calls[0].parameters["RoleName"] for item in batch.items} == {"web"}


async def test_what_cannot_be_fixed_is_left_out_with_the_reason_of_its_recipe(crowd: Bench) -> None:
    found = findings_of(crowd, "instance-profile-empty")
    batch = build_batch(found, crowd.inventory, {"instance-profile-empty": "delete-instance-profile"})
    assert batch.items == ()
    assert len(batch.left_out) == len(CRAWLERS)
    assert all("in use by" in left.reason for left in batch.left_out)


async def test_what_is_a_decision_for_the_one_object_is_left_out(bench: Bench) -> None:
    """A Deny may well be a quarantine: it is not taken away among others."""
    held = bench.finding("role-trust-explicit-deny", bench.role_ref("held"), "repair-trust")
    other = bench.finding("role-trust-missing-ec2", bench.role_ref("mailer"), "repair-trust")
    batch = build_batch([held, other], bench.inventory)
    assert names(batch) == ["mailer"]
    (left,) = batch.left_out
    assert left.finding == held
    assert "fix it by itself" in left.reason


# -- the question --------------------------------------------------------------------------------------------


async def test_the_number_is_typed_where_something_is_deleted_or_running(crowd: Bench) -> None:
    assert build_batch(findings_of(crowd, "profile-orphaned"), crowd.inventory).typed == str(len(ORPHANS))
    assert build_batch(findings_of(crowd, "profile-without-role"), crowd.inventory).typed == "3"


# -- checks --------------------------------------------------------------------------------------------------


async def test_every_fix_has_its_checks_and_nothing_is_changed(crowd: Bench) -> None:
    batch = await checked(crowd, build_batch(findings_of(crowd, "profile-orphaned"), crowd.inventory))
    for item in batch.items:
        assert {check.name for check in item.plan.checks} >= {
            f"{item.plan.subject.name} still holds its role",
            "you may iam:DeleteInstanceProfile",
            "nobody else manages it",
        }
        assert refusal_of(item) is None
    assert crowd.writes() == []


async def test_the_same_is_asked_once_for_all(crowd: Bench) -> None:
    await checked(crowd, build_batch(findings_of(crowd, "profile-orphaned"), crowd.inventory))
    asked = [operation for _, operation, _ in crowd.world.requests]
    assert asked.count("SimulatePrincipalPolicy") == 2  # two actions, whatever the number of objects
    assert asked.count("DescribeIamInstanceProfileAssociations") == 2  # two regions
    assert asked.count("DescribeLaunchTemplateVersions") == 2


async def test_what_is_denied_for_one_object_refuses_that_one_only(crowd: Bench) -> None:
    crowd.world.deny("iam:DeleteInstanceProfile", resource="*/old-2")
    batch = await checked(crowd, build_batch(findings_of(crowd, "profile-orphaned"), crowd.inventory))
    refused = {item.plan.subject.name: refusal_of(item) for item in batch.items}
    assert refused.pop("old-2") is not None
    assert set(refused.values()) == {None}


async def test_a_deletion_on_incomplete_knowledge_is_no_matter_for_a_batch(crowd: Bench) -> None:
    batch = build_batch(findings_of(crowd, "profile-orphaned"), crowd.inventory)
    crowd.world.deny("ec2:DescribeInstances", region="us-east-1")
    for item in (await checked(crowd, batch)).items:
        assert "delete it by itself" in (refusal_of(item) or "")


async def test_an_unjudged_finding_is_left_out(crowd: Bench) -> None:
    (one, *_) = findings_of(crowd, "profile-orphaned")
    unknown = msgspec.structs.replace(one, verdict="unknown", cause="us-east-1 not read")
    batch = build_batch([unknown], crowd.inventory)
    assert batch.left_out == (LeftOut(unknown, "It could not be judged: us-east-1 not read."),)
