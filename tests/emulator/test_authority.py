"""An enforced caller may do what its policies say, in AWS's words; simulation says the same beforehand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from instance_profiles.emulator.fleet import build_world
from tests.emulator.policies import ACCOUNT, ALL, INSTANCE, ROLE, TO_EC2, WHO, allow, enforced, other, policy

if TYPE_CHECKING:
    from tests.emulator.calling import Aws

ADD = {"InstanceProfileName": "spare", "RoleName": "web"}


async def test_what_no_policy_allows_is_denied_in_the_words_of_iam(aws: Aws):
    enforced(aws, allow("iam:List*"))
    await aws("iam", "ListRoles")
    refused = await aws.refused("iam", "GetRole", RoleName="web")
    assert refused.code == "AccessDenied"
    assert refused.message.startswith(
        f"User: {WHO} is not authorized to perform: iam:GetRole on resource: role web because no"
        f" identity-based "
        "policy allows the iam:GetRole action"
    )


async def test_a_permission_for_one_role_does_not_reach_another(aws: Aws):
    enforced(aws, allow("iam:GetRole", ROLE))
    await aws("iam", "GetRole", RoleName="web")
    assert (await aws.refused("iam", "GetRole", RoleName="ops")).code == "AccessDenied"


@pytest.mark.parametrize(
    "condition", [TO_EC2, {"ArnLike": {"iam:AssociatedResourceArn": f"arn:aws:ec2:*:{ACCOUNT}:instance/*"}}]
)
async def test_a_role_is_passed_with_the_context_of_ec2(aws: Aws, condition):
    enforced(aws, allow("iam:AddRoleToInstanceProfile"), allow("iam:PassRole", ROLE, Condition=condition))
    await aws("iam", "AddRoleToInstanceProfile", **ADD)


@pytest.mark.parametrize(
    "statement",
    [
        allow("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:instance-profile/web"),
        allow("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/other"),
        allow("iam:PassRole", ROLE, Condition={"StringEquals": {"iam:PassedToService": "rds.amazonaws.com"}}),
        allow("iam:PassRole", ROLE, Condition={"ArnEquals": {"iam:AssociatedResourceArn": INSTANCE}}),
    ],
)
async def test_the_usual_mistakes_with_pass_role_are_denied(aws: Aws, statement):
    enforced(aws, allow("iam:AddRoleToInstanceProfile"), statement)
    refused = await aws.refused("iam", "AddRoleToInstanceProfile", **ADD)
    assert f"is not authorized to perform: iam:PassRole on resource: {ROLE} because" in refused.message


async def test_ec2_sends_an_encoded_message_that_can_be_decoded(aws: Aws):
    enforced(aws, allow("sts:*"), allow("ec2:Describe*"))
    instance = next(iter(aws.world.account.region("us-east-1").instances.values()))
    wanted = {"InstanceId": instance.id, "IamInstanceProfile": {"Name": "web"}}
    refused = await aws.refused("ec2", "AssociateIamInstanceProfile", **wanted)
    assert refused.code == "UnauthorizedOperation"
    assert "You are not authorized to perform this operation. User: " in refused.message
    encoded = refused.message.rpartition("Encoded authorization failure message: ")[2]
    decoded = json.loads(
        (await aws("sts", "DecodeAuthorizationMessage", EncodedMessage=encoded))["DecodedMessage"]
    )
    assert (decoded["allowed"], decoded["explicitDeny"]) == (False, False)
    assert decoded["context"]["action"] == "AssociateIamInstanceProfile"


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        ("scps", "with an explicit deny in a service control policy"),
        ("boundary", "because no permissions boundary allows the iam:CreateInstanceProfile action"),
        ("session_policy", "because no session policy allows the iam:CreateInstanceProfile action"),
        ("user", "with an explicit deny in an identity-based policy"),
    ],
)
async def test_each_layer_denies_in_its_own_words(aws: Aws, layer, words):
    caller = enforced(aws, ALL)
    deny = {"Effect": "Deny", "Action": "iam:Create*", "Resource": "*"}
    if layer == "scps":
        aws.world.account.scps = [[policy(ALL, deny)]]
    elif layer == "user":
        aws.world.account.user_policies["ops-oncall"] = {"hold": policy(deny)}
    else:
        setattr(caller, layer, policy(allow("iam:List*")))
    refused = await aws.refused("iam", "CreateInstanceProfile", InstanceProfileName="new")
    assert words in refused.message
    simulated = await aws(
        "iam",
        "SimulatePrincipalPolicy",
        caller=other(aws),
        PolicySourceArn=WHO,
        ActionNames=["iam:CreateInstanceProfile"],
    )
    (result,) = simulated["EvaluationResults"]
    # What the simulation does not know is the session policy.
    assert (result["EvalDecision"] == "allowed") is (layer == "session_policy")
    assert result.get("OrganizationsDecisionDetail") == (
        {"AllowedByOrganizations": False} if layer == "scps" else None
    )


async def test_a_condition_whose_value_is_missing_is_told_by_the_simulation(aws: Aws):
    enforced(aws, allow("iam:PassRole", ROLE, Condition=TO_EC2))
    wanted = {"PolicySourceArn": WHO, "ActionNames": ["iam:PassRole"], "ResourceArns": [ROLE]}
    (bare,) = (await aws("iam", "SimulatePrincipalPolicy", caller=other(aws), **wanted))["EvaluationResults"]
    assert (bare["EvalDecision"], bare["MissingContextValues"]) == ("implicitDeny", ["iam:PassedToService"])
    entry = {
        "ContextKeyName": "iam:PassedToService",
        "ContextKeyType": "string",
        "ContextKeyValues": ["ec2.amazonaws.com"],
    }
    (full,) = (
        await aws("iam", "SimulatePrincipalPolicy", caller=other(aws), **wanted, ContextEntries=[entry])
    )["EvaluationResults"]
    assert full["EvalDecision"] == "allowed"


def test_a_fleet_file_says_who_is_enforced_and_how():
    world = build_world(
        """
        regions = ["us-east-1"]
        [account]
        id = "123456789012"
        scps = [[{ Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] }]]
        [[callers]]
        who = "user/kim"
        access_key = "AKIAKIM0000000000000"
        enforced = true
        policies = [{ Statement = [{ Effect = "Allow", Action = "iam:List*", Resource = "*" }] }]
        boundary = { Statement = [] }
        session_policy = { Statement = [] }
        """
    )
    caller = world.caller
    assert caller.enforced
    assert [json.loads(one)["Statement"][0]["Action"] for one in caller.policies] == ["iam:List*"]
    assert (caller.boundary, caller.session_policy) == ('{"Statement": []}', '{"Statement": []}')
    assert len(world.account.scps) == 1
