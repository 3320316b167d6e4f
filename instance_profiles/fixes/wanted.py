"""The instance profile that a finding misses: its name, path and role, and who waits for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from instance_profiles.fixes import moving, steps
from instance_profiles.fixes.calls import Target
from instance_profiles.fixes.conditions import AnyCondition
from instance_profiles.fixes.missing import LAUNCHING, missing_references
from instance_profiles.fixes.plan import CannotPlan, Step
from instance_profiles.fixes.situation import (
    CHANGEABLE,
    attached,
    broken_versions,
    subject_instance,
    subject_instance_profile,
)
from instance_profiles.fixes.templates import template_plan
from instance_profiles.inventory.model import (
    Instance,
    LaunchTemplateVersion,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.fixes.situation import Situation
    from instance_profiles.inventory.model import (
        ContainedRole,
        InstanceProfile,
        Role,
    )

_NAME = re.compile(r"[\w+=,.@-]{1,128}", re.ASCII)
_PATH = re.compile(r"/|/[\x21-\x7e]{1,510}/")


class Wanted(msgspec.Struct, frozen=True):
    """`role_id` is the role it is certain to hold, None where the person chooses."""

    name: str
    path: str = "/"
    role_id: str | None = None


class Following(msgspec.Struct, frozen=True):
    """What comes after the instance profile is there: moving those who wait for it."""

    steps: tuple[Step, ...] = ()
    instances: tuple[Instance, ...] = ()
    versions: tuple[LaunchTemplateVersion, ...] = ()
    verify: tuple[AnyCondition, ...] = ()
    warnings: tuple[str, ...] = ()


def wanted(situation: Situation) -> Wanted | None:
    """What a finding misses, None where it does not tell a name."""
    if situation.subject.kind in LAUNCHING:
        return _of_reference(next(missing_references(situation), None))
    profile = subject_instance_profile(situation)
    if profile is not None:
        return Wanted(profile.role.role_name, profile.path, profile.role.role_id) if profile.role else None
    instance = subject_instance(situation)
    pointed = attached(situation, instance) if instance else None
    return _of_reference(pointed.arn) if pointed else None


def checked_name(answers: Mapping[str, str], found: Wanted | None) -> str:
    """The name to use; raises CannotPlan where there is none or IAM would not take it."""
    name = answers.get("name") or (found.name if found else None)
    if not name:
        raise CannotPlan("The new instance profile needs a name.", "name")
    if not _NAME.fullmatch(name):
        raise CannotPlan(
            f"{name} is no name for an instance profile: letters, digits and +=,.@_- are, up to 128 of them.",
            "name",
        )
    return name


def checked_path(answers: Mapping[str, str], found: Wanted | None) -> str:
    """The path to use; raises CannotPlan where IAM would not take it."""
    path = answers.get("path") or (found.path if found else "/")
    if not _PATH.fullmatch(path):
        raise CannotPlan(f"{path} is no path: it begins and ends with a slash, as in /app/.", "path")
    return path


def planned_target(situation: Situation, name: str, path: str, role: Role | ContainedRole) -> Target:
    """The instance profile that a plan is going to make."""
    arn = f"arn:{situation.partition}:iam::{situation.account}:instance-profile{path}{name}"
    return Target(name, path, arn, situation.account, None, role)


def following(situation: Situation, target: Target) -> Following:
    """The steps that let those who wait for the instance profile have it."""
    if situation.subject.kind in LAUNCHING:
        return _launching(situation, target)
    profile = subject_instance_profile(situation)
    if profile is not None:
        return _users(situation, profile, target)
    return _orphans(situation, target)


def _of_reference(reference: str | None) -> Wanted | None:
    if not reference:
        return None
    if not reference.startswith("arn:"):
        return Wanted(reference.rpartition("/")[2])
    resource = reference.split(":", 5)[-1].removeprefix("instance-profile")
    path, _, name = resource.rpartition("/")
    return Wanted(name, f"{path}/")


def _launching(situation: Situation, target: Target) -> Following:
    """What names the new instance profile rightly is healed by its being there; a template can be changed."""
    versions = broken_versions(situation)
    own = [written for written in missing_references(situation) if not written_for(written, target)]
    if own and not versions:
        raise CannotPlan(
            f"{situation.subject.name} names {own[0]}, which {target.arn} would not be; make a new one that "
            "names it, or choose the same name and path."
        )
    if all(_names(version, target) for version in versions):
        return Following(versions=versions)
    repaired = template_plan(situation, target, {})
    return Following(repaired.steps, versions=versions, verify=repaired.verify, warnings=repaired.warnings)


def written_for(written: str, target: Target) -> bool:
    """Whether a reference, a name or an ARN, is one to this instance profile."""
    return written == (target.arn if written.startswith("arn:") else target.name)


def _names(version: LaunchTemplateVersion, target: Target) -> bool:
    return written_for(version.iam_instance_profile_arn or version.iam_instance_profile_name or "", target)


def _users(situation: Situation, profile: InstanceProfile, target: Target) -> Following:
    everyone = situation.inventory.instances_of(profile)
    instances = tuple(instance for instance in everyone if instance.state in CHANGEABLE)
    return Following(
        moving.move_steps(situation, instances, target),
        instances,
        verify=moving.attached_well(instances, target),
    )


def _orphans(situation: Situation, target: Target) -> Following:
    """All instances that point to the same dead instance profile as the one in question."""
    first = subject_instance(situation)
    ref = attached(situation, first) if first else None
    if first is None or ref is None:
        return Following()
    moving.check_changeable(first)
    instances = tuple(
        instance
        for instance in situation.inventory.instances
        if instance.account == first.account
        and instance.state in CHANGEABLE
        and (pointed := attached(situation, instance)) is not None
        and pointed.id == ref.id
    )
    made: list[Step] = []
    for instance in instances:
        made += steps.reattach(instance, moving.the_association(situation, instance), target, None)
    return Following(tuple(made), instances, verify=moving.attached_well(instances, target))
