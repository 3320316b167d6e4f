"""The listings that come after the main ones: what sharpens a verdict, but is no object of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.aws.errors import AwsError, NotFound
from instance_profiles.aws.regions import home_region
from instance_profiles.inventory import from_aws_details, sources
from instance_profiles.inventory.chains import whole_seconds
from instance_profiles.inventory.conversion import converted
from instance_profiles.inventory.reading import (
    read_listing,
    read_once,
    tell_begin,
    tell_end,
    tell_objects,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.inventory.model import AutoScalingGroup, NamedProfile, Object
    from instance_profiles.inventory.reading import Scope

Page = dict[str, Any]

PLAIN_SESSION = 3600
"""Seconds: every role allows so much."""
LAST_ACTIVITIES = 20


async def read_instance_profile_tags(scope: Scope) -> None:
    """Tags of instance profiles, which stand in the region where IAM lives."""

    def convert(page: Page) -> tuple[Object, ...]:
        return tuple(
            from_aws_details.resource_tags(scope.account, one) for one in page["ResourceTagMappingList"]
        )

    wanted = {"ResourceTypeFilters": ["iam:instance-profile"], "ResourcesPerPage": 100}
    home = home_region(scope.partition) or scope.aws.default_region
    await read_listing(scope, sources.INSTANCE_PROFILE_TAGS, wanted, convert, at=home)


async def read_role_durations(scope: Scope, named_profiles: Iterable[NamedProfile]) -> None:
    """One call for each role of this account that a named profile asks more than an hour of."""
    source = sources.ROLE_DURATIONS
    tell_begin(scope, source)
    for name in sorted(_roles_asked_long(scope, named_profiles)):
        try:
            answer = await scope.aws.call("iam", "GetRole", {"RoleName": name})
            found = converted(
                source, lambda reply: from_aws_details.role_duration(scope.account, reply), answer
            )
        except NotFound:
            continue
        except AwsError as error:
            await tell_end(scope, source, error)
            return
        tell_objects(scope, source, (found,))
    await tell_end(scope, source)


def _roles_asked_long(scope: Scope, named_profiles: Iterable[NamedProfile]) -> set[str]:
    prefix = f"arn:{scope.partition}:iam::{scope.account}:role/"
    return {
        one.role_arn.rpartition("/")[2]
        for one in named_profiles
        if one.role_arn
        and one.role_arn.startswith(prefix)
        and (whole_seconds(one.duration_seconds) or PLAIN_SESSION) > PLAIN_SESSION
    }


async def read_metadata_defaults(scope: Scope) -> None:
    def convert(answer: Page) -> tuple[Object, ...]:
        return (from_aws_details.metadata_defaults(scope.account, str(scope.region), answer),)

    await read_once(scope, sources.METADATA_DEFAULTS, {}, convert)


async def read_managed_nodes(scope: Scope) -> None:
    def convert(page: Page) -> tuple[Object, ...]:
        return from_aws_details.managed_nodes(scope.account, str(scope.region), page)

    await read_listing(scope, sources.MANAGED_NODES, {"MaxResults": 50}, convert)


async def read_scaling_activities(
    scope: Scope, groups: Iterable[AutoScalingGroup], trouble: AwsError | None
) -> None:
    """The last activities of groups that have fewer instances in service than they want, a call for each.

    Asked for a whole account AWS is slow to answer. `trouble` is what kept the groups from being listed.
    """
    source, region = sources.SCALING_ACTIVITIES, str(scope.region)
    tell_begin(scope, source)
    for group in groups if trouble is None else ():
        if not _lacks_instances(group):
            continue
        wanted = {"AutoScalingGroupName": group.auto_scaling_group_name, "MaxRecords": LAST_ACTIVITIES}
        try:
            answer = await scope.aws.call("autoscaling", "DescribeScalingActivities", wanted, region=region)
            found = converted(source, lambda page: _activities(scope, page), answer)
        except AwsError as error:
            await tell_end(scope, source, error)
            return
        tell_objects(scope, source, found)
    await tell_end(scope, source, trouble)


def _activities(scope: Scope, page: Page) -> tuple[Object, ...]:
    return tuple(
        from_aws_details.scaling_activity(scope.account, str(scope.region), one) for one in page["Activities"]
    )


def _lacks_instances(group: AutoScalingGroup) -> bool:
    in_service = sum(member.lifecycle_state == "InService" for member in group.instances)
    return in_service < group.desired_capacity
