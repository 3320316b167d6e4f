"""R20: take everything off a role that nothing uses, and delete it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from instance_profiles.fixes import role_steps, steps
from instance_profiles.fixes.assemble import assemble
from instance_profiles.fixes.blast_radius import reach
from instance_profiles.fixes.calls import target_of
from instance_profiles.fixes.conditions import (
    AnyCondition,
    InstanceProfileContains,
    RoleGone,
    RolePoliciesAre,
)
from instance_profiles.fixes.probes import NothingUses, RoleIdle
from instance_profiles.fixes.recipe import Recipe
from instance_profiles.fixes.removal import refuse_if_used, unread_warnings, unused
from instance_profiles.fixes.role_state import (
    about_role,
    attached_policies_of,
    changeable_role,
    inline_policies_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.fixes.plan import Plan, Step
    from instance_profiles.fixes.situation import Situation
    from instance_profiles.inventory.model import InstanceProfile, Role

NEW_ID = (
    "Makes it again with the same name, path, trust policy, permissions and instance profiles, but with a "
    "new unique id: policies that name the role as a principal keep the old id and stop working for it."
)
NAMED_ELSEWHERE = (
    "Policies of other roles, buckets, keys and accounts that name this role as a principal stop working for "
    "it, also when it is made again."
)


def build(situation: Situation, answers: Mapping[str, str]) -> Plan:
    role = changeable_role(situation)
    profiles = situation.inventory.instance_profiles_of(role)
    for profile in profiles:
        refuse_if_used(situation, profile)
    made = _steps(situation, role, profiles)
    plan = assemble(
        RECIPE,
        situation,
        title=f"Delete role {role.role_name}",
        steps=made,
        reaches=reach(situation.inventory, instance_profiles=profiles),
        typed=True,
        probes=(
            RoleIdle(role.role_name),
            *(
                NothingUses(profile.instance_profile_name, profile.arn, profile.instance_profile_id)
                for profile in profiles
            ),
        ),
        verify=(RoleGone(role.role_name),),
        warnings=(NAMED_ELSEWHERE, *unread_warnings(situation)),
        notes=_emptied(profiles),
        delay="Gone at once; sessions that were issued lose all permissions.",
        undo=NEW_ID,
        alone="A role may be used where no instance shows it; look at each, and delete it by itself.",
    )
    return about_role(plan, role)


def _steps(situation: Situation, role: Role, profiles: tuple[InstanceProfile, ...]) -> tuple[Step, ...]:
    attached, inline = attached_policies_of(role), inline_policies_of(role)
    made = (
        *(role_steps.detach_policy(role, policy.policy_arn) for policy in attached),
        *(
            role_steps.delete_inline_policy(role, policy.policy_name, policy.policy_document)
            for policy in inline
        ),
        *(_take_out(role, profile) for profile in profiles),
        role_steps.delete_role(role),
    )
    at_first: tuple[AnyCondition, ...] = (
        RolePoliciesAre(
            role.role_name,
            role.role_id,
            tuple(policy.policy_arn for policy in attached),
            tuple(policy.policy_name for policy in inline),
        ),
        *(unused(situation, profile) for profile in profiles),
    )
    first = msgspec.structs.replace(made[0], before=(*made[0].before, *at_first))
    return (first, *made[1:])


def _take_out(role: Role, profile: InstanceProfile) -> Step:
    step = steps.remove_role(target_of(profile), role)
    back = InstanceProfileContains(profile.instance_profile_name, role.role_name)
    return msgspec.structs.replace(step, taken_back=(back,))


def _emptied(profiles: tuple[InstanceProfile, ...]) -> tuple[str, ...]:
    if not profiles:
        return ()
    names = ", ".join(profile.instance_profile_name for profile in profiles)
    return (f"Left empty, to be deleted or filled: {names}.",)


RECIPE = Recipe(
    name="delete-role",
    number="R20",
    title="Delete the role",
    summary="Takes policies and instance profiles off a role that nothing uses, and deletes it.",
    actions=(
        "iam:DeleteRole",
        "iam:CreateRole",
        "iam:TagRole",
        "iam:AttachRolePolicy",
        "iam:DetachRolePolicy",
        "iam:PutRolePolicy",
        "iam:DeleteRolePolicy",
        "iam:PutRolePermissionsBoundary",
        "iam:DeleteRolePermissionsBoundary",
        "iam:AddRoleToInstanceProfile",
        "iam:RemoveRoleFromInstanceProfile",
        "iam:PassRole",
    ),
    build=build,
)
