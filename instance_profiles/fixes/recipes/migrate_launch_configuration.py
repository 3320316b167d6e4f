"""Move scaling groups from a launch configuration, which nobody can change, to a launch template."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from instance_profiles.fixes import scaling_calls
from instance_profiles.fixes.assemble import assemble
from instance_profiles.fixes.blast_radius import reach
from instance_profiles.fixes.calls import Target, target_of
from instance_profiles.fixes.choices import chosen_instance_profile, instance_profile_choices
from instance_profiles.fixes.conditions import (
    GroupConfigured,
    InstanceProfileHolds,
    LaunchTemplateNamed,
)
from instance_profiles.fixes.plan import CannotPlan, Plan, Step
from instance_profiles.fixes.probes import DryRunPasses, RoleTrustsEc2, WouldLaunch
from instance_profiles.fixes.recipe import Candidate, Need, Recipe
from instance_profiles.fixes.situation import Situation, nothing_there, subject_configuration

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.inventory.model import AutoScalingGroup, LaunchConfiguration

_NAME = re.compile(r"[a-zA-Z0-9().\-/_]{3,128}")
"""What EC2 takes as the name of a launch template (CreateLaunchTemplate)."""


def build(situation: Situation, answers: Mapping[str, str]) -> Plan:
    configuration = subject_configuration(situation)
    if configuration is None:
        raise nothing_there(situation)
    profile = chosen_instance_profile(situation, answers, choices(situation, "instance-profile"))
    if profile.role is None:
        raise CannotPlan(
            f"{profile.instance_profile_name} has no role, so that nothing could launch; choose another one.",
            "instance-profile",
        )
    name = _template_name(situation, configuration, answers)
    groups = situation.inventory.groups_using_configuration(configuration)
    target = target_of(profile)
    radius = reach(situation.inventory)
    made = _steps(configuration, groups, name, target)
    return assemble(
        RECIPE,
        situation,
        title=f"Move {configuration.launch_configuration_name} to a launch template with "
        f"{profile.instance_profile_name}",
        steps=made,
        reaches=msgspec.structs.replace(radius, auto_scaling_groups=tuple(group.ref for group in groups)),
        probes=(
            RoleTrustsEc2(profile.role.role_name, profile.role.role_id),
            DryRunPasses(0),
            WouldLaunch(
                configuration.region,
                profile.arn,
                launch_configuration_name=configuration.launch_configuration_name,
            ),
        ),
        verify=tuple(condition for step in made for condition in step.after),
        notes=(
            (
                "The launch configuration stays, for you to delete. Compare the new template with it before "
                "the next launch."
            ),
        ),
        delay="From the next launch on; running instances keep what they have.",
        undo="Sets the groups back to the launch configuration and deletes the template; where AWS does not "
        "take a broken launch configuration back, the groups stay with the template.",
    )


def choices(situation: Situation, key: str) -> tuple[Candidate, ...]:
    configuration = subject_configuration(situation)
    if configuration is None:
        return ()
    if key == "instance-profile":
        named = (configuration.iam_instance_profile or "").rpartition("/")[2]
        return instance_profile_choices(situation, like=(named,))
    if key == "name":
        name = _free_name(situation, configuration)
        return (Candidate(name, name, "as the launch configuration"),) if name else ()
    return ()


def _steps(
    configuration: LaunchConfiguration, groups: tuple[AutoScalingGroup, ...], name: str, target: Target
) -> tuple[Step, ...]:
    region, old = configuration.region, configuration.launch_configuration_name
    role_id = target.role.role_id if target.role else None
    there = LaunchTemplateNamed(region, name, True)
    create = Step(
        scaling_calls.create_template(configuration, name, target),
        before=(
            LaunchTemplateNamed(region, name, False),
            InstanceProfileHolds(target.name, target.instance_profile_id, role_id),
            *(GroupConfigured(region, group.auto_scaling_group_name, old, None) for group in groups),
        ),
        after=(there,),
        taken_back=(LaunchTemplateNamed(region, name, False),),
        group=name,
    )
    moves = (
        Step(
            scaling_calls.launch_from_template(group, name),
            before=(there, GroupConfigured(region, group.auto_scaling_group_name, old, None)),
            after=(GroupConfigured(region, group.auto_scaling_group_name, None, name),),
            taken_back=(GroupConfigured(region, group.auto_scaling_group_name, old, None), there),
            group=name,
        )
        for group in groups
    )
    return (create, *moves)


def _template_name(
    situation: Situation, configuration: LaunchConfiguration, answers: Mapping[str, str]
) -> str:
    name = answers.get("name") or _free_name(situation, configuration)
    if name is None or _NAME.fullmatch(name) is None:
        shown = name or configuration.launch_configuration_name
        raise CannotPlan(
            f"{shown} will not do as the name of a launch template: 3 to 128 letters, digits and ().-/_",
            "name",
        )
    if name in _taken(situation, configuration.region):
        raise CannotPlan(f"There is a launch template {name} already; choose another name.", "name")
    return name


def _free_name(situation: Situation, configuration: LaunchConfiguration) -> str | None:
    """The name of the launch configuration as far as templates may have it, with a number where taken."""
    taken = _taken(situation, configuration.region)
    plain = re.sub(r"[^a-zA-Z0-9().\-/_]+", "-", configuration.launch_configuration_name)[:120]
    if len(plain) < 3:
        return None
    name, number = plain, 2
    while name in taken:
        name, number = f"{plain}-{number}", number + 1
    return name


def _taken(situation: Situation, region: str) -> frozenset[str]:
    return frozenset(
        version.launch_template_name
        for version in situation.inventory.launch_template_versions
        if (version.account, version.region) == (situation.account, region)
    )


RECIPE = Recipe(
    name="migrate-launch-configuration",
    number="R14",
    title="Move to a launch template",
    summary="Makes a launch template of the launch configuration, with a good instance profile, and uses it.",
    needs=(
        Need("instance-profile", "Instance profile"),
        Need("name", "Name of the launch template", optional=True),
    ),
    actions=(
        "ec2:CreateLaunchTemplate",
        "ec2:DeleteLaunchTemplate",
        "ec2:RunInstances",
        "autoscaling:UpdateAutoScalingGroup",
        "iam:PassRole",
    ),
    build=build,
    choices=choices,
)
