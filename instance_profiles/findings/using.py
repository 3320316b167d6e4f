"""What uses an instance profile: instances that hold it, and what launches with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.subjects import Use
from instance_profiles.inventory.traits import GONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import InstanceProfile, LaunchTemplateVersion


def use_of(profile: InstanceProfile, inventory: Inventory) -> Use:
    """What uses an instance profile, as far as it was read."""
    instances = tuple(one for one in inventory.instances_of(profile) if one.state not in GONE)
    # Nearly all are named nowhere, which one look tells: whatever names one writes at least its bare name.
    if not inventory.launchers_naming(profile.instance_profile_name):
        return Use(instances)
    versions = tuple(
        version for version in inventory.template_versions_naming(profile) if is_launched(version, inventory)
    )
    configurations = inventory.launch_configurations_naming(profile)
    groups = {group.ref: group for version in versions for group in inventory.groups_using_template(version)}
    fleets = [
        *inventory.fleets_naming(profile),
        *(fleet for version in versions for fleet in inventory.fleets_using_template(version)),
    ]
    for configuration in configurations:
        groups |= {group.ref: group for group in inventory.groups_using_configuration(configuration)}
    return Use(
        instances,
        versions,
        configurations,
        tuple(groups.values()),
        tuple({fleet.ref: fleet for fleet in fleets}.values()),
    )


def together(uses: Sequence[Use]) -> Use:
    """Several uses as one."""
    if len(uses) == 1:
        return uses[0]
    return Use(
        tuple(instance for use in uses for instance in use.instances),
        tuple(version for use in uses for version in use.versions),
        tuple(configuration for use in uses for configuration in use.configurations),
        tuple({group.ref: group for use in uses for group in use.groups}.values()),
        tuple({fleet.ref: fleet for use in uses for fleet in use.fleets}.values()),
    )


def is_launched(version: LaunchTemplateVersion, inventory: Inventory) -> bool:
    """Whether something may launch from this version without asking for it by number."""
    return (
        version.default_version
        or version.latest_version
        or bool(inventory.groups_using_template(version))
        or bool(inventory.fleets_using_template(version))
    )
