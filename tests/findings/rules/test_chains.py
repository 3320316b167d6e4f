"""The chain-* family."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from instance_profiles.inventory.sources import LOCAL_CONFIG

if TYPE_CHECKING:
    from tests.findings.estate import Estate

ROLE = "arn:aws:iam::123456789012:role/deploy"
OVER = "chain-duration-over-1h"


def test_a_role_behind_a_role_asked_for_too_long(estate: Estate) -> None:
    estate.named("default", has_static_keys=True)
    estate.named("readonly", role_arn=ROLE, source_profile="default")
    nightly = estate.named("nightly", role_arn=ROLE, source_profile="readonly", duration_seconds="43200")
    found = estate.only(OVER)
    assert (found.object, found.severity) == (nightly.ref, "error")
    assert found.cause == "asks 12 h of a chained role, limit 1 h"
    assert [ref.name for ref in found.related] == ["readonly"]
    assert found.fixes == ("edit-named-profile",)


@pytest.mark.parametrize(
    "source",
    [
        {"has_static_keys": True, "has_session_token": True},
        {"sso_session": "acme", "sso_account_id": "123456789012", "sso_role_name": "Admin"},
        {"role_arn": ROLE, "web_identity_token_file": "/token"},
    ],
)
def test_temporary_credentials_of_any_kind_are_capped(estate: Estate, source: dict[str, Any]) -> None:
    estate.named("source", **source)
    estate.named("nightly", role_arn=ROLE, source_profile="source", duration_seconds="3601")
    assert [found.object.name for found in estate.present(OVER)] == ["nightly"]


def test_long_term_keys_are_not_capped(estate: Estate) -> None:
    estate.named("default", has_static_keys=True)
    estate.named("deploy", role_arn=ROLE, source_profile="default", duration_seconds="43200")
    assert not estate.findings(OVER)


@pytest.mark.parametrize("seconds", ["3600", "900", "twelve hours", None])
def test_an_hour_and_what_is_no_number_are_fine(estate: Estate, seconds: str | None) -> None:
    estate.named("source", sso_account_id="123456789012", sso_role_name="Admin")
    estate.named("deploy", role_arn=ROLE, source_profile="source", duration_seconds=seconds)
    assert not estate.findings(OVER)


def test_the_role_of_an_ec2_instance_is_a_warning(estate: Estate) -> None:
    estate.named("deploy", role_arn=ROLE, credential_source="Ec2InstanceMetadata", duration_seconds="7200")
    assert estate.only(OVER).severity == "warning"


def test_unknown_where_the_config_does_not_tell_what_the_credentials_are(estate: Estate) -> None:
    deploy = estate.named("deploy", role_arn=ROLE, credential_source="Environment", duration_seconds="7200")
    found = estate.only(OVER)
    assert (found.verdict, found.object) == ("unknown", deploy.ref)


def test_only_the_named_profile_that_asks_is_told(estate: Estate) -> None:
    estate.named("source", sso_account_id="123456789012", sso_role_name="Admin")
    estate.named("middle", role_arn=ROLE, source_profile="source", duration_seconds="7200")
    estate.named("end", role_arn=ROLE, source_profile="middle")
    assert [found.object.name for found in estate.present(OVER)] == ["middle"]


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "chain-source-missing": ({"source_profile": "gone"}, "source_profile gone does not exist"),
    "chain-both-sources": (
        {"source_profile": "default", "credential_source": "Environment"},
        "has source_profile and credential_source",
    ),
    "chain-no-source": ({}, "no source_profile for its role_arn"),
    "chain-bad-credential-source": (
        {"credential_source": "Ec2Metadata"},
        "credential_source Ec2Metadata is not valid",
    ),
    "chain-source-no-credentials": ({"source_profile": "bare"}, "source_profile bare has no credentials"),
    "chain-loop": ({"source_profile": "broken"}, "source_profile broken leads back here"),
}


@pytest.mark.parametrize("rule", FAULTS)
def test_a_fault_is_told_at_the_named_profile_to_put_right(estate: Estate, rule: str) -> None:
    values, cause = FAULTS[rule]
    estate.named("default", has_static_keys=True)
    estate.named("bare", region="eu-west-1")
    broken = estate.named("broken", role_arn=ROLE, **values)
    through = estate.named("through", role_arn=ROLE, source_profile="broken")
    [found] = [one for one in estate.findings() if one.rule.startswith("chain-")]
    assert (found.rule, found.object, found.severity) == (rule, broken.ref, "error")
    assert found.cause == cause
    assert found.related == (through.ref,)
    assert "So does every call with through" in found.detail


def test_every_member_of_a_circle_has_it(estate: Estate) -> None:
    for name, source in (("a", "b"), ("b", "c"), ("c", "a"), ("outside", "a")):
        estate.named(name, role_arn=ROLE, source_profile=source)
    assert [found.object.name for found in estate.present("chain-loop")] == ["a", "b", "c"]


def test_chains_that_work_are_quiet(estate: Estate) -> None:
    estate.named("default", has_static_keys=True)
    estate.named("self", has_static_keys=True, role_arn=ROLE, source_profile="self")
    estate.named("deploy", role_arn=ROLE, source_profile="default", duration_seconds="3600")
    estate.named("task", role_arn=ROLE, credential_source="EcsContainer")
    estate.named("plain", region="eu-west-1")
    assert not [found for found in estate.findings() if found.rule.startswith("chain-")]


def test_unknown_where_the_config_could_not_be_read(estate: Estate) -> None:
    estate.state(LOCAL_CONFIG, "failed", cause="Line 7 is no setting.")
    told = [found for found in estate.findings() if found.rule.startswith("chain-")]
    assert {(found.verdict, found.object.name) for found in told} == {("unknown", "this machine")}
    assert len(told) == 7
