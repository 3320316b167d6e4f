"""IAM users: those who call exist, and bear inline policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.emulator.calling import Aws

DOCUMENT = '{"Version":"2012-10-17","Statement":[]}'


async def test_who_calls_is_a_user_and_others_are_not(aws: Aws):
    found = (await aws("iam", "GetUser", UserName="ops-oncall"))["User"]
    assert (found["Arn"], found["UserId"]) == (aws.world.caller.arn, aws.world.caller.user_id)
    assert (await aws.refused("iam", "GetUser", UserName="nobody")).code == "NoSuchEntity"


async def test_an_inline_policy_is_put_read_and_deleted(aws: Aws):
    named = {"UserName": "ops-oncall", "PolicyName": "look"}
    assert (await aws.refused("iam", "GetUserPolicy", **named)).code == "NoSuchEntity"
    await aws("iam", "PutUserPolicy", **named, PolicyDocument=DOCUMENT)
    assert (await aws("iam", "GetUserPolicy", **named))["PolicyDocument"]["Statement"] == []
    await aws("iam", "DeleteUserPolicy", **named)
    assert (await aws.refused("iam", "DeleteUserPolicy", **named)).code == "NoSuchEntity"


async def test_a_policy_that_is_no_json_is_refused(aws: Aws):
    refused = await aws.refused(
        "iam", "PutUserPolicy", UserName="ops-oncall", PolicyName="x", PolicyDocument="{"
    )
    assert refused.code == "MalformedPolicyDocument"
