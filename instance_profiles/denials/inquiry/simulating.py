"""iam:SimulatePrincipalPolicy: whether it would be denied now, and by which policy.

Where IAM does not name the policy, it is found by asking again without each (PolicyExclusionList). Policies
of the organisation that deny are never named by IAM; session, endpoint and resource control policies it does
not know at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from instance_profiles.aws.errors import AwsError, NotFound
from instance_profiles.denials.attached import Held, HeldPolicy, held_by
from instance_profiles.denials.inquiry.known import Known, Learnt, NothingToAsk, Question, Scope
from instance_profiles.denials.inquiry.step import Ruling
from instance_profiles.denials.permission import NobodyToAsk, source_of
from instance_profiles.denials.simulation import Verdict, simulate
from instance_profiles.policies.ec2_names import ec2_principals
from instance_profiles.policies.layer import permits
from instance_profiles.policies.principal import principal_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from instance_profiles.aws.account import AwsAccount

_MOST_SUSPECTS: Final = 12
"""Policies that are left aside one by one; a principal rarely has more that deny anything."""


def _why_not(known: Known, _scope: Scope) -> str | None:
    if not known.action:
        return "Nothing tells which action was denied."
    if not known.error.principal:
        return "Nothing tells who was denied."
    if known.is_elsewhere:
        return f"The caller belongs to account {known.whose}; ask with a named profile of that account."
    if principal_of(known.error.principal).kind == "account":
        return "No IAM policy limits the root user, so there is nothing to simulate."
    return None


async def _ask(account: AwsAccount, known: Known, _scope: Scope) -> AsyncIterator[str | Learnt]:
    try:
        source = await source_of(account, known.error.principal)
    except NobodyToAsk as error:
        raise NothingToAsk(str(error)) from error
    known = msgspec.structs.replace(known, source=source)
    asking = _Asking(account, known, source)
    try:
        verdict = await asking.ask()
    except NotFound as error:
        raise NothingToAsk(f"IAM does not know {source}.") from error
    if verdict.decision.decision != "deny":
        yield _not_denied(verdict, known)
        return
    yield "denied; reading which policies it has"
    notes: list[str] = []
    try:
        known = msgspec.structs.replace(known, held=await held_by(account, source))
    except AwsError as error:
        notes.append(f"policies  not read: {error}")
    guilty: tuple[HeldPolicy, ...] = ()
    if known.held is not None:
        async for said in _guilty(asking, verdict, known.held):
            if isinstance(said, str):
                yield said
            else:
                guilty = said
    ruling = _ruling(verdict, guilty)
    told = msgspec.structs.replace(known, rulings=(*known.rulings, ruling))
    facts = (*(f"denied by  {one.title}" for one in guilty), *notes)
    yield Learnt(_said(verdict, guilty), told, ruling, facts)


QUESTION: Final = Question("simulation", "Simulation", "iam:SimulatePrincipalPolicy", _why_not, _ask)


class _Asking:
    """One question, asked with all policies and without some."""

    def __init__(self, account: AwsAccount, known: Known, source: str) -> None:
        self._account = account
        self._source = source
        self._action = str(known.action)
        self._resource = known.resource if known.resource and known.resource.startswith("arn:") else "*"
        self._context = {**usual_context(known), **known.context}

    async def ask(self, without: Sequence[HeldPolicy] = ()) -> Verdict:
        told = await simulate(
            self._account,
            self._source,
            [self._action],
            [self._resource],
            self._context,
            [one.exclusion for one in without],
        )
        return told[self._action, self._resource]

    async def may_exclude(self) -> bool:
        return await self._account.knows_parameter("iam", "SimulatePrincipalPolicy", "PolicyExclusionList")

    def may_deny(self, policy: HeldPolicy) -> bool:
        """Whether a document has a Deny that may be about it; one that could not be read may."""
        if policy.document is None:
            return True
        context: Mapping[str, tuple[str, ...]] = self._context
        said = permits(policy.document, self._action, self._resource, context)
        return said in ("explicit-deny", "unknown")


def usual_context(known: Known) -> dict[str, tuple[str, ...]]:
    """The keys that AWS puts into a request and that a simulation does not know by itself.

    For iam:PassRole these are the service and the instances of the account: the value has a star for the id,
    and EC2 puts the region in (recorded), IAM another star.
    """
    context: dict[str, tuple[str, ...]] = {"aws:RequestedRegion": (known.region,)} if known.region else {}
    if (known.action or "").lower() == "iam:passrole":
        place = f"arn:{known.partition}:ec2:{known.region or '*'}:{known.account}:instance/*"
        context["iam:PassedToService"] = ec2_principals(known.partition)
        context["iam:AssociatedResourceArn"] = (place,)
    return context


def _not_denied(verdict: Verdict, known: Known) -> Learnt:
    if verdict.decision.decision == "unknown":
        ruling = Ruling("unknown")
        words = verdict.decision.reason
    else:
        ruling = Ruling("allow")
        words = (
            "The simulation allows it. Then the cause is what it does not know: a session policy, an endpoint"
            " or resource control policy, MFA, the address, or something that was changed since."
        )
    told = msgspec.structs.replace(known, rulings=(*known.rulings, ruling))
    return Learnt(words, told, ruling)


async def _guilty(
    asking: _Asking, verdict: Verdict, held: Held
) -> AsyncIterator[str | tuple[HeldPolicy, ...]]:
    """The policies that deny: as IAM names them, else those without which it would not be denied so."""
    decision = verdict.decision
    if (
        decision.decided_by == "permissions-boundary"
        and held.limit is not None
        and decision.effect == "implicit"
    ):
        yield (held.limit,)
        return
    if decision.effect != "explicit" or decision.decided_by == "service-control-policy":
        return
    everything = (*held.policies, *((held.limit,) if held.limit else ()))
    named = tuple(one for one in everything if any(one.is_called(source) for source in verdict.policies))
    if named:
        yield named
        return
    suspects = [one for one in everything if asking.may_deny(one)][:_MOST_SUSPECTS]
    if not suspects or not await asking.may_exclude():
        return
    for number, one in enumerate(suspects, 1):
        yield f"asking without {one.title} ({number} of {len(suspects)})"
        if (await asking.ask([one])).decision.effect != "explicit":
            yield (one,)
            return
    if len(suspects) > 1 and (await asking.ask(suspects)).decision.effect != "explicit":
        yield tuple(suspects)


def _ruling(verdict: Verdict, guilty: Sequence[HeldPolicy]) -> Ruling:
    decision = verdict.decision
    by: Any = decision.decided_by
    if guilty and decision.effect == "explicit":
        by = "permissions-boundary" if guilty[0].type == "permission-boundary" else "identity-policy"
    first = guilty[0] if guilty else None
    return Ruling(
        "deny",
        decision.effect,
        by,
        (first.arn or first.title) if first else next(iter(verdict.policies), None),
        attached_to=(f"{first.holder_kind} {first.holder}",) if first else (),
    )


def _said(verdict: Verdict, guilty: Sequence[HeldPolicy]) -> str:
    decision = verdict.decision
    if guilty:
        names = " and ".join(one.title for one in guilty)
        return f"Denied by {names}." if decision.effect == "explicit" else f"Not allowed by {names}."
    if decision.decided_by == "service-control-policy":
        return "Denied by the organisation: IAM does not tell by which of its policies."
    if decision.effect == "explicit":
        return "A Deny statement forbids it; which one could not be told."
    return "No policy allows it."
