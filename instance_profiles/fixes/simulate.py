"""Asking IAM what the caller may do, without doing it (iam:SimulatePrincipalPolicy).

A simulation knows no resource control policies, session policies or endpoint policies, and an answer that
lacks context values proves nothing: only a plain yes or a plain no is taken as one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec

from instance_profiles.aws.errors import AwsError, Denied, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.aws.account import AwsAccount

_AT_ONCE = 50
"""Resources in one simulation: the request stays well below IAM's limits."""
_DENIED = {"explicitDeny": "explicitly denied", "implicitDeny": "not allowed"}


class Simulated(msgspec.Struct, frozen=True):
    """`allowed` None: it could not be told; `detail` says why, or who denies.

    `by` tells a denial that no further Allow lifts; empty where an Allow is all that is missing.
    """

    allowed: bool | None
    detail: str
    by: Literal["", "explicit", "organization", "boundary"] = ""


async def principal_arn(account: AwsAccount) -> str | Simulated:
    """The user or role behind the caller, as simulation wants it; a Simulated that says why there is none.

    The ARN of a role session has lost the role's path, so that the role itself is asked for its ARN.
    """
    try:
        arn = str((await account.identity())["Arn"])
    except AwsError as error:
        return Simulated(None, str(error))
    kind, _, rest = arn.split(":", 5)[5].partition("/")
    if kind == "user":
        return arn
    if kind != "assumed-role":
        return Simulated(None, f"not simulated: IAM cannot simulate {arn}")
    role = rest.partition("/")[0]
    try:
        reply = await account.call("iam", "GetRole", {"RoleName": role})
    except AwsError as error:
        return Simulated(None, f"not simulated: {error}")
    return str(reply["Role"]["Arn"])


async def simulate(
    account: AwsAccount, principal: str, action: str, resources: tuple[str, ...], context: Mapping[str, str]
) -> Simulated:
    """Whether the principal may do the action on all of the resources."""
    reply = await _asked(account, principal, action, resources, context)
    return reply if isinstance(reply, Simulated) else _judged(reply, action)


async def _asked(
    account: AwsAccount, principal: str, action: str, resources: tuple[str, ...], context: Mapping[str, str]
) -> list[dict[str, Any]] | Simulated:
    """The results of a simulation, or why there are none."""
    parameters = {
        "PolicySourceArn": principal,
        "ActionNames": [action],
        "ResourceArns": list(resources),
        "ContextEntries": [
            {"ContextKeyName": key, "ContextKeyType": "string", "ContextKeyValues": [value]}
            for key, value in context.items()
        ],
    }
    try:
        reply = await account.call("iam", "SimulatePrincipalPolicy", parameters)
    except Denied:
        return Simulated(None, "not simulated: iam:SimulatePrincipalPolicy is denied to you")
    except NotFound:
        return Simulated(None, f"not simulated: IAM does not know {principal}")
    except AwsError as error:
        return Simulated(None, f"not simulated: {error}")
    return list(reply.get("EvaluationResults") or [])


async def simulate_each(
    account: AwsAccount, principal: str, action: str, resources: tuple[str, ...], context: Mapping[str, str]
) -> dict[str, Simulated]:
    """Whether the principal may do the action, for each of the resources; one call for up to 50 of them."""
    told: dict[str, Simulated] = {}
    for start in range(0, len(resources), _AT_ONCE):
        asked = resources[start : start + _AT_ONCE]
        reply = await _asked(account, principal, action, asked, context)
        for resource in asked:
            told[resource] = reply if isinstance(reply, Simulated) else _judged_one(reply, action, resource)
    return told


def _judged_one(results: list[dict[str, Any]], action: str, resource: str) -> Simulated:
    """What a simulation of several resources says of one of them."""
    for result in results:
        for one in result.get("ResourceSpecificResults") or []:
            if one.get("EvalResourceName") == resource:
                alone = {
                    **result,
                    **one,
                    "EvalDecision": one.get("EvalResourceDecision"),
                    "ResourceSpecificResults": [],
                }
                return _judged([alone], action)
        if result.get("EvalResourceName") == resource:
            return _judged([result], action)
    return _judged(results, action)


def _judged(results: list[dict[str, Any]], action: str) -> Simulated:
    if not results:
        return Simulated(None, "the simulation gave no answer")
    result = results[0]
    decisions = {
        str(one.get("EvalResourceName", "")): str(one["EvalResourceDecision"])
        for one in result.get("ResourceSpecificResults") or []
    }
    refused = [name for name, decision in decisions.items() if decision != "allowed"]
    decision = str(result.get("EvalDecision"))
    if decision == "allowed" and not refused:
        return Simulated(True, "simulated")
    missing = [
        *(result.get("MissingContextValues") or []),
        *(
            key
            for one in result.get("ResourceSpecificResults") or []
            for key in one.get("MissingContextValues") or []
        ),
    ]
    if missing and decision != "explicitDeny":
        return Simulated(None, f"depends on {', '.join(dict.fromkeys(missing))}, which is not known here")
    where = f" on {refused[0]}" if refused else ""
    said = f"{action} is {_DENIED.get(decision, 'not allowed')}{where}{_who(result)}"
    return Simulated(False, said, _limited_by(result, decision))


def _limited_by(result: dict[str, Any], decision: str) -> Literal["", "explicit", "organization", "boundary"]:
    if (result.get("OrganizationsDecisionDetail") or {}).get("AllowedByOrganizations") is False:
        return "organization"
    if (result.get("PermissionsBoundaryDecisionDetail") or {}).get("AllowedByPermissionsBoundary") is False:
        return "boundary"
    return "explicit" if decision == "explicitDeny" else ""


def _who(result: dict[str, Any]) -> str:
    organizations = result.get("OrganizationsDecisionDetail") or {}
    if organizations.get("AllowedByOrganizations") is False:
        return ", by a service control policy"
    boundary = result.get("PermissionsBoundaryDecisionDetail") or {}
    if boundary.get("AllowedByPermissionsBoundary") is False:
        return ", by your permissions boundary"
    sources = [str(one.get("SourcePolicyId")) for one in result.get("MatchedStatements") or []]
    return f", by {sources[0]}" if sources else ""
