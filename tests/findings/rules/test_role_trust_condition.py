from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from instance_profiles.findings.evaluate import evaluate
from instance_profiles.inventory.sources import AUTHORIZATION_DETAILS, INSTANCE_PROFILES
from tests.findings.estate import NOW, TRUSTS_EC2, TRUSTS_RDS, Estate, trusting

RULE = "role-trust-condition"
PAST = "2026-01-01T00:00:00Z"
FUTURE = "2027-01-01T00:00:00Z"


def asking(operator: str, key: str, value: str) -> dict[str, Any]:
    return trusting("ec2.amazonaws.com", Condition={operator: {key: value}})


def used(estate: Estate, *trust: dict[str, Any], days: float = 30) -> Any:
    role = estate.role("gateway", *trust, last_used=NOW - timedelta(days=days))
    estate.instance("gateway-1", estate.profile("gateway", role))
    return role


@pytest.mark.parametrize(
    ("operator", "key", "value"),
    [
        ("StringEquals", "sts:ExternalId", "x"),
        ("Bool", "aws:MultiFactorAuthPresent", "true"),
        ("StringEquals", "aws:PrincipalOrgID", "o-1"),
        ("StringLike", "aws:PrincipalTag/team", "a*"),
        ("StringEquals", "SAML:aud", "https://signin.aws.amazon.com/saml"),
        ("DateLessThan", "aws:CurrentTime", PAST),
    ],
)
def test_what_ec2_can_never_meet_is_an_error(estate: Estate, operator: str, key: str, value: str) -> None:
    role = used(estate, asking(operator, key, value), days=0.1)
    found = estate.only(RULE)
    assert (found.object, found.severity) == (role.ref, "error")
    assert found.cause == f"EC2 never meets the condition on {key}"
    assert found.fixes[0] == "repair-trust"
    [instance] = estate.present("instance-role-untrusted")
    assert instance.cause == "its role trusts EC2 on a condition it never meets"


def test_without_an_instance_it_is_a_warning(estate: Estate) -> None:
    estate.profile("gateway", estate.role("gateway", asking("StringEquals", "sts:ExternalId", "x")))
    assert estate.only(RULE).severity == "warning"


def test_what_ec2_may_meet_is_a_warning(estate: Estate) -> None:
    used(estate, asking("StringEquals", "aws:SourceAccount", "1"))
    found = estate.only(RULE)
    assert (found.severity, found.cause) == ("warning", "asks for aws:SourceAccount")
    assert not estate.findings("instance-role-untrusted")


def test_a_role_that_ec2_alone_may_assume_and_did_evidently_meets_it(estate: Estate) -> None:
    used(estate, asking("StringEquals", "aws:SourceAccount", "1"), days=0.5)
    assert not estate.findings(RULE)


def test_not_so_where_others_may_have_assumed_it(estate: Estate) -> None:
    used(estate, asking("StringEquals", "aws:SourceAccount", "1"), TRUSTS_RDS, days=0.5)
    assert estate.only(RULE).severity == "warning"


@pytest.mark.parametrize(
    "trust",
    [
        (asking("StringEquals", "sts:ExternalId", "x"), TRUSTS_EC2),
        (asking("DateLessThan", "aws:CurrentTime", FUTURE),),
        (asking("DateGreaterThan", "aws:CurrentTime", PAST),),
        (asking("StringEqualsIfExists", "sts:ExternalId", "x"),),
        (trusting("rds.amazonaws.com", Condition={"StringEquals": {"sts:ExternalId": "x"}}),),
    ],
)
def test_conditions_that_keep_ec2_from_nothing(estate: Estate, trust: tuple[dict[str, Any], ...]) -> None:
    used(estate, *trust)
    assert not estate.findings(RULE)


def test_of_two_conditioned_allows_none_is_called_impossible(estate: Estate) -> None:
    used(
        estate,
        asking("StringEquals", "sts:ExternalId", "x"),
        asking("StringEquals", "aws:SourceAccount", "1"),
    )
    assert estate.only(RULE).severity == "warning"


def test_a_date_may_pass_while_one_looks(estate: Estate) -> None:
    used(estate, asking("DateLessThan", "aws:CurrentTime", (NOW + timedelta(minutes=1)).isoformat()))
    inventory = estate.inventory()
    assert not [found for found in evaluate(inventory, NOW) if found.rule == RULE]
    later = evaluate(inventory, NOW + timedelta(minutes=2))
    assert [found.severity for found in later if found.rule == RULE] == ["error"]


def test_told_without_the_last_use_where_that_was_not_read(estate: Estate) -> None:
    conditioned = asking("StringEquals", "aws:SourceAccount", "1")
    estate.profile("gateway", Estate().role("gateway", conditioned))
    estate.state(AUTHORIZATION_DETAILS, "denied")
    assert estate.only(RULE).verdict == "present"


def test_unknown_where_instance_profiles_could_not_be_listed(estate: Estate) -> None:
    estate.state(INSTANCE_PROFILES, "denied")
    assert estate.only(RULE).verdict == "unknown"
