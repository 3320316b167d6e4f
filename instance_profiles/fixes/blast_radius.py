"""What a change reaches: instances, launch templates and scaling groups, as far as they were read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.fixes.plan import BlastRadius

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import Instance, InstanceProfile, LaunchTemplateVersion

_GONE = ("terminated", "shutting-down")


def reach(
    inventory: Inventory,
    *,
    instance_profiles: Iterable[InstanceProfile] = (),
    instances: Iterable[Instance] = (),
    versions: Iterable[LaunchTemplateVersion] = (),
) -> BlastRadius:
    """Everything that names one of the instance profiles (by id, ARN or name), with what else is touched.

    Instances that are terminated or on the way there are left out: EC2 lists them for another hour.
    """
    profiles = tuple(instance_profiles)
    touched = [*instances, *(user for profile in profiles for user in inventory.instances_naming(profile))]
    named = [*versions, *(v for profile in profiles for v in inventory.template_versions_naming(profile))]
    configurations = [c for profile in profiles for c in inventory.launch_configurations_naming(profile)]
    groups = [
        *(group.ref for version in named for group in inventory.groups_using_template(version)),
        *(group.ref for config in configurations for group in inventory.groups_using_configuration(config)),
    ]
    alive = {instance.ref: instance for instance in touched if instance.state not in _GONE}
    return BlastRadius(
        tuple(sorted(alive, key=lambda ref: (ref.region or "", ref.name, ref.id))),
        tuple(dict.fromkeys(version.ref for version in named)),
        tuple(dict.fromkeys(groups)),
        sum(1 for instance in alive.values() if instance.state == "running"),
        sum(1 for instance in alive.values() if instance.state == "stopped"),
    )
