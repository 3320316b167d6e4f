"""Reading single objects: what is there, None for what is not, an error for trouble."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from instance_profiles.aws.account import AwsAccount
from instance_profiles.aws.connection import Connection
from instance_profiles.aws.errors import Denied
from instance_profiles.inventory.inventory import Inventory
from instance_profiles.inventory.load import load
from instance_profiles.inventory.read import (
    read_account_summary,
    read_associations,
    read_instance,
    read_instance_profile,
    read_instances_of,
    read_launch_template_versions,
    read_role,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from instance_profiles.emulator.world import World


@pytest.fixture
async def account(demo: World) -> AsyncIterator[AwsAccount]:
    async with AwsAccount(Connection()) as opened:
        yield opened


@pytest.fixture
async def inventory(account: AwsAccount) -> Inventory:
    loaded = Inventory()
    async for event in load(account):
        loaded.take(event)
    return loaded


async def test_single_reads_agree_with_the_listings(account: AwsAccount, inventory: Inventory):
    for profile in list(inventory.instance_profiles)[:3]:
        found = await read_instance_profile(account, profile.instance_profile_name)
        assert (found.ref, found.role) == (profile.ref, profile.role)
        assert found.tags is not None
    for role in list(inventory.roles)[:3]:
        found = await read_role(account, role.role_name)
        assert found.ref == role.ref
        assert found.assume_role_policy_document == role.assume_role_policy_document
        assert (found.permissions_boundary_arn, found.tags) == (role.permissions_boundary_arn, role.tags)
        assert found.max_session_duration is not None
        assert found.attached_policies is None
    for instance in list(inventory.instances)[:5]:
        assert await read_instance(account, instance.region, instance.instance_id) == instance
        links = await read_associations(account, instance.region, instance.instance_id)
        known = inventory.associations_of(instance)
        assert {one.association_id for one in links} == {one.association_id for one in known}
    assert await read_account_summary(account) == inventory.account_summaries[account_id(inventory)]


def account_id(inventory: Inventory) -> str:
    return next(iter(inventory.accounts()))


async def test_what_does_not_exist_is_none(account: AwsAccount):
    assert await read_instance_profile(account, "no-such-profile") is None
    assert await read_role(account, "no-such-role") is None
    assert await read_instance(account, "eu-west-1", "i-0fedcba9876543210") is None
    assert await read_associations(account, "eu-west-1", "i-0fedcba9876543210") == ()
    assert await read_launch_template_versions(account, "eu-west-1", "lt-0fedcba9876543210") == ()


async def test_trouble_raises(account: AwsAccount, demo: World):
    demo.deny("iam:GetRole")
    with pytest.raises(Denied):
        await read_role(account, "any")


async def test_hidden_instances_are_read_by_id(account: AwsAccount, inventory: Inventory):
    hidden = [one for one in inventory.instances if one.operator and one.operator.hidden_by_default]
    for one in hidden:
        assert await read_instance(account, one.region, one.instance_id) == one


async def test_the_instances_of_a_profile(account: AwsAccount, inventory: Inventory):
    used = next(one for one in inventory.instance_profiles if inventory.instances_of(one))
    regions = {one.region for one in inventory.instances_of(used)}
    for region in regions:
        found = await read_instances_of(account, region, used.arn)
        assert {one.instance_id for one in found} == {
            one.instance_id for one in inventory.instances_naming(used) if one.region == region
        }


async def test_all_versions_of_a_template_newest_first(account: AwsAccount, demo: World):
    name, region = next((name, one) for name, one in demo.account.regions.items() if one.launch_templates)
    template = max(region.launch_templates.values(), key=lambda one: len(one.versions))
    found = await read_launch_template_versions(account, name, template.id)
    assert [one.version_number for one in found] == sorted(template.versions, reverse=True)
    assert [one.version_number for one in found if one.latest_version] == [max(template.versions)]
    assert [one.version_number for one in found if one.default_version] == [template.default]


async def test_the_caller_is_asked_for_once(account: AwsAccount):
    await read_role(account, "a")
    await read_role(account, "b")
    assert account.requests["sts:GetCallerIdentity"] == 1
