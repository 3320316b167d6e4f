from __future__ import annotations

import pytest

from instance_profiles.inventory.sources import INSTANCE_PROFILES
from tests.findings.estate import Estate, trusting

RULE = "role-service-linked-in-profile"
SCALING = "autoscaling.amazonaws.com"


def test_in_use_it_is_an_error_that_only_another_role_puts_right(estate: Estate) -> None:
    role = estate.role("AWSServiceRoleForX", trusting(SCALING), path=f"/aws-service-role/{SCALING}/")
    profile = estate.profile("scaler", role)
    instance = estate.instance("scaler-1", profile)
    found = estate.only(RULE)
    assert (found.object, found.severity) == (role.ref, "error")
    assert found.cause == f"role belongs to {SCALING}"
    assert found.related == (instance.ref, profile.ref)
    assert "repair-trust" not in found.fixes
    assert not estate.findings("role-trust-missing-ec2")


def test_without_an_instance_it_is_a_warning(estate: Estate) -> None:
    estate.profile("scaler", estate.role("linked", trusting(SCALING), path=f"/aws-service-role/{SCALING}/"))
    assert estate.only(RULE).severity == "warning"


@pytest.mark.parametrize("path", ["/", "/service-role/", "/team/aws-service-role/"])
def test_other_paths_are_ones_own(estate: Estate, path: str) -> None:
    estate.instance("web-1", estate.profile("web", estate.role("web", path=path)))
    assert not estate.findings(RULE)


def test_unknown_where_instance_profiles_could_not_be_listed(estate: Estate) -> None:
    estate.state(INSTANCE_PROFILES, "denied")
    assert estate.only(RULE).verdict == "unknown"
