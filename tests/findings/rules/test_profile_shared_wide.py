from __future__ import annotations

import pytest

from instance_profiles.inventory.sources import INSTANCES
from tests.findings.estate import EU, Estate

RULE = "profile-shared-wide"
APPLICATIONS = ("wiki", "vault", "sftp", "zabbix", "print")


def test_many_applications(estate: Estate) -> None:
    role = estate.role("default")
    profile = estate.profile("default", role)
    for name in APPLICATIONS:
        estate.instance(f"{name}-1", profile)
    found = estate.only(RULE)
    assert (found.object, found.severity) == (profile.ref, "info")
    assert found.cause == "shared by 5 applications"
    assert "5 instances of 5 applications (print, sftp, vault and 2 more)" in found.detail
    assert found.related == (role.ref,)


def test_many_instances(estate: Estate) -> None:
    profile = estate.healthy_profile("web")
    for number in range(50):
        estate.instance(f"web-{number}", profile)
    assert estate.only(RULE).cause == "shared by 50 instances"


def test_many_regions() -> None:
    regions = ("eu-west-1", "eu-central-1", "us-east-1", "us-west-2")
    estate = Estate(*regions)
    profile = estate.healthy_profile("web")
    for region in regions:
        estate.instance("web", profile, region=region)
    assert estate.only(RULE).cause == "shared by 4 regions"


@pytest.mark.parametrize(("number", "state"), [(4, "running"), (5, "terminated")])
def test_fewer_that_live(estate: Estate, number: int, state: str) -> None:
    profile = estate.healthy_profile("default")
    for name in APPLICATIONS[:number]:
        estate.instance(name, profile, state=state)
    assert not estate.findings(RULE)


def test_the_members_of_a_scaling_group_are_one_application(estate: Estate) -> None:
    profile = estate.healthy_profile("web")
    for name in APPLICATIONS:
        estate.instance(name, profile, tags={"aws:autoscaling:groupName": "web"})
    assert not estate.findings(RULE)


def test_unknown_where_instances_could_not_be_listed(estate: Estate) -> None:
    estate.healthy_profile("web")
    estate.state(INSTANCES, "denied", EU)
    assert [(found.verdict, found.object.name) for found in estate.findings(RULE)] == [("unknown", EU)]
