"""The dry run of a launch, asked before a launch template or a scaling group is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from instance_profiles.fixes.launching import NAME
from tests.fixes.bench import connected
from tests.fixes.cases import CASES
from tests.fixes.estate import REGION, profile, shape

if TYPE_CHECKING:
    from instance_profiles.emulator.resources import LaunchTemplateVersion
    from instance_profiles.emulator.world import World
    from instance_profiles.fixes.plan import Check
    from tests.fixes.bench import Bench

BY_ID = {case.id: case for case in CASES}
TEMPLATE, CONFIGURATION = "repair-launch-template", "migrate-launch-configuration"
both = pytest.mark.parametrize("case", [TEMPLATE, CONFIGURATION])


async def looked(bench: Bench, case: str) -> Check:
    return (await bench.checks(BY_ID[case].plan(bench)))[NAME]


def latest(world: World, name: str) -> LaunchTemplateVersion:
    templates = world.account.region(REGION).launch_templates.values()
    template = next(found for found in templates if found.name == name)
    return template.versions[template.latest]


@both
async def test_the_launch_is_asked_with_the_new_instance_profile_and_nothing_starts(
    bench: Bench, case: str
) -> None:
    before = shape(bench.world)
    check = await looked(bench, case)
    assert (check.state, check.detail) == ("passed", "dry run")
    assert "RunInstances" in [operation for _, operation, _ in bench.world.requests]
    assert shape(bench.world) == before


@both
async def test_an_instance_profile_that_lost_its_role_refuses(bench: Bench, case: str) -> None:
    plan = BY_ID[case].plan(bench)
    profile(bench.world, "web").role = None
    bench.world.changed()
    check = (await bench.checks(plan))[NAME]
    assert check.state == "failed"
    assert "has no associated IAM Roles" in check.detail


@both
@pytest.mark.parametrize("action", ["ec2:RunInstances", "iam:PassRole"])
async def test_who_may_not_launch_cannot_tell(bench: Bench, case: str, action: str) -> None:
    bench.world.deny(action)
    check = await looked(bench, case)
    assert check.state == "unknown"
    assert "Auto Scaling asks" in check.detail


async def test_a_template_that_leaves_the_image_to_its_users_is_no_fault(bench: Bench) -> None:
    plan = BY_ID[TEMPLATE].plan(bench)
    latest(bench.world, "nightly").data.pop("ImageId")
    bench.world.changed()
    check = (await bench.checks(plan))[NAME]
    assert check.state == "unknown"
    assert "does not launch by itself" in check.detail
    assert "ImageId" in check.detail


async def test_nothing_is_asked_where_only_reading_is_allowed(bench: Bench) -> None:
    async with connected(read_only=True) as account:
        bench.account = account
        assert (await looked(bench, TEMPLATE)).detail.startswith("not asked")
    assert bench.writes() == []
