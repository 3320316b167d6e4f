"""What else a trust policy shows that explains why EC2 is not let in: conditions, actions, principals."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from instance_profiles.policies.document import as_list
from instance_profiles.policies.ec2_names import names_ec2, names_ec2_elsewhere, names_ec2_of_a_region

if TYPE_CHECKING:
    from collections.abc import Iterable

_UNIQUE_ID = re.compile(r"(AROA|AIDA|AGPA)[A-Z0-9]+")
# Keys that only a person's or another account's AssumeRole can bring: EC2 sends no external id, has no MFA
# device, is no principal of an organisation and no SAML identity.
_NEVER_SENT = (
    "sts:externalid",
    "aws:multifactorauthpresent",
    "aws:multifactorauthage",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principalarn",
)
_NEVER_SENT_FAMILIES = ("aws:principaltag/", "saml:")
_ALSO_MET_WITHOUT_KEY = ("Not", "IfExists", "ForAllValues", "Null")


class TrustCondition(msgspec.Struct, frozen=True):
    """One line of a Condition: `StringEquals`, `sts:ExternalId`, `("42",)`."""

    operator: str
    key: str
    values: tuple[str, ...]


def never_met_by_ec2(condition: TrustCondition, now: datetime) -> bool:
    """Whether EC2 can never meet this condition: it does not send the key, or the date has passed.

    Rests on https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html. False
    where it is not certain. `now` needs a time zone.
    """
    if any(word in condition.operator for word in _ALSO_MET_WITHOUT_KEY):
        return False
    key = condition.key.lower()
    if key in _NEVER_SENT or key.startswith(_NEVER_SENT_FAMILIES):
        return not (condition.operator == "Bool" and "false" in condition.values)
    if key == "aws:currenttime" and condition.operator.startswith("DateLessThan"):
        return bool(condition.values) and all(_has_passed(value, now) for value in condition.values)
    return False


def conditions_of(statement: dict[str, Any]) -> tuple[TrustCondition, ...]:
    """The conditions of a statement as far as they are readable, sorted."""
    block = statement.get("Condition")
    if not isinstance(block, dict):
        return ()
    found = [
        TrustCondition(str(operator), str(key), tuple(_as_text(value) for value in as_list(values)))
        for operator, keys in block.items()
        if isinstance(keys, dict)
        for key, values in keys.items()
    ]
    return tuple(sorted(found, key=lambda condition: (condition.key, condition.operator)))


def wrong_actions(statements: Iterable[Any], partition: str) -> tuple[str, ...]:
    """The actions of the Allow statements that name EC2."""
    found = [
        action
        for statement in _allowing(statements)
        if any(names_ec2(name, partition) or names_ec2_of_a_region(name) for name in _services(statement))
        for action in as_list(statement.get("Action", []))
        if isinstance(action, str)
    ]
    return tuple(dict.fromkeys(found))


def wrong_partition_principals(statements: Iterable[Any], partition: str) -> tuple[str, ...]:
    """The service principals of Allow statements that are EC2's in another partition only."""
    found = [
        name
        for statement in _allowing(statements)
        for name in _services(statement)
        if names_ec2_elsewhere(name, partition)
    ]
    return tuple(dict.fromkeys(found))


def dead_principals(statements: Iterable[Any]) -> tuple[str, ...]:
    """The bare unique ids among the principals.

    IAM shows a deleted user's or role's id in place of its ARN:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html.
    """
    found = [
        name
        for statement in statements
        if isinstance(statement, dict)
        for element in ("Principal", "NotPrincipal")
        for name in _named(statement.get(element), "AWS")
        if _UNIQUE_ID.fullmatch(name)
    ]
    return tuple(dict.fromkeys(found))


def _allowing(statements: Iterable[Any]) -> list[dict[str, Any]]:
    return [each for each in statements if isinstance(each, dict) and each.get("Effect") == "Allow"]


def _services(statement: dict[str, Any]) -> list[str]:
    return _named(statement.get("Principal"), "Service")


def _named(principal: Any, kind: str) -> list[str]:
    if not isinstance(principal, dict):
        return []
    return [name for name in as_list(principal.get(kind, [])) if isinstance(name, str)]


def _has_passed(value: str, now: datetime) -> bool:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return False
    return moment.tzinfo is not None and moment <= now


def _as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
