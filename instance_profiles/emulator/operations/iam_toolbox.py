"""IAM's Access Troubleshooter: which policies were evaluated for a request that was denied."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from instance_profiles.emulator.authority import arn_of
from instance_profiles.emulator.authorizations import kept
from instance_profiles.emulator.operations.registry import operation
from instance_profiles.emulator.paging import json_page
from instance_profiles.emulator.refusal import RefusalError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from instance_profiles.emulator.authority import Evaluation, Matched
    from instance_profiles.emulator.authorizations import Authorization
    from instance_profiles.emulator.policy_sources import PolicySource
    from instance_profiles.emulator.request import Request

_TYPES = {
    "identity-policy": "IDENTITY_BASED_POLICY",
    "resource-policy": "RESOURCE_BASED_POLICY",
    "permissions-boundary": "PERMISSIONS_BOUNDARY",
    "session-policy": "SESSION_POLICY",
    "service-control-policy": "SERVICE_CONTROL_POLICY",
    "resource-control-policy": "RESOURCE_CONTROL_POLICY",
    "vpc-endpoint-policy": "VPC_ENDPOINT_POLICY",
    "role-trust-policy": "RESOURCE_BASED_POLICY",
}
_PAGE = 100


@operation("iam-toolbox", "GetRequestAuthorizationDetails", passing=True)
def get_request_authorization_details(request: Request) -> dict[str, Any]:
    """Not there for some seconds after the denial, then for a day, to the account that was denied."""
    authorization_id = request.parameters["authorizationId"]
    if not re.fullmatch("[0-9a-z]+", authorization_id):
        raise RefusalError("ValidationException", f"Invalid authorization ID: {authorization_id}")
    held = kept(request.world, authorization_id, request.account.id, request.region_name)
    if held is None:
        raise RefusalError(
            "ResourceNotFoundException",
            f"Authorization details for {authorization_id} do not exist in this region or have expired.",
            404,
        )
    keyed = [(f"{place:06}", _evaluation(request, one)) for place, one in enumerate(held.evaluations)]
    page, more = json_page(
        request, keyed, size="", cursor="nextToken", default=_PAGE, smallest=1, largest=_PAGE
    )
    return {
        "requestContext": _request_context(held),
        "evaluations": page,
        "policies": _policies(held),
        **more,
    }


def _evaluation(request: Request, evaluation: Evaluation) -> dict[str, Any]:
    denial = evaluation.denial
    effect = "ALLOW" if denial is None else f"{denial.effect.upper()}_DENY"
    # An implicit denial has no matched policies, says the service's model.
    matched = () if effect == "IMPLICIT_DENY" else evaluation.matched
    own = {key: values for key, values in evaluation.context.items() if not key.startswith("aws:")}
    return {
        "action": evaluation.action,
        "resource": arn_of(request.account, evaluation.resource),
        "context": _context(own),
        "evaluatedEffect": effect,
        "matchedPolicies": _matched(matched),
    }


def _matched(matched: Sequence[Matched]) -> list[dict[str, Any]]:
    by_policy: dict[str, list[dict[str, str]]] = {}
    for source, statement in matched:
        listed = by_policy.setdefault(source.uri, [])
        sid = statement.get("Sid") or f"statement-{len(listed) + 1}"
        listed.append({"sid": sid, "evaluatedEffect": statement["Effect"].upper()})
    return [{"uri": uri, "matchedStatements": listed} for uri, listed in by_policy.items()]


def _policies(held: Authorization) -> list[dict[str, Any]]:
    found: dict[str, PolicySource] = {}
    for evaluation in held.evaluations:
        found |= {source.uri: source for source in evaluation.sources}
    return [
        {
            "type": _TYPES[source.kind],
            "inline": not source.arn,
            "uri": uri,
            "attachedTo": [{"arn": source.attached_to}],
        }
        for uri, source in found.items()
    ]


def _request_context(held: Authorization) -> dict[str, Any]:
    shared = {
        key: values
        for evaluation in held.evaluations
        for key, values in evaluation.context.items()
        if key.startswith("aws:")
    }
    return _context(shared) | {
        "aws:PrincipalArn": held.principal,
        "aws:userid": held.principal_id,
        "aws:PrincipalAccount": held.account,
    }


def _context(context: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    return {key: values[0] if len(values) == 1 else list(values) for key, values in context.items()}
