"""Reading single objects, right before a change and when a thing is selected.

None means that AWS says it does not exist; all trouble raises `AwsError`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from instance_profiles.aws.errors import NotFound
from instance_profiles.inventory import from_aws, sources
from instance_profiles.inventory.conversion import converted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.inventory.model import (
        AccountSummary,
        Association,
        AutoScalingGroup,
        Instance,
        InstanceProfile,
        LaunchConfiguration,
        LaunchTemplateVersion,
        Role,
    )

T = TypeVar("T")

FILTER_VALUES = 200
"""As many values as EC2 takes in one filter."""
NAMES = 50
"""As many names as Auto Scaling takes in one call."""


async def read_instance_profile(account: AwsAccount, name: str) -> InstanceProfile | None:
    """One instance profile with its tags (iam:GetInstanceProfile)."""
    owner = await _account_id(account)
    try:
        answer = await account.call("iam", "GetInstanceProfile", {"InstanceProfileName": name})
    except NotFound:
        return None
    return converted(
        "iam:GetInstanceProfile",
        lambda reply: from_aws.instance_profile(owner, {"Tags": [], **reply["InstanceProfile"]}),
        answer,
    )


async def read_role(account: AwsAccount, name: str) -> Role | None:
    """One role without its policies, which are None (iam:GetRole)."""
    owner = await _account_id(account)
    try:
        answer = await account.call("iam", "GetRole", {"RoleName": name})
    except NotFound:
        return None
    return converted("iam:GetRole", lambda reply: from_aws.single_role(owner, reply["Role"]), answer)


async def read_account_summary(account: AwsAccount) -> AccountSummary:
    """The counts and quotas (iam:GetAccountSummary)."""
    owner = await _account_id(account)
    return from_aws.account_summary(owner, await account.call("iam", "GetAccountSummary"))


async def read_instance(account: AwsAccount, region: str, instance_id: str) -> Instance | None:
    """One instance, hidden ones too (ec2:DescribeInstances); a terminated one stays for about an hour."""
    return next(iter(await read_instances(account, region, [instance_id])), None)


async def read_instances(
    account: AwsAccount, region: str, instance_ids: Sequence[str]
) -> tuple[Instance, ...]:
    """Those of the instances that exist."""
    # By filter: given as InstanceIds, one that is gone fails the call for all.
    return await _filtered_instances(account, region, "instance-id", instance_ids)


async def read_instances_of(account: AwsAccount, region: str, profile_arn: str) -> tuple[Instance, ...]:
    """The instances of a region that hold this instance profile's ARN, whatever their unique id for it."""
    return await _filtered_instances(account, region, "iam-instance-profile.arn", [profile_arn])


async def read_associations(account: AwsAccount, region: str, instance_id: str) -> tuple[Association, ...]:
    """The associations of one instance, in AWS's order: the newest first while one replaces another."""
    return await read_associations_of(account, region, [instance_id])


async def read_associations_of(
    account: AwsAccount, region: str, instance_ids: Sequence[str]
) -> tuple[Association, ...]:
    """The associations of several instances (ec2:DescribeIamInstanceProfileAssociations)."""
    owner = await _account_id(account)
    convert = partial(from_aws.associations, owner, region)
    found: tuple[Association, ...] = ()
    for some in _in_portions(instance_ids, FILTER_VALUES):
        wanted = {"Filters": [{"Name": "instance-id", "Values": some}], "MaxResults": 1000}
        found += await _listed(account, region, sources.ASSOCIATIONS, wanted, convert)
    return found


async def read_launch_template_versions(
    account: AwsAccount, region: str, launch_template_id: str
) -> tuple[LaunchTemplateVersion, ...]:
    """All versions of a launch template, the newest first; () if there is no such template."""
    owner = await _account_id(account)

    def convert(page: dict[str, Any]) -> tuple[LaunchTemplateVersion, ...]:
        return tuple(
            from_aws.launch_template_version(owner, region, one) for one in page["LaunchTemplateVersions"]
        )

    wanted = {"LaunchTemplateId": launch_template_id, "MaxResults": 200}
    try:
        found = await _listed(account, region, sources.LAUNCH_TEMPLATE_VERSIONS, wanted, convert)
    except NotFound:
        return ()
    latest = max((version.version_number for version in found), default=0)
    return tuple(
        msgspec.structs.replace(version, latest_version=version.version_number == latest)
        for version in sorted(found, key=lambda version: -version.version_number)
    )


async def read_auto_scaling_groups(
    account: AwsAccount, region: str, names: Sequence[str]
) -> tuple[AutoScalingGroup, ...]:
    """Those of the scaling groups that exist (autoscaling:DescribeAutoScalingGroups)."""
    owner = await _account_id(account)

    def convert(page: dict[str, Any]) -> tuple[AutoScalingGroup, ...]:
        return tuple(from_aws.auto_scaling_group(owner, region, one) for one in page["AutoScalingGroups"])

    found: tuple[AutoScalingGroup, ...] = ()
    for some in _in_portions(names, NAMES):
        wanted = {"AutoScalingGroupNames": some, "MaxRecords": 100}
        found += await _listed(account, region, sources.AUTO_SCALING_GROUPS, wanted, convert)
    return found


async def read_launch_configurations(
    account: AwsAccount, region: str, names: Sequence[str]
) -> tuple[LaunchConfiguration, ...]:
    """Those of the launch configurations that exist (autoscaling:DescribeLaunchConfigurations)."""
    owner = await _account_id(account)

    def convert(page: dict[str, Any]) -> tuple[LaunchConfiguration, ...]:
        return tuple(
            from_aws.launch_configuration(owner, region, one) for one in page["LaunchConfigurations"]
        )

    found: tuple[LaunchConfiguration, ...] = ()
    for some in _in_portions(names, NAMES):
        wanted = {"LaunchConfigurationNames": some, "MaxRecords": 100}
        found += await _listed(account, region, sources.LAUNCH_CONFIGURATIONS, wanted, convert)
    return found


async def _filtered_instances(
    account: AwsAccount, region: str, name: str, values: Sequence[str]
) -> tuple[Instance, ...]:
    owner = await _account_id(account)
    convert = partial(from_aws.instances, owner, account.partition, region)
    shown: dict[str, Any] = {}
    if await account.knows_parameter("ec2", "DescribeInstances", "IncludeManagedResources"):
        shown["IncludeManagedResources"] = True
    found: tuple[Instance, ...] = ()
    for some in _in_portions(values, FILTER_VALUES):
        wanted = {"Filters": [{"Name": name, "Values": some}], "MaxResults": 1000, **shown}
        found += await _listed(account, region, sources.INSTANCES, wanted, convert)
    return found


async def _listed(
    account: AwsAccount,
    region: str,
    source: str,
    parameters: Mapping[str, Any],
    convert: Callable[[dict[str, Any]], tuple[T, ...]],
) -> tuple[T, ...]:
    service, _, operation = source.partition(":")
    found: list[T] = []
    async for page in account.pages(service, operation, parameters, region=region):
        found += converted(source, convert, page)
    return tuple(found)


async def _account_id(account: AwsAccount) -> str:
    return str((await account.identity())["Account"])


def _in_portions(values: Sequence[str], size: int) -> list[list[str]]:
    unique = list(dict.fromkeys(values))
    return [unique[start : start + size] for start in range(0, len(unique), size)]
