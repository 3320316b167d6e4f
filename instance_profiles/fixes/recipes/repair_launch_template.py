"""R14: make a version of a launch template that names a good instance profile, and put it to use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.fixes.assemble import assemble
from instance_profiles.fixes.blast_radius import reach
from instance_profiles.fixes.calls import target_of
from instance_profiles.fixes.choices import chosen_instance_profile, instance_profile_choices
from instance_profiles.fixes.plan import CannotPlan, Plan
from instance_profiles.fixes.probes import DryRunPasses, RoleTrustsEc2, WouldLaunch
from instance_profiles.fixes.recipe import Candidate, Need, Recipe
from instance_profiles.fixes.situation import Situation, attached, broken_versions, subject_instance
from instance_profiles.fixes.templates import source_name, template_plan, version_choices

if TYPE_CHECKING:
    from collections.abc import Mapping


def build(situation: Situation, answers: Mapping[str, str]) -> Plan:
    profile = chosen_instance_profile(situation, answers, choices(situation, "instance-profile"))
    if profile.role is None:
        raise CannotPlan(
            f"{profile.instance_profile_name} has no role and would give no credentials; choose another one.",
            "instance-profile",
        )
    repair = template_plan(situation, target_of(profile), answers)
    return assemble(
        RECIPE,
        situation,
        title=f"Let {source_name(situation)} name {profile.instance_profile_name}",
        steps=repair.steps,
        reaches=reach(situation.inventory, versions=repair.versions),
        probes=(
            RoleTrustsEc2(profile.role.role_name, profile.role.role_id),
            DryRunPasses(0),
            WouldLaunch(
                repair.source.region,
                profile.arn,
                repair.source.launch_template_id,
                repair.source.version_number,
            ),
        ),
        verify=repair.verify,
        warnings=(
            *repair.warnings,
            "If CloudFormation, EKS or Terraform owns the template, change it there as well.",
        ),
        delay="From the next launch on; running instances keep what they have.",
        undo="Sets the default version back and deletes the new version."
        if all(step.call.inverse for step in repair.steps)
        else "Cannot be undone: Auto Scaling lets no group go back to a version whose instance profile is "
        "missing or empty.",
    )


def choices(situation: Situation, key: str) -> tuple[Candidate, ...]:
    versions = version_choices(situation)
    if key == "instance-profile":
        instance = subject_instance(situation)
        has = attached(situation, instance) if instance else None
        named = [
            v.iam_instance_profile_arn or v.iam_instance_profile_name or ""
            for v in broken_versions(situation)
        ]
        like = [has.name] if has else [name.rpartition("/")[2] for name in named]
        return instance_profile_choices(situation, like=like)
    if key == "version":
        return tuple(
            Candidate(
                str(v.version_number),
                f"version {v.version_number}",
                _marks(v.default_version, v.latest_version),
            )
            for v in versions
        )
    return ()


def _marks(default: bool, latest: bool) -> str:
    return " · ".join(word for word, holds in (("default", default), ("latest", latest)) if holds)


RECIPE = Recipe(
    name="repair-launch-template",
    number="R14",
    title="Repair the launch template",
    summary="Makes a new version that names a good instance profile, and puts it to use.",
    needs=(
        Need("instance-profile", "Instance profile"),
        Need("version", "Version to copy", optional=True),
    ),
    actions=(
        "ec2:CreateLaunchTemplateVersion",
        "ec2:DeleteLaunchTemplateVersions",
        "ec2:ModifyLaunchTemplate",
        "ec2:RunInstances",
        "autoscaling:UpdateAutoScalingGroup",
        "iam:PassRole",
    ),
    build=build,
    choices=choices,
)
