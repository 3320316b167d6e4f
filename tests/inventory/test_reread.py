"""Reading again what a change touched: put in, taken out, told, and no call too many."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from instance_profiles.aws.account import AwsAccount
from instance_profiles.aws.connection import Connection
from instance_profiles.aws.errors import Denied
from instance_profiles.inventory.inventory import Inventory
from instance_profiles.inventory.load import load
from instance_profiles.inventory.model import ObjectRef
from instance_profiles.inventory.reread import reread

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from instance_profiles.emulator.world import World
    from instance_profiles.inventory.model import Instance, InstanceProfile


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


def running(inventory: Inventory) -> list[Instance]:
    """Instances with one steady association and no scaling group."""
    return [
        one
        for one in inventory.instances
        if one.state == "running"
        and one.iam_instance_profile
        and [link.state for link in inventory.associations_of(one)] == ["associated"]
    ]


def with_role(inventory: Inventory) -> InstanceProfile:
    return next(one for one in inventory.instance_profiles if one.role)


async def test_a_role_taken_out_of_a_profile(account: AwsAccount, inventory: Inventory):
    profile = with_role(inventory)
    name = profile.instance_profile_name
    await account.call(
        "iam",
        "RemoveRoleFromInstanceProfile",
        {"InstanceProfileName": name, "RoleName": profile.role.role_name},
    )
    assert await reread(account, inventory, [profile.ref]) == {profile.ref}
    assert inventory.instance_profile_by_name(profile.account, name).role is None
    assert inventory.instance_profiles_of(inventory.role_by_arn(profile.role.arn)) == ()


async def test_a_deleted_profile_and_one_made_again(account: AwsAccount, inventory: Inventory):
    profile = with_role(inventory)
    name = {"InstanceProfileName": profile.instance_profile_name}
    await account.call("iam", "RemoveRoleFromInstanceProfile", {**name, "RoleName": profile.role.role_name})
    await account.call("iam", "DeleteInstanceProfile", name)
    assert await reread(account, inventory, [profile.ref]) == {profile.ref}
    assert inventory.instance_profile_by_arn(profile.arn) is None
    await account.call("iam", "CreateInstanceProfile", {**name, "Path": profile.path})
    changed = await reread(account, inventory, [profile.ref])
    again = inventory.instance_profile_by_arn(profile.arn)
    assert again.instance_profile_id != profile.instance_profile_id
    assert changed == {again.ref}


async def test_a_profile_made_again_behind_our_back_replaces_the_old_one(
    account: AwsAccount, inventory: Inventory
):
    profile = with_role(inventory)
    name = {"InstanceProfileName": profile.instance_profile_name}
    await account.call("iam", "RemoveRoleFromInstanceProfile", {**name, "RoleName": profile.role.role_name})
    await account.call("iam", "DeleteInstanceProfile", name)
    await account.call("iam", "CreateInstanceProfile", {**name, "Path": profile.path})
    changed = await reread(account, inventory, [profile.ref])
    again = inventory.instance_profile_by_arn(profile.arn)
    assert changed == {profile.ref, again.ref}
    assert inventory.instance_profiles.get((profile.account, profile.instance_profile_id)) is None


async def test_a_role_keeps_the_policies_that_a_single_read_does_not_send(
    account: AwsAccount, inventory: Inventory
):
    role = next(one for one in inventory.roles if one.attached_policies)
    trust = '{"Version":"2012-10-17","Statement":[]}'
    await account.call("iam", "UpdateAssumeRolePolicy", {"RoleName": role.role_name, "PolicyDocument": trust})
    assert await reread(account, inventory, [role.ref]) == {role.ref}
    found = inventory.role_by_arn(role.arn)
    assert found.assume_role_policy_document == trust
    assert found.attached_policies == role.attached_policies
    assert found.inline_policies == role.inline_policies


async def test_an_instance_comes_with_its_associations(
    account: AwsAccount, inventory: Inventory, demo: World
):
    instance = running(inventory)[0]
    (old,) = inventory.associations_of(instance)
    await account.call(
        "ec2", "DisassociateIamInstanceProfile", {"AssociationId": old.association_id}, region=instance.region
    )
    demo.clock.advance(60)
    changed = await reread(account, inventory, [instance.ref])
    assert changed == {instance.ref, old.ref}
    assert inventory.associations_of(instance) == ()
    assert inventory.instance(*key(instance)).iam_instance_profile is None


async def test_a_replaced_association_is_found_by_its_instance(
    account: AwsAccount, inventory: Inventory, demo: World
):
    instance = running(inventory)[0]
    (old,) = inventory.associations_of(instance)
    other = inventory.instance_profile_by_name(instance.account, "session-cache")
    assert other is not None
    assert other.arn != old.iam_instance_profile.arn
    await account.call(
        "ec2",
        "ReplaceIamInstanceProfileAssociation",
        {"AssociationId": old.association_id, "IamInstanceProfile": {"Arn": other.arn}},
        region=instance.region,
    )
    demo.clock.advance(120)
    changed = await reread(account, inventory, [old.ref])
    (new,) = inventory.associations_of(instance)
    assert changed == {old.ref, new.ref, instance.ref}
    assert (new.iam_instance_profile.arn, new.state) == (other.arn, "associated")
    assert inventory.instance(*key(instance)).iam_instance_profile.id == other.instance_profile_id


async def test_many_instances_of_a_region_take_two_calls(account: AwsAccount, inventory: Inventory):
    region = max(inventory.asked_regions.popitem()[1], key=lambda name: len(in_region(inventory, name)))
    before = account.requests.copy()
    refs = [one.ref for one in in_region(inventory, region)]
    assert await reread(account, inventory, refs) == frozenset()
    assert account.requests - before == {
        "ec2:DescribeInstances": 1,
        "ec2:DescribeIamInstanceProfileAssociations": 1,
    }


async def test_a_new_default_version_of_a_template(account: AwsAccount, inventory: Inventory):
    old = next(one for one in inventory.launch_template_versions if one.latest_version)
    made = await account.call(
        "ec2",
        "CreateLaunchTemplateVersion",
        {
            "LaunchTemplateId": old.launch_template_id,
            "SourceVersion": str(old.version_number),
            "LaunchTemplateData": {"IamInstanceProfile": {"Name": "fresh"}},
        },
        region=old.region,
    )
    number = made["LaunchTemplateVersion"]["VersionNumber"]
    assert await reread(account, inventory, [old.ref]) == {old.ref}
    latest = [
        one
        for one in inventory.launch_template_versions
        if (one.region, one.launch_template_id) == (old.region, old.launch_template_id) and one.latest_version
    ]
    assert [(one.version_number, one.iam_instance_profile_name) for one in latest] == [(number, "fresh")]


async def test_a_scaling_group_and_a_configuration(account: AwsAccount, inventory: Inventory, demo: World):
    group = next(iter(inventory.auto_scaling_groups))
    configuration = next(iter(inventory.launch_configurations))
    demo.account.regions[group.region].scaling_groups[group.auto_scaling_group_name].desired += 1
    del demo.account.regions[configuration.region].launch_configurations[
        configuration.launch_configuration_name
    ]
    demo.changed()
    changed = await reread(account, inventory, [group.ref, configuration.ref])
    assert changed == {group.ref, configuration.ref}
    found = inventory.auto_scaling_groups.get((group.account, group.region, group.auto_scaling_group_name))
    assert found.desired_capacity == group.desired_capacity + 1
    assert configuration.ref not in {one.ref for one in inventory.launch_configurations}


async def test_a_named_profile_that_was_edited(account: AwsAccount, inventory: Inventory, aws_folder):
    (aws_folder / "config").write_text("[profile ops]\nregion = eu-west-1\n")
    ops = ObjectRef("named-profile", "", None, "ops", "ops", None)
    assert await reread(account, inventory, [ops]) == {ops}
    assert inventory.named_profiles["ops"].region == "eu-west-1"


async def test_the_quotas_of_an_account(account: AwsAccount, inventory: Inventory):
    await account.call("iam", "CreateInstanceProfile", {"InstanceProfileName": "one-more"})
    (summary,) = inventory.account_summaries.values()
    assert await reread(account, inventory, [summary.ref]) == {summary.ref}
    assert inventory.account_summaries[summary.account].instance_profiles == summary.instance_profiles + 1


async def test_what_could_be_read_is_taken_although_something_could_not(
    account: AwsAccount, inventory: Inventory, demo: World
):
    profile = with_role(inventory)
    await account.call(
        "iam",
        "RemoveRoleFromInstanceProfile",
        {"InstanceProfileName": profile.instance_profile_name, "RoleName": profile.role.role_name},
    )
    role = next(iter(inventory.roles))
    demo.deny("iam:GetRole")
    with pytest.raises(Denied):
        await reread(account, inventory, [role.ref, profile.ref])
    assert inventory.instance_profile_by_arn(profile.arn).role is None


def key(instance: Instance) -> tuple[str, str, str]:
    return instance.account, instance.region, instance.instance_id


def in_region(inventory: Inventory, region: str) -> list[Instance]:
    return [one for one in inventory.instances if one.region == region]
