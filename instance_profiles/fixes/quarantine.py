"""Telling policies that deny everything, which somebody puts on a role to shut it off."""

from __future__ import annotations

import re
from typing import Any

from instance_profiles.policies import UnreadableDocument
from instance_profiles.policies.document import as_list, parse, statements

_MANAGED = re.compile(r"arn:[\w-]+:iam::aws:policy/(AWSDenyAll|AWSCompromisedKeyQuarantine(V\d+)?)")


def is_quarantine_arn(policy_arn: str) -> bool:
    """Whether this is one of AWS's own policies for shutting off a principal."""
    return _MANAGED.fullmatch(policy_arn) is not None


def denies_everything(document: str) -> bool:
    """Whether a statement denies all actions on everything, under no condition."""
    try:
        return any(_is_deny_all(statement) for statement in statements(parse(document)))
    except UnreadableDocument:
        return False


def _is_deny_all(statement: Any) -> bool:
    if not isinstance(statement, dict) or statement.get("Effect") != "Deny" or statement.get("Condition"):
        return False
    actions, resources = as_list(statement.get("Action", [])), as_list(statement.get("Resource", []))
    return any(action in ("*", "*:*") for action in actions) and "*" in resources
