"""The listings an inventory is made of, with AWS's largest page sizes and no call per object."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from instance_profiles.aws.errors import Denied
from instance_profiles.inventory import from_aws, sources
from instance_profiles.inventory.launch_templates import (
    LatestVersions,
    pinned_versions,
    read_pinned,
)
from instance_profiles.inventory.reading import read_listing, read_once, tell_end

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator

    from instance_profiles.inventory.model import AutoScalingGroup, Object
    from instance_profiles.inventory.reading import Scope

Page = dict[str, Any]


def account_wide(scope: Scope) -> Iterator[Coroutine[Any, Any, None]]:
    """The listings of IAM, each a coroutine of its own."""
    yield _instance_profiles(scope)
    yield _roles(scope)
    yield _account_summary(scope)


def regional(scope: Scope) -> Iterator[Coroutine[Any, Any, None]]:
    """The listings of one region, each a coroutine of its own."""
    yield _instances(scope)
    yield _associations(scope)
    yield _launch_configurations(scope)
    yield _groups_and_templates(scope)


async def _instance_profiles(scope: Scope) -> None:
    def convert(page: Page) -> tuple[Object, ...]:
        return tuple(from_aws.instance_profile(scope.account, one) for one in page["InstanceProfiles"])

    await read_listing(scope, sources.INSTANCE_PROFILES, {"MaxItems": 1000}, convert)


async def _roles(scope: Scope) -> None:
    def detailed(page: Page) -> tuple[Object, ...]:
        return tuple(from_aws.role_with_policies(scope.account, one) for one in page["RoleDetailList"])

    def listed(page: Page) -> tuple[Object, ...]:
        return tuple(from_aws.listed_role(scope.account, one) for one in page["Roles"])

    wanted = {"Filter": ["Role"], "MaxItems": 1000}
    if isinstance(await read_listing(scope, sources.AUTHORIZATION_DETAILS, wanted, detailed), Denied):
        await read_listing(scope, sources.ROLES, {"MaxItems": 1000}, listed)


async def _account_summary(scope: Scope) -> None:
    def convert(answer: Page) -> tuple[Object, ...]:
        return (from_aws.account_summary(scope.account, answer),)

    await read_once(scope, sources.ACCOUNT_SUMMARY, {}, convert)


async def _instances(scope: Scope) -> None:
    def convert(page: Page) -> tuple[Object, ...]:
        return from_aws.instances(scope.account, scope.partition, str(scope.region), page)

    await read_listing(scope, sources.INSTANCES, await instances_parameters(scope), convert)


async def instances_parameters(scope: Scope) -> dict[str, Any]:
    """All instances: those that services hide are listed only when asked for, where the service knows it.

    Missing them would make an instance profile look unused.
    """
    parameters: dict[str, Any] = {"MaxResults": 1000}
    if await scope.aws.knows_parameter("ec2", "DescribeInstances", "IncludeManagedResources"):
        parameters["IncludeManagedResources"] = True
    return parameters


async def _associations(scope: Scope) -> None:
    def convert(page: Page) -> tuple[Object, ...]:
        return from_aws.associations(scope.account, str(scope.region), page)

    await read_listing(scope, sources.ASSOCIATIONS, {"MaxResults": 1000}, convert)


async def _launch_configurations(scope: Scope) -> None:
    def convert(page: Page) -> tuple[Object, ...]:
        return tuple(
            from_aws.launch_configuration(scope.account, str(scope.region), one)
            for one in page["LaunchConfigurations"]
        )

    await read_listing(scope, sources.LAUNCH_CONFIGURATIONS, {"MaxRecords": 100}, convert)


async def _groups_and_templates(scope: Scope) -> None:
    """Scaling groups and launch templates side by side; then the versions that only groups pin."""
    region = str(scope.region)
    groups: list[AutoScalingGroup] = []
    versions = LatestVersions()

    def convert_groups(page: Page) -> tuple[Object, ...]:
        found = [from_aws.auto_scaling_group(scope.account, region, one) for one in page["AutoScalingGroups"]]
        groups.extend(found)
        return tuple(found)

    def convert_versions(page: Page) -> tuple[Object, ...]:
        return versions.take(
            from_aws.launch_template_version(scope.account, region, one)
            for one in page["LaunchTemplateVersions"]
        )

    wanted = {"Versions": ["$Latest", "$Default"], "MaxResults": 200}
    _, trouble = await asyncio.gather(
        read_listing(scope, sources.AUTO_SCALING_GROUPS, {"MaxRecords": 100}, convert_groups),
        read_listing(scope, sources.LAUNCH_TEMPLATE_VERSIONS, wanted, convert_versions, complete=False),
    )
    if trouble is None:
        pinned = pinned_versions(groups, versions)
        tell_end(scope, sources.LAUNCH_TEMPLATE_VERSIONS, await read_pinned(scope, pinned))
