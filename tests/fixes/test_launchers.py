"""Faults of what launches instances: groups, launch configurations, fleets, and instances that drifted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from instance_profiles.fixes.plan import CannotPlan
from instance_profiles.inventory.model import Fleet, ObjectRef
from tests.fixes.estate import ACCOUNT, REGION
from tests.fixes.scaling_cases import configuration_ref

if TYPE_CHECKING:
    from instance_profiles.findings.finding import Finding
    from instance_profiles.fixes.plan import Plan
    from tests.fixes.bench import Bench


def operations(plan: Plan) -> list[str]:
    return [call.operation for call in plan.calls]


def group(bench: Bench, name: str) -> Finding:
    (found,) = [g for g in bench.inventory.auto_scaling_groups if g.auto_scaling_group_name == name]
    return bench.finding("asg-launch-failing-profile", found.ref)


def drifted(bench: Bench) -> Finding:
    return bench.finding("instance-drift-from-launch-template", bench.instance_ref("drifted"))


def fleet(bench: Bench, written: str) -> Finding:
    found = Fleet(ACCOUNT, REGION, "spot-fleet", "sfr-1", "active", iam_instance_profiles=(written,))
    bench.inventory.put(found)
    return bench.finding("spot-fleet-profile-missing", found.ref)


async def test_the_template_of_a_failing_group_is_repaired(bench: Bench) -> None:
    plan = bench.plan("repair-launch-template", group(bench, "nightly"), instance_profile="web")
    assert plan.title == "Let launch template nightly name web"
    assert operations(plan)[-1] == "UpdateAutoScalingGroup"
    assert (await bench.apply(plan)).result == "applied"


async def test_a_template_that_names_a_good_one_is_not_the_cause(bench: Bench) -> None:
    with pytest.raises(CannotPlan, match="it is not the cause"):
        bench.plan("repair-launch-template", group(bench, "pool"))


async def test_what_a_failing_group_misses_is_made_under_its_name_and_heals_it(bench: Bench) -> None:
    for name, missed in (("nightly", "gone"), ("old-workers", "vanished")):
        plan = bench.plan("create-instance-profile", group(bench, name), role="db")
        assert operations(plan) == ["CreateInstanceProfile", "AddRoleToInstanceProfile"]
        assert plan.calls[0].parameters["InstanceProfileName"] == missed


async def test_what_a_launch_configuration_misses_is_made_under_its_name(bench: Bench) -> None:
    finding = bench.finding("lc-profile-missing", configuration_ref("old-workers"))
    plan = bench.plan("create-instance-profile", finding, role="db")
    assert plan.calls[0].parameters["InstanceProfileName"] == "vanished"
    with pytest.raises(CannotPlan, match="names vanished"):
        bench.plan("create-instance-profile", finding, role="db", name="another")


async def test_what_a_fleet_misses_is_made_with_its_path(bench: Bench) -> None:
    written = f"arn:aws:iam::{ACCOUNT}:instance-profile/spot/lost"
    plan = bench.plan("create-instance-profile", fleet(bench, written), role="db")
    assert (plan.calls[0].parameters["Path"], plan.calls[0].parameters["InstanceProfileName"]) == (
        "/spot/",
        "lost",
    )


async def test_one_of_another_account_cannot_be_made_here(bench: Bench) -> None:
    written = "arn:aws:iam::999988887777:instance-profile/lost"
    with pytest.raises(CannotPlan, match="would not be"):
        bench.plan("create-instance-profile", fleet(bench, written), role="db")


async def test_an_instance_that_drifted_gets_what_its_template_names(bench: Bench) -> None:
    plan = bench.plan("replace-association", drifted(bench))
    assert plan.title.endswith("by web")
    assert plan.guessed == ()


async def test_or_the_template_gets_what_the_instance_has(bench: Bench) -> None:
    plan = bench.plan("repair-launch-template", drifted(bench))
    assert plan.title == "Let launch template pool name db"
    assert plan.guessed == ()


async def test_a_fleet_that_is_not_there_any_more_is_told(bench: Bench) -> None:
    ref = ObjectRef("ec2-fleet", ACCOUNT, REGION, "fleet-gone", "fleet-gone")
    with pytest.raises(CannotPlan):
        bench.plan("create-instance-profile", bench.finding("ec2-fleet-profile-missing", ref), role="db")
