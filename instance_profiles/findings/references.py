"""How templates and configurations name an instance profile, and who launches from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.wording import names, refs, verb
from instance_profiles.inventory.model import Fleet, LaunchConfiguration, LaunchTemplateVersion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import AutoScalingGroup, InstanceProfile, ObjectRef

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


def means(reference: str, arn: str) -> bool:
    """Whether a name or ARN may mean the instance profile, were its path or its case put right.

    EC2 is not known to forgive either. But what may be meant is not to be deleted as unused.
    """
    if reference == arn:
        return True
    if reference.startswith("arn:") and _root(reference) != _root(arn):
        return False
    return _folded(reference) == _folded(arn)


def meaning(profile: InstanceProfile, inventory: Inventory) -> tuple[ObjectRef, ...]:
    """What launch templates, launch configurations and fleets may mean an instance profile."""
    users = inventory.launchers_naming(profile.instance_profile_name)
    return refs(user.ref for user in users if any(_may_mean(one, user, profile) for one in _references(user)))


def _references(user: Reference | Fleet) -> tuple[str, ...]:
    return user.iam_instance_profiles if isinstance(user, Fleet) else (written(user),)


def _may_mean(reference: str, user: Reference | Fleet, profile: InstanceProfile) -> bool:
    """A plain name means one of its own account."""
    is_here = reference.startswith("arn:") or user.account == profile.account
    return is_here and means(reference, profile.arn)


def _folded(reference: str) -> str:
    return reference.rpartition("/")[2].casefold()


def launching_from(user: Reference, inventory: Inventory) -> tuple[ObjectRef, ...]:
    """The scaling groups and fleets that launch from exactly this version or launch configuration."""
    if isinstance(user, LaunchConfiguration):
        return refs(group.ref for group in inventory.groups_using_configuration(user))
    return refs(
        [
            *(group.ref for group in inventory.groups_using_template(user)),
            *(fleet.ref for fleet in inventory.fleets_using_template(user)),
        ]
    )


def launch_sources(group: AutoScalingGroup, inventory: Inventory) -> tuple[Reference, ...]:
    """What a scaling group launches from by now, as far as it was read."""
    found: list[Reference] = [
        version
        for specification in group.launch_templates
        if (version := inventory.resolve(group.account, group.region, specification)) is not None
    ]
    name = group.launch_configuration_name
    configuration = inventory.launch_configurations.get((group.account, group.region, name)) if name else None
    return (*found, configuration) if configuration is not None else tuple(found)


def who_cannot_launch(launching: Sequence[ObjectRef]) -> str:
    """A sentence about those who launch from what EC2 refuses, empty where there are none."""
    if not launching:
        return ""
    told = [
        f"{verb(len(some), kind, f'{kind}s')} {names(some)}"
        for some, kind in (
            ([ref for ref in launching if ref.kind == "auto-scaling-group"], "scaling group"),
            ([ref for ref in launching if ref.kind == "spot-fleet"], "spot fleet"),
            ([ref for ref in launching if ref.kind == "ec2-fleet"], "EC2 fleet"),
        )
        if some
    ]
    who = " and ".join(told)
    return (
        f"{who[0].upper()}{who[1:]} {verb(len(launching), 'launches', 'launch')} from it and cannot start an "
        "instance."
    )


def _root(arn: str) -> str:
    return arn.partition("/")[0]
