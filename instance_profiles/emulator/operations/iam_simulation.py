"""IAM: simulation, by the same policies and denials that decide about the calls themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.emulator.operations.registry import operation
from instance_profiles.emulator.paging import iam_page
from instance_profiles.emulator.refusal import RefusalError
from instance_profiles.emulator.resources import Caller
from instance_profiles.emulator.simulation import Simulated, simulate, simulate_fault, simulated_sources
from instance_profiles.emulator.statement_places import statement_places
from instance_profiles.policies.document import UnreadableDocument, parse, statements
from instance_profiles.policies.principal import principal_of
from instance_profiles.policies.request import Request as Question

if TYPE_CHECKING:
    from instance_profiles.emulator.authority import Matched
    from instance_profiles.emulator.policy_sources import PolicySource
    from instance_profiles.emulator.request import Request

_STRICTNESS = ("allowed", "implicitDeny", "explicitDeny")


@operation("iam", "SimulatePrincipalPolicy")
def simulate_principal_policy(request: Request) -> dict[str, Any]:
    """One result per action; the decision for each resource stands in ResourceSpecificResults."""
    source = request.parameters["PolicySourceArn"]
    if ":assumed-role/" in source or not any(kind in source for kind in (":user/", ":role/", ":group/")):
        raise RefusalError(
            "InvalidInput", f"Invalid Entity Arn: {source} does not clearly define entity type and name."
        )
    caller = _caller(request, source)
    policies = _policies(request, source, caller)
    actions = request.parameters["ActionNames"]
    resources = request.parameters.get("ResourceArns") or ["*"]
    found = [
        (
            f"{place:06}",
            _result(
                action,
                {resource: _judged(request, policies, caller, action, resource) for resource in resources},
            ),
        )
        for place, action in enumerate(actions)
    ]
    page, more = iam_page(request, found)
    return {"EvaluationResults": page, **more}


def _caller(request: Request, source: str) -> Caller:
    """Who holds an access key as this user or role; a role without one is judged by its own policies."""
    asked = principal_of(source)
    held = [
        caller
        for caller in request.world.callers.values()
        if caller.account == request.account.id and principal_of(caller.arn).name == asked.name
    ]
    if held:
        return next((caller for caller in held if caller.enforced), held[0])
    if asked.kind == "role" and asked.name.casefold() in request.account.roles:
        return Caller("", request.account.id, source, "", enforced=True)
    kind = "role" if asked.kind == "role" else "user"
    raise RefusalError("NoSuchEntity", f"The {kind} with name {asked.name} cannot be found.")


def _policies(request: Request, source: str, caller: Caller) -> list[PolicySource]:
    excluded = request.parameters.get("PolicyExclusionList") or []
    if any(len(identifier) != 1 for identifier in excluded):
        raise RefusalError("InvalidInput", "A policy identifier has exactly one of its members.")
    documents = request.parameters.get("PolicyInputList") or []
    boundaries = request.parameters.get("PermissionsBoundaryPolicyInputList") or []
    for document in (*documents, *boundaries):
        try:
            statements(parse(document))
        except UnreadableDocument as error:
            raise RefusalError("InvalidInput", f"Syntax error in policy: {error}") from error
    return simulated_sources(
        request.account,
        source,
        caller,
        documents=documents,
        boundary=boundaries[0] if boundaries else None,
        without=excluded,
    )


def _judged(
    request: Request, policies: list[PolicySource], caller: Caller, action: str, resource: str
) -> Simulated:
    """By the denials that the fleet names; for an enforced caller, or nobody's role, by its policies."""
    region = _region_of(resource) or request.region_name
    denial = request.world.faults.denial(action, region, resource)
    if denial is not None:
        excluded = request.parameters.get("PolicyExclusionList") or []
        fault = simulate_fault(request.account, caller, denial, action, resource, excluded)
        if fault is not None:
            return fault
    if not caller.enforced:
        return Simulated("allowed")
    context = {
        entry["ContextKeyName"]: tuple(entry.get("ContextKeyValues") or ())
        for entry in request.parameters.get("ContextEntries") or ()
    }
    source = request.parameters["PolicySourceArn"]
    return simulate(policies, Question(action, resource, source, context, request.account.id))


def _result(action: str, judged: dict[str, Simulated]) -> dict[str, Any]:
    strictest = max((one.verdict for one in judged.values()), key=_STRICTNESS.index)
    decisive = [one for one in judged.values() if one.verdict == strictest]
    matched = [_statement(statement) for one in decisive for statement in one.matched]
    result: dict[str, Any] = {
        "EvalActionName": action,
        "EvalResourceName": "*",
        "EvalDecision": strictest,
        "MatchedStatements": [one for place, one in enumerate(matched) if one not in matched[:place]],
        "MissingContextValues": sorted({key for one in judged.values() for key in one.missing}),
        "ResourceSpecificResults": [_of_resource(resource, one) for resource, one in judged.items()],
    }
    if (by_organization := _all_of([one.by_organization for one in judged.values()])) is not None:
        result["OrganizationsDecisionDetail"] = {"AllowedByOrganizations": by_organization}
    if (by_boundary := _all_of([one.by_boundary for one in judged.values()])) is not None:
        result["PermissionsBoundaryDecisionDetail"] = {"AllowedByPermissionsBoundary": by_boundary}
    return result


def _of_resource(resource: str, judged: Simulated) -> dict[str, Any]:
    result: dict[str, Any] = {
        "EvalResourceName": resource,
        "EvalResourceDecision": judged.verdict,
        "MatchedStatements": [_statement(one) for one in judged.matched],
        "MissingContextValues": list(judged.missing),
    }
    if judged.by_boundary is not None:
        result["PermissionsBoundaryDecisionDetail"] = {"AllowedByPermissionsBoundary": judged.by_boundary}
    return result


def _all_of(answers: list[bool | None]) -> bool | None:
    known = [answer for answer in answers if answer is not None]
    return all(known) if known else None


def _statement(matched: Matched) -> dict[str, Any]:
    source, statement = matched
    listed = statements(parse(source.document))
    places = statement_places(source.document)
    (line, column), (end_line, end_column) = places[listed.index(statement)]
    return {
        "SourcePolicyId": source.name,
        "SourcePolicyType": source.source_type,
        "StartPosition": {"Line": line, "Column": column},
        "EndPosition": {"Line": end_line, "Column": end_column},
    }


def _region_of(resource: str) -> str:
    parts = resource.split(":")
    return parts[3] if len(parts) > 3 else ""
