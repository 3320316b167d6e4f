from __future__ import annotations

from typing import Any

import pytest

from instance_profiles.inventory.sources import AUTHORIZATION_DETAILS
from tests.findings.estate import DENIES_ALL, Estate, allowing, document

RULE = "role-quarantined"


@pytest.mark.parametrize(
    ("kinds", "name"),
    [
        ({"policies": ("AWSDenyAll",)}, "AWSDenyAll"),
        ({"policies": ("AWSCompromisedKeyQuarantineV3",)}, "AWSCompromisedKeyQuarantineV3"),
        ({"policies": ("freeze",)}, "freeze"),
        ({"inline": {"Incident": document(allowing("s3:*"), DENIES_ALL)}}, "Incident"),
    ],
)
def test_a_role_in_use_that_is_shut_off(estate: Estate, kinds: dict[str, Any], name: str) -> None:
    estate.policy("freeze", DENIES_ALL)
    role = estate.role("payroll", **kinds)
    profile = estate.profile("payroll", role)
    instance = estate.instance("payroll-1", profile)
    found = estate.only(RULE)
    assert (found.object, found.severity, found.cause) == (role.ref, "error", f"{name} shuts it off")
    assert found.related == (instance.ref, profile.ref)
    assert found.fixes == ("lift-quarantine",)
    assert "1 instance uses it, and its calls are denied" in found.detail


def test_a_note_where_no_instance_uses_it(estate: Estate) -> None:
    estate.profile("payroll", estate.role("payroll", policies=("AWSDenyAll",)))
    assert estate.only(RULE).severity == "info"


@pytest.mark.parametrize(
    "statement",
    [
        allowing("*", effect="Deny", Condition={"Bool": {"aws:MultiFactorAuthPresent": "false"}}),
        allowing("*", effect="Deny", resource="arn:aws:s3:::payroll/*"),
        allowing("iam:*", effect="Deny"),
        allowing("*"),
    ],
)
def test_a_deny_of_less_is_not_told(estate: Estate, statement: dict[str, Any]) -> None:
    role = estate.role("payroll", inline={"guard": document(statement)})
    estate.instance("payroll-1", estate.profile("payroll", role))
    assert not estate.findings(RULE)


def test_a_policy_of_ones_own_with_the_name_of_awss_proves_nothing(estate: Estate) -> None:
    estate.policy("AWSDenyAll", allowing("s3:*"))
    estate.instance("web-1", estate.profile("web", estate.role("web", policies=("AWSDenyAll",))))
    assert not estate.findings(RULE)


def test_unknown_where_policies_could_not_be_listed(estate: Estate) -> None:
    estate.state(AUTHORIZATION_DETAILS, "failed")
    assert estate.only(RULE).verdict == "unknown"
