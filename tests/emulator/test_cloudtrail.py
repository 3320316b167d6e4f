"""CloudTrail records changes and refusals as AWS does, and looks them up by its rules."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from instance_profiles.emulator.fleet import FleetError, build_world
from instance_profiles.emulator.limits import Limits
from tests.emulator.policies import ACCOUNT, WHO, allow, enforced

if TYPE_CHECKING:
    from instance_profiles.emulator.world import World
    from tests.emulator.calling import Aws

NEW = {"InstanceProfileName": "new"}


async def lookup(aws: Aws, key: str = "", value: str = "", **rest: Any) -> list[dict[str, Any]]:
    if key:
        rest["LookupAttributes"] = [{"AttributeKey": key, "AttributeValue": value}]
    aws.world.clock.advance(aws.world.timing.trail)
    return list((await aws("cloudtrail", "LookupEvents", **rest))["Events"])


def instance(world: World) -> str:
    return next(iter(world.account.region("us-east-1").instances))


async def test_a_change_is_told_after_a_while(aws: Aws):
    await aws("iam", "CreateInstanceProfile", **NEW)
    assert (await aws("cloudtrail", "LookupEvents"))["Events"] == []
    (event,) = await lookup(aws)
    assert (event["EventName"], event["EventSource"]) == ("CreateInstanceProfile", "iam.amazonaws.com")
    assert (event["Username"], event["ReadOnly"]) == ("ops-oncall", "false")
    assert event["Resources"] == [{"ResourceType": "AWS::IAM::InstanceProfile", "ResourceName": "new"}]
    record = json.loads(event["CloudTrailEvent"])
    assert record["userIdentity"]["arn"] == WHO
    assert record["requestParameters"] == {"instanceProfileName": "new"}
    assert "errorCode" not in record


async def test_reads_that_succeed_leave_no_trace(aws: Aws):
    await aws("iam", "ListRoles")
    await aws("ec2", "DescribeInstances")
    assert await lookup(aws) == []


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "code"),
    [
        ("iam", "CreateInstanceProfile", {"InstanceProfileName": "WEB"}, "EntityAlreadyExistsException"),
        ("iam", "DeleteInstanceProfile", {"InstanceProfileName": "web"}, "DeleteConflictException"),
        ("ec2", "DisassociateIamInstanceProfile", {"AssociationId": "bad"}, "Client.InvalidParameterValue"),
    ],
)
async def test_failures_are_recorded_with_the_codes_of_cloudtrail(
    aws: Aws, service, operation, parameters, code
):
    await aws.refused(service, operation, **parameters)
    (event,) = await lookup(aws)
    assert json.loads(event["CloudTrailEvent"])["errorCode"] == code


async def test_denials_are_recorded_reads_included(aws: Aws):
    enforced(aws, allow("cloudtrail:*"))
    await aws.refused("iam", "GetRole", RoleName="web")
    wanted = {"InstanceId": instance(aws.world), "IamInstanceProfile": {"Name": "web"}}
    refused = await aws.refused("ec2", "AssociateIamInstanceProfile", **wanted)
    by_ec2, by_iam = (json.loads(one["CloudTrailEvent"]) for one in await lookup(aws))
    assert (by_iam["errorCode"], by_iam["requestParameters"], by_iam["readOnly"]) == (
        "AccessDenied",
        None,
        True,
    )
    assert by_ec2["errorCode"] == "Client.UnauthorizedOperation"
    assert by_ec2["errorMessage"] == refused.message
    assert by_ec2["requestParameters"] == {"AssociateIamInstanceProfileRequest": wanted}


async def test_a_dry_run_is_recorded_as_such(aws: Aws):
    wanted = {"InstanceId": instance(aws.world), "IamInstanceProfile": {"Name": "web"}}
    await aws.refused("ec2", "AssociateIamInstanceProfile", dry_run=True, **wanted)
    (event,) = await lookup(aws)
    assert json.loads(event["CloudTrailEvent"])["errorCode"] == "Client.DryRunOperation"


async def test_events_of_iam_are_in_its_own_region_and_those_of_ec2_in_theirs(aws: Aws):
    await aws("iam", "CreateInstanceProfile", region="eu-west-1", **NEW)
    bad = {"AssociationId": "bad"}
    await aws.refused("ec2", "DisassociateIamInstanceProfile", region="eu-west-1", **bad)
    assert [e["EventName"] for e in await lookup(aws, region="us-east-1")] == ["CreateInstanceProfile"]
    assert [e["EventName"] for e in await lookup(aws, region="eu-west-1")] == [
        "DisassociateIamInstanceProfile"
    ]


async def test_a_session_is_told_with_the_role_behind_it(aws: Aws):
    arn = aws.world.account.roles["ops"].arn
    reply = await aws("sts", "AssumeRole", RoleArn=arn, RoleSessionName="night")
    session = aws.world.callers[reply["Credentials"]["AccessKeyId"]]
    await aws("iam", "CreateInstanceProfile", caller=session, **NEW)
    (event,) = await lookup(aws, "Username", "night")
    identity = json.loads(event["CloudTrailEvent"])["userIdentity"]
    assert (identity["type"], identity["sessionContext"]["sessionIssuer"]["arn"]) == ("AssumedRole", arn)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("EventName", "CreateInstanceProfile"),
        ("EventSource", "iam.amazonaws.com"),
        ("ReadOnly", "false"),
        ("Username", "ops-oncall"),
        ("ResourceName", "new"),
        ("ResourceType", "AWS::IAM::InstanceProfile"),
        ("AccessKeyId", "AKIAIOSFODNN7EXAMPLE"),
    ],
)
async def test_one_attribute_finds_its_events(aws: Aws, key, value):
    await aws("iam", "CreateInstanceProfile", **NEW)
    assert [event["EventName"] for event in await lookup(aws, key, value)] == ["CreateInstanceProfile"]
    assert await lookup(aws, key, f"{value}x") == []


async def test_an_association_is_found_by_its_instance_also_when_only_the_answer_names_it(aws: Aws):
    held = next(iter(aws.world.account.region("us-east-1").associations.values()))
    await aws("ec2", "DisassociateIamInstanceProfile", AssociationId=held.id)
    (event,) = await lookup(aws, "ResourceName", held.instance_id)
    assert event["EventName"] == "DisassociateIamInstanceProfile"


async def test_pages_go_back_in_time(aws: Aws):
    for number in range(5):
        aws.world.clock.advance(1)
        await aws.refused("iam", "DeleteInstanceProfile", InstanceProfileName=f"none-{number}")
    aws.world.clock.advance(60)
    first = await aws("cloudtrail", "LookupEvents", MaxResults=3)
    second = await aws("cloudtrail", "LookupEvents", MaxResults=3, NextToken=first["NextToken"])
    times = [event["EventTime"] for event in first["Events"] + second["Events"]]
    assert (len(first["Events"]), len(second["Events"]), "NextToken" in second) == (3, 2, False)
    assert times == sorted(times, reverse=True)


async def test_a_time_range_holds_what_happened_in_it(aws: Aws):
    await aws("iam", "CreateInstanceProfile", **NEW)
    now = int(aws.world.clock.now())
    assert len(await lookup(aws, StartTime=now - 10, EndTime=now + 10)) == 1
    assert await lookup(aws, StartTime=now - 60, EndTime=now - 10) == []


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"MaxResults": 51}, "InvalidMaxResultsException"),
        ({"NextToken": "x"}, "InvalidNextTokenException"),
        ({"StartTime": 20, "EndTime": 10}, "InvalidTimeRangeException"),
        (
            {"LookupAttributes": [{"AttributeKey": "EventId", "AttributeValue": "1"}] * 2},
            "InvalidLookupAttributesException",
        ),
        (
            {"LookupAttributes": [{"AttributeKey": "ErrorCode", "AttributeValue": "1"}]},
            "InvalidLookupAttributesException",
        ),
    ],
)
async def test_bad_questions_are_refused(aws: Aws, parameters, code):
    refused = await aws.refused("cloudtrail", "LookupEvents", **parameters)
    assert (refused.status, refused.code) == (400, code)


async def test_two_questions_a_second_are_allowed(aws: Aws):
    aws.world.limits = Limits()
    await aws("cloudtrail", "LookupEvents")
    await aws("cloudtrail", "LookupEvents")
    assert (await aws.refused("cloudtrail", "LookupEvents")).code == "ThrottlingException"
    aws.world.clock.advance(0.5)
    await aws("cloudtrail", "LookupEvents")


PLANTED = """
regions = ["us-east-1", "eu-west-1"]
account = { id = "123456789012" }

[[roles]]
name = "web"
instance_profile = true

[[instances]]
region = "eu-west-1"
name = "web"
instance_profile = "web"

[[events]]
region = "eu-west-1"
name = "ReplaceIamInstanceProfileAssociation"
who = "assumed-role/deploy/ci-1"
minutes_ago = 30
count = 2
instance = "web"
instance_profile = "web"
role = "web"
denied = "iam:PassRole"

[[events]]
service = "iam"
name = "UpdateAssumeRolePolicy"
who = "user/kim"
role = "web"
"""


def test_a_fleet_plants_the_denials_of_the_past():
    world = build_world(PLANTED)
    now = world.clock.now()
    changed, later, sooner = sorted(world.trail.shown(ACCOUNT, now), key=lambda event: event.at)
    assert (changed.region, changed.record["requestParameters"]) == ("us-east-1", {"roleName": "web"})
    assert changed.user_name == "kim"
    assert [round(now - event.at) for event in (sooner, later)] == [1800, 2400]
    record = sooner.record
    assert record["errorCode"] == "Client.UnauthorizedOperation"
    assert f"iam:PassRole on resource: arn:aws:iam::{ACCOUNT}:role/web because" in record["errorMessage"]
    assert "Encoded authorization failure message: " in record["errorMessage"]
    association = next(iter(world.account.region("eu-west-1").associations))
    asked = record["requestParameters"]["ReplaceIamInstanceProfileAssociationRequest"]
    assert asked["AssociationId"] == association


@pytest.mark.parametrize(
    ("event", "told"),
    [
        ({"name": "X", "who": "user/kim"}, "has no region"),
        ({"name": "X", "who": "user/kim", "service": "s3", "region": "us-east-1"}, "'s3'"),
        ({"name": "X", "who": "user/kim", "region": "us-east-1", "instance": "none"}, "'none'"),
        ({"name": "X", "who": "assumed-role/x", "region": "us-east-1"}, "assumed-role/ROLE/SESSION"),
        ({"name": "X", "who": "user/kim", "region": "us-west-9"}, "'us-west-9'"),
    ],
)
def test_a_fleet_with_an_impossible_event_is_refused(event, told):
    with pytest.raises(FleetError, match=told):
        build_world({"account": {"id": ACCOUNT}, "events": [event]})
