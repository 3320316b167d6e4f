"""The listings an inventory is made of, with AWS's largest page sizes and no call per object."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

from instance_profiles.aws.errors import Denied
from instance_profiles.inventory import from_aws, from_aws_details, sources
from instance_profiles.inventory.later_listings import (
    read_instance_profile_tags,
    read_managed_nodes,
    read_metadata_defaults,
    read_role_durations,
    read_scaling_activities,
)
from instance_profiles.inventory.launch_templates import (
    LatestVersions,
    pinned_versions,
    read_pinned,
)
from instance_profiles.inventory.reading import read_listing, read_once, tell_end

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterable, Mapping

    from instance_profiles.inventory.model import AutoScalingGroup, Fleet, NamedProfile, Object
    from instance_profiles.inventory.reading import Scope

Page = dict[str, Any]


async def read_account_wide(scope: Scope, named_profiles: Awaitable[Iterable[NamedProfile]]) -> None:
    """Everything that belongs to no region; the main listings are asked for first."""
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_instance_profiles(scope))
        tasks.create_task(_roles(scope))
        tasks.create_task(_account_summary(scope))
        tasks.create_task(read_instance_profile_tags(scope))
        tasks.create_task(read_role_durations(scope, await named_profiles))


async def read_region(scope: Scope) -> None:
    """Everything of one region side by side; the main listings are asked for first."""
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_instances(scope))
        tasks.create_task(_associations(scope))
        tasks.create_task(_launch_configurations(scope))
        tasks.create_task(_launching(scope))
        tasks.create_task(read_metadata_defaults(scope))
        tasks.create_task(read_managed_nodes(scope))


async def _instance_profiles(scope: Scope) -> None:
    convert = partial(from_aws.instance_profiles, scope.account)
    await read_listing(scope, sources.INSTANCE_PROFILES, {"MaxItems": 1000}, convert)


async def _roles(scope: Scope) -> None:
    detailed = partial(from_aws_details.roles_and_policies, scope.account)
    listed = partial(from_aws.listed_roles, scope.account)
    wanted = {"Filter": ["Role", "LocalManagedPolicy"], "MaxItems": 1000}
    if isinstance(await read_listing(scope, sources.AUTHORIZATION_DETAILS, wanted, detailed), Denied):
        await read_listing(scope, sources.ROLES, {"MaxItems": 1000}, listed)


async def _account_summary(scope: Scope) -> None:
    def convert(answer: Page) -> tuple[Object, ...]:
        return (from_aws.account_summary(scope.account, answer),)

    await read_once(scope, sources.ACCOUNT_SUMMARY, {}, convert)


async def _instances(scope: Scope) -> None:
    convert = partial(from_aws.instances, scope.account, scope.partition, str(scope.region))
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
    convert = partial(from_aws.associations, scope.account, str(scope.region))
    await read_listing(scope, sources.ASSOCIATIONS, {"MaxResults": 1000}, convert)


async def _launch_configurations(scope: Scope) -> None:
    def convert(page: Page) -> tuple[Object, ...]:
        return tuple(
            from_aws.launch_configuration(scope.account, str(scope.region), one)
            for one in page["LaunchConfigurations"]
        )

    await read_listing(scope, sources.LAUNCH_CONFIGURATIONS, {"MaxRecords": 100}, convert)


async def _launching(scope: Scope) -> None:
    """What launches instances and its templates side by side; then the versions that are pinned by number."""
    region = str(scope.region)
    groups: list[AutoScalingGroup] = []
    fleets: list[Fleet] = []
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
    async with asyncio.TaskGroup() as tasks:
        listed = tasks.create_task(
            read_listing(scope, sources.AUTO_SCALING_GROUPS, {"MaxRecords": 100}, convert_groups)
        )
        templates = tasks.create_task(
            read_listing(scope, sources.LAUNCH_TEMPLATE_VERSIONS, wanted, convert_versions, complete=False)
        )
        tasks.create_task(_fleets(scope, fleets))
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(read_scaling_activities(scope, groups, listed.result()))
        if templates.result() is None:
            tasks.create_task(_pinned(scope, pinned_versions([*groups, *fleets], versions)))


async def _pinned(scope: Scope, pinned: Mapping[tuple[str, str], set[int]]) -> None:
    await tell_end(scope, sources.LAUNCH_TEMPLATE_VERSIONS, await read_pinned(scope, pinned))


async def _fleets(scope: Scope, fleets: list[Fleet]) -> None:
    """Fleets that may still launch; of spot fleets AWS sends all, for it knows no filter."""
    region = str(scope.region)

    def convert_spot(page: Page) -> tuple[Object, ...]:
        return keep(
            from_aws_details.spot_fleet(scope.account, region, one) for one in page["SpotFleetRequestConfigs"]
        )

    def convert_ec2(page: Page) -> tuple[Object, ...]:
        return keep(from_aws_details.ec2_fleet(scope.account, region, one) for one in page["Fleets"])

    def keep(found: Iterable[Fleet]) -> tuple[Fleet, ...]:
        launching = tuple(fleet for fleet in found if fleet.state in from_aws_details.LAUNCHING_STATES)
        fleets.extend(launching)
        return launching

    states = {"Name": "fleet-state", "Values": sorted(from_aws_details.LAUNCHING_STATES)}
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(read_listing(scope, sources.SPOT_FLEETS, {"MaxResults": 1000}, convert_spot))
        tasks.create_task(
            read_listing(scope, sources.EC2_FLEETS, {"Filters": [states], "MaxResults": 1000}, convert_ec2)
        )
