from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from instance_profiles.findings.evaluate import evaluate
from instance_profiles.inventory.passing import look
from instance_profiles.inventory.sources import INSTANCE_PROFILES, SCALING_ACTIVITIES
from tests.findings.estate import EU, NOW, Estate

RULE = "profile-not-visible-to-ec2"
BY_NAME = "Value ({}) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name"
BY_ARN = "Value ({}) for parameter iamInstanceProfile.arn is invalid. Invalid IAM Instance Profile ARN"


def ago(minutes: float) -> Any:
    return NOW - timedelta(minutes=minutes)


def new(estate: Estate, minutes: float) -> tuple[Any, Any]:
    """An instance profile created so many minutes ago, and a scaling group that launches with it."""
    profile = estate.profile("shop", estate.role("shop"), created=ago(minutes))
    return profile, estate.group("shops", estate.template("shop", "shop"))


@pytest.mark.parametrize(
    ("created", "severity", "told"),
    [(2, "info", "60 s"), (2.9, "info", "114 s"), (3, "warning", "2 min"), (6.1, "error", "5 min")],
)
def test_ec2_refuses_what_exists(estate: Estate, created: float, severity: str, told: str) -> None:
    profile, group = new(estate, created)
    estate.activity(group, BY_NAME.format("shop"), minutes=1)
    found = estate.only(RULE)
    assert (found.object, found.severity) == (profile.ref, severity)
    assert found.cause == f"EC2 does not know it {told} after its creation"
    assert found.related == (group.ref,)
    assert found.fixes == ()


def test_named_by_arn(estate: Estate) -> None:
    profile, group = new(estate, 3)
    estate.activity(group, BY_ARN.format(profile.arn), minutes=1)
    assert len(estate.present(RULE)) == 1


def test_it_grows_worse_while_one_looks(estate: Estate) -> None:
    _, group = new(estate, 1.5)
    estate.activity(group, BY_NAME.format("shop"), minutes=1)
    inventory = estate.inventory()
    look(inventory, NOW)
    severities = [
        [
            found.severity
            for found in evaluate(inventory, NOW + timedelta(minutes=later))
            if found.rule == RULE
        ]
        for later in (0, 3, 5)
    ]
    assert severities == [["info"], ["warning"], ["error"]]


def test_a_young_one_without_any_refusal_is_fine(estate: Estate) -> None:
    new(estate, 0.1)
    assert not estate.findings(RULE)


@pytest.mark.parametrize(
    ("message", "more"),
    [
        (BY_NAME.format("shop"), {"minutes": 4}),  # it did not exist yet
        (BY_NAME.format("Shop"), {"minutes": 1}),
        (BY_NAME.format("other"), {"minutes": 1}),
        ("There is no capacity in this zone", {"minutes": 1}),
        (BY_NAME.format("shop"), {"minutes": 1, "status": "Successful"}),
    ],
)
def test_activities_that_say_nothing_of_it(estate: Estate, message: str, more: dict[str, Any]) -> None:
    _, group = new(estate, 3)
    estate.activity(group, message, **more)
    assert not estate.findings(RULE)


def test_over_once_a_later_launch_succeeded(estate: Estate) -> None:
    _, group = new(estate, 3)
    estate.activity(group, BY_NAME.format("shop"), minutes=2)
    estate.activity(group, status="Successful", minutes=1)
    assert not estate.findings(RULE)


def test_over_once_something_else_launched_with_it(estate: Estate) -> None:
    profile, group = new(estate, 3)
    estate.activity(group, BY_NAME.format("shop"), minutes=2)
    estate.instance("shop-1", profile, launched=ago(1))
    assert not estate.findings(RULE)


def test_unknown_while_young_where_activities_could_not_be_read(estate: Estate) -> None:
    profile, _ = new(estate, 3)
    estate.state(SCALING_ACTIVITIES, "denied", EU)
    found = estate.only(RULE)
    assert (found.verdict, found.object) == ("unknown", profile.ref)
    assert found.cause == "scaling activities of eu-west-1 not read"


def test_an_old_one_is_visible_whatever_could_not_be_read(estate: Estate) -> None:
    new(estate, 60)
    estate.state(SCALING_ACTIVITIES, "denied", EU)
    assert not estate.findings(RULE)


def test_unknown_where_instance_profiles_could_not_be_listed(estate: Estate) -> None:
    estate.state(INSTANCE_PROFILES, "denied")
    assert estate.only(RULE).verdict == "unknown"
