"""Who makes calls, as their ARN tells it, and whether IAM takes an inline policy for them from here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from instance_profiles.fixes.role_state import SSO_PATH
from instance_profiles.fixes.situation import is_service_linked, known_roles
from instance_profiles.inventory.model import Role

if TYPE_CHECKING:
    from instance_profiles.fixes.situation import Situation

_SSO_ROLE = "AWSReservedSSO_"


class Principal(msgspec.Struct, frozen=True):
    """A user or a role: whose policies decide about the calls of the caller.

    `obstacle` is empty where an inline policy can be put, else the sentence that says why not and where
    the policy belongs instead. `unique_id` is None where it is not known.
    """

    kind: Literal["user", "role", "root", "other"]
    arn: str
    name: str
    unique_id: str | None = None
    role: Role | None = None
    obstacle: str = ""


def principal_of(situation: Situation, arn: str, unique_id: str | None = None) -> Principal | None:
    """The principal behind the ARN of a caller, user or role; None where the text is no such ARN."""
    parts = arn.split(":", 5)
    if len(parts) != 6 or parts[0] != "arn" or parts[2] not in ("iam", "sts"):
        return None
    kind, _, rest = parts[5].partition("/")
    if parts[4] != situation.account:
        return Principal(
            "other", arn, rest or kind, obstacle=f"It is in account {parts[4]}, not in this one."
        )
    if kind == "user" and rest:
        return Principal("user", arn, rest.rpartition("/")[2], unique_id)
    if kind == "assumed-role" and rest:
        return _role(situation, arn, rest.partition("/")[0])
    if kind == "role" and rest:
        return _role(situation, arn, rest.rpartition("/")[2])
    if kind == "root":
        why = "The root user needs no permission: only a policy of the organization can deny it."
        return Principal("root", arn, kind, obstacle=why)
    why = "A federated session has no policies of its own; its identity provider's side decides."
    return Principal("other", arn, rest or kind, obstacle=why)


def _role(situation: Situation, arn: str, name: str) -> Principal:
    found = next(
        (r for r in known_roles(situation.inventory, situation.account) if r.role_name == name), None
    )
    return Principal(
        "role",
        found.arn if found else arn,
        name,
        found.role_id if found else None,
        found,
        _why_not(found, name),
    )


def _why_not(role: Role | None, name: str) -> str:
    if name.startswith(_SSO_ROLE) or (role and role.path.startswith(SSO_PATH)):
        permission_set = name.removeprefix(_SSO_ROLE).rpartition("_")[0] or name
        return (
            f"The role belongs to IAM Identity Center, which undoes changes made here: put it into the "
            f"permission set {permission_set} instead."
        )
    if role is None:
        return f"Role {name} was not read; reload with a caller that may, or attach it by hand."
    if is_service_linked(role):
        return f"{name} is a service-linked role that only AWS may change."
    if role.inline_policies is None:
        return f"The inline policies of {name} were not read (iam:GetAccountAuthorizationDetails)."
    return ""
