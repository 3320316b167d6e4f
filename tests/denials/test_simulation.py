"""Reading what IAM's simulation says: for each resource, and by whom it is denied."""

from __future__ import annotations

from typing import Any

import pytest

from instance_profiles.denials.simulation import simulate

ONE, OTHER = "arn:aws:iam::123456789012:role/one", "arn:aws:iam::123456789012:role/other"
SOURCE = "arn:aws:iam::123456789012:user/kim"


class Simulator:
    """IAM's simulation with answers made up for each resource, as no world can be made to give them."""

    def __init__(self, answers: dict[str, dict[str, Any]]) -> None:
        self.answers = answers
        self.asked: list[list[str]] = []

    async def call(self, service: str, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        resources = parameters["ResourceArns"]
        self.asked.append(resources)
        told = [self.answers[resource] for resource in resources]
        whole: dict[str, Any] = {"EvalActionName": "iam:PassRole", "EvalDecision": "implicitDeny"}
        if any(one.get("by_organization") for one in told):
            whole["OrganizationsDecisionDetail"] = {"AllowedByOrganizations": False}
        specific = [
            {"EvalResourceName": resource, "EvalResourceDecision": one["said"], **one.get("more", {})}
            for resource, one in zip(resources, told, strict=True)
        ]
        return {"EvaluationResults": [{**whole, "ResourceSpecificResults": specific}]}


async def asked(simulator: Simulator) -> dict[str, Any]:
    told = await simulate(simulator, SOURCE, ["iam:PassRole"], list(simulator.answers), {})
    return {resource: verdict for (_, resource), verdict in told.items()}


async def test_each_resource_has_its_own_answer() -> None:
    simulator = Simulator({ONE: {"said": "allowed"}, OTHER: {"said": "implicitDeny"}})
    told = await asked(simulator)
    assert (told[ONE].decision.decision, told[OTHER].decision.decision) == ("allow", "deny")
    assert told[OTHER].decision.decided_by == "identity-policy"
    assert len(simulator.asked) == 1


async def test_a_denial_of_the_organization_is_told_for_the_resource_that_it_is_about() -> None:
    """IAM says it of all resources of a call together, so that each is asked about alone."""
    simulator = Simulator(
        {ONE: {"said": "implicitDeny"}, OTHER: {"said": "implicitDeny", "by_organization": True}}
    )
    told = await asked(simulator)
    assert told[ONE].decision.decided_by == "identity-policy"
    assert told[OTHER].decision.decided_by == "service-control-policy"
    assert simulator.asked == [[ONE, OTHER], [ONE], [OTHER]]


@pytest.mark.parametrize("said", ["implicitDeny", "explicitDeny"])
async def test_a_denial_that_hangs_on_a_missing_value_is_unknown(said: str) -> None:
    missing = {"MissingContextValues": ["aws:MultiFactorAuthPresent"]}
    (verdict,) = (await asked(Simulator({ONE: {"said": said, "more": missing}}))).values()
    assert verdict.decision.decision == "unknown"
    assert verdict.decision.missing == ("aws:MultiFactorAuthPresent",)


async def test_a_boundary_and_the_deciding_policies_are_named() -> None:
    more = {
        "PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": False},
        "MatchedStatements": [{"SourcePolicyId": "limits"}, {"SourcePolicyId": "limits"}],
    }
    (verdict,) = (await asked(Simulator({ONE: {"said": "explicitDeny", "more": more}}))).values()
    assert (verdict.decision.decided_by, verdict.decision.effect) == ("permissions-boundary", "explicit")
    assert verdict.policies == ("limits",)
