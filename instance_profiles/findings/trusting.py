"""What the conditions of a trust policy mean for EC2 at one moment: met, never met, or not to be told."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from instance_profiles.policies import (
    TrustCondition,
    TrustJudgement,
    UnreadableDocument,
    judge_ec2_trust,
    never_met_by_ec2,
)
from instance_profiles.policies.document import as_list, parse, statements
from instance_profiles.policies.ec2_names import names_ec2
from instance_profiles.policies.trust import judge_statement

Standing = Literal["met", "never met", "open"]


class Conditioned(msgspec.Struct, frozen=True):
    """A role that only Allows under a condition let EC2 into; `reason` names the condition that decides."""

    standing: Standing
    conditions: tuple[TrustCondition, ...]
    reason: str


def conditioned(document: str, partition: str, now: datetime) -> Conditioned | None:
    """How the conditions of a trust policy stand; None where they are not what decides."""
    judgement = judge_ec2_trust(document, partition)
    if not judgement.conditions:
        return None
    standings = {condition: _standing(condition, now) for condition in judgement.conditions}
    never = [condition for condition, standing in standings.items() if standing == "never met"]
    if never and _conditional_allows(document, partition) == 1:
        return Conditioned("never met", judgement.conditions, _impossible(never[0]))
    if all(standing == "met" for standing in standings.values()):
        return Conditioned("met", judgement.conditions, judgement.reason)
    return Conditioned("open", judgement.conditions, judgement.reason)


def refusal(judgement: TrustJudgement, document: str, partition: str, now: datetime) -> str | None:
    """Why EC2 certainly may not assume the role, None where it may or that is not certain."""
    if judgement.decision in ("no-statement", "explicit-deny"):
        return judgement.reason
    under = conditioned(document, partition, now)
    return under.reason if under is not None and under.standing == "never met" else None


def only_ec2_assumes(document: str, partition: str) -> bool:
    """Whether every Allow of the trust policy is for EC2 as a service and for nobody else."""
    try:
        allowing = [
            s for s in statements(parse(document)) if isinstance(s, dict) and s.get("Effect") != "Deny"
        ]
    except UnreadableDocument:
        return False
    principals = [statement.get("Principal") for statement in allowing]
    return bool(principals) and all(
        isinstance(principal, dict)
        and principal.keys() == {"Service"}
        and all(names_ec2(service, partition) for service in as_list(principal["Service"]))
        for principal in principals
    )


def _standing(condition: TrustCondition, now: datetime) -> Standing:
    if never_met_by_ec2(condition, now):
        return "never met"
    key = condition.key.lower()
    if key == "aws:currenttime":
        return _standing_of_time(condition, now)
    # EC2 never sends the key, and the operator is content without it.
    if condition.operator.endswith("IfExists") and never_met_by_ec2(
        TrustCondition("StringEquals", condition.key, condition.values), now
    ):
        return "met"
    return "open"


def _standing_of_time(condition: TrustCondition, now: datetime) -> Standing:
    moments = [_moment(value) for value in condition.values]
    if not moments or any(moment is None for moment in moments):
        return "open"
    before = condition.operator.startswith("DateLessThan")
    if not before and not condition.operator.startswith("DateGreaterThan"):
        return "open"
    if any(moment is not None and (now < moment if before else now > moment) for moment in moments):
        return "met"
    return "never met" if before else "open"


def _moment(value: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _conditional_allows(document: str, partition: str) -> int:
    """How many statements may let EC2 in; what one asks proves nothing while others stand beside it."""
    try:
        listed = statements(parse(document))
    except UnreadableDocument:
        return 0
    return sum(
        1
        for statement in listed
        if (judged := judge_statement(statement, partition))[0] != "Deny" and judged[1] != "no"
    )


def _impossible(condition: TrustCondition) -> str:
    if condition.key.lower() == "aws:currenttime":
        return f"The trust policy lets EC2 in only until {', '.join(condition.values)}, which is past."
    return f"The trust policy asks for {condition.key}, which EC2 never sends."
