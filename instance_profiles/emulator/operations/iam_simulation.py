"""IAM: simulation, which allows what the world does not deny."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.emulator.operations.registry import operation
from instance_profiles.emulator.paging import iam_page
from instance_profiles.emulator.refusal import RefusalError

if TYPE_CHECKING:
    from instance_profiles.emulator.request import Request

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
    decisions = {resource: _decision(request, action, resource) for resource in resources}
    strictest = max(decisions.values(), key=_STRICTNESS.index)
    return {
        "EvalActionName": action,
        "EvalResourceName": resources[0] if len(resources) == 1 else "*",
        "EvalDecision": strictest,
        "MatchedStatements": [],
        "MissingContextValues": [],
        "ResourceSpecificResults": [
            {
                "EvalResourceName": resource,
                "EvalResourceDecision": decision,
                "MatchedStatements": [],
                "MissingContextValues": [],
            }
            for resource, decision in decisions.items()
        ],
    }


def _decision(request: Request, action: str, resource: str) -> str:
    denial = request.world.faults.denial(action, _region_of(resource) or request.region_name, resource)
    return _DECISIONS[denial.effect] if denial else "allowed"


def _region_of(resource: str) -> str:
    parts = resource.split(":")
    return parts[3] if len(parts) > 3 else ""
