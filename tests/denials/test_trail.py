"""Recent denials: read from CloudTrail in pages, of all regions, and put together by who, what and why."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from instance_profiles.denials.trail.concerned import Concerned, concerned_in
from instance_profiles.denials.trail.event import event_of
from instance_profiles.denials.trail.groups import grouped
from instance_profiles.denials.trail.recent import recent_denials
from tests.denials.asking import ACCOUNT, WEB

if TYPE_CHECKING:
    from instance_profiles.denials.trail.event import TrailEvent
    from tests.denials.asking import Company

KIM = f"arn:aws:sts::{ACCOUNT}:assumed-role/operator/kim"
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


def record(**more: Any) -> dict[str, Any]:
    return {
        "eventTime": "2026-11-27T12:00:00Z",
        "eventID": "e-1",
        "eventType": "AwsApiCall",
        "eventSource": "ec2.amazonaws.com",
        "eventName": "AssociateIamInstanceProfile",
        "awsRegion": "eu-west-1",
        "recipientAccountId": ACCOUNT,
        "errorCode": "Client.UnauthorizedOperation",
        "errorMessage": f"You are not authorized to perform this operation. User: {KIM} is not authorized to"
        f" perform: iam:PassRole on resource: {WEB} because no identity-based policy allows the iam:PassRole"
        " action. Encoded authorization failure message: abcdefghijklmnopqrstuvwxyz",
        "userIdentity": {
            "type": "AssumedRole",
            "arn": KIM,
            "sessionContext": {"sessionIssuer": {"arn": f"arn:aws:iam::{ACCOUNT}:role/ops/operator"}},
        },
        "requestParameters": {
            "AssociateIamInstanceProfileRequest": {
                "InstanceId": "i-0123456789abcdef0",
                "IamInstanceProfile": {"Name": "web"},
            }
        },
        **more,
    }


def event(**more: Any) -> TrailEvent:
    made = event_of(record(**more))
    assert made is not None
    return made


def test_an_event_tells_who_what_and_on_what():
    told = event()
    assert (told.action, told.who, told.role) == (
        "ec2:AssociateIamInstanceProfile",
        KIM,
        f"arn:aws:iam::{ACCOUNT}:role/ops/operator",
    )
    assert (told.time, told.is_denied) == (NOON, True)
    assert concerned_in(told, WEB) == (
        Concerned("role", "web", WEB),
        Concerned("instance", "i-0123456789abcdef0"),
        Concerned("instance-profile", "web"),
    )


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({"instanceProfileName": "a", "roleName": "b"}, [("instance-profile", "a"), ("role", "b")]),
        (
            {"iamInstanceProfile": {"arn": f"arn:aws:iam::{ACCOUNT}:instance-profile/x/y", "name": "z"}},
            [("instance-profile", "y")],
        ),
        ({"roleArn": f"arn:aws:iam::{ACCOUNT}:role/deep/er/name"}, [("role", "name")]),
        ({"instancesSet": {"items": [{"instanceId": "i-00000001"}]}}, [("instance", "i-00000001")]),
        ({"launchTemplateData": {"iamInstanceProfile": "short"}}, [("instance-profile", "short")]),
        ({"instanceId": "not one", "x": None, "y": [1, {"z": True}]}, []),
        (None, []),
    ],
)
def test_objects_are_found_in_the_parameters_of_every_kind_of_call(parameters, found):
    told = concerned_in(event(requestParameters=parameters), None)
    assert [(one.kind, one.name) for one in told] == found


@pytest.mark.parametrize(
    "broken",
    [
        {"eventTime": None},
        {"eventTime": "soon"},
        {"eventType": "AwsServiceEvent"},
    ],
)
def test_what_is_no_call_or_has_no_time_is_left_out(broken):
    assert event_of(record(**broken)) is None


def test_odd_records_are_read_as_far_as_they_go():
    told = event(userIdentity=None, requestParameters="{broken", errorMessage=None, awsRegion=None)
    assert (told.who, told.parameters, told.region) == ("", {}, "")
    assert event(errorCode="InvalidParameterValue").is_denied is False


def test_the_same_trouble_is_one_group_with_first_last_and_all_objects():
    events = [
        event(eventID=f"e-{number}", eventTime=(NOON - timedelta(hours=number)).isoformat())
        for number in range(3)
    ]
    other = event(eventID="e-9", requestParameters={"instanceId": "i-00000009"}, awsRegion="us-east-1")
    (group,) = grouped([*events, other, events[0]])
    assert (group.count, group.first, group.last) == (4, NOON - timedelta(hours=2), NOON)
    assert (group.principal, group.action) == (f"arn:aws:iam::{ACCOUNT}:role/ops/operator", "iam:PassRole")
    assert (group.denied_by, group.effect) == ("identity-policy", "implicit")
    assert group.regions == ("eu-west-1", "us-east-1")
    assert "i-00000009" in [one.name for one in group.concerned]


def test_another_cause_is_another_group_and_the_newest_comes_first():
    later = record()["errorMessage"].replace("because no identity-based policy", "because no session policy")
    groups = grouped([event(), event(eventID="e-2", eventTime="2026-11-27T13:00:00Z", errorMessage=later)])
    assert [group.denied_by for group in groups] == ["session-policy", "identity-policy"]


def test_a_denial_without_a_sentence_is_named_by_its_call():
    (group,) = grouped([event(errorMessage="You are not authorized to perform this operation.")])
    assert (group.action, group.effect) == ("ec2:AssociateIamInstanceProfile", None)
    (bare,) = grouped([event(errorMessage=None)])
    assert (bare.action, bare.count) == ("ec2:AssociateIamInstanceProfile", 1)


async def test_the_regions_are_read_side_by_side_and_each_ends(acme: Company):
    acme.may({"Effect": "Allow", "Action": "ec2:*", "Resource": "*"})
    await acme.attach()
    await acme.add_role()
    now = acme.world.clock.moment()
    heard = [one async for one in recent_denials(acme.admin, ("eu-west-1",), now - timedelta(hours=1), now)]
    assert {one.region for one in heard if one.ended} == {"eu-west-1", "us-east-1"}
    denied = [event for one in heard for event in one.denied]
    assert sorted(event.name for event in denied) == [
        "AddRoleToInstanceProfile",
        "AssociateIamInstanceProfile",
    ]
    groups = grouped(denied)
    assert {group.action for group in groups} == {"iam:AddRoleToInstanceProfile", "iam:PassRole"}
    assert {group.principal for group in groups} == {acme.role.arn}


async def test_a_region_that_may_not_be_read_is_told_and_holds_no_other_up(acme: Company):
    acme.may()
    await acme.add_role()
    acme.world.deny("cloudtrail:LookupEvents", "eu-west-1")
    now = acme.world.clock.moment()
    heard = [one async for one in recent_denials(acme.admin, ("eu-west-1",), now - timedelta(hours=1), now)]
    ends = {one.region: one.trouble for one in heard if one.ended}
    assert ends == {"eu-west-1": "cloudtrail:LookupEvents is denied to you in eu-west-1.", "us-east-1": ""}
    assert sum(len(one.denied) for one in heard) == 1


async def test_a_flood_of_successes_is_cut_and_told(acme: Company, monkeypatch):
    monkeypatch.setattr("instance_profiles.denials.trail.recent.MOST_PAGES", 1)
    monkeypatch.setattr("instance_profiles.denials.trail.lookup.PAGE", 1)
    acme.may()
    await acme.add_role()
    await acme.add_role()
    now = acme.world.clock.moment()
    heard = [one async for one in recent_denials(acme.admin, (), now - timedelta(hours=1), now) if one.ended]
    assert [one.cut for one in heard] == [True]


def test_a_record_is_read_alike_from_a_table_where_parts_are_text():
    as_text = event(requestParameters=json.dumps(record()["requestParameters"]))
    assert concerned_in(as_text, None) == concerned_in(event(), None)
