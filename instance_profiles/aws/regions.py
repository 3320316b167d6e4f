"""Regions and partitions: which exist, which are enabled, which a name means."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from instance_profiles.aws.errors import RegionDisabled, Unreachable

if TYPE_CHECKING:
    from instance_profiles.aws.account import AwsAccount


async def enabled_regions(account: AwsAccount) -> tuple[str, ...]:
    """The regions that are enabled in the account, sorted (ec2:DescribeRegions).

    Asked in the account's default region, and where that one is disabled or unknown, in the partition's
    first one.

    Raises:
        AwsError: the listing was denied or failed.
    """
    await account.ready()
    try:
        answer = await account.call("ec2", "DescribeRegions", {"AllRegions": False})
    except (RegionDisabled, Unreachable):
        home = home_region(account.partition)
        if home is None or home == account.default_region:
            raise
        answer = await account.call("ec2", "DescribeRegions", {"AllRegions": False}, region=home)
    return tuple(sorted(region["RegionName"] for region in answer.get("Regions", ())))


def home_region(partition: str) -> str | None:
    """A region of a partition that is always enabled, None for partitions we know nothing of."""
    return {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}.get(partition)


async def known_regions(account: AwsAccount) -> tuple[str, ...]:
    """The regions of the account's partition that the installed SDK knows, enabled or not; no network."""
    await account.ready()
    return account.ground.known_regions(account.partition)


def misspelt(region: str, regions: tuple[str, ...]) -> str:
    """One sentence for a region that does not exist, with the nearest one that does."""
    near = difflib.get_close_matches(region, regions, n=1)
    return f"There is no region '{region}': " + (
        f"did you mean {near[0]}?" if near else "check its spelling."
    )
