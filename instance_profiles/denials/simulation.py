"""Asking IAM what somebody may do, without doing it (iam:SimulatePrincipalPolicy).

A simulation knows no session policies, endpoint policies and resource control policies. What it lacks context
values for proves nothing but by a plain yes: a Deny may apply only as long as nobody says, for one, that the
caller has used MFA.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from instance_profiles.policies.decide import Decision

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.policies.decide import PolicyKind

AT_ONCE = 50
"""Resources in one simulation: the request stays well below IAM's limits."""


class Verdict(msgspec.Struct, frozen=True):
    """The decision about one action on one resource; `policies` are the ids of those that decided it."""

    decision: Decision
    policies: tuple[str, ...] = ()


async def simulate(
    account: AwsAccount,
    source: str,
    actions: Sequence[str],
    resources: Sequence[str],
    context: Mapping[str, Sequence[str]],
    without: Sequence[Mapping[str, Any]] = (),
) -> dict[tuple[str, str], Verdict]:
    """What a user or role may do, for each action on each resource; one call for up to 50 resources.

    `without` are policies to leave aside, as PolicyExclusionList wants them: would it be allowed without?

    Raises:
        AwsError: IAM would not or could not tell.
    """
    told: dict[tuple[str, str], Verdict] = {}
    for start in range(0, len(resources), AT_ONCE):
        asked = resources[start : start + AT_ONCE]
        told |= await _simulated(account, source, actions, asked, context, without)
    return told


async def _simulated(
    account: AwsAccount,
    source: str,
    actions: Sequence[str],
    resources: Sequence[str],
    context: Mapping[str, Sequence[str]],
    without: Sequence[Mapping[str, Any]],
) -> dict[tuple[str, str], Verdict]:
    parameters = {
        "PolicySourceArn": source,
        "ActionNames": list(actions),
        "ResourceArns": list(resources),
        "ContextEntries": [_entry(key, list(values)) for key, values in context.items()],
        **({"PolicyExclusionList": [dict(one) for one in without]} if without else {}),
    }
    answer = await account.call("iam", "SimulatePrincipalPolicy", parameters)
    results: list[dict[str, Any]] = answer.get("EvaluationResults") or []
    by_action = {str(one.get("EvalActionName")).lower(): one for one in results}
    told: dict[tuple[str, str], Verdict] = {}
    for action in actions:
        result = by_action.get(action.lower(), {})
        if len(resources) > 1 and _organization_denies(result):
            # That is said of all resources together: only alone does each tell whose denial it is.
            for resource in resources:
                told |= await _simulated(account, source, [action], [resource], context, without)
            continue
        told |= {(action, resource): _read(result, resource) for resource in resources}
    return told


def _entry(key: str, values: list[str]) -> dict[str, Any]:
    if all(value in ("true", "false") for value in values):
        kind = "boolean"
    elif key.lower() in ("aws:sourceip", "aws:vpcsourceip"):
        kind = "ip"
    else:
        kind = "string"
    return {
        "ContextKeyName": key,
        "ContextKeyType": kind if len(values) == 1 else f"{kind}List",
        "ContextKeyValues": values,
    }


def _read(result: dict[str, Any], resource: str) -> Verdict:
    """What one result says of one resource."""
    if not result:
        return Verdict(Decision("unknown", reason="The simulation gave no answer."))
    one = _about(result, resource)
    matched = [str(said.get("SourcePolicyId")) for said in one.get("MatchedStatements") or []]
    return Verdict(_decided(one), tuple(dict.fromkeys(matched)))


def _about(result: dict[str, Any], resource: str) -> dict[str, Any]:
    for one in result.get("ResourceSpecificResults") or []:
        if one.get("EvalResourceName") == resource:
            return {**result, **one, "EvalDecision": one.get("EvalResourceDecision")}
    return result


def _decided(one: dict[str, Any]) -> Decision:
    said = str(one.get("EvalDecision"))
    if said == "allowed":
        return Decision("allow", None, "identity-policy", reason="It is allowed.")
    by = _denier(one)
    missing = tuple(dict.fromkeys(one.get("MissingContextValues") or []))
    # Condition keys of service control policies are never among the missing ones.
    if missing and by != "service-control-policy":
        reason = f"It depends on {', '.join(missing)}, which is not known here."
        return Decision("unknown", missing=missing, reason=reason)
    if said == "explicitDeny":
        return Decision("deny", "explicit", by, reason="A Deny statement forbids it.")
    return Decision("deny", "implicit", by, reason="No policy allows it.")


def _denier(one: dict[str, Any]) -> PolicyKind:
    if _organization_denies(one):
        return "service-control-policy"
    if (one.get("PermissionsBoundaryDecisionDetail") or {}).get("AllowedByPermissionsBoundary") is False:
        return "permissions-boundary"
    return "identity-policy"


def _organization_denies(result: dict[str, Any]) -> bool:
    return (result.get("OrganizationsDecisionDetail") or {}).get("AllowedByOrganizations") is False
