"""Who may ask: signatures, keys, regions, unknown operations, and what a request's answer looks like."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp
import pytest

from instance_profiles.emulator.operations.registry import OPERATIONS
from instance_profiles.emulator.resources import Caller
from instance_profiles.emulator.service_models import service_model

if TYPE_CHECKING:
    from tests.emulator.calling import Aws

STRANGER = Caller("AKIASTRANGERXXXXXXXX", "123456789012", "arn:aws:iam::123456789012:user/x", "AIDAX")
IDENTITY = ("sts", "GetCallerIdentity")
REGIONS = ("ec2", "DescribeRegions")


async def test_a_request_without_signature_is_refused(aws: Aws):
    async with aiohttp.ClientSession() as session:
        reply = await session.post(aws.url, data={"Action": "ListRoles", "Version": "2010-05-08"})
        assert reply.status == 403
        assert "<Code>MissingAuthenticationToken</Code>" in await reply.text()


async def test_an_unknown_key(aws: Aws):
    assert await aws.refused(*IDENTITY, caller=STRANGER) == (
        403,
        "InvalidClientTokenId",
        "The security token included in the request is invalid.",
    )
    assert await aws.refused(*REGIONS, caller=STRANGER) == (
        401,
        "AuthFailure",
        "AWS was not able to validate the provided access credentials",
    )


async def test_expired_credentials(aws: Aws):
    aws.world.expire_credentials()
    assert (await aws.refused(*IDENTITY)).code == "ExpiredToken"
    assert (await aws.refused("iam", "ListRoles")).code == "ExpiredToken"
    assert (await aws.refused(*REGIONS)).code == "RequestExpired"


async def test_a_session_without_its_token_is_refused(aws: Aws):
    ops = aws.world.account.roles["ops"].arn
    await aws("sts", "AssumeRole", RoleArn=ops, RoleSessionName="evening")
    session = list(aws.world.callers.values())[-1]
    without_token = Caller(session.access_key, session.account, session.arn, session.user_id)
    assert (await aws.refused(*IDENTITY, caller=without_token)).code == "InvalidClientTokenId"


async def test_the_caller_of_a_session(aws: Aws):
    ops = aws.world.account.roles["ops"]
    reply = await aws("sts", "AssumeRole", RoleArn=ops.arn, RoleSessionName="evening", DurationSeconds=900)
    session = aws.world.callers[reply["Credentials"]["AccessKeyId"]]
    identity = await aws(*IDENTITY, caller=session)
    assert identity["Arn"] == "arn:aws:sts::123456789012:assumed-role/ops/evening"
    assert identity["UserId"] == f"{ops.id}:evening"
    aws.world.clock.advance(900)
    assert (await aws.refused(*IDENTITY, caller=session)).code == "ExpiredToken"


async def test_a_disabled_region(aws: Aws):
    aws.world.disable_region("eu-west-1")
    assert (await aws.refused(*REGIONS, region="eu-west-1")).code == "AuthFailure"
    assert (await aws.refused(*IDENTITY, region="eu-west-1")).code == "RegionDisabledException"
    groups = await aws.refused("autoscaling", "DescribeAutoScalingGroups", region="eu-west-1")
    assert groups.code == "InvalidClientTokenId"
    listed = {region["RegionName"] for region in (await aws(*REGIONS))["Regions"]}
    assert listed == {"us-east-1"}
    every = (await aws(*REGIONS, AllRegions=True))["Regions"]
    assert {region["RegionName"]: region["OptInStatus"] for region in every} == {
        "us-east-1": "opt-in-not-required",
        "eu-west-1": "not-opted-in",
        "ap-east-1": "not-opted-in",
    }


@pytest.mark.parametrize(("service", "operation"), [("iam", "ListUsers"), ("ec2", "DescribeVolumes")])
async def test_an_operation_that_is_not_there(aws: Aws, service: str, operation: str):
    refused = await aws.refused(service, operation)
    assert (refused.status, refused.code) == (400, "InvalidAction")
    assert operation in refused.message


async def test_every_answer_has_a_request_id(aws: Aws):
    for service, operation in (("iam", "GetAccountSummary"), REGIONS, IDENTITY):
        reply = await aws(service, operation)
        assert len(reply["ResponseMetadata"]["RequestId"]) == 36


async def test_requests_are_recorded(aws: Aws):
    await aws("ec2", "DescribeRegions", region="eu-west-1")
    await aws("iam", "ListRoles")
    assert aws.world.requests == [
        ("ec2", "DescribeRegions", "eu-west-1"),
        ("iam", "ListRoles", "us-east-1"),
    ]


async def test_every_operation_is_one_of_botocore(aws: Aws):
    for service, operation in OPERATIONS:
        assert operation in service_model(service).operation_names


async def test_invalid_parameters_of_iam(aws: Aws):
    refused = await aws.refused("iam", "ListRoles", MaxItems=1001)
    assert refused == (
        400,
        "ValidationError",
        (
            "1 validation error detected: Value '1001' at 'maxItems' failed to satisfy constraint: "
            "Member must have value less than or equal to 1000"
        ),
    )
    refused = await aws.refused("iam", "GetRole")
    assert "Value null at 'roleName' failed to satisfy constraint: Member must not be null" in refused.message


async def test_strings_come_through_as_they_were_written(aws: Aws):
    tags = [{"Key": "note", "Value": "<b>&\"'[/foo] ünï\u202e\u200b]]>"}]
    await aws("iam", "TagInstanceProfile", InstanceProfileName="web", Tags=tags)
    reply = await aws("iam", "ListInstanceProfileTags", InstanceProfileName="web")
    assert reply["Tags"] == tags
