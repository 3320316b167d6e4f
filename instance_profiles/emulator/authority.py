"""What the policies of an enforced caller say: every call is judged as AWS would judge it.

Callers are allowed everything unless the fleet says `enforced`. Then the documents of the account decide:
those of the caller, of its user or role, their boundary, the service control policies and the session policy.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from instance_profiles.emulator.faults import Denial
from instance_profiles.emulator.policy_sources import Kind, PolicySource, deciding, grants_of, sources_of
from instance_profiles.policies.decide import PolicyKind, decide
from instance_profiles.policies.layer import hits_in
from instance_profiles.policies.request import Request as Question

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from instance_profiles.emulator.resources import Account, Caller

_WORDS: Final[dict[PolicyKind, str]] = {
    "identity-policy": "identity-based policy",
    "resource-policy": "resource-based policy",
    "permissions-boundary": "permissions boundary",
    "session-policy": "session policy",
    "service-control-policy": "service control policy",
    "role-trust-policy": "role trust policy",
}
KINDS: Final[dict[str, Kind]] = {
    **{words: kind for kind, words in _WORDS.items()},
    "resource control policy": "resource-control-policy",
    "VPC endpoint policy": "vpc-endpoint-policy",
}
"""Kinds of policies by the words of AWS's messages."""
_NAMED = (("role ", "role"), ("instance profile ", "instance-profile"), ("policy ", "policy"))

Matched = tuple[PolicySource, dict[str, Any]]
"""A statement that is about a request, and its policy."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One action on one resource, judged; `denial` is None where it is allowed.

    `sources` and `matched` are empty for callers whose policies decide nothing.
    """

    action: str
    resource: str
    denial: Denial | None = None
    context: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sources: tuple[PolicySource, ...] = ()
    matched: tuple[Matched, ...] = ()


def evaluate(
    account: Account, caller: Caller, action: str, resource: str, context: Mapping[str, tuple[str, ...]]
) -> Evaluation:
    """Judge the call of an enforced caller by its policies."""
    sources = sources_of(account, caller.arn, caller)
    arn = arn_of(account, resource)
    question = Question(action, arn, caller.arn, dict(context), account.id, complete=True)
    decision = decide(question, grants_of(sources))
    denial = None
    if decision.decision != "allow":
        words = _WORDS[decision.decided_by or "identity-policy"]
        source = deciding(sources, decision)
        # AWS adds the ARN of the policy to explicit denials only.
        policy = source.arn if source is not None and decision.effect == "explicit" else ""
        denial = Denial(action, effect=decision.effect or "implicit", by=words, policy=policy or None)
    matched = statements_about(sources, question)
    return Evaluation(action, resource, denial, context, tuple(sources), tuple(matched))


def evaluate_fault(
    account: Account,
    caller: Caller,
    denial: Denial,
    action: str,
    resource: str,
    context: Mapping[str, tuple[str, ...]],
) -> Evaluation:
    """A denial that the fleet names, as if a policy with one statement did it."""
    statement = {
        "Sid": "Denied",
        "Effect": "Deny",
        "Action": denial.action,
        "Resource": denial.resource or "*",
    }
    known = tuple(sources_of(account, caller.arn, caller))
    if denial.effect == "implicit":
        return Evaluation(action, resource, denial, context, known)
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    source = PolicySource(
        KINDS.get(denial.by, "identity-policy"),
        document,
        (denial.policy or "").rpartition("/")[2] or "denied",
        caller.arn,
        denial.policy or "",
        "user" if ":user/" in caller.arn else "role",
    )
    return Evaluation(action, resource, denial, context, (*known, source), ((source, statement),))


def statements_about(sources: Sequence[PolicySource], question: Question) -> list[Matched]:
    """The statements that are about a request for certain."""
    return [
        (source, hit.statement)
        for source in sources
        for hit in hits_in([source.document], question, "identity")
        if hit.certain and hit.statement is not None
    ]


def arn_of(account: Account, resource: str) -> str:
    """The ARN of what IAM's messages call `role NAME`; all else is one, or stands for everything."""
    for words, kind in _NAMED:
        if resource.startswith(words):
            name = resource.removeprefix(words)
            if name.startswith("arn:"):
                return name
            held = account.roles if kind == "role" else account.instance_profiles
            known = held.get(name.casefold()) if kind != "policy" else None
            return known.arn if known is not None else account.arn("iam", f"{kind}/{name}")
    return resource or "*"
