"""Giving a launch template a version that names a good instance profile, and making it the one in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from instance_profiles.fixes import calls
from instance_profiles.fixes.conditions import (
    AnyCondition,
    DefaultVersionIs,
    GroupLaunchesWith,
    GroupPins,
    InstanceProfileHolds,
    LatestVersionIs,
    VersionNames,
)
from instance_profiles.fixes.currents import NewVersion
from instance_profiles.fixes.plan import CannotPlan, Step
from instance_profiles.fixes.situation import broken_versions, nothing_there, versions_in_question
from instance_profiles.inventory.model import LaunchTemplateVersion

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.fixes.calls import Target
    from instance_profiles.fixes.situation import Situation
    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import AutoScalingGroup


class Repair(msgspec.Struct, frozen=True):
    """The steps on a launch template, what proves them, and what a person should know."""

    steps: tuple[Step, ...]
    source: LaunchTemplateVersion
    versions: tuple[LaunchTemplateVersion, ...]
    verify: tuple[AnyCondition, ...]
    warnings: tuple[str, ...]


class _Template(msgspec.Struct, frozen=True):
    """What is known of the template in question."""

    source: LaunchTemplateVersion
    broken: tuple[LaunchTemplateVersion, ...]
    latest: LaunchTemplateVersion
    default: LaunchTemplateVersion | None
    arn: str

    @property
    def changes_default(self) -> bool:
        return self.default is not None and self.default in self.broken


def template_plan(situation: Situation, target: Target, answers: Mapping[str, str]) -> Repair:
    """Copy a broken version with the instance profile put right; raises CannotPlan.

    The copy becomes the default where the default is broken. Scaling groups that pin a broken number are set
    to it; those that follow $Latest or $Default get it by themselves at their next launch.
    """
    template = _template(situation, answers)
    pinning, warnings = _pinning(situation.inventory, template)
    number = NewVersion(template.latest.version_number + 1)
    unchanged = _unchanged(template, pinning, target)
    made = [_create_step(template, number, target, unchanged)]
    if template.changes_default:
        made.append(_default_step(template, number, target))
    made += [_group_step(template, group, pinned, number, target) for group, pinned in pinning]
    verify = [VersionNames(*_place(template), "$Latest", target.arn), *(_held(step) for step in made[1:])]
    return Repair(
        tuple(made),
        template.source,
        template.broken,
        tuple(verify),
        (*_template_warnings(template), *warnings),
    )


def version_choices(situation: Situation) -> tuple[LaunchTemplateVersion, ...]:
    """The broken versions a copy can be made of: the default first, then the latest, then pinned ones."""
    return tuple(
        sorted(
            broken_versions(situation),
            key=lambda v: (not v.default_version, not v.latest_version, -v.version_number),
        )
    )


def _template(situation: Situation, answers: Mapping[str, str]) -> _Template:
    broken = version_choices(situation)
    if not broken:
        raise _nothing_broken(situation)
    wanted = answers.get("version")
    source = next((v for v in broken if wanted in (None, str(v.version_number))), None)
    if source is None:
        numbers = ", ".join(str(version.version_number) for version in broken)
        raise CannotPlan(
            f"Version {wanted} of {source_name(situation)} is not one to repair; those are {numbers}.",
            "version",
        )
    broken = tuple(v for v in broken if v.launch_template_id == source.launch_template_id)
    every = situation.inventory.versions_of_template(source)
    latest = next((v for v in every if v.latest_version), None)
    if latest is None:
        raise CannotPlan(
            f"The latest version of {source_name(situation)} was not read; reload and try again."
        )
    default = next((v for v in every if v.default_version), None)
    partition = situation.partition
    arn = f"arn:{partition}:ec2:{source.region}:{source.account}:launch-template/{source.launch_template_id}"
    template = _Template(source, broken, latest, default, arn)
    _refuse_to_move_latest(situation.inventory, template)
    return template


def source_name(situation: Situation) -> str:
    named = (version.launch_template_name for version in version_choices(situation))
    return f"launch template {next(named, situation.subject.name)}"


def _nothing_broken(situation: Situation) -> CannotPlan:
    versions = versions_in_question(situation)
    if not versions:
        return nothing_there(situation)
    names = ", ".join(dict.fromkeys(version.launch_template_name for version in versions))
    return CannotPlan(
        f"Launch template {names} names an instance profile that can be used; it is not the cause."
    )


def _refuse_to_move_latest(inventory: Inventory, template: _Template) -> None:
    """A copy of an older version becomes $Latest: who follows a good $Latest would get the older settings."""
    if template.latest in template.broken or template.latest == template.source:
        return
    followers = [
        group.auto_scaling_group_name
        for group in inventory.groups_using_template(template.latest)
        if any(spec.version == "$Latest" for spec in group.launch_templates)
    ]
    if followers:
        raise CannotPlan(
            f"Scaling group {followers[0]} follows $Latest (version {template.latest.version_number}, which "
            f"is good); a copy of version {template.source.version_number} would take its place. Set the "
            "default version by hand instead."
        )


def _pinning(
    inventory: Inventory, template: _Template
) -> tuple[list[tuple[AutoScalingGroup, str]], list[str]]:
    """The scaling groups that pin a broken number, and warnings for those that can only be set by hand."""
    numbers = {str(version.version_number) for version in template.broken}
    names = (template.source.launch_template_id, template.source.launch_template_name)
    pinning: list[tuple[AutoScalingGroup, str]] = []
    warnings: list[str] = []
    found = {
        g.auto_scaling_group_name: g for v in template.broken for g in inventory.groups_using_template(v)
    }
    for group in found.values():
        pinned = [
            spec
            for spec in group.launch_templates
            if spec.version in numbers and (spec.launch_template_id or spec.launch_template_name) in names
        ]
        if pinned and len(group.launch_templates) > 1:
            warnings.append(
                f"Scaling group {group.auto_scaling_group_name} pins version {pinned[0].version} in its "
                "mixed instances policy; set the new version there by hand."
            )
        elif pinned:
            pinning.append((group, pinned[0].version))
    return pinning, warnings


def _unchanged(
    template: _Template, pinning: list[tuple[AutoScalingGroup, str]], target: Target
) -> tuple[AnyCondition, ...]:
    """Everything the whole repair builds on, asked before its first call."""
    conditions: list[AnyCondition] = [LatestVersionIs(*_place(template), template.latest.version_number)]
    if template.changes_default and template.default is not None:
        conditions.append(DefaultVersionIs(*_place(template), template.default.version_number))
    conditions += [
        GroupPins(group.region, group.auto_scaling_group_name, template.source.launch_template_id, pinned)
        for group, pinned in pinning
    ]
    role_id = target.role.role_id if target.role else None
    conditions.append(InstanceProfileHolds(target.name, target.instance_profile_id, role_id))
    return tuple(conditions)


def _create_step(
    template: _Template, number: NewVersion, target: Target, unchanged: tuple[AnyCondition, ...]
) -> Step:
    return Step(
        calls.create_template_version(template.source, number.expected, target, template.arn),
        before=unchanged,
        after=(VersionNames(*_place(template), "$Latest", target.arn),),
        taken_back=(LatestVersionIs(*_place(template), template.latest.version_number),),
        group=template.source.launch_template_id,
    )


def _default_step(template: _Template, number: NewVersion, target: Target) -> Step:
    old = template.default.version_number if template.default else 0
    return Step(
        calls.set_default_version(template.source, number, str(old), template.arn),
        before=(DefaultVersionIs(*_place(template), old),),
        after=(VersionNames(*_place(template), "$Default", target.arn),),
        taken_back=(DefaultVersionIs(*_place(template), old),),
        group=template.source.launch_template_id,
    )


def _group_step(
    template: _Template, group: AutoScalingGroup, pinned: str, number: NewVersion, target: Target
) -> Step:
    name, template_id = group.auto_scaling_group_name, template.source.launch_template_id
    return Step(
        calls.pin_group(group, template_id, number),
        before=(GroupPins(group.region, name, template_id, pinned),),
        after=(GroupLaunchesWith(group.region, name, target.arn),),
        group=template_id,
    )


def _place(template: _Template) -> tuple[str, str]:
    return template.source.region, template.source.launch_template_id


def _held(step: Step) -> AnyCondition:
    return step.after[0]


def _template_warnings(template: _Template) -> tuple[str, ...]:
    source, latest, default = template.source, template.latest, template.default
    warnings = []
    if latest != source:
        warnings.append(
            f"The new version is a copy of version {source.version_number} and becomes $Latest after "
            f"version {latest.version_number}."
        )
    if template.changes_default and default is not None and default != source:
        warnings.append(
            f"The default version {default.version_number} is broken too and is replaced by the copy of "
            f"version {source.version_number}; their other settings may differ."
        )
    return tuple(warnings)
