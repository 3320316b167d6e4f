"""The steps that change what a role may: a call with what must hold before it and after it.

Before and after are told by the role's unique id; taken back holds for any id, because a role that was
deleted comes back with another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.fixes import role_calls
from instance_profiles.fixes.conditions import (
    BoundaryIs,
    InstanceProfileTagged,
    PolicyHasVersion,
    PolicyVersionIs,
    RoleExists,
    RoleGone,
    RolePolicyAttached,
    RolePolicyIs,
    RoleUnchanged,
    SessionDurationIs,
)
from instance_profiles.fixes.plan import Call, Step

if TYPE_CHECKING:
    from instance_profiles.fixes.conditions import AnyCondition
    from instance_profiles.inventory.model import InstanceProfile, Role


def attach_policy(role: Role, policy_arn: str) -> Step:
    return _iam_step(
        role_calls.attach_policy(role, policy_arn),
        _attached(role, policy_arn, there=False),
        _attached(role, policy_arn),
        RolePolicyAttached(role.role_name, None, policy_arn, False),
    )


def detach_policy(role: Role, policy_arn: str, *also: AnyCondition) -> Step:
    """`also` must hold before as well."""
    return _iam_step(
        role_calls.detach_policy(role, policy_arn),
        _attached(role, policy_arn),
        _attached(role, policy_arn, there=False),
        RolePolicyAttached(role.role_name, None, policy_arn, True),
        *also,
    )


def put_inline_policy(role: Role, policy_name: str, document: str, old: str | None) -> Step:
    """`old` is the document that the policy has now, None where there is none of this name."""
    return _iam_step(
        role_calls.put_inline_policy(role, policy_name, document, old),
        RolePolicyIs(role.role_name, role.role_id, policy_name, old),
        RolePolicyIs(role.role_name, role.role_id, policy_name, document),
        RolePolicyIs(role.role_name, None, policy_name, old),
    )


def delete_inline_policy(role: Role, policy_name: str, document: str, *also: AnyCondition) -> Step:
    """`also` must hold before as well."""
    return _iam_step(
        role_calls.delete_inline_policy(role, policy_name, document),
        RolePolicyIs(role.role_name, role.role_id, policy_name, document),
        RolePolicyIs(role.role_name, role.role_id, policy_name, None),
        RolePolicyIs(role.role_name, None, policy_name, document),
        *also,
    )


def set_boundary(role: Role, policy_arn: str | None) -> Step:
    old = BoundaryIs(role.role_name, role.role_id, role.permissions_boundary_arn)
    new = BoundaryIs(role.role_name, role.role_id, policy_arn)
    return _iam_step(role_calls.set_boundary(role, policy_arn), old, new, old)


def new_policy_version(policy_arn: str, document: str, old_version: str, old: str) -> tuple[Step, Step]:
    """Make a version of a managed policy and put it in force in place of `old`, which stays."""
    in_force = PolicyVersionIs(policy_arn, old_version, old)
    none, there = PolicyHasVersion(policy_arn, document, False), PolicyHasVersion(policy_arn, document, True)
    return (
        _iam_step(role_calls.create_policy_version(policy_arn, document), in_force, there, none, none),
        _iam_step(
            role_calls.set_default_policy_version(policy_arn, document, old_version),
            in_force,
            PolicyVersionIs(policy_arn, None, document),
            in_force,
            there,
        ),
    )


def set_session_duration(role: Role, seconds: int, old: int) -> Step:
    before = SessionDurationIs(role.role_name, role.role_id, old)
    after = SessionDurationIs(role.role_name, role.role_id, seconds)
    return _iam_step(role_calls.set_session_duration(role, seconds, old), before, after, before)


def delete_role(role: Role, *also: AnyCondition) -> Step:
    """Delete a role that has no policies and is in no instance profile; `also` must hold before as well."""
    return _iam_step(
        role_calls.delete_role(role),
        RoleUnchanged(role.role_name, role.role_id),
        RoleGone(role.role_name),
        RoleExists(role.role_name),
        *also,
    )


def tag_instance_profile(profile: InstanceProfile, key: str, value: str, old: str | None) -> Step:
    name, profile_id = profile.instance_profile_name, profile.instance_profile_id
    before = InstanceProfileTagged(name, profile_id, key, old)
    after = InstanceProfileTagged(name, profile_id, key, value)
    return _iam_step(role_calls.tag_instance_profile(profile, key, value, old), before, after, before)


def _attached(role: Role, policy_arn: str, *, there: bool = True) -> RolePolicyAttached:
    return RolePolicyAttached(role.role_name, role.role_id, policy_arn, there)


def _iam_step(
    call: Call, before: AnyCondition, after: AnyCondition, taken_back: AnyCondition, *also: AnyCondition
) -> Step:
    return Step(
        call,
        before=(before, *also),
        after=(after,),
        taken_back=(taken_back,),
        timeout=40.0,
        interval=1.0,
    )
