"""May somebody do something? The answer of all policies together, as AWS combines them.

Rests on https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html. Everything
is combined twice: once with all that is uncertain in favour of the request, once against it. What both say is
certain, and what only one says is unknown. So unknown never turns into allow or deny by a guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal

import msgspec

from instance_profiles.policies.layer import Document, Hit, hits_in
from instance_profiles.policies.principal import Principal, principal_of
from instance_profiles.policies.request import Request, resource_account

PolicyKind = Literal[
    "identity-policy",
    "resource-policy",
    "permissions-boundary",
    "session-policy",
    "service-control-policy",
    "role-trust-policy",
]
# AWS names only one kind of policy; these come in the order of its flow chart.
_DENY_ORDER: Final[tuple[PolicyKind, ...]] = (
    "service-control-policy",
    "resource-policy",
    "identity-policy",
    "permissions-boundary",
    "session-policy",
)


class Grants(msgspec.Struct, frozen=True):
    """The policy documents that bear on a request, as JSON text or parsed; malformed ones are unknown.

    `identity` is None where the policies of the principal could not be read. `scps` has one list for each
    level from the root to the account, and all levels must allow. `trust` turns the question into whether
    the role's trust policy lets the principal in, and nothing else is asked then.
    """

    identity: Sequence[Document] | None = ()
    boundary: Document | None = None
    scps: Sequence[Sequence[Document]] = ()
    session: Document | None = None
    resource: Document | None = None
    trust: Document | None = None


class Decision(msgspec.Struct, frozen=True):
    """The answer, and whose it is.

    `effect` is of a denial: by a Deny, or for want of an Allow. `statement` is the one that decides, `policy`
    the place of its document in the layer (for service control policies level and place). `missing` are the
    condition keys that an answer hangs on. `reason` is one plain sentence.
    """

    decision: Literal["allow", "deny", "unknown"]
    effect: Literal["explicit", "implicit"] | None = None
    decided_by: PolicyKind | None = None
    statement: dict[str, Any] | None = None
    policy: tuple[int, ...] = ()
    missing: tuple[str, ...] = ()
    reason: str = ""


class _Case(msgspec.Struct, frozen=True):
    """The hits of each layer; None where the layer is not there and limits nothing."""

    principal: Principal
    identity: list[Hit]
    identity_unread: bool
    boundary: list[Hit] | None
    session: list[Hit] | None
    scps: list[list[Hit]]
    resource: list[Hit]
    same_account: bool


def decide(request: Request, grants: Grants) -> Decision:
    """Judge a request against documents alone; never raises."""
    if grants.trust is not None:
        return _by_trust(request, grants.trust)
    case = _case(request, grants)
    best, worst = _outcome(case, generous=True), _outcome(case, generous=False)
    hits = [*case.identity, *(case.boundary or ()), *(case.session or ()), *case.resource]
    return _settled(best, worst, [*hits, *(hit for level in case.scps for hit in level)])


def _settled(best: Decision, worst: Decision, hits: list[Hit]) -> Decision:
    unsure = [hit for hit in hits if not hit.certain]
    missing = tuple(sorted({key for hit in unsure for key in hit.judged.missing}))
    if best.decision == "deny":
        # Where a Deny may apply besides, nobody knows which of the two AWS would name.
        effect = best.effect if worst.effect == best.effect else None
        return msgspec.structs.replace(best, effect=effect)
    if worst.decision == "allow":
        return worst
    return Decision("unknown", missing=missing, reason=_why_unknown(unsure, missing))


def _by_trust(request: Request, trust: Document) -> Decision:
    hits = hits_in([trust], request, "trust")
    best, worst = (_trusted(hits, generous=generous) for generous in (True, False))
    return _settled(best, worst, hits)


def _trusted(hits: list[Hit], *, generous: bool) -> Decision:
    denied = _denied_by("role-trust-policy", hits, generous=generous)
    if denied:
        return denied
    allowing = _allowing(hits, generous=generous)
    if not allowing:
        return _lacking("role-trust-policy", "The role's trust policy does not allow it.")
    return _allowed("role-trust-policy", allowing[0])


def _case(request: Request, grants: Grants) -> _Case:
    principal = principal_of(request.principal)
    is_root = principal.kind == "account"
    limited = principal.kind not in ("service", "anyone")
    beyond_scps = principal.is_service_linked or not limited

    def layer(document: Document | None) -> list[Hit] | None:
        if document is None or is_root or not limited:
            return None
        return hits_in([document], request, "identity")

    identity = grants.identity if limited and not is_root else ()
    return _Case(
        principal=principal,
        identity=hits_in(identity or (), request, "identity"),
        identity_unread=identity is None,
        boundary=layer(grants.boundary),
        session=layer(grants.session),
        scps=[] if beyond_scps else [hits_in(level, request, "identity") for level in grants.scps],
        resource=[] if grants.resource is None else hits_in([grants.resource], request, "resource"),
        same_account=principal.account == resource_account(request) or not limited,
    )


def _outcome(case: _Case, *, generous: bool) -> Decision:
    """The answer with everything uncertain counted for the request (generous) or against it."""
    denied = _explicit(case, generous=generous)
    if denied:
        return denied
    for level in case.scps:
        if not _allowing(level, generous=generous):
            return _lacking("service-control-policy", "No service control policy of a level allows it.")
    granted = _by_resource(case, generous=generous) if case.same_account else None
    if granted and granted.decision == "allow":
        return granted
    if not case.same_account and not _allowing(case.resource, generous=generous):
        return _lacking(
            "resource-policy", "The resource is another account's, and no policy of it allows it."
        )
    if case.principal.kind in ("service", "anyone"):
        return _lacking("resource-policy", "No policy of the resource allows it.")
    return _by_identity(case, granted, generous=generous)


def _explicit(case: _Case, *, generous: bool) -> Decision | None:
    layers: dict[PolicyKind, list[Hit]] = {
        "resource-policy": case.resource,
        "identity-policy": case.identity,
        "permissions-boundary": case.boundary or [],
        "session-policy": case.session or [],
    }
    for kind in _DENY_ORDER:
        if kind == "service-control-policy":
            for number, level in enumerate(case.scps):
                denied = _denied_by(kind, level, level=(number,), generous=generous)
                if denied:
                    return denied
            continue
        denied = _denied_by(kind, layers[kind], generous=generous)
        if denied:
            return denied
    return None


def _by_resource(case: _Case, *, generous: bool) -> Decision | None:
    """What the resource's own policy grants within the account, without any policy of the principal.

    A policy that names the role leaves boundary and session policy in force, one that names the session, the
    user or everyone does not. One that names the account only hands the question on.
    """
    lacking = None
    for hit in _allowing(case.resource, generous=generous):
        naming = hit.judged.naming
        if naming == "account" or (naming == "everyone" and case.session is not None and not generous):
            continue
        lacking = _limits(case, generous=generous) if naming == "role" else None
        if lacking is None:
            return _allowed("resource-policy", hit)
    return lacking


def _by_identity(case: _Case, granted: Decision | None, *, generous: bool) -> Decision:
    if case.principal.kind == "account":
        return Decision("allow", reason="The root of an account may do everything that nothing denies.")
    allowing = _allowing(case.identity, generous=generous)
    if not allowing and not (case.identity_unread and generous):
        return granted or _lacking("identity-policy", "No policy of the principal allows it.")
    limits = _limits(case, generous=generous)
    if limits:
        return limits
    if not allowing:
        return Decision("allow", decided_by="identity-policy")
    return _allowed("identity-policy", allowing[0])


def _limits(case: _Case, *, generous: bool) -> Decision | None:
    if case.boundary is not None and not _allowing(case.boundary, generous=generous):
        return _lacking("permissions-boundary", "The permissions boundary does not allow it.")
    if case.session is not None and not _allowing(case.session, generous=generous):
        return _lacking("session-policy", "The session policy does not allow it.")
    return None


def _allowing(hits: list[Hit], *, generous: bool) -> list[Hit]:
    return sorted(
        (hit for hit in hits if hit.may_allow and (hit.certain or generous)), key=lambda hit: not hit.certain
    )


def _denied_by(
    kind: PolicyKind, hits: list[Hit], *, generous: bool, level: tuple[int, ...] = ()
) -> Decision | None:
    for hit in hits:
        if hit.may_deny and (hit.certain or not generous):
            return Decision(
                "deny", "explicit", kind, hit.statement, (*level, hit.document), reason="A Deny is about it."
            )
    return None


def _allowed(kind: PolicyKind, hit: Hit) -> Decision:
    return Decision(
        "allow",
        None,
        kind,
        hit.statement,
        (hit.document,),
        reason="A statement allows it, and nothing denies it.",
    )


def _lacking(kind: PolicyKind, reason: str) -> Decision:
    return Decision("deny", "implicit", kind, reason=reason)


def _why_unknown(unsure: list[Hit], missing: tuple[str, ...]) -> str:
    for hit in unsure:
        if hit.reason:
            return hit.reason
    if missing:
        return f"It depends on {', '.join(missing)}, which is not known."
    sids = [str(hit.statement["Sid"]) for hit in unsure if hit.statement and hit.statement.get("Sid")]
    which = f"Statement {sids[0]}" if sids else "A statement"
    return (
        f"{which} has a form that cannot be judged from here."
        if unsure
        else "The policies could not be read."
    )
