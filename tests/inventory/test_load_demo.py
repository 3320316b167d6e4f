"""Loading a whole company over HTTP, and what trouble with AWS leaves of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from instance_profiles.aws.account import AwsAccount
from instance_profiles.aws.connection import Connection
from instance_profiles.aws.waiting import SLOWED_DOWN
from instance_profiles.inventory import sources
from instance_profiles.inventory.inventory import Inventory
from instance_profiles.inventory.load import load

if TYPE_CHECKING:
    from instance_profiles.emulator.world import World
    from instance_profiles.inventory.model import AutoScalingGroup, Coverage


async def take_all(connection: Connection, *regions: str) -> tuple[Inventory, AwsAccount]:
    inventory = Inventory()
    async with AwsAccount(connection) as account:
        async for event in load(account, regions):
            inventory.take(event)
    return inventory, account


def not_complete(inventory: Inventory) -> dict[tuple[str | None, str], str]:
    return {
        (row.region, row.source): row.state for row in inventory.coverage.values() if row.state != "complete"
    }


def in_service(group: AutoScalingGroup) -> int:
    return sum(member.lifecycle_state == "InService" for member in group.instances)


def everything(region: str, state: str) -> dict[tuple[str | None, str], str]:
    return {(region, source): state for source in sources.REGIONAL_SOURCES}


async def test_everything_of_the_company_is_there(demo: World):
    inventory, _ = await take_all(Connection())
    company = demo.account
    assert not_complete(inventory) == {}
    assert {(one.instance_profile_name, one.instance_profile_id) for one in inventory.instance_profiles} == {
        (one.name, one.id) for one in company.instance_profiles.values()
    }
    assert {one.role_id for one in inventory.roles} == {one.id for one in company.roles.values()}
    for name, region in company.regions.items():
        assert {one.instance_id for one in inventory.instances if one.region == name} == {
            instance.id for instance in region.instances.values() if not instance.unlisted
        }
        assert {
            one.auto_scaling_group_name for one in inventory.auto_scaling_groups if one.region == name
        } == set(region.scaling_groups)
        assert {
            one.launch_template_id for one in inventory.launch_template_versions if one.region == name
        } == set(region.launch_templates)
    assert inventory.enabled_regions[company.id] == tuple(sorted(demo.regions))
    assert inventory.regions_not_asked(company.id) == ()


async def test_instances_that_services_hide_are_there(demo: World):
    inventory, _ = await take_all(Connection())
    hidden = {
        one.id
        for region in demo.account.regions.values()
        for one in region.instances.values()
        if one.hidden_by_default
    }
    assert hidden <= {one.instance_id for one in inventory.instances}
    assert {
        one.instance_id for one in inventory.instances if one.operator and one.operator.hidden_by_default
    } == hidden


async def test_the_requests_are_the_pages_and_no_more(demo: World):
    inventory, account = await take_all(Connection())
    regions = len(demo.regions)
    received: dict[str, int] = {}
    for service, operation, _region in demo.requests:
        received[f"{service}:{operation}"] = received.get(f"{service}:{operation}", 0) + 1
    assert account.requests == received
    pinned = received.pop(sources.LAUNCH_TEMPLATE_VERSIONS) - regions
    lagging = [group for group in inventory.auto_scaling_groups if group.desired_capacity > in_service(group)]
    asked_once = {
        sources.CALLER_IDENTITY,
        sources.REGIONS,
        *sources.GLOBAL_SOURCES,
        "iam:ListAccountAliases",
    } - {sources.ROLE_DURATIONS}
    asked_in_each = set(sources.REGIONAL_SOURCES) - {
        sources.LAUNCH_TEMPLATE_VERSIONS,
        sources.SCALING_ACTIVITIES,
    }
    assert received == {
        **dict.fromkeys(asked_once, 1),
        **dict.fromkeys(asked_in_each, regions),
        sources.SCALING_ACTIVITIES: len(lagging),
    }
    assert 0 <= pinned <= 2


async def test_every_version_that_a_group_launches_from_is_known(demo: World):
    inventory, _ = await take_all(Connection())
    specifications = [
        (group, specification)
        for group in inventory.auto_scaling_groups
        for specification in group.launch_templates
    ]
    assert specifications
    for group, specification in specifications:
        assert inventory.resolve(group.account, group.region, specification) is not None


async def test_roles_come_with_their_policies_and_boundaries(demo: World):
    inventory, _ = await take_all(Connection())
    for one in demo.account.roles.values():
        found = inventory.role_by_name(demo.account.id, one.name)
        assert {policy.policy_arn for policy in found.attached_policies} == set(one.attached)
        assert {policy.policy_name for policy in found.inline_policies} == set(one.inline)
        assert found.permissions_boundary_arn == one.boundary
        assert found.tags == one.tags


async def test_a_second_load_changes_nothing(demo: World):
    inventory = Inventory()
    async with AwsAccount(Connection()) as account:
        async for event in load(account):
            inventory.take(event)
        changes = []
        inventory.watch(lambda old, new: changes.append((old, new)))
        async for event in load(account):
            inventory.take(event)
    assert changes == []


async def test_a_listing_denied_in_one_region(demo: World):
    region = min(demo.regions)
    demo.deny("ec2:DescribeInstances", region)
    inventory, _ = await take_all(Connection())
    assert not_complete(inventory) == {(region, sources.INSTANCES): "denied"}
    assert not [one for one in inventory.instances if one.region == region]
    assert [one for one in inventory.associations if one.region == region]


async def test_details_of_roles_denied(demo: World):
    demo.deny("iam:GetAccountAuthorizationDetails")
    inventory, _ = await take_all(Connection())
    assert not_complete(inventory) == {(None, sources.AUTHORIZATION_DETAILS): "denied"}
    assert inventory.is_complete(demo.account.id, None, sources.ROLES)
    assert {one.role_id for one in inventory.roles} == {one.id for one in demo.account.roles.values()}
    assert {one.attached_policies for one in inventory.roles} == {None}


async def test_a_disabled_region_that_was_asked_for(demo: World):
    demo.disable_region("us-west-2")
    inventory, _ = await take_all(Connection(), "eu-west-1", "us-west-2")
    assert not_complete(inventory) == everything("us-west-2", "disabled")


async def test_a_disabled_region_that_was_not_asked_for_is_passed_over(demo: World):
    demo.disable_region("us-west-2")
    inventory, _ = await take_all(Connection())
    assert not_complete(inventory) == {}
    assert "us-west-2" not in inventory.asked_regions[demo.account.id]


async def test_regions_that_may_not_be_listed(demo: World):
    demo.deny("ec2:DescribeRegions")
    inventory, _ = await take_all(Connection(), *demo.regions)
    assert not_complete(inventory) == {(None, sources.REGIONS): "denied"}
    assert inventory.enabled_regions[demo.account.id] is None


async def test_a_region_that_hangs(demo: World):
    demo.hang("eu-west-1")
    inventory, _ = await take_all(Connection(read_timeout=2))
    assert not_complete(inventory) == everything("eu-west-1", "failed")


@pytest.mark.parametrize("regions", [(), ("eu-west-1",)])
async def test_expired_credentials(demo: World, regions):
    demo.expire_credentials()
    inventory, _ = await take_all(Connection(), *regions)
    assert not_complete(inventory) == {(None, sources.CALLER_IDENTITY): "failed"}
    assert "have expired" in inventory.coverage_of("", None, sources.CALLER_IDENTITY).cause


async def test_a_web_page_instead_of_the_instance_profiles(demo: World):
    demo.html("ListInstanceProfiles")
    inventory, _ = await take_all(Connection())
    assert not_complete(inventory) == {(None, sources.INSTANCE_PROFILES): "failed"}


async def test_throttling_that_ends_is_waited_for(demo: World):
    demo.throttle("DescribeInstances", times=1, region="eu-west-1")
    waiting: list[Coverage] = []
    inventory = Inventory()
    async with AwsAccount(Connection()) as account:
        async for event in load(account):
            inventory.take(event)
            waiting += [row for row in inventory.coverage.values() if row.state == "loading" and row.cause]
    assert not_complete(inventory) == {}
    assert account.requests[sources.INSTANCES] == len(demo.regions) + 1
    assert {(row.region, row.source, row.cause) for row in waiting} == {
        ("eu-west-1", sources.INSTANCES, SLOWED_DOWN)
    }
    assert inventory.counts()["instances"] == sum(
        not one.unlisted for region in demo.account.regions.values() for one in region.instances.values()
    )


async def test_a_read_only_run_loads_all_the_same(demo: World):
    inventory, _ = await take_all(Connection(read_only=True))
    assert not_complete(inventory) == {}
