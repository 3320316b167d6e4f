"""How templates and configurations name an instance profile, and where the path in it is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.inventory.model import LaunchConfiguration, LaunchTemplateVersion

if TYPE_CHECKING:
    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import InstanceProfile

Reference = LaunchTemplateVersion | LaunchConfiguration


def written(user: Reference) -> str:
    """The ARN or name of the instance profile as it is written, empty where there is none."""
    if isinstance(user, LaunchConfiguration):
        return user.iam_instance_profile or ""
    return user.iam_instance_profile_arn or user.iam_instance_profile_name or ""


def misplaced(user: Reference, inventory: Inventory) -> InstanceProfile | None:
    """The instance profile that a reference means and misses by its path; None where the path is not why.

    A name takes no path and an ARN must have it whole. As names are unique in an account, one that exists at
    another path proves that there is none at this one.
    """
    reference = written(user)
    is_arn = reference.startswith("arn:")
    if not is_arn and "/" not in reference:
        return None
    name = reference.rpartition("/")[2]
    found = inventory.instance_profile_by_name(user.account, name)
    if found is None or found.instance_profile_name != name or found.arn == reference:
        return None
    # An ARN of another account or partition is another fault.
    return found if not is_arn or _root(reference) == _root(found.arn) else None


def _root(arn: str) -> str:
    return arn.partition("/")[0]
