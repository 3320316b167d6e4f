"""May EC2 assume a role under its trust policy? Yes, no by a Deny, no for want of an Allow, or not sure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from instance_profiles.policies.document import UnreadableDocument, as_list, parse, statements
from instance_profiles.policies.ec2_names import names_ec2, names_ec2_of_a_region
from instance_profiles.policies.trust_details import (
    TrustCondition,
    conditions_of,
    dead_principals,
    wrong_actions,
    wrong_partition_principals,
)

if TYPE_CHECKING:
    from instance_profiles.policies.three_valued import Match

Decision = Literal["allow", "explicit-deny", "no-statement", "unknown"]

ACTION = "sts:AssumeRole"

_STATEMENT_KEYS = frozenset(
    {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Condition"}
)
_PRINCIPAL_KINDS = frozenset({"AWS", "Service", "Federated", "CanonicalUser"})


class TrustJudgement(msgspec.Struct, frozen=True):
    """What a trust policy says about EC2.

    `statement` is the one that decides, None where none does. `reason` is one plain sentence.
    """

    decision: Decision
    statement: dict[str, Any] | None
    reason: str
    conditions: tuple[TrustCondition, ...] = ()
    """What the Allow for EC2 asks, where no Allow without a condition stands beside it."""
    wrong_actions: tuple[str, ...] = ()
    """The actions that EC2 is allowed instead of sts:AssumeRole, where it is allowed only others."""
    wrong_partition_principals: tuple[str, ...] = ()
    """Service principals of EC2 as other partitions spell it, which mean nothing in this one."""
    dead_principals: tuple[str, ...] = ()
    """Unique ids (AROA..., AIDA...) that stand where an ARN stood: what they named is deleted."""


@lru_cache(maxsize=16384)
def judge_ec2_trust(document: str, partition: str) -> TrustJudgement:
    """Judge whether EC2 may assume a role with this trust policy (JSON text); never raises.

    Rests on https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html: an
    explicit Deny wins over any Allow. Conditions are not evaluated: where one decides, the answer is unknown.
    """
    try:
        listed = statements(parse(document))
    except UnreadableDocument as error:
        return TrustJudgement("unknown", None, str(error))
    judgement = _judged(listed, partition)
    allowed = judgement.decision == "allow"
    return msgspec.structs.replace(
        judgement,
        conditions=_conditions(judgement),
        wrong_actions=() if allowed else wrong_actions(listed, partition),
        wrong_partition_principals=wrong_partition_principals(listed, partition),
        dead_principals=dead_principals(listed),
    )


def _judged(listed: list[Any], partition: str) -> TrustJudgement:
    judged = [(statement, *judge_statement(statement, partition)) for statement in listed]
    denies = [(s, match) for s, effect, match in judged if effect != "Allow" and match != "no"]
    allows = [(s, match) for s, effect, match in judged if effect != "Deny" and match != "no"]
    for statement, match in denies:
        if match == "yes":
            return TrustJudgement("explicit-deny", statement, _sentence_of(statement, "denies EC2"))
    if not allows:
        return TrustJudgement("no-statement", None, _what_is_named(listed, partition))
    if denies:
        return _unsure(denies[0][0], "may deny EC2")
    for statement, match in allows:
        if match == "yes":
            return TrustJudgement("allow", statement, _sentence_of(statement, "lets EC2 assume the role"))
    return _unsure(allows[0][0], "may let EC2 assume the role")


def judge_statement(statement: Any, partition: str) -> tuple[str | None, Match]:
    """Effect of a statement and whether it is about EC2 assuming the role; effect None where malformed."""
    if not isinstance(statement, dict) or statement.get("Effect") not in ("Allow", "Deny"):
        return None, "maybe"
    effect: str = statement["Effect"]
    action, principal = _action_match(statement), _principal_match(statement, partition)
    if "no" in (action, principal):
        return effect, "no"
    sure = (
        action == principal == "yes"
        and not statement.get("Condition")
        and statement.keys() <= _STATEMENT_KEYS
    )
    return effect, "yes" if sure else "maybe"


def _action_match(statement: dict[str, Any]) -> Match:
    if ("Action" in statement) == ("NotAction" in statement):
        return "maybe"
    negated = "NotAction" in statement
    patterns = as_list(statement["NotAction" if negated else "Action"])
    if not all(isinstance(pattern, str) for pattern in patterns):
        return "maybe"
    hit = any(_action_pattern(pattern).fullmatch(ACTION) for pattern in patterns)
    return "yes" if hit != negated else "no"


@lru_cache(maxsize=1024)
def _action_pattern(pattern: str) -> re.Pattern[str]:
    """Actions compare without case; * is any text, ? any character."""
    # Runs of * say no more than one, and would make the expression slow.
    parts = re.split(r"(\*+|\?)", pattern)
    text = "".join(
        ".*" if part.startswith("*") else "." if part == "?" else re.escape(part) for part in parts if part
    )
    return re.compile(text, re.IGNORECASE | re.DOTALL)


def _principal_match(statement: dict[str, Any], partition: str) -> Match:
    if ("Principal" in statement) == ("NotPrincipal" in statement):
        return "maybe"
    if "NotPrincipal" in statement:
        # Only the case that is beyond doubt: whom NotPrincipal names is exempt. Whom else it hits depends
        # on sessions and accounts that the document does not show.
        return "no" if _named(statement["NotPrincipal"], partition) == "yes" else "maybe"
    match = _named(statement["Principal"], partition)
    if match == "regional":
        # Field reports have the regional form work in an Allow; that a Deny of it holds was never seen.
        return "yes" if statement["Effect"] == "Allow" else "maybe"
    return match


def _named(principal: Any, partition: str) -> Literal["yes", "regional", "maybe", "no"]:
    if principal == "*":
        return "yes"
    if not isinstance(principal, dict) or not principal.keys() <= _PRINCIPAL_KINDS:
        return "maybe"
    services = as_list(principal.get("Service", []))
    if any(names_ec2(service, partition) for service in services):
        return "yes"
    if any(names_ec2_of_a_region(service) for service in services):
        return "regional"
    # {"AWS": "*"} is every AWS identity; AWS does not say whether service principals are among them in a
    # trust policy. Wildcards in Service are not documented at all.
    if "*" in as_list(principal.get("AWS", [])) or any(
        not isinstance(service, str) or "*" in service for service in services
    ):
        return "maybe"
    return "no"


def _conditions(judgement: TrustJudgement) -> tuple[TrustCondition, ...]:
    statement = judgement.statement
    if judgement.decision != "unknown" or statement is None or statement.get("Effect") != "Allow":
        return ()
    return conditions_of(statement)


def _unsure(statement: Any, what: str) -> TrustJudgement:
    if not isinstance(statement, dict):
        return TrustJudgement("unknown", None, "A statement of the trust policy is not readable.")
    condition = statement.get("Condition")
    if isinstance(condition, dict) and condition:
        keys = sorted({str(key) for keys in condition.values() if isinstance(keys, dict) for key in keys})
        why = f"only under a condition on {', '.join(keys)}" if keys else "only under a condition"
        return TrustJudgement("unknown", statement, _sentence_of(statement, f"{what}, {why}"))
    return TrustJudgement(
        "unknown", statement, _sentence_of(statement, f"{what}; AWS does not document this form")
    )


def _sentence_of(statement: dict[str, Any], what: str) -> str:
    sid = statement.get("Sid")
    subject = f"Statement {sid}" if isinstance(sid, str) and sid else "A statement of the trust policy"
    return f"{subject} {what}."


def _what_is_named(listed: list[Any], partition: str) -> str:
    """Whom the trust policy lets in instead: what a person looks for first."""
    allowing = [s for s in listed if isinstance(s, dict) and s.get("Effect") == "Allow"]
    if not allowing:
        return "The trust policy allows nobody to assume the role."
    names: list[str] = []
    for statement in allowing:
        principal = statement.get("Principal")
        kinds = principal.values() if isinstance(principal, dict) else [principal]
        names += [name for kind in kinds for name in as_list(kind) if isinstance(name, str)]
    if any(names_ec2(name, partition) or names_ec2_of_a_region(name) or name == "*" for name in names):
        return f"The trust policy names EC2, but not for {ACTION}."
    if not names:
        return "No statement of the trust policy names EC2."
    shown = ", ".join(dict.fromkeys(names[:3])) + (" and others" if len(names) > 3 else "")
    return f"The trust policy lets only {shown} assume the role."
