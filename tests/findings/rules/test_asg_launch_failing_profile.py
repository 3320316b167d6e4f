from __future__ import annotations

from datetime import timedelta

import pytest

from instance_profiles.inventory.sources import AUTO_SCALING_GROUPS, SCALING_ACTIVITIES
from tests.findings.estate import EU, NOW, Estate

RULE = "asg-launch-failing-profile"
INVALID = (
    "Launching a new EC2 instance. Status Reason: Value (reporting) for parameter iamInstanceProfile.name is "
    "invalid. Invalid IAM Instance Profile name. Launching EC2 instance failed."
)
PASS_ROLE = "User: arn:… is not authorized to perform: iam:PassRole on resource: arn:…:role/web because …"
PLAIN = "You are not authorized to perform this operation. Launching EC2 instance failed."
CAPACITY = (
    "We currently do not have sufficient t3.micro capacity in eu-west-1a. Launching EC2 instance failed."
)


def test_launches_fail_for_an_instance_profile_that_does_not_exist(estate: Estate) -> None:
    template = estate.template("reporting", "reporting")
    group = estate.group("reporters", template)
    estate.activity(group, INVALID, minutes=10)
    estate.activity(group, INVALID, minutes=20)
    found = estate.only(RULE)
    assert (found.object, found.severity) == (group.ref, "error")
    assert found.cause == "2 launches failed for the instance profile"
    assert "2 of the last 2 activities failed so, the last at 2026-11-23 11:50 UTC" in found.detail
    assert found.related == (template.ref,)
    assert found.fixes == ("repair-launch-template", "create-instance-profile")


def test_an_empty_one_needs_a_role(estate: Estate) -> None:
    estate.profile("web")
    group = estate.group("web", estate.template("web", "web"))
    estate.activity(group, 'IAM Instance Profile "arn:…" has no associated IAM Roles', status="Cancelled")
    found = estate.only(RULE)
    assert found.cause == "1 launch failed for the instance profile"
    assert found.fixes == ("add-role", "repair-launch-template")


def test_a_launch_configuration_is_migrated(estate: Estate) -> None:
    group = estate.group("legacy", configuration=estate.configuration("legacy-2019", "ingest"))
    estate.activity(group, INVALID)
    assert estate.only(RULE).fixes == ("migrate-launch-configuration",)


def test_a_role_that_may_not_be_passed(estate: Estate) -> None:
    estate.healthy_profile("web")
    estate.activity(estate.group("web", estate.template("web", "web")), PASS_ROLE)
    assert estate.only(RULE).severity == "error"


def test_a_warning_where_the_message_names_no_instance_profile(estate: Estate) -> None:
    estate.activity(estate.group("web"), PLAIN)
    found = estate.only(RULE)
    assert (found.severity, found.cause) == ("warning", "1 launch failed, not authorized")


def test_a_note_once_a_later_launch_succeeded(estate: Estate) -> None:
    group = estate.group("web")
    estate.activity(group, INVALID, minutes=10)
    estate.activity(group, status="Successful", minutes=5)
    found = estate.only(RULE)
    assert (found.severity, found.fixes) == ("info", ())
    assert "A later launch succeeded." in found.detail


def test_an_earlier_success_says_nothing(estate: Estate) -> None:
    group = estate.group("web")
    estate.activity(group, status="Successful", minutes=60)
    estate.activity(group, INVALID, minutes=5)
    assert estate.only(RULE).severity == "error"


@pytest.mark.parametrize(
    ("message", "status"), [(CAPACITY, "Failed"), (INVALID, "InProgress"), ("", "Failed")]
)
def test_other_failures_are_left_out(estate: Estate, message: str, status: str) -> None:
    estate.activity(estate.group("web"), message, status=status)
    assert not estate.findings(RULE)


def test_groups_that_lack_nothing_have_no_activities_and_are_fine(estate: Estate) -> None:
    estate.group("web")
    assert not estate.findings(RULE)


@pytest.mark.parametrize("source", [SCALING_ACTIVITIES, AUTO_SCALING_GROUPS])
def test_unknown_where_groups_or_activities_could_not_be_listed(estate: Estate, source: str) -> None:
    estate.state(source, "denied", EU)
    assert estate.only(RULE).verdict == "unknown"


def test_an_instance_profile_that_ec2_does_not_know_yet_has_its_own_rule(estate: Estate) -> None:
    estate.profile("reporting", estate.role("reporting"), created=NOW - timedelta(minutes=13))
    estate.activity(estate.group("reporters"), INVALID, minutes=10)
    assert not estate.findings(RULE)
    assert estate.findings("profile-not-visible-to-ec2")
