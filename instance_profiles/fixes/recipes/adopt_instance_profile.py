"""R9: use the instance profile that has the name already instead of creating one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.owner import shell
from instance_profiles.findings.ownership import owner_of_ref
from instance_profiles.fixes import steps
from instance_profiles.fixes.assemble import SECONDS, UP_TO_AN_HOUR, assemble, managed_warnings
from instance_profiles.fixes.blast_radius import reach
from instance_profiles.fixes.calls import Target, target_of
from instance_profiles.fixes.choices import chosen_role, find_instance_profile, role_choices
from instance_profiles.fixes.conditions import InstanceProfileHolds
from instance_profiles.fixes.drift import TERRAFORM_TYPE, taking_over
from instance_profiles.fixes.plan import CannotPlan, Plan, Step
from instance_profiles.fixes.probes import RoleTrustsEc2
from instance_profiles.fixes.recipe import Candidate, Need, Recipe
from instance_profiles.fixes.situation import Situation, as_role
from instance_profiles.fixes.wanted import following, wanted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.inventory.model import InstanceProfile, Role


def build(situation: Situation, answers: Mapping[str, str]) -> Plan:
    profile = _existing(situation, answers)
    role = _role(situation, answers, profile)
    target = target_of(profile)
    filled = Target(target.name, target.path, target.arn, target.account, profile.instance_profile_id, role)
    own = _own_steps(target, profile, role)
    after = following(situation, filled)
    made = (*own, *after.steps)
    return assemble(
        RECIPE,
        situation,
        title=f"Use the existing instance profile {profile.instance_profile_name} with role {role.role_name}",
        steps=made,
        reaches=reach(
            situation.inventory,
            instance_profiles=(profile,) if own else (),
            instances=after.instances,
            versions=after.versions,
        ),
        probes=(RoleTrustsEc2(role.role_name, role.role_id),),
        verify=(
            InstanceProfileHolds(target.name, profile.instance_profile_id, role.role_id),
            *after.verify,
        ),
        warnings=(*after.warnings, *managed_warnings(after.instances)),
        notes=(_taken_over(situation, profile.instance_profile_name),),
        delay=UP_TO_AN_HOUR if own else SECONDS if after.steps else "Nothing has to change.",
        undo=_undo(made),
    )


def choices(situation: Situation, key: str) -> tuple[Candidate, ...]:
    found = wanted(situation)
    named = found and situation.inventory.instance_profile_by_name(situation.account, found.name)
    if not named:
        return ()
    if key == "instance-profile":
        holds = f"role {named.role.role_name}" if named.role else "no role"
        return (Candidate(named.arn, named.instance_profile_name, holds),)
    if key == "role":
        candidates = role_choices(situation, named.instance_profile_name)
        inside = named.role.arn if named.role else None
        return tuple(sorted(candidates, key=lambda candidate: candidate.value != inside))
    return ()


def _existing(situation: Situation, answers: Mapping[str, str]) -> InstanceProfile:
    found = wanted(situation)
    asked = answers.get("instance-profile") or (found.name if found else None)
    if not asked:
        raise CannotPlan("Say which instance profile to adopt.", "instance-profile")
    profile = find_instance_profile(situation, asked)
    if profile is None:
        missing = "instance-profile" if "instance-profile" in answers else None
        raise CannotPlan(f"There is no instance profile {asked} to adopt; create it.", missing)
    if profile.instance_profile_id == situation.subject.id:
        raise CannotPlan(f"{profile.instance_profile_name} is the one in question; nothing is to be adopted.")
    return profile


def _role(situation: Situation, answers: Mapping[str, str], profile: InstanceProfile) -> Role:
    found = wanted(situation)
    if "role" not in answers and found and found.role_id:
        role = situation.inventory.roles.get((situation.account, found.role_id))
        if role is not None:
            return role
    if "role" not in answers and profile.role is not None:
        return situation.inventory.role_in(profile) or as_role(profile.role, profile.account)
    return chosen_role(situation, answers, role_choices(situation, profile.instance_profile_name))


def _own_steps(target: Target, profile: InstanceProfile, role: Role) -> tuple[Step, ...]:
    if profile.role is None:
        return (steps.add_role(target, role, group="instance-profile"),)
    if profile.role.role_id == role.role_id:
        return ()
    return (
        steps.remove_role(target, profile.role, steps.role_there(role), group="instance-profile"),
        steps.add_role(target, role, group="instance-profile"),
    )


def _taken_over(situation: Situation, name: str) -> str:
    """The command for the tool that owns what is being fixed; for Terraform where none is known to."""
    owner = owner_of_ref(situation.subject, situation.inventory)
    by_owner = taking_over(owner, name) if owner and owner.certainty == "tag" else None
    return by_owner or f"For Terraform: {shell('terraform', 'import', f'{TERRAFORM_TYPE}.NAME', name)}"


def _undo(made: tuple[Step, ...]) -> str:
    if not made:
        return "There is nothing to undo."
    if all(step.call.inverse for step in made):
        return "Puts the role and the associations back as they were."
    return "Cannot be undone: what the instances pointed to before does not exist any more."


RECIPE = Recipe(
    name="adopt-instance-profile",
    number="R9",
    title="Use the instance profile that exists",
    summary="Takes the instance profile that has the name already, with the right role inside.",
    needs=(Need("instance-profile", "Instance profile"), Need("role", "Role", optional=True)),
    actions=(
        "iam:AddRoleToInstanceProfile",
        "iam:RemoveRoleFromInstanceProfile",
        "iam:PassRole",
        "ec2:AssociateIamInstanceProfile",
        "ec2:DisassociateIamInstanceProfile",
        "ec2:ReplaceIamInstanceProfileAssociation",
        "ec2:CreateLaunchTemplateVersion",
        "ec2:DeleteLaunchTemplateVersions",
        "ec2:ModifyLaunchTemplate",
        "ec2:RunInstances",
        "autoscaling:UpdateAutoScalingGroup",
    ),
    build=build,
    choices=choices,
)
