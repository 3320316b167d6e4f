"""Simulation names the statements that decide, the layers that take part, and what it was not told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from instance_profiles.emulator.statement_places import statement_places
from tests.emulator.policies import ACCOUNT, ALL, ROLE, TO_EC2, WHO, allow, deny, enforced, other, policy

if TYPE_CHECKING:
    from tests.emulator.calling import Aws

CREATE = "iam:CreateInstanceProfile"


async def simulate(aws: Aws, *actions: str, source: str = WHO, **rest: Any) -> list[dict[str, Any]]:
    reply = await aws(
        "iam",
        "SimulatePrincipalPolicy",
        caller=other(aws),
        PolicySourceArn=source,
        ActionNames=list(actions),
        **rest,
    )
    return list(reply["EvaluationResults"])


async def test_the_statement_that_allows_is_named_with_its_place(aws: Aws):
    enforced(aws)
    text = policy(allow("iam:List*"), allow(CREATE))
    aws.world.account.user_policies["ops-oncall"] = {"create": text}
    (result,) = await simulate(aws, CREATE)
    (matched,) = result["MatchedStatements"]
    assert (matched["SourcePolicyId"], matched["SourcePolicyType"]) == ("create", "user")
    start, end = matched["StartPosition"]["Column"], matched["EndPosition"]["Column"]
    assert json.loads(text[start - 1 : end]) == allow(CREATE)


async def test_a_denying_statement_stands_alone(aws: Aws):
    enforced(aws, ALL)
    aws.world.account.user_policies["ops-oncall"] = {"hold": policy(deny("iam:Create*"))}
    (result,) = await simulate(aws, CREATE)
    assert result["EvalDecision"] == "explicitDeny"
    assert [one["SourcePolicyId"] for one in result["MatchedStatements"]] == ["hold"]


async def test_nothing_matches_where_nothing_allows(aws: Aws):
    enforced(aws, allow("iam:List*"))
    (result,) = await simulate(aws, CREATE)
    assert (result["EvalDecision"], result["MatchedStatements"]) == ("implicitDeny", [])


async def test_a_role_that_nobody_calls_as_is_judged_by_its_own_policies(aws: Aws):
    aws.world.account.roles["loader"].inline["own"] = policy(allow("s3:GetObject"))
    source = aws.world.account.roles["loader"].arn
    allowed, denied = await simulate(aws, "s3:GetObject", "s3:PutObject", source=source)
    assert (allowed["EvalDecision"], denied["EvalDecision"]) == ("allowed", "implicitDeny")
    assert allowed["MatchedStatements"][0]["SourcePolicyType"] == "role"
    (managed,) = await simulate(aws, "ssm:UpdateInstanceInformation", source=ROLE)
    (statement,) = managed["MatchedStatements"]
    assert statement["SourcePolicyId"] == "AmazonSSMManagedInstanceCore"
    assert statement["SourcePolicyType"] == "aws-managed"


@pytest.mark.parametrize("source", [f"arn:aws:iam::{ACCOUNT}:role/none", f"arn:aws:iam::{ACCOUNT}:user/none"])
async def test_whom_there_is_not_cannot_be_simulated(aws: Aws, source):
    asking = {"PolicySourceArn": source, "ActionNames": [CREATE]}
    assert (await aws.refused("iam", "SimulatePrincipalPolicy", **asking)).code == "NoSuchEntity"


@pytest.mark.parametrize("who", ["iam::123456789012:root", "sts::123456789012:assumed-role/web/i-1"])
async def test_root_and_sessions_are_refused(aws: Aws, who):
    asking = {"PolicySourceArn": f"arn:aws:{who}", "ActionNames": [CREATE]}
    assert (await aws.refused("iam", "SimulatePrincipalPolicy", **asking)).code == "InvalidInput"


async def test_one_result_per_action_holds_a_decision_for_each_resource(aws: Aws):
    enforced(aws, allow("iam:PassRole", ROLE))
    elsewhere = f"arn:aws:iam::{ACCOUNT}:role/data/loader"
    (result,) = await simulate(aws, "iam:PassRole", ResourceArns=[ROLE, elsewhere])
    assert result["EvalDecision"] == "implicitDeny"
    decisions = {
        one["EvalResourceName"]: one["EvalResourceDecision"] for one in result["ResourceSpecificResults"]
    }
    assert decisions == {ROLE: "allowed", elsewhere: "implicitDeny"}


async def test_boundary_and_organisation_are_told_apart(aws: Aws):
    caller = enforced(aws, ALL)
    caller.boundary = policy(allow("iam:List*"))
    aws.world.account.scps = [[policy(ALL)]]
    (result,) = await simulate(aws, CREATE)
    assert result["EvalDecision"] == "implicitDeny"
    assert result["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": False}
    assert result["OrganizationsDecisionDetail"] == {"AllowedByOrganizations": True}


@pytest.mark.parametrize(
    ("left_out", "decision"),
    [
        ([{"PolicyType": "permission-boundary"}], "allowed"),
        ([{"PolicyType": "scp"}], "implicitDeny"),
        ([{"PolicyType": "permission-boundary"}, {"PolicyType": "inline"}], "implicitDeny"),
        ([{"PolicyArn": "arn:aws:iam::aws:policy/Admin*"}], "implicitDeny"),
    ],
)
async def test_leaving_out_a_policy_names_the_guilty_one(aws: Aws, left_out, decision):
    caller = enforced(aws, ALL)
    caller.boundary = policy(allow("iam:List*"))
    (result,) = await simulate(aws, CREATE, PolicyExclusionList=left_out)
    assert result["EvalDecision"] == decision


@pytest.mark.parametrize(("owner", "decision"), [("load*", "allowed"), ("web", "explicitDeny")])
async def test_an_inline_policy_is_left_out_by_name_and_owner(aws: Aws, owner, decision):
    role = aws.world.account.roles["loader"]
    role.inline |= {"own": policy(ALL), "hold": policy(deny("s3:*"))}
    identifier = {"PolicyName": "hold", "AttachmentType": "role", "AttachmentName": owner}
    (result,) = await simulate(
        aws, "s3:GetObject", source=role.arn, PolicyExclusionList=[{"InlinePolicyIdentifier": identifier}]
    )
    assert result["EvalDecision"] == decision


async def test_a_managed_policy_is_left_out_by_its_arn(aws: Aws):
    action, arn = "ssm:UpdateInstanceInformation", "arn:aws:iam::aws:policy/AmazonSSM*"
    (result,) = await simulate(aws, action, source=ROLE, PolicyExclusionList=[{"PolicyArn": arn}])
    assert result["EvalDecision"] == "implicitDeny"


async def test_a_key_that_was_not_given_counts_as_absent_and_is_told(aws: Aws):
    unless = {"StringNotEquals": {"ec2:Region": "eu-west-1"}}
    enforced(aws, allow("iam:PassRole", ROLE, Condition=TO_EC2), ALL, deny("iam:PassRole", Condition=unless))
    (result,) = await simulate(aws, "iam:PassRole", ResourceArns=[ROLE])
    assert result["EvalDecision"] == "explicitDeny"
    assert result["MissingContextValues"] == ["ec2:Region", "iam:PassedToService"]
    (specific,) = result["ResourceSpecificResults"]
    assert specific["MissingContextValues"] == result["MissingContextValues"]


async def test_documents_can_be_tried_before_they_are_attached(aws: Aws):
    enforced(aws)
    (added,) = await simulate(aws, CREATE, PolicyInputList=[policy(allow(CREATE))])
    assert added["EvalDecision"] == "allowed"
    assert added["MatchedStatements"][0]["SourcePolicyId"] == "PolicyInputList.1"
    (bounded,) = await simulate(
        aws, CREATE, PolicyInputList=[policy(ALL)], PermissionsBoundaryPolicyInputList=[policy(allow("s3:*"))]
    )
    assert bounded["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": False}
    asking = {"PolicySourceArn": WHO, "ActionNames": [CREATE], "PolicyInputList": ["{"]}
    refused = await aws.refused("iam", "SimulatePrincipalPolicy", caller=other(aws), **asking)
    assert refused.code == "InvalidInput"


@pytest.mark.parametrize(
    ("by", "left_out"),
    [
        ("identity-based policy", {"PolicyArn": "arn:aws:iam::123456789012:policy/Guard"}),
        ("service control policy", {"PolicyType": "scp"}),
        ("permissions boundary", {"PolicyType": "permission-boundary"}),
    ],
)
async def test_a_denial_of_the_fleet_goes_with_its_policy(aws: Aws, by, left_out):
    aws.world.deny(CREATE, effect="explicit", by=by, policy="arn:aws:iam::123456789012:policy/Guard")
    (denied,) = await simulate(aws, CREATE)
    (without,) = await simulate(aws, CREATE, PolicyExclusionList=[left_out])
    assert (denied["EvalDecision"], without["EvalDecision"]) == ("explicitDeny", "allowed")


@pytest.mark.parametrize("by", ["session policy", "resource control policy", "VPC endpoint policy"])
async def test_what_the_simulation_cannot_know_it_does_not_say(aws: Aws, by):
    aws.world.deny(CREATE, by=by)
    (result,) = await simulate(aws, CREATE)
    assert result["EvalDecision"] == "allowed"
    refused = await aws.refused("iam", "CreateInstanceProfile", InstanceProfileName="new")
    assert f"because no {by} allows" in refused.message


def test_statements_are_found_in_documents_of_any_layout():
    document = (
        '{\n  "Statement": [\n    {"Effect": "Deny"},\n\t{"Sid":\n"x"}\n  ],\n  "Version": "2012-10-17"\n}'
    )
    assert statement_places(document) == (((3, 5), (3, 22)), ((4, 2), (5, 4)))
    assert statement_places('{"Id": "}", "Statement": {"Sid": "]"}}') == (((1, 26), (1, 37)),)
    assert statement_places("[1]") == statement_places("{") == ()
