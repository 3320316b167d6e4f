"""Comparing what conditions say of launch templates, scaling groups and their instance refreshes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.aws.errors import NotFound
from instance_profiles.fixes import conditions as c
from instance_profiles.fixes.held import Held, compare
from instance_profiles.inventory import read

if TYPE_CHECKING:
    from instance_profiles.aws.account import AwsAccount

_UNDER_WAY = frozenset({"Pending", "InProgress", "Baking", "Cancelling", "RollbackInProgress"})
"""Statuses of a refresh that has not come to its end."""


@compare.register(c.LatestVersionIs)
async def _(condition: c.LatestVersionIs, account: AwsAccount) -> Held:
    found = await read.read_launch_template_versions(account, condition.region, condition.launch_template_id)
    latest = next((version.version_number for version in found if version.latest_version), None)
    return Held(
        latest == condition.version,
        f"The latest version of {condition.launch_template_id} is {latest or 'none'}.",
    )


@compare.register(c.DefaultVersionIs)
async def _(condition: c.DefaultVersionIs, account: AwsAccount) -> Held:
    found = await read.read_launch_template_versions(account, condition.region, condition.launch_template_id)
    default = next((version.version_number for version in found if version.default_version), None)
    return Held(
        default == condition.version,
        f"The default version of {condition.launch_template_id} is {default or 'none'}.",
    )


@compare.register(c.VersionNames)
async def _(condition: c.VersionNames, account: AwsAccount) -> Held:
    named = await _named_by(account, condition.region, condition.launch_template_id, condition.version)
    return Held(
        named == condition.instance_profile_arn,
        f"Version {condition.version} of {condition.launch_template_id} names {named or 'no ARN'}.",
    )


@compare.register(c.GroupPins)
async def _(condition: c.GroupPins, account: AwsAccount) -> Held:
    own = await _own_template(account, condition.region, condition.auto_scaling_group_name)
    name = condition.auto_scaling_group_name
    if own is None:
        return Held(False, f"Scaling group {name} has no launch template of its own; change it at the group.")
    pinned = own.get("LaunchTemplateId"), own.get("Version")
    return Held(
        pinned == (condition.launch_template_id, condition.version),
        f"Scaling group {name} launches from version {pinned[1]} of {pinned[0]}.",
        own,
    )


@compare.register(c.GroupLaunchesWith)
async def _(condition: c.GroupLaunchesWith, account: AwsAccount) -> Held:
    own = await _own_template(account, condition.region, condition.auto_scaling_group_name)
    if own is None:
        return Held(False, f"Scaling group {condition.auto_scaling_group_name} has no launch template.")
    version = own.get("Version") or "$Default"
    named = await _named_by(account, condition.region, str(own.get("LaunchTemplateId")), version)
    return Held(
        named == condition.instance_profile_arn,
        f"Scaling group {condition.auto_scaling_group_name} launches from version {version}, which names "
        f"{named or 'no ARN'}.",
        own,
    )


@compare.register(c.LatestVersionIs)
async def _(condition: c.LatestVersionIs, account: AwsAccount) -> Held:
    found = await read.read_launch_template_versions(account, condition.region, condition.launch_template_id)
    latest = next((version.version_number for version in found if version.latest_version), None)
    return Held(
        latest == condition.version,
        f"The latest version of {condition.launch_template_id} is {latest or 'none'}.",
    )


@compare.register(c.DefaultVersionIs)
async def _(condition: c.DefaultVersionIs, account: AwsAccount) -> Held:
    found = await read.read_launch_template_versions(account, condition.region, condition.launch_template_id)
    default = next((version.version_number for version in found if version.default_version), None)
    return Held(
        default == condition.version,
        f"The default version of {condition.launch_template_id} is {default or 'none'}.",
    )


@compare.register(c.VersionNames)
async def _(condition: c.VersionNames, account: AwsAccount) -> Held:
    named = await _named_by(account, condition.region, condition.launch_template_id, condition.version)
    return Held(
        named == condition.instance_profile_arn,
        f"Version {condition.version} of {condition.launch_template_id} names {named or 'no ARN'}.",
    )


@compare.register(c.GroupPins)
async def _(condition: c.GroupPins, account: AwsAccount) -> Held:
    own = await _own_template(account, condition.region, condition.auto_scaling_group_name)
    name = condition.auto_scaling_group_name
    if own is None:
        return Held(False, f"Scaling group {name} has no launch template of its own; change it at the group.")
    pinned = own.get("LaunchTemplateId"), own.get("Version")
    return Held(
        pinned == (condition.launch_template_id, condition.version),
        f"Scaling group {name} launches from version {pinned[1]} of {pinned[0]}.",
        own,
    )


@compare.register(c.GroupLaunchesWith)
async def _(condition: c.GroupLaunchesWith, account: AwsAccount) -> Held:
    own = await _own_template(account, condition.region, condition.auto_scaling_group_name)
    if own is None:
        return Held(False, f"Scaling group {condition.auto_scaling_group_name} has no launch template.")
    version = own.get("Version") or "$Default"
    named = await _named_by(account, condition.region, str(own.get("LaunchTemplateId")), version)
    return Held(
        named == condition.instance_profile_arn,
        f"Scaling group {condition.auto_scaling_group_name} launches from version {version}, which names "
        f"{named or 'no ARN'}.",
        own,
    )


@compare.register(c.GroupConfigured)
async def _(condition: c.GroupConfigured, account: AwsAccount) -> Held:
    name = condition.auto_scaling_group_name
    group = await _group(account, condition.region, name)
    if group is None:
        return Held(False, f"Scaling group {name} does not exist any more.")
    configuration = group.get("LaunchConfigurationName") or None
    template = (group.get("LaunchTemplate") or {}).get("LaunchTemplateName")
    if condition.launch_configuration_name is not None:
        same = configuration == condition.launch_configuration_name
    else:
        same = template == condition.launch_template_name
    shown = f"launch configuration {configuration}" if configuration else f"launch template {template}"
    return Held(
        same,
        f"Scaling group {name} launches from {shown}.",
        {"launch_configuration": configuration, "launch_template": template},
    )


@compare.register(c.LaunchTemplateNamed)
async def _(condition: c.LaunchTemplateNamed, account: AwsAccount) -> Held:
    name = condition.launch_template_name
    wanted = {"LaunchTemplateNames": [name]}
    try:
        reply = await account.call("ec2", "DescribeLaunchTemplates", wanted, region=condition.region)
    except NotFound:
        reply = {}
    found = reply.get("LaunchTemplates") or []
    exists = "exists" if found else "does not exist"
    return Held(bool(found) == condition.there, f"Launch template {name} {exists}.")


@compare.register(c.RefreshBegun)
async def _(condition: c.RefreshBegun, account: AwsAccount) -> Held:
    name, region = condition.auto_scaling_group_name, condition.region
    group = await _group(account, region, name)
    if group is None:
        return Held(False, f"Scaling group {name} does not exist any more.")
    wanted = {"AutoScalingGroupName": name, "MaxRecords": 10}
    reply = await account.call("autoscaling", "DescribeInstanceRefreshes", wanted, region=region)
    statuses = [str(one.get("Status")) for one in reply.get("InstanceRefreshes", [])]
    under_way = any(status in _UNDER_WAY for status in statuses)
    members = {str(one["InstanceId"]) for one in group.get("Instances", [])}
    left = [instance_id for instance_id in condition.instance_ids if instance_id in members]
    state = "is under way" if under_way else "is not under way"
    return Held(
        (under_way or not left) == condition.begun,
        f"An instance refresh of {name} {state}; {len(left)} of its old instances are left.",
        {"refreshes": statuses, "instances": sorted(members)},
    )


# -- details -------------------------------------------------------------------------------------------------


async def _named_by(account: AwsAccount, region: str, template_id: str, version: str) -> str | None:
    """The ARN that a version of a launch template names."""
    for one in await read.read_launch_template_versions(account, region, template_id):
        if (
            (version == "$Latest" and one.latest_version)
            or (version == "$Default" and one.default_version)
            or version == str(one.version_number)
        ):
            return one.iam_instance_profile_arn
    return None


async def _own_template(account: AwsAccount, region: str, name: str) -> dict[str, Any] | None:
    """The launch template that a scaling group itself has, not that of a mixed instances policy."""
    group = await _group(account, region, name)
    template: dict[str, Any] | None = group.get("LaunchTemplate") if group else None
    return template


async def _group(account: AwsAccount, region: str, name: str) -> dict[str, Any] | None:
    wanted = {"AutoScalingGroupNames": [name]}
    reply = await account.call("autoscaling", "DescribeAutoScalingGroups", wanted, region=region)
    found: dict[str, Any] | None = next(iter(reply.get("AutoScalingGroups", [])), None)
    return found
