"""What the policies of a role say at large: everything, nothing, not any more."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from instance_profiles.policies import UnreadableDocument
from instance_profiles.policies.document import as_list, parse, statements

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import Role

REVOCATION = "AWSRevokeOlderSessions"
"""The inline policy that the IAM console writes when somebody revokes a role's sessions."""

_QUARANTINE = re.compile(r"arn:[\w-]+:iam::aws:policy/(AWSDenyAll|AWSCompromisedKeyQuarantine(V\d+)?)")
_ADMINISTRATOR = re.compile(r"arn:[\w-]+:iam::aws:policy/AdministratorAccess")
_EVERYTHING = ("*", "*:*")


class RolePolicy(msgspec.Struct, frozen=True, gc=False):
    """A policy of a role; `document` is None for a managed one whose text was not read."""

    name: str
    arn: str | None
    document: str | None


def policies_of(role: Role, inventory: Inventory) -> tuple[RolePolicy, ...] | None:
    """All policies of a role, inline ones first; None where they were not read."""
    if role.inline_policies is None or role.attached_policies is None:
        return None
    inline = [RolePolicy(found.policy_name, None, found.policy_document) for found in role.inline_policies]
    attached = []
    for found in role.attached_policies:
        known = inventory.managed_policy(role.account, found.policy_arn)
        attached.append(RolePolicy(found.policy_name, found.policy_arn, known.document if known else None))
    return (*inline, *attached)


def is_quarantine(policy: RolePolicy) -> bool:
    """Whether a policy shuts its role off: it denies everything, or is AWS's own for that."""
    if policy.arn is not None and _QUARANTINE.fullmatch(policy.arn):
        return True
    return policy.document is not None and denies_everything(policy.document)


def is_administrator(policy: RolePolicy) -> bool:
    """Whether a policy allows everything."""
    if policy.arn is not None and _ADMINISTRATOR.fullmatch(policy.arn):
        return True
    return policy.document is not None and allows_everything(policy.document)


@lru_cache(maxsize=4096)
def allows_everything(document: str) -> bool:
    """Whether a statement allows all actions on everything, under no condition."""
    return any(_is_sweeping(statement, "Allow") for statement in readable(document))


@lru_cache(maxsize=4096)
def denies_everything(document: str) -> bool:
    """Whether a statement denies all actions on everything, under no condition."""
    return any(_is_sweeping(statement, "Deny") for statement in readable(document))


def revoked_before(document: str) -> datetime | None:
    """The moment before which sessions of the role were revoked; None where the policy is another one.

    Rests on https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html.
    """
    for statement in readable(document):
        conditions = statement.get("Condition")
        if statement.get("Effect") != "Deny" or not isinstance(conditions, dict):
            continue
        for operator, keys in conditions.items():
            if operator == "DateLessThan" and isinstance(keys, dict):
                written = next((v for k, v in keys.items() if k.lower() == "aws:tokenissuetime"), None)
                moment = _moment(as_list(written)[0]) if written else None
                if moment is not None:
                    return moment
    return None


@lru_cache(maxsize=4096)
def readable(document: str) -> tuple[dict[str, Any], ...]:
    """The statements of a document as far as they can be read; none of one that is no policy."""
    try:
        return tuple(statement for statement in statements(parse(document)) if isinstance(statement, dict))
    except UnreadableDocument:
        return ()


def texts(statement: dict[str, Any], element: str) -> Iterable[str]:
    """The values of an element, which may be one or a list."""
    return [value for value in as_list(statement.get(element, [])) if isinstance(value, str)]


def _is_sweeping(statement: dict[str, Any], effect: str) -> bool:
    return (
        statement.get("Effect") == effect
        and not statement.get("Condition")
        and any(action in _EVERYTHING for action in texts(statement, "Action"))
        and "*" in texts(statement, "Resource")
    )


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
