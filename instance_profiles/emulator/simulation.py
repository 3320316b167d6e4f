"""Judging a simulated call: by the policies of a user or role, less those that the question leaves out.

Rests on the model of SimulatePrincipalPolicy and on
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_testing-policies.html: session policies,
resource control policies and policies of VPC endpoints are not simulated.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from instance_profiles.emulator.authority import KINDS, evaluate_fault, statements_about
from instance_profiles.emulator.policy_sources import PolicySource, grants_of, sources_of
from instance_profiles.policies.decide import Grants, decide
from instance_profiles.policies.layer import hits_in
from instance_profiles.policies.principal import principal_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from instance_profiles.emulator.authority import Matched
    from instance_profiles.emulator.faults import Denial
    from instance_profiles.emulator.resources import Account, Caller
    from instance_profiles.policies.request import Request as Question

Verdict = Literal["allowed", "explicitDeny", "implicitDeny"]
_SIMULATED = ("identity-policy", "permissions-boundary", "service-control-policy")
_DENIED: dict[str | None, Verdict] = {
    "explicit": "explicitDeny",
    "implicit": "implicitDeny",
    None: "implicitDeny",
}
_WHOLE_KINDS = {"permission-boundary": "permissions-boundary", "scp": "service-control-policy"}


@dataclass(frozen=True, slots=True)
class Simulated:
    """`matched` are the deciding statements of identity policies; None of a layer that is not there."""

    verdict: Verdict
    matched: tuple[Matched, ...] = ()
    missing: tuple[str, ...] = ()
    by_organization: bool | None = None
    by_boundary: bool | None = None


def simulated_sources(
    account: Account,
    principal: str,
    caller: Caller | None,
    *,
    documents: Sequence[str] = (),
    boundary: str | None = None,
    without: Sequence[Mapping[str, Any]] = (),
) -> list[PolicySource]:
    """Return the policies of a user or role as the simulation takes them.

    `documents` are added, `boundary` takes the place of its own, `without` names what is left out.
    """
    sources = [s for s in sources_of(account, principal, caller) if s.kind in _SIMULATED]
    kept = [s for s in sources if not any(_is_meant(s, one) for one in without)]
    if boundary is not None:
        kept = [s for s in kept if s.kind != "permissions-boundary"]
        kept.append(
            PolicySource("permissions-boundary", boundary, "PermissionsBoundaryPolicyInputList.1", principal)
        )
    added = [
        PolicySource("identity-policy", document, f"PolicyInputList.{number}", principal)
        for number, document in enumerate(documents, 1)
    ]
    return kept + added


def simulate(sources: Sequence[PolicySource], question: Question) -> Simulated:
    """Judge a call with the context that was given; what was not given is absent, and told as missing."""
    decision = decide(_answered(question), grants_of(sources))
    verdict: Verdict = "allowed" if decision.decision == "allow" else _DENIED[decision.effect]
    identity = [source for source in sources if source.kind == "identity-policy"]
    return Simulated(
        verdict,
        matched=_deciding(identity, _answered(question), verdict),
        missing=_missing(sources, question),
        by_organization=_layer_allows(sources, question, "service-control-policy"),
        by_boundary=_layer_allows(sources, question, "permissions-boundary"),
    )


def simulate_fault(
    account: Account,
    caller: Caller,
    denial: Denial,
    action: str,
    resource: str,
    without: Sequence[Mapping[str, Any]] = (),
) -> Simulated | None:
    """A denial that the fleet names; None where the simulation cannot know it, or leaves its policy out."""
    kind = KINDS.get(denial.by, "identity-policy")
    if kind not in _SIMULATED:
        return None
    matched = evaluate_fault(account, caller, denial, action, resource, {}).matched
    if any(_is_meant(source, one) for source, _ in matched for one in without):
        return None
    return Simulated(
        _DENIED[denial.effect],
        matched=matched if kind == "identity-policy" else (),
        by_organization=False if kind == "service-control-policy" else None,
        by_boundary=False if kind == "permissions-boundary" else None,
    )


def _is_meant(source: PolicySource, identifier: Mapping[str, Any]) -> bool:
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_PolicyIdentifier.html"""
    if kind := identifier.get("PolicyType"):
        if kind == "inline":
            return source.kind == "identity-policy" and not source.arn
        return kind == source.source_type or source.kind == _WHOLE_KINDS.get(kind)
    if arn := identifier.get("PolicyArn"):
        return source.kind == "identity-policy" and bool(source.arn) and fnmatchcase(source.arn, arn)
    inline = identifier.get("InlinePolicyIdentifier") or {}
    owner = principal_of(source.attached_to)
    return (
        source.kind == "identity-policy"
        and not source.arn
        and source.name == inline.get("PolicyName")
        and source.source_type == inline.get("AttachmentType")
        and fnmatchcase(owner.name, inline.get("AttachmentName", ""))
    )


def _deciding(identity: Sequence[PolicySource], question: Question, verdict: Verdict) -> tuple[Matched, ...]:
    """A Deny is listed alone; where nothing allows, nothing is listed."""
    wanted = {"allowed": "Allow", "explicitDeny": "Deny"}.get(verdict)
    return tuple(one for one in statements_about(identity, question) if one[1].get("Effect") == wanted)


def _missing(sources: Iterable[PolicySource], question: Question) -> tuple[str, ...]:
    """The keys that statements ask for and nobody gave; those of service control policies are not told."""
    hits = [
        hit
        for source in sources
        if source.kind != "service-control-policy"
        for hit in hits_in([source.document], question, "identity")
    ]
    return tuple(sorted({key for hit in hits for key in hit.judged.missing}))


def _layer_allows(sources: Sequence[PolicySource], question: Question, kind: str) -> bool | None:
    """What one layer alone says, everything else allowing; None where there is no such layer."""
    layer = [source for source in sources if source.kind == kind]
    if not layer:
        return None
    everything = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    alone = grants_of(layer)
    grants = Grants(identity=[everything], boundary=alone.boundary, scps=alone.scps)
    return decide(_answered(question), grants).decision == "allow"


def _answered(question: Question) -> Question:
    """The question as AWS answers it: a key that is not given is absent."""
    return msgspec.structs.replace(question, complete=True)
