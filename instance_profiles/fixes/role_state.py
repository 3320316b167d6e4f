"""The role that a fix of permissions changes, as it was read; plans on it are named after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from instance_profiles.fixes.assemble import typeable
from instance_profiles.fixes.plan import CannotPlan, Plan
from instance_profiles.fixes.situation import is_service_linked, nothing_there, subject_role

if TYPE_CHECKING:
    from instance_profiles.fixes.situation import Situation
    from instance_profiles.inventory.model import AttachedPolicy, InlinePolicy, Role

SSO_PATH = "/aws-reserved/sso.amazonaws.com/"


def changeable_role(situation: Situation) -> Role:
    """The role in question; raises CannotPlan where there is none, or where only AWS may change it."""
    role = subject_role(situation)
    if role is None:
        raise nothing_there(situation)
    refuse_unmodifiable(role)
    return role


def refuse_unmodifiable(role: Role) -> None:
    """Raise CannotPlan for a role that IAM or IAM Identity Center keeps for itself."""
    if is_service_linked(role):
        raise CannotPlan(
            f"{role.role_name} is a service-linked role that only AWS may change; use another role."
        )
    if role.path.startswith(SSO_PATH):
        raise CannotPlan(
            f"{role.role_name} belongs to IAM Identity Center, which undoes changes made here; change its "
            "permission set instead."
        )


def attached_policies_of(role: Role) -> tuple[AttachedPolicy, ...]:
    """Its managed policies; raises CannotPlan where they were not read."""
    if role.attached_policies is None:
        raise _unread(role)
    return role.attached_policies


def inline_policies_of(role: Role) -> tuple[InlinePolicy, ...]:
    """Its inline policies; raises CannotPlan where they were not read."""
    if role.inline_policies is None:
        raise _unread(role)
    return role.inline_policies


def about_role(plan: Plan, role: Role) -> Plan:
    """The plan with the role's name to be typed: it is the role that changes, whatever was found broken."""
    return msgspec.structs.replace(plan, typed_name=plan.typed_name and typeable(role.ref))


def _unread(role: Role) -> CannotPlan:
    return CannotPlan(
        f"The policies of {role.role_name} were not read (iam:GetAccountAuthorizationDetails); reload with a "
        "caller that may."
    )
