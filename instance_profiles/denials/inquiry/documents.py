"""The policies that decided, as documents, with the statement that matters marked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import msgspec

from instance_profiles.denials.attached import Held, HeldPolicy, held_by
from instance_profiles.denials.inquiry.known import Known, Learnt, NothingToAsk, Question, Scope
from instance_profiles.denials.inquiry.simulating import usual_context
from instance_profiles.denials.inquiry.step import Document, Ruling
from instance_profiles.denials.permission import NobodyToAsk, source_of
from instance_profiles.policies.layer import hits_in
from instance_profiles.policies.principal import principal_of
from instance_profiles.policies.request import Request

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Mapping

    from instance_profiles.aws.account import AwsAccount

_MOST: Final = 4
_BEYOND: Final = {
    "service-control-policy": "a policy of the organisation",
    "resource-control-policy": "a policy of the organisation",
    "session-policy": "a session policy, which only whoever signed in has",
    "vpc-endpoint-policy": "a VPC endpoint",
    "resource-policy": "the policy of the resource",
}


def _why_not(known: Known, _scope: Scope) -> str | None:
    if not known.error.principal or not known.action:
        return "Nothing tells whose policies to look at."
    if known.is_elsewhere:
        return f"The caller belongs to account {known.whose}; its policies are not shown here."
    if principal_of(known.error.principal).kind == "account":
        return "The root user has no policies."
    by = (known.ruling.denied_by if known.ruling else None) or known.error.denied_by
    if by in _BEYOND:
        return f"It was denied by {_BEYOND[by]}: IAM does not show it to this account."
    return None


async def _ask(account: AwsAccount, known: Known, _scope: Scope) -> AsyncIterator[str | Learnt]:
    by = (known.ruling.denied_by if known.ruling else None) or known.error.denied_by
    if by == "role-trust-policy":
        yield await _trust(account, known)
        return
    try:
        source = known.source or await source_of(account, known.error.principal)
    except NobodyToAsk as error:
        raise NothingToAsk(str(error)) from error
    held = known.held or await held_by(account, source)
    known = msgspec.structs.replace(known, held=held, source=source)
    yield _learnt(known, held)


QUESTION: Final = Question("documents", "Policies", "iam:GetAccountAuthorizationDetails", _why_not, _ask)


async def _trust(account: AwsAccount, known: Known) -> Learnt:
    role = principal_of(known.resource or "")
    if role.kind != "role" or role.account != known.account:
        raise NothingToAsk("The role whose trust policy denies it is not one of this account.")
    answer = await account.call("iam", "GetRole", {"RoleName": role.name})
    document = answer["Role"].get("AssumeRolePolicyDocument")
    request = Request(str(known.action), None, str(known.error.principal))
    denies = [hit.statement for hit in hits_in([document], request, "trust") if hit.judged.effect == "Deny"]
    note = "This statement denies it." if denies else "No statement lets the caller in."
    shown = Document(
        f"Trust policy of role {role.name}", json.dumps(document), None, denies[0] if denies else None, note
    )
    return Learnt(note, known, documents=(shown,))


def _learnt(known: Known, held: Held) -> Learnt:
    everything = (*held.policies, *((held.limit,) if held.limit else ()))
    if not everything:
        return Learnt("It has no policy at all, so nothing allows it.", known)
    request = Request(
        str(known.action),
        known.resource if known.resource and known.resource.startswith("arn:") else None,
        str(known.source),
        {**usual_context(known), **known.context},
    )
    decisive = [shown for one in everything if (shown := _denying(one, request, known)) is not None]
    if decisive:
        sid = (decisive[0].statement or {}).get("Sid")
        which = f"Statement {sid}" if sid else "A statement"
        words = f"{which} of {decisive[0].policy} denies it."
        told = _with_statement(known, decisive[0])
        return Learnt(words, told, told.rulings[0], documents=tuple(decisive[:_MOST]))
    limit = held.limit if (known.ruling and known.ruling.denied_by == "permissions-boundary") else None
    if limit is not None and limit.document is not None:
        shown = _shown(limit, None, "No statement of it allows the action, and it limits all others.")
        return Learnt(f"{shown.title}: it does not allow the action.", known, documents=(shown,))
    unread = [one for one in everything if one.document is None]
    allowing = [shown for one in held.policies if (shown := _allowing(one, request)) is not None]
    if allowing:
        words = f"{allowing[0].title} allows it: what denies it is not among its policies."
        return Learnt(words, known, facts=_unread(unread), documents=tuple(allowing[:_MOST]))
    near = [shown for one in held.policies if (shown := _near(one, request)) is not None]
    if near:
        words = f"No statement allows it; {near[0].policy} allows the action, but not here."
        return Learnt(words, known, facts=_unread(unread), documents=tuple(near[:_MOST]))
    if unread:
        return Learnt(
            "What its policies say is not known: not all could be read.", known, facts=_unread(unread)
        )
    names = tuple(f"policy  {one.title}" for one in everything)
    return Learnt("None of its policies speaks of the action.", known, facts=names)


def _unread(policies: Iterable[HeldPolicy]) -> tuple[str, ...]:
    return tuple(f"not read  {one.title}" for one in policies)


def _allowing(policy: HeldPolicy, request: Request) -> Document | None:
    """A policy with an Allow that certainly applies."""
    for hit in hits_in([policy.document], request, "identity") if policy.document is not None else ():
        if hit.statement is not None and hit.judged.effect == "Allow" and hit.certain:
            return _shown(policy, hit.statement, "The marked statement allows it.")
    return None


def _denying(policy: HeldPolicy, request: Request, known: Known) -> Document | None:
    """A policy with a Deny about the request; the statement that AWS named, or the one that matches."""
    if policy.document is None:
        return None
    hits = [
        hit
        for hit in hits_in([policy.document], request, "identity")
        if hit.statement is not None and hit.judged.effect == "Deny"
    ]
    if not hits:
        return None
    named = [hit for hit in hits if _is_named(hit.statement, known.rulings)]
    hit = (named or sorted(hits, key=lambda one: not one.certain))[0]
    told = _is_ruled(policy, known.rulings)
    if not told and not hit.certain and _explicit(known.rulings) is None:
        return None
    note = (
        "The marked statement denies it."
        if hit.certain or told
        else "The marked statement may deny it; that hangs on what is not known here."
    )
    return _shown(policy, hit.statement, note)


def _near(policy: HeldPolicy, request: Request) -> Document | None:
    """A policy with an Allow for the action that does not reach the resource, or not so."""
    anywhere = Request(request.action, None, request.principal)
    for hit in hits_in([policy.document], anywhere, "identity") if policy.document is not None else ():
        if hit.statement is not None and hit.judged.effect == "Allow":
            return _shown(policy, hit.statement, "The marked statement allows the action, but not here.")
    return None


def _shown(policy: HeldPolicy, statement: Mapping[str, Any] | None, note: str) -> Document:
    title = policy.title[:1].upper() + policy.title[1:]
    return Document(title, json.dumps(policy.document), policy.arn or policy.title, statement, note)


def _with_statement(known: Known, shown: Document) -> Known:
    """The ruling to trust most, with the statement that was found for it."""
    ruling = known.ruling or Ruling("deny", "explicit", known.error.denied_by)
    # The details of an authorization call an inline policy by an id that means nothing to people.
    told = ruling.policy if (ruling.policy or "").startswith("arn:") else None
    policy = told or shown.policy or shown.title
    better = msgspec.structs.replace(ruling, statement=shown.statement, policy=policy)
    others = tuple(one for one in known.rulings if one is not ruling)
    return msgspec.structs.replace(known, rulings=(better, *others))


def _is_named(statement: Mapping[str, Any] | None, rulings: Iterable[Ruling]) -> bool:
    sids = {str(one.statement["Sid"]) for one in rulings if one.statement and one.statement.get("Sid")}
    return statement is not None and str(statement.get("Sid")) in sids


def _is_ruled(policy: HeldPolicy, rulings: Iterable[Ruling]) -> bool:
    return any(one.policy and (policy.is_called(one.policy) or one.policy == policy.title) for one in rulings)


def _explicit(rulings: Iterable[Ruling]) -> Ruling | None:
    return next((one for one in rulings if one.effect == "explicit"), None)
