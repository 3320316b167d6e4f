"""R8: create an instance profile with a role, and give it to those who wait for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.fixes import steps
from instance_profiles.fixes.assemble import assemble, managed_warnings
from instance_profiles.fixes.blast_radius import reach
from instance_profiles.fixes.choices import chosen_role, role_choices
from instance_profiles.fixes.conditions import InstanceProfileHolds
from instance_profiles.fixes.plan import CannotPlan, Plan
from instance_profiles.fixes.probes import InstanceProfileQuotaLeft, NameFree, RoleTrustsEc2
from instance_profiles.fixes.recipe import Candidate, Need, Recipe
from instance_profiles.fixes.wanted import (
    Wanted,
    checked_name,
    checked_path,
    following,
    planned_target,
    wanted,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.fixes.situation import Situation

PROPAGATION = (
    "EC2 usually sees a new instance profile after about 10 seconds, sometimes after minutes; "
    "iptui waits for that."
)
GROUP = "instance-profile"


def build(situation: Situation, answers: Mapping[str, str]) -> Plan:
    found = wanted(situation)
    name, path = checked_name(answers, found), checked_path(answers, found)
    _refuse_taken(situation, name)
    role = chosen_role(situation, answers, choices(situation, "role"))
    target = planned_target(situation, name, path, role)
    after = following(situation, target)
    made = (
        steps.create_instance_profile(target, group=GROUP),
        steps.add_role(target, role, group=GROUP),
        *after.steps,
    )
    return assemble(
        RECIPE,
        situation,
        title=f"Create instance profile {name} with role {role.role_name}",
        steps=made,
        reaches=reach(situation.inventory, instances=after.instances, versions=after.versions),
        probes=(NameFree(name), InstanceProfileQuotaLeft(), RoleTrustsEc2(role.role_name, role.role_id)),
        verify=(InstanceProfileHolds(name, None, role.role_id), *after.verify),
        verify_timeout=300.0,
        warnings=(*after.warnings, *managed_warnings(after.instances)),
        delay=PROPAGATION,
        undo=(
            "Deletes the new instance profile, once nothing uses it any more."
            if all(step.call.inverse for step in made)
            else "Cannot be undone: what the instances pointed to before does not exist any more."
        ),
    )


def choices(situation: Situation, key: str) -> tuple[Candidate, ...]:
    found = wanted(situation)
    if key == "role":
        candidates = role_choices(situation, found.name if found else "")
        return _certain_first(candidates, situation, found)
    if key == "name" and found is not None:
        taken = situation.inventory.instance_profile_by_name(situation.account, found.name) is not None
        name = free_name(situation, found.name)
        return (Candidate(name, name, f"{found.name} is taken" if taken else "the name that is looked for"),)
    if key == "path" and found is not None:
        return (Candidate(found.path, found.path),)
    return ()


def free_name(situation: Situation, name: str) -> str:
    """The name itself, or the first of name-2, name-3, ... that no instance profile has in any case."""
    by_name, number, free = situation.inventory.instance_profile_by_name, 2, name
    while by_name(situation.account, free) is not None:
        free, number = f"{name[:124]}-{number}", number + 1
    return free


def _certain_first(
    candidates: tuple[Candidate, ...], situation: Situation, found: Wanted | None
) -> tuple[Candidate, ...]:
    role = (
        situation.inventory.roles.get((situation.account, found.role_id)) if found and found.role_id else None
    )
    if role is None:
        return candidates
    return tuple(sorted(candidates, key=lambda candidate: candidate.value != role.arn))


def _refuse_taken(situation: Situation, name: str) -> None:
    taken = situation.inventory.instance_profile_by_name(situation.account, name)
    if taken is None:
        return
    same = "" if taken.instance_profile_name == name else " (names are unique whatever their case)"
    raise CannotPlan(
        f"There is an instance profile {taken.instance_profile_name} already{same}: adopt it, choose another "
        f"name such as {free_name(situation, name)}, or delete and create it again where nothing uses it.",
        "name",
    )


RECIPE = Recipe(
    name="create-instance-profile",
    number="R8",
    title="Create an instance profile",
    summary="Makes an instance profile with a role, and gives it to the instances that wait for it.",
    needs=(Need("name", "Name"), Need("role", "Role"), Need("path", "Path", optional=True)),
    actions=(
        "iam:CreateInstanceProfile",
        "iam:DeleteInstanceProfile",
        "iam:TagInstanceProfile",
        "iam:AddRoleToInstanceProfile",
        "iam:RemoveRoleFromInstanceProfile",
        "iam:PassRole",
        "ec2:AssociateIamInstanceProfile",
        "ec2:DisassociateIamInstanceProfile",
        "ec2:ReplaceIamInstanceProfileAssociation",
    ),
    build=build,
    choices=choices,
)
