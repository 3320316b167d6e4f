"""Which launch an object stands for: its instance profile, its region, its launch template."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.finding import Finding
from instance_profiles.fixes.situation import (
    Situation,
    attached,
    subject_configuration,
    subject_group,
    subject_instance,
    subject_instance_profile,
)
from instance_profiles.questions.launch import Launch

if TYPE_CHECKING:
    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import LaunchTemplateVersion, ObjectRef


def launch_of(subject: ObjectRef, inventory: Inventory) -> Launch | None:
    """The launch that a person who looks at this object would ask about; None where there is none.

    A template's launch is that of its default version, a scaling group's that of the version it uses.
    """
    situation = Situation(Finding("", "", "info", "present", subject, "", ""), inventory)
    version = _version(situation)
    if version is not None:
        named = version.iam_instance_profile_arn or version.iam_instance_profile_name
        template = version.launch_template_id
        return Launch(named, version.region, None, template, str(version.version_number)) if named else None
    configuration = subject_configuration(situation)
    if configuration is not None:
        named = configuration.iam_instance_profile
        return Launch(named, configuration.region) if named else None
    instance = subject_instance(situation)
    if instance is not None:
        has = attached(situation, instance)
        return Launch(has.arn, instance.region) if has else None
    profile = subject_instance_profile(situation)
    if profile is None:
        return None
    return Launch(profile.arn, _usual_region(profile.account, situation))


def regions_of(account: str, inventory: Inventory) -> tuple[str, ...]:
    """The regions of an account that were read, in order."""
    return tuple(
        sorted({row.region for row in inventory.coverage.values() if row.account == account and row.region})
    )


def templates_in(account: str, region: str, inventory: Inventory) -> tuple[LaunchTemplateVersion, ...]:
    """The default version of each launch template of a region, by name."""
    found = [
        version
        for version in inventory.launch_template_versions
        if (version.account, version.region) == (account, region) and version.default_version
    ]
    return tuple(sorted(found, key=lambda version: version.launch_template_name))


def _version(situation: Situation) -> LaunchTemplateVersion | None:
    ref, inventory = situation.subject, situation.inventory
    if ref.kind == "launch-template":
        return next((one for one in inventory.launch_template_versions
                     if one.ref == ref and one.default_version), None)  # fmt: skip
    group = subject_group(situation) if ref.kind == "auto-scaling-group" else None
    if group is None:
        return None
    found = (inventory.resolve(group.account, group.region, one) for one in group.launch_templates)
    return next((version for version in found if version is not None), None)


def _usual_region(account: str, situation: Situation) -> str:
    """Where most of its instances are; else the first region that was read."""
    profile = subject_instance_profile(situation)
    users = situation.inventory.instances_of(profile) if profile else ()
    regions = [instance.region for instance in users]
    if regions:
        return max(sorted(set(regions)), key=regions.count)
    return next(iter(regions_of(account, situation.inventory)), "us-east-1")
