"""What the emulated services ask of a role's trust policy."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from instance_profiles.policies import judge_ec2_trust

if TYPE_CHECKING:
    from instance_profiles.emulator.resources import Role

_STATEMENT_ORDER = ("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Condition")


def ec2_may_assume(role: Role, partition: str) -> bool:
    """Tell whether EC2 gets credentials of the role; conditions that nobody can judge count as met."""
    return judge_ec2_trust(role.trust, partition).decision in ("allow", "unknown")


def caller_may_assume(role: Role, caller_arn: str, account: str, partition: str) -> bool:
    """Tell whether the trust policy names the caller, its role or its account, and no Deny does."""
    names = {"*", account, f"arn:{partition}:iam::{account}:root", caller_arn}
    if ":assumed-role/" in caller_arn:
        names.add(f"arn:{partition}:iam::{account}:role/{caller_arn.split('/')[1]}")
    effects = {
        statement.get("Effect")
        for statement in _as_list(json.loads(role.trust).get("Statement", []))
        if names & set(_aws_principals(statement))
    }
    return effects == {"Allow"}


def in_aws_order(document: str) -> str:
    """Return a policy as AWS stores it: it reads back with its keys in another order than it was sent."""
    parsed = json.loads(document)
    parsed["Statement"] = [_ordered(statement) for statement in _as_list(parsed.get("Statement", []))]
    return json.dumps(parsed, separators=(",", ":"))


def _ordered(statement: dict[str, Any]) -> dict[str, Any]:
    rest = [key for key in statement if key not in _STATEMENT_ORDER]
    return {key: statement[key] for key in (*_STATEMENT_ORDER, *rest) if key in statement}


def _aws_principals(statement: dict[str, Any]) -> list[str]:
    principal = statement.get("Principal", {})
    return [principal] if isinstance(principal, str) else _as_list(principal.get("AWS", []))


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
