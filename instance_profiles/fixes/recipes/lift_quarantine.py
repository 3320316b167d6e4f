"""Take a deny-all policy off a role; only ever after somebody typed its name, never by default."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.role_policies import is_quarantine, policies_of
from instance_profiles.fixes import role_steps
from instance_profiles.fixes.assemble import assemble
from instance_profiles.fixes.blast_radius import reach
from instance_profiles.fixes.plan import CannotPlan, Plan, Step
from instance_profiles.fixes.recipe import Recipe
from instance_profiles.fixes.role_state import about_role, changeable_role, inline_policies_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.fixes.situation import Situation
    from instance_profiles.inventory.model import Role

ON_PURPOSE = (
    "A policy that denies everything is nearly always put there on purpose, after an incident. Find out who "
    "put it there (CloudTrail, AttachRolePolicy and PutRolePolicy) before you take it away."
)


def build(situation: Situation, answers: Mapping[str, str]) -> Plan:
    role = changeable_role(situation)
    made = _steps(role, situation)
    if not made:
        raise CannotPlan(f"{role.role_name} has no policy that denies everything any more; reload.")
    plan = assemble(
        RECIPE,
        situation,
        title=f"Lift the quarantine of {role.role_name}",
        steps=made,
        reaches=reach(situation.inventory, instance_profiles=situation.inventory.instance_profiles_of(role)),
        typed=True,
        verify=tuple(condition for step in made for condition in step.after),
        warnings=(ON_PURPOSE,),
        alone="Somebody has put it under quarantine; find out why, and lift it by itself.",
        delay="Within seconds to minutes: the role may again what its other policies allow.",
        undo="Puts the same policies back.",
    )
    return about_role(plan, role)


def _steps(role: Role, situation: Situation) -> tuple[Step, ...]:
    inline = {policy.policy_name: policy.policy_document for policy in inline_policies_of(role)}
    shut = [p for p in policies_of(role, situation.inventory) or () if is_quarantine(p)]
    return (
        *(role_steps.detach_policy(role, policy.arn) for policy in shut if policy.arn),
        *(
            role_steps.delete_inline_policy(role, policy.name, inline[policy.name])
            for policy in shut
            if not policy.arn
        ),
    )


RECIPE = Recipe(
    name="lift-quarantine",
    number="R11",
    title="Lift the quarantine",
    summary="Takes off the policies that deny everything; only once you know why they are there.",
    actions=(
        "iam:AttachRolePolicy",
        "iam:DetachRolePolicy",
        "iam:PutRolePolicy",
        "iam:DeleteRolePolicy",
    ),
    build=build,
)
