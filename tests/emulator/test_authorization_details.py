"""What the Access Troubleshooter and encoded messages say agrees with what was denied."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.emulator.policies import ALL, ROLE, TO_EC2, WHO, allow, deny, enforced, other, policy

if TYPE_CHECKING:
    from tests.emulator.calling import Aws

ADD = {"InstanceProfileName": "spare", "RoleName": "web"}


async def denied_id(aws: Aws, operation: str = "AddRoleToInstanceProfile", **parameters: Any) -> str:
    refused = await aws.refused("iam", operation, **(parameters or ADD))
    return refused.message.rpartition(" ")[2]


async def details(aws: Aws, authorization_id: str) -> dict[str, Any]:
    aws.world.clock.advance(aws.world.timing.authorization_details)
    ask = "GetRequestAuthorizationDetails"
    return await aws("iam-toolbox", ask, caller=other(aws), authorizationId=authorization_id)


async def test_details_come_after_some_seconds_and_stay_for_a_day(aws: Aws):
    enforced(aws, allow("iam:List*"))
    authorization_id = await denied_id(aws)
    asking = {"caller": other(aws), "authorizationId": authorization_id}
    early = await aws.refused("iam-toolbox", "GetRequestAuthorizationDetails", **asking)
    assert (early.status, early.code) == (404, "ResourceNotFoundException")
    assert await details(aws, authorization_id)
    elsewhere = await aws.refused(
        "iam-toolbox", "GetRequestAuthorizationDetails", region="eu-west-1", **asking
    )
    assert elsewhere.code == "ResourceNotFoundException"
    aws.world.clock.advance(24 * 3600)
    late = await aws.refused("iam-toolbox", "GetRequestAuthorizationDetails", **asking)
    assert late.code == "ResourceNotFoundException"


async def test_an_id_of_another_form_is_invalid(aws: Aws):
    refused = await aws.refused("iam-toolbox", "GetRequestAuthorizationDetails", authorizationId="A-1")
    assert (refused.status, refused.code) == (400, "ValidationException")


async def test_another_account_does_not_see_the_details(aws: Aws):
    from instance_profiles.emulator.resources import Account, Caller

    enforced(aws)
    authorization_id = await denied_id(aws)
    aws.world.clock.advance(60)
    aws.world.add_account(Account("999999999999"))
    stranger = aws.world.add_caller(
        Caller("AKIASTRANGER00000000", "999999999999", "arn:aws:iam::999999999999:user/x", "AIDAX")
    )
    ask = "GetRequestAuthorizationDetails"
    refused = await aws.refused("iam-toolbox", ask, caller=stranger, authorizationId=authorization_id)
    assert refused.code == "ResourceNotFoundException"


async def test_whoever_may_not_ask_is_told_so(aws: Aws):
    enforced(aws)
    refused = await aws.refused("iam-toolbox", "GetRequestAuthorizationDetails", authorizationId="abc")
    assert (refused.status, refused.code) == (403, "AccessDeniedException")
    assert "iam:GetRequestAuthorizationDetails" in refused.message


async def test_an_implicit_denial_of_pass_role_comes_after_what_was_allowed(aws: Aws):
    enforced(aws, allow("iam:AddRoleToInstanceProfile", Sid="Change"))
    found = await details(aws, await denied_id(aws))
    first, second = found["evaluations"]
    assert (first["action"], first["evaluatedEffect"]) == ("iam:AddRoleToInstanceProfile", "ALLOW")
    assert [m["matchedStatements"] for m in first["matchedPolicies"]] == [
        [{"sid": "Change", "evaluatedEffect": "ALLOW"}]
    ]
    assert (second["action"], second["resource"]) == ("iam:PassRole", ROLE)
    assert (second["evaluatedEffect"], second["matchedPolicies"]) == ("IMPLICIT_DENY", [])
    assert second["context"]["iam:PassedToService"] == "ec2.amazonaws.com"
    assert found["requestContext"]["aws:PrincipalArn"] == WHO


async def test_an_explicit_denial_names_policy_statement_and_where_it_is_attached(aws: Aws):
    enforced(aws, ALL)
    aws.world.account.scps = [[policy(ALL)], [policy(ALL, deny("iam:Pass*", Sid="NoPassing"))]]
    refused = await aws.refused("iam", "AddRoleToInstanceProfile", **ADD)
    found = await details(aws, refused.message.rpartition(" ")[2])
    denying = [
        matched["uri"]
        for matched in found["evaluations"][-1]["matchedPolicies"]
        if {"sid": "NoPassing", "evaluatedEffect": "DENY"} in matched["matchedStatements"]
    ]
    (described,) = [one for one in found["policies"] if one["uri"] in denying]
    assert (described["type"], described["inline"]) == ("SERVICE_CONTROL_POLICY", False)
    assert described["attachedTo"][0]["arn"].endswith(f"/{aws.world.account.id}")
    assert f"with an explicit deny in a service control policy: {described['uri']}. Go to" in refused.message


@pytest.mark.parametrize(
    ("layer", "expected"),
    [("boundary", "PERMISSIONS_BOUNDARY"), ("session_policy", "SESSION_POLICY")],
)
async def test_every_layer_that_was_evaluated_is_listed(aws: Aws, layer, expected):
    setattr(enforced(aws, ALL), layer, policy(allow("iam:List*")))
    found = await details(aws, await denied_id(aws))
    assert {one["type"] for one in found["policies"]} == {"IDENTITY_BASED_POLICY", expected}


async def test_a_denial_of_the_fleet_has_details_as_well(aws: Aws):
    arn = "arn:aws:iam::123456789012:policy/Guard"
    aws.world.deny("iam:AddRole*", effect="explicit", policy=arn)
    found = await details(aws, await denied_id(aws))
    (evaluation,) = found["evaluations"]
    assert (evaluation["evaluatedEffect"], evaluation["matchedPolicies"][0]["uri"]) == ("EXPLICIT_DENY", arn)


async def test_an_encoded_message_names_the_statement_that_denies(aws: Aws):
    condition = {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1"]}}
    statement = deny("ec2:Associate*", Sid="OnlyIreland", Condition=condition)
    enforced(aws, ALL, statement)
    instance = next(iter(aws.world.account.region("us-east-1").instances.values()))
    wanted = {"InstanceId": instance.id, "IamInstanceProfile": {"Name": "web"}}
    refused = await aws.refused("ec2", "AssociateIamInstanceProfile", **wanted)
    encoded = refused.message.rpartition(": ")[2]
    decoded = json.loads(
        (await aws("sts", "DecodeAuthorizationMessage", EncodedMessage=encoded))["DecodedMessage"]
    )
    assert decoded["explicitDeny"] is True
    (item,) = decoded["matchedStatements"]["items"]
    assert (item["statementId"], item["effect"]) == ("OnlyIreland", "DENY")
    assert item["actions"] == {"items": [{"value": "ec2:Associate*"}]}
    assert item["conditions"]["items"] == [
        {"key": "aws:RequestedRegion", "values": {"items": [{"value": "eu-west-1"}]}}
    ]


async def test_an_implicit_denial_is_encoded_without_statements(aws: Aws):
    enforced(
        aws, allow("ec2:*"), allow("sts:*"), allow("iam:PassRole", "arn:aws:iam::1:role/x", Condition=TO_EC2)
    )
    instance = next(i for i in aws.world.account.region("us-east-1").instances.values())
    wanted = {"InstanceId": instance.id, "IamInstanceProfile": {"Name": "web"}}
    refused = await aws.refused("ec2", "AssociateIamInstanceProfile", **wanted)
    encoded = refused.message.rpartition(": ")[2]
    decoded = json.loads(
        (await aws("sts", "DecodeAuthorizationMessage", EncodedMessage=encoded))["DecodedMessage"]
    )
    assert (decoded["explicitDeny"], decoded["matchedStatements"]) == (False, {"items": []})
    assert decoded["context"]["resource"] == ROLE
