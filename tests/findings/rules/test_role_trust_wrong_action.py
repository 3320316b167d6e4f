from __future__ import annotations

import pytest

from instance_profiles.inventory.sources import INSTANCE_PROFILES
from tests.findings.estate import TRUSTS_EC2, Estate, trusting

RULE = "role-trust-wrong-action"


@pytest.mark.parametrize(
    "action", ["sts:TagSession", "sts:SetSourceIdentity", "sts:AssumeRoleWithWebIdentity"]
)
def test_another_action_is_an_error_in_use(estate: Estate, action: str) -> None:
    role = estate.role("video", trusting("ec2.amazonaws.com", Action=action))
    estate.instance("video-1", estate.profile("video", role))
    found = estate.only(RULE)
    assert (found.object, found.severity) == (role.ref, "error")
    assert action in found.cause
    assert "gets no credentials" in found.detail
    assert found.fixes[0] == "repair-trust"
    assert not estate.findings("role-trust-missing-ec2")


def test_without_an_instance_it_is_a_warning(estate: Estate) -> None:
    role = estate.role("video", trusting("ec2.amazonaws.com", Action="sts:TagSession"))
    estate.profile("video", role)
    assert estate.only(RULE).severity == "warning"


@pytest.mark.parametrize("action", ["sts:AssumeRole", "sts:assumerole", "sts:*", "*", "sts:Assume*"])
def test_what_matches_assuming(estate: Estate, action: str) -> None:
    estate.profile("video", estate.role("video", trusting("ec2.amazonaws.com", Action=action)))
    assert not estate.findings(RULE)


def test_another_action_beside_the_right_one(estate: Estate) -> None:
    tagging = trusting("ec2.amazonaws.com", Action="sts:TagSession")
    estate.profile("video", estate.role("video", TRUSTS_EC2, tagging))
    assert not estate.findings(RULE)


def test_other_services_may_be_allowed_what_they_like(estate: Estate) -> None:
    estate.profile("video", estate.role("video", trusting("lambda.amazonaws.com", Action="sts:TagSession")))
    assert not estate.findings(RULE)


def test_unknown_where_instance_profiles_could_not_be_listed(estate: Estate) -> None:
    estate.state(INSTANCE_PROFILES, "denied")
    assert estate.only(RULE).verdict == "unknown"
