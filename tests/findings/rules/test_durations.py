"""duration-over-role-max and duration-invalid, which share the same value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from instance_profiles.inventory.sources import LOCAL_CONFIG, ROLE_DURATIONS
from tests.findings.estate import ACCOUNT

if TYPE_CHECKING:
    from tests.findings.estate import Estate

OVER, INVALID = "duration-over-role-max", "duration-invalid"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/export"


def asking(estate: Estate, seconds: str | None, **more: Any) -> Any:
    estate.named("default", has_static_keys=True)
    return estate.named(
        "month-end", **{"role_arn": ROLE, "source_profile": "default", "duration_seconds": seconds} | more
    )


def gives(estate: Estate, seconds: int) -> Any:
    role = estate.role("export")
    estate.duration(role, seconds)
    return role


def test_more_than_the_role_gives(estate: Estate) -> None:
    role = gives(estate, 3600)
    named = asking(estate, "28800")
    found = estate.only(OVER)
    assert (found.object, found.severity) == (named.ref, "error")
    assert found.cause == "asks 8 h of a role that gives 1 h"
    assert "28,800 seconds" in found.detail
    assert "is 3,600 seconds" in found.detail
    assert found.related == (role.ref,)
    assert found.fixes == ("edit-named-profile", "set-max-session-duration")


@pytest.mark.parametrize(
    ("seconds", "most"), [("28800", 28800), ("3600", 3600), ("3600.5", 3600), (None, 3600), ("50000", 43200)]
)
def test_not_more_or_not_this_rules_business(estate: Estate, seconds: str | None, most: int) -> None:
    gives(estate, most)
    asking(estate, seconds)
    assert not estate.findings(OVER)


def test_of_a_chained_role_an_hour_is_the_limit_whatever_it_gives(estate: Estate) -> None:
    gives(estate, 3600)
    estate.named("sso", sso_account_id=ACCOUNT, sso_role_name="Admin")
    asking(estate, "50000", source_profile="sso")
    assert {found.rule for found in estate.findings() if found.object.name == "month-end"} == {
        "chain-duration-over-1h"
    }


def test_a_role_of_an_account_that_is_not_read_is_not_judged(estate: Estate) -> None:
    asking(estate, "28800", role_arn="arn:aws:iam::999988887777:role/export")
    estate.state(ROLE_DURATIONS, "denied")
    assert not [found for found in estate.findings(OVER) if found.object.kind == "named-profile"]


def test_unknown_where_the_role_could_not_be_read(estate: Estate) -> None:
    estate.role("export")
    named = asking(estate, "28800")
    estate.state(ROLE_DURATIONS, "denied")
    found = estate.only(OVER)
    assert (found.verdict, found.object) == ("unknown", named.ref)
    assert found.cause == "longest session of export not read"


@pytest.mark.parametrize(
    ("seconds", "severity", "cause"),
    [
        ("60", "error", "asks 60 s, the least is 900"),
        ("0", "error", "asks 0 s, the least is 900"),
        ("50000", "error", "asks 50,000 s, the most is 12 h"),
        ("12h", "warning", "duration_seconds is no whole number"),
        ("3600.0", "warning", "duration_seconds is no whole number"),
    ],
)
def test_what_no_role_can_have(estate: Estate, seconds: str, severity: str, cause: str) -> None:
    named = asking(estate, seconds)
    found = estate.only(INVALID)
    assert (found.object, found.severity, found.cause) == (named.ref, severity, cause)
    assert found.fixes == ("edit-named-profile",)


@pytest.mark.parametrize("seconds", ["900", " 3600 ", "43200", None])
def test_what_a_role_can_have(estate: Estate, seconds: str | None) -> None:
    asking(estate, seconds)
    assert not estate.findings(INVALID)


@pytest.mark.parametrize("more", [{"role_arn": None}, {"web_identity_token_file": "/token"}])
def test_where_nothing_uses_the_value(estate: Estate, more: dict[str, Any]) -> None:
    asking(estate, "60", **more)
    assert not estate.findings(INVALID)


@pytest.mark.parametrize("rule", [OVER, INVALID])
def test_unknown_where_the_config_could_not_be_read(estate: Estate, rule: str) -> None:
    estate.state(LOCAL_CONFIG, "failed")
    assert estate.only(rule).verdict == "unknown"
