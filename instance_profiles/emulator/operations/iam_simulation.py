"""IAM: simulation, by the same policies and denials that decide about the calls themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.emulator.authority import decision_of
from instance_profiles.emulator.operations.registry import operation
from instance_profiles.emulator.paging import iam_page
from instance_profiles.emulator.refusal import RefusalError
from instance_profiles.policies.principal import principal_of

if TYPE_CHECKING:
    from instance_profiles.emulator.request import Request
    from instance_profiles.emulator.resources import Caller

_DECISIONS = {"implicit": "implicitDeny", "explicit": "explicitDeny"}
_STRICTNESS = ("allowed", "implicitDeny", "explicitDeny")


@operation("iam", "SimulatePrincipalPolicy")
def simulate_principal_policy(request: Request) -> dict[str, Any]:
    """One result per action; the decision for each resource stands in ResourceSpecificResults."""
    source = request.parameters["PolicySourceArn"]
    if ":assumed-role/" in source or not any(kind in source for kind in (":user/", ":role/", ":group/")):
        raise RefusalError(
            "InvalidInput", f"Invalid Entity Arn: {source} does not clearly define entity type and name."
        )
    _check_source(request, source)
    actions = request.parameters["ActionNames"]
    resources = request.parameters.get("ResourceArns") or ["*"]
    found = [(f"{place:06}", _result(request, name, resources)) for place, name in enumerate(actions)]
    page, more = iam_page(request, found)
    return {"EvaluationResults": page, **more}


def _check_source(request: Request, source: str) -> None:
    """Where the source is a role it must exist."""
    name = source.rpartition("/")[2]
    if ":role/" in source and name.casefold() not in request.account.roles:
        raise RefusalError("NoSuchEntity", f"The role with name {name} cannot be found.")


def _result(request: Request, action: str, resources: list[str]) -> dict[str, Any]:
    judged = {resource: _judged(request, action, resource) for resource in resources}
    strictest = max((one["EvalDecision"] for one in judged.values()), key=_STRICTNESS.index)
    details = next(one for one in judged.values() if one["EvalDecision"] == strictest)
    return {
        "EvalActionName": action,
        "EvalResourceName": resources[0] if len(resources) == 1 else "*",
        "MatchedStatements": [],
        **details,
        "ResourceSpecificResults": [
            {
                "EvalResourceName": resource,
                "EvalResourceDecision": one["EvalDecision"],
                "MatchedStatements": [],
                "MissingContextValues": one["MissingContextValues"],
            }
            for resource, one in judged.items()
        ],
    }


def _judged(request: Request, action: str, resource: str) -> dict[str, Any]:
    """By the denials that the fleet names; for an enforced caller also by its policies."""
    denial = request.world.faults.denial(action, _region_of(resource) or request.region_name, resource)
    if denial is not None:
        return {"EvalDecision": _DECISIONS[denial.effect], "MissingContextValues": []}
    caller = _enforced(request, request.parameters["PolicySourceArn"])
    if caller is None:
        return {"EvalDecision": "allowed", "MissingContextValues": []}
    context = {
        entry["ContextKeyName"]: tuple(entry.get("ContextKeyValues") or ())
        for entry in request.parameters.get("ContextEntries") or ()
    }
    decision = decision_of(request.account, caller, action, resource, context, complete=False)
    said = {"allow": "allowed", "unknown": "implicitDeny"}.get(decision.decision)
    result: dict[str, Any] = {
        "EvalDecision": said or _DECISIONS[decision.effect or "implicit"],
        "MissingContextValues": list(decision.missing),
    }
    if decision.decided_by == "service-control-policy":
        result["OrganizationsDecisionDetail"] = {"AllowedByOrganizations": False}
    if decision.decided_by == "permissions-boundary":
        result["PermissionsBoundaryDecisionDetail"] = {"AllowedByPermissionsBoundary": False}
    return result


def _enforced(request: Request, source: str) -> Caller | None:
    """The enforced caller that is this user, or a session of this role."""
    asked = principal_of(source)
    for caller in request.world.callers.values():
        held = principal_of(caller.arn)
        if caller.enforced and (held.account, held.name) == (asked.account, asked.name):
            return caller
    return None


def _region_of(resource: str) -> str:
    parts = resource.split(":")
    return parts[3] if len(parts) > 3 else ""
