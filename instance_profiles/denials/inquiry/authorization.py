"""iam-toolbox:GetRequestAuthorizationDetails: the whole evaluation of one denied request, kept for 24 hours.

It takes a while until it is there (https://docs.aws.amazon.com/IAM/latest/UserGuide/
troubleshoot_access-denied-authorization-id.html), so it is asked for again for about a minute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from instance_profiles.aws.errors import NotFound
from instance_profiles.aws.regions import home_region
from instance_profiles.denials.inquiry.known import Known, Learnt, NothingToAsk, Question, Scope
from instance_profiles.denials.inquiry.step import Ruling

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Mapping

    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.denials.sentence import DeniedBy, Effect

WAITS: Final = (2.0, 4.0, 6.0, 8.0, 10.0, 14.0, 16.0)
"""Seconds between the tries; a minute in all."""
_POLICY_TYPES: Final[Mapping[str, DeniedBy]] = {
    "IDENTITY_BASED_POLICY": "identity-policy",
    "RESOURCE_BASED_POLICY": "resource-policy",
    "PERMISSIONS_BOUNDARY": "permissions-boundary",
    "SESSION_POLICY": "session-policy",
    "SERVICE_CONTROL_POLICY": "service-control-policy",
    "RESOURCE_CONTROL_POLICY": "resource-control-policy",
    "VPC_ENDPOINT_POLICY": "vpc-endpoint-policy",
}
_CHECKS: Final[Mapping[str, DeniedBy]] = {
    "PRINCIPAL": "identity-policy",
    "RESOURCE": "resource-policy",
    "PERMISSIONS_BOUNDARY": "permissions-boundary",
    "SESSION": "session-policy",
    "SERVICE_CONTROL_POLICY": "service-control-policy",
    "RESOURCE_CONTROL_POLICY": "resource-control-policy",
    "VPC_ENDPOINT": "vpc-endpoint-policy",
}
"""Newer models tell for each kind of policy how it came out; the older ones leave the member away."""
_EFFECTS: Final[Mapping[str, Effect]] = {"EXPLICIT_DENY": "explicit", "IMPLICIT_DENY": "implicit"}


def _why_not(known: Known, _scope: Scope) -> str | None:
    return None if known.error.authorization_id else "The message has no authorization id."


async def _ask(account: AwsAccount, known: Known, scope: Scope) -> AsyncIterator[str | Learnt]:
    region = known.error.region or home_region(known.partition) or account.default_region
    pages: list[dict[str, Any]] = []
    for wait in (*WAITS, None):
        try:
            pages = [page async for page in _pages(account, str(known.error.authorization_id), region)]
            break
        except NotFound as error:
            if wait is None:
                raise NothingToAsk(
                    f"AWS does not have it in {region}: it is kept for 24 hours, and only for the account and"
                    " organisation of the caller."
                ) from error
            yield f"not there yet, asking again in {wait:.0f} s"
            await scope.sleep(wait)
    yield learnt_from(pages, known)


async def _pages(account: AwsAccount, identifier: str, region: str) -> AsyncIterator[dict[str, Any]]:
    asked = {"authorizationId": identifier}
    async for page in account.pages("iam-toolbox", "GetRequestAuthorizationDetails", asked, region=region):
        yield page


QUESTION: Final = Question(
    "authorization-details",
    "Authorization details",
    "iam-toolbox:GetRequestAuthorizationDetails",
    _why_not,
    _ask,
)


def learnt_from(pages: Iterable[Mapping[str, Any]], known: Known) -> Learnt:
    """What the pages of an answer say: the first evaluation that denies, and who denied it."""
    listed = list(pages)
    policies = {str(one.get("uri")): one for page in listed for one in page.get("policies") or ()}
    evaluations = [one for page in listed for one in page.get("evaluations") or ()]
    denied = [one for one in evaluations if one.get("evaluatedEffect") in _EFFECTS]
    facts = tuple(
        f"{one.get('action', '?')}  {_words(str(one.get('evaluatedEffect')))}"
        + (f" on {one['resource']}" if one.get("resource") else "")
        for one in evaluations
    )
    if not denied:
        return Learnt("AWS has no evaluation that denies.", known, facts=facts)
    first = denied[0]
    ruling = _ruling(first, policies, known)
    context = {
        str(key): values
        for key, value in {
            **_mapping(listed[0].get("requestContext")),
            **_mapping(first.get("context")),
        }.items()
        if (values := _values(value))
    }
    told = msgspec.structs.replace(
        known,
        action=known.action or first.get("action"),
        resource=known.resource or first.get("resource"),
        context={**known.context, **context},
        rulings=(*known.rulings, ruling),
    )
    return Learnt(_said(ruling), told, ruling, facts)


def _ruling(evaluation: Mapping[str, Any], policies: Mapping[str, Mapping[str, Any]], known: Known) -> Ruling:
    effect = _EFFECTS[str(evaluation["evaluatedEffect"])]
    checks = [one for one in evaluation.get("checks") or () if one.get("evaluatedEffect") in _EFFECTS]
    checks.sort(key=lambda one: one["evaluatedEffect"] != "EXPLICIT_DENY")
    check = checks[0] if checks else None
    matched = [
        *((check or {}).get("matchedPolicies") or ()),
        *(evaluation.get("matchedPolicies") or ()),
    ]
    by = _CHECKS.get(str(check.get("checkType"))) if check else None
    for policy in matched if effect == "explicit" else ():
        denying = [
            one for one in policy.get("matchedStatements") or () if one.get("evaluatedEffect") == "DENY"
        ]
        if denying:
            uri = str(policy.get("uri"))
            told = policies.get(uri, {})
            sid = denying[0].get("sid")
            return Ruling(
                "deny",
                "explicit",
                _POLICY_TYPES.get(str(told.get("type"))) or by,
                uri,
                {"Sid": sid, "Effect": "Deny"} if sid else None,
                tuple(str(one["arn"]) for one in told.get("attachedTo") or () if one.get("arn")),
            )
    return Ruling("deny", effect, by or known.error.denied_by, known.error.policy)


def _said(ruling: Ruling) -> str:
    if ruling.denied_by is None:
        return (
            "No statement that allows it, as AWS evaluated the request."
            if ruling.effect == "implicit"
            else ("A Deny statement, as AWS evaluated the request.")
        )
    kind = ruling.denied_by.replace("-", " ")
    if ruling.effect == "implicit":
        return f"No Allow in the {kind}, as AWS evaluated the request."
    sid = (ruling.statement or {}).get("Sid")
    return f"Denied by the {kind}{f', statement {sid}' if sid else ''}, as AWS evaluated the request."


def _words(effect: str) -> str:
    return {
        "ALLOW": "allowed",
        "EXPLICIT_DENY": "denied by a statement",
        "IMPLICIT_DENY": "not allowed by any statement",
    }.get(effect, effect.lower())


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _values(value: Any) -> tuple[str, ...]:
    """The values of a condition key; the model leaves their form open."""
    if isinstance(value, bool):
        return ("true" if value else "false",)
    if isinstance(value, str | int | float):
        return (str(value),)
    if isinstance(value, list):
        return tuple(one for inner in value for one in _values(inner))
    return ()
