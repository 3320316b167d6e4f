"""R7 and R8 in one: delete an instance profile that nothing uses and create it again under its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.fixes import steps
from instance_profiles.fixes.assemble import assemble, managed_warnings
from instance_profiles.fixes.blast_radius import reach
from instance_profiles.fixes.choices import chosen_role, role_choices
from instance_profiles.fixes.conditions import InstanceProfileHolds
from instance_profiles.fixes.plan import CannotPlan, Plan
from instance_profiles.fixes.probes import NothingUses, NotOwnedElsewhere, RoleTrustsEc2
from instance_profiles.fixes.recipe import Candidate, Need, Recipe
from instance_profiles.fixes.removal import delete_steps, refuse_if_used, unread_warnings
from instance_profiles.fixes.wanted import checked_path, following, planned_target, wanted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.fixes.situation import Situation

GROUP = "instance-profile"


def build(situation: Situation, answers: Mapping[str, str]) -> Plan:
    found = wanted(situation)
    old = situation.inventory.instance_profile_by_name(situation.account, found.name) if found else None
    if found is None or old is None:
        raise CannotPlan("No instance profile has the name already; create it.")
    if old.instance_profile_id == situation.subject.id:
        raise CannotPlan(f"{old.instance_profile_name} is the one in question, not one in the way.")
    refuse_if_used(situation, old)
    role = chosen_role(situation, answers, choices(situation, "role"))
    target = planned_target(situation, found.name, checked_path(answers, found), role)
    after = following(situation, target)
    made = (
        *delete_steps(situation, old, group=GROUP),
        steps.create_instance_profile(target, group=GROUP),
        steps.add_role(target, role, group=GROUP),
        *after.steps,
    )
    return assemble(
        RECIPE,
        situation,
        title=f"Delete {old.instance_profile_name} and create {found.name} with role {role.role_name}",
        steps=made,
        reaches=reach(situation.inventory, instances=after.instances, versions=after.versions),
        typed=True,
        probes=(
            # What means the one to come may miss the one in its way by no more than its case.
            NothingUses(old.instance_profile_name, old.arn, old.instance_profile_id, to_the_letter=True),
            NotOwnedElsewhere(old.instance_profile_name),
            RoleTrustsEc2(role.role_name, role.role_id),
        ),
        verify=(InstanceProfileHolds(found.name, None, role.role_id), *after.verify),
        verify_timeout=300.0,
        warnings=(
            "The new one has another unique id and no tags.",
            *unread_warnings(situation),
            *after.warnings,
            *managed_warnings(after.instances),
        ),
        delay="EC2 usually sees the new one after about 10 seconds, sometimes after minutes.",
        undo="Deletes the new one and makes the old one again, with a new unique id."
        if all(step.call.inverse for step in made)
        else "Cannot be undone: what the instances pointed to before does not exist any more.",
    )


def choices(situation: Situation, key: str) -> tuple[Candidate, ...]:
    found = wanted(situation)
    return role_choices(situation, found.name) if key == "role" and found else ()


RECIPE = Recipe(
    name="recreate-instance-profile",
    number="R7+R8",
    title="Delete it and create it again",
    summary="Deletes the unused instance profile that has the name and makes a new one in its place.",
    needs=(Need("role", "Role"), Need("path", "Path", optional=True)),
    actions=(
        "iam:CreateInstanceProfile",
        "iam:DeleteInstanceProfile",
        "iam:TagInstanceProfile",
        "iam:AddRoleToInstanceProfile",
        "iam:RemoveRoleFromInstanceProfile",
        "iam:PassRole",
    ),
    build=build,
    choices=choices,
)
