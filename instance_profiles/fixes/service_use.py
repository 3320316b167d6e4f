"""The check before a deletion that no other service launches with the instance profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from instance_profiles.aws.errors import AwsError
from instance_profiles.fixes.plan import Check
from instance_profiles.inventory.read import read_instance_profile
from instance_profiles.inventory.services import ServiceReference, service_references

if TYPE_CHECKING:
    from collections.abc import Sequence

    from instance_profiles.aws.account import AwsAccount

NAME: Final = "no other service launches with it"
_NAMED_AT_MOST: Final = 3


async def no_service_uses(account: AwsAccount, name: str, regions: Sequence[str]) -> Check:
    """Look at Batch, ECS, EKS, EMR and the like in all these regions; what cannot be read is unknown."""
    try:
        profile = await read_instance_profile(account, name)
    except AwsError as error:
        return Check(NAME, "unknown", str(error))
    if profile is None:
        return Check(NAME, "passed", "it does not exist any more")
    uses: list[str] = []
    unread: list[str] = []
    async for found in service_references(account, profile, regions):
        if isinstance(found, ServiceReference):
            uses.append(f"{found.what} {found.name} in {found.region}")
        else:
            unread.append(f"{found.source} in {found.region}")
    if uses:
        return Check(NAME, "failed", f"In use: {_some(uses)}.")
    if unread:
        return Check(NAME, "unknown", f"Not readable: {_some(unread)}. A use there would be overlooked.")
    return Check(NAME, "passed", f"looked in all {len(regions)} enabled regions")


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED_AT_MOST} more" if len(names) > _NAMED_AT_MOST else ""
    return ", ".join(sorted(names)[:_NAMED_AT_MOST]) + more
