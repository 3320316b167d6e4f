"""Who uses an instance profile right now: read live, region by region, before anything is deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.aws.errors import AwsError
from instance_profiles.aws.offered import why_not_offered
from instance_profiles.inventory import read
from instance_profiles.inventory.from_aws_details import LAUNCHING_STATES, spot_fleet

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from instance_profiles.aws.account import AwsAccount

    NamesIt = Callable[[str], bool]
    """Whether a name or ARN, as it is written, is taken for that of the instance profile."""

_GONE = ("terminated",)


async def instance_users(
    account: AwsAccount, region: str, arn: str, instance_profile_id: str
) -> tuple[str, ...]:
    """Instances (hidden ones too) and associations of a region that name the instance profile.

    A use that one of the two listings shows counts even where the other cannot be read.

    Raises:
        AwsError: no use was found, and a listing could not be read to its end.
    """
    users: dict[str, str] = {}
    trouble: AwsError | None = None
    try:
        for instance in await read.read_instances_of(account, region, arn):
            if instance.state not in _GONE:
                users[instance.instance_id] = f"{instance.name} ({instance.instance_id}, {instance.state})"
    except AwsError as error:
        trouble = error
    try:
        async for instance_id in _associated(account, region, arn, instance_profile_id):
            users.setdefault(instance_id, f"the association of {instance_id}")
    except AwsError as error:
        trouble = error
    if trouble is not None and not users:
        raise trouble
    return tuple(users.values())


async def _associated(
    account: AwsAccount, region: str, arn: str, instance_profile_id: str
) -> AsyncIterator[str]:
    """The instances whose associations name the instance profile; the listing has no filter for that."""
    async for page in account.pages(
        "ec2", "DescribeIamInstanceProfileAssociations", {"MaxResults": 1000}, region=region
    ):
        for one in page.get("IamInstanceProfileAssociations", []):
            ref = one.get("IamInstanceProfile", {})
            if ref.get("Arn") == arn or ref.get("Id") == instance_profile_id:
                yield str(one["InstanceId"])


async def template_users(account: AwsAccount, region: str, names_it: NamesIt) -> tuple[str, ...]:
    """Launch templates of a region whose latest or default version names the instance profile.

    Raises:
        AwsError: the region could not be read to its end.
    """
    users: list[str] = []
    async for page in account.pages(
        "ec2",
        "DescribeLaunchTemplateVersions",
        {"Versions": ["$Latest", "$Default"], "MaxResults": 200},
        region=region,
    ):
        for version in page.get("LaunchTemplateVersions", []):
            ref = version.get("LaunchTemplateData", {}).get("IamInstanceProfile") or {}
            if names_it(ref.get("Arn") or ref.get("Name") or ""):
                users.append(
                    f"launch template {version['LaunchTemplateName']} (version {version['VersionNumber']})"
                )
    return tuple(dict.fromkeys(users))


async def configuration_users(account: AwsAccount, region: str, names_it: NamesIt) -> tuple[str, ...]:
    """Launch configurations of a region that name the instance profile.

    Raises:
        AwsError: the region could not be read to its end.
    """
    users: list[str] = []
    async for page in account.pages(
        "autoscaling", "DescribeLaunchConfigurations", {"MaxRecords": 100}, region=region
    ):
        users += [
            f"launch configuration {one['LaunchConfigurationName']}"
            for one in page.get("LaunchConfigurations", [])
            if names_it(one.get("IamInstanceProfile") or "")
        ]
    return tuple(users)


async def fleet_users(account: AwsAccount, region: str, names_it: NamesIt) -> tuple[str, ...]:
    """Spot fleets of a region that may still launch and name the instance profile by themselves.

    Those that launch from a template are found with the template.

    Raises:
        AwsError: the region could not be read to its end; not where it has no spot fleets at all.
    """
    users: list[str] = []
    try:
        async for page in account.pages(
            "ec2", "DescribeSpotFleetRequests", {"MaxResults": 1000}, region=region
        ):
            for one in page.get("SpotFleetRequestConfigs", []):
                fleet = spot_fleet("", region, one)
                if fleet.state in LAUNCHING_STATES and any(map(names_it, fleet.iam_instance_profiles)):
                    users.append(f"spot fleet {fleet.fleet_id}")
    except AwsError as error:
        if await why_not_offered(account, error) is None:
            raise
    return tuple(users)
