"""A cleanup leaves alone what is young, wanted or owned, and says so."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from instance_profiles.fixes.plan import CannotPlan, Plan
from instance_profiles.fixes.several import build_batch
from tests.fixes.estate import profile

if TYPE_CHECKING:
    from tests.fixes.bench import Bench


def plan(bench: Bench, name: str) -> Plan:
    finding = bench.finding("profile-orphaned", bench.profile_ref(name), "clean-up-orphans")
    return bench.plan("clean-up-orphans", finding)


async def test_one_made_within_the_last_day_is_left(bench: Bench) -> None:
    made = plan(bench, "unused")
    profile(bench.world, "unused").created = time.time() - 3600
    bench.world.changed()
    checks = await bench.checks(made)
    assert checks["it is older than a day"].state == "failed"
    assert checks["no tag says to keep it"].state == "passed"


async def test_one_tagged_to_be_kept_since_the_load_is_left(bench: Bench) -> None:
    made = plan(bench, "unused")
    profile(bench.world, "unused").tags["iptui:keep"] = ""
    bench.world.changed()
    assert (await bench.checks(made))["no tag says to keep it"].state == "failed"


async def test_one_tagged_to_be_kept_has_no_plan(bench: Bench) -> None:
    profile(bench.world, "unused").tags["iptui:keep"] = "yes"
    bench.world.changed()
    await bench.load()
    with pytest.raises(CannotPlan, match="somebody wants it"):
        plan(bench, "unused")


async def test_one_with_the_name_of_a_service_has_no_plan(bench: Bench) -> None:
    unused = profile(bench.world, "unused")
    unused.name = "ecsInstanceRole"
    unused.path, unused.tags = "/", {}
    unused.arn = unused.arn.replace("/old/unused", "/ecsInstanceRole")
    profiles = bench.world.account.instance_profiles
    profiles["ecsinstancerole"] = profiles.pop("unused")
    bench.world.changed()
    await bench.load()
    with pytest.raises(CannotPlan, match="No cleanup takes it"):
        plan(bench, "ecsInstanceRole")


async def test_what_is_owned_is_deleted_in_no_batch_in_any_way(bench: Bench) -> None:
    finding = bench.finding(
        "profile-orphaned", bench.profile_ref("owned"), "clean-up-orphans", "delete-instance-profile"
    )
    batch = build_batch([finding], bench.inventory)
    assert batch.items == ()
    (left,) = batch.left_out
    assert "by itself" in left.reason
