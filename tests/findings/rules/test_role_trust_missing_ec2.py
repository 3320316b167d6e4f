from __future__ import annotations

import pytest

from instance_profiles.findings.evaluate import evaluate
from instance_profiles.inventory.sources import AUTHORIZATION_DETAILS, INSTANCE_PROFILES
from tests.findings.estate import DENIES_EC2, NOW, TRUSTS_EC2, TRUSTS_RDS, Estate, trusting

RULE = "role-trust-missing-ec2"


def test_in_use_it_is_an_error(estate: Estate) -> None:
    role = estate.role("batch", TRUSTS_RDS)
    profile = estate.profile("batch", role)
    instance = estate.instance("batch-1", profile, state="stopped")
    found = estate.only(RULE)
    assert (found.object, found.severity, found.cause) == (role.ref, "error", "role does not trust EC2")
    assert set(found.related) == {profile.ref, instance.ref}
    assert "only rds.amazonaws.com" in found.detail
    assert found.fixes == ("repair-trust", "replace-association", "swap-role")


@pytest.mark.parametrize("state", [None, "terminated", "shutting-down"])
def test_without_a_living_instance_it_is_a_warning(estate: Estate, state: str | None) -> None:
    profile = estate.profile("batch", estate.role("batch", TRUSTS_RDS))
    if state:
        estate.instance("batch-1", profile, state=state)
    assert estate.only(RULE).severity == "warning"


def test_a_role_in_several_instance_profiles_is_told_once(estate: Estate) -> None:
    role = estate.role("batch", TRUSTS_RDS)
    profiles = [estate.profile(name, role) for name in ("batch", "batch-2")]
    assert set(estate.only(RULE).related) == {profile.ref for profile in profiles}


def test_a_role_outside_any_instance_profile_is_not_looked_at(estate: Estate) -> None:
    estate.role("lambda-mailer", trusting("lambda.amazonaws.com"))
    assert not estate.findings(RULE)


@pytest.mark.parametrize(
    "trust",
    [(TRUSTS_EC2,), (TRUSTS_RDS, TRUSTS_EC2), (trusting("lambda.amazonaws.com", "ec2.amazonaws.com"),)],
)
def test_a_role_that_trusts_ec2_is_fine(estate: Estate, trust: tuple[dict[str, object], ...]) -> None:
    estate.profile("web", estate.role("web", *trust))
    assert not estate.findings(RULE)


def test_a_deny_is_the_other_rules_business(estate: Estate) -> None:
    estate.profile("web", estate.role("web", TRUSTS_EC2, DENIES_EC2))
    assert not estate.findings(RULE)


def test_the_newer_reading_of_the_role_counts(estate: Estate) -> None:
    role = estate.role("batch", TRUSTS_RDS)
    estate.profile("batch", role)
    inventory = estate.inventory()
    repaired = Estate()
    inventory.put(repaired.role("batch", TRUSTS_RDS, TRUSTS_EC2))
    assert not [found for found in evaluate(inventory, NOW) if found.rule == RULE]


def test_unknown_where_a_form_that_aws_does_not_document_decides(estate: Estate) -> None:
    role = estate.role("web", trusting(Principal={"AWS": "*"}))
    estate.profile("web", role)
    found = estate.only(RULE)
    assert (found.verdict, found.object, found.cause) == (
        "unknown",
        role.ref,
        "trust policy cannot be judged",
    )
    assert not found.fixes


@pytest.mark.parametrize(
    "trust",
    [
        trusting("ec2.amazonaws.com", Condition={"StringEquals": {"sts:ExternalId": "x"}}),
        trusting("ec2.amazonaws.com", Action="sts:TagSession"),
        trusting("ec2.amazonaws.com.cn"),
    ],
)
def test_what_has_a_rule_of_its_own_is_not_told_twice(estate: Estate, trust: dict[str, object]) -> None:
    estate.profile("web", estate.role("web", trust))
    found = {finding.rule for finding in estate.findings() if finding.rule.startswith("role-trust-")}
    assert len(found) == 1
    assert not estate.findings(RULE)


def test_judged_by_the_instance_profile_listing_alone(estate: Estate) -> None:
    estate.profile("batch", Estate().role("batch", TRUSTS_RDS))
    estate.state(AUTHORIZATION_DETAILS, "denied")
    assert estate.only(RULE).verdict == "present"


def test_unknown_where_instance_profiles_could_not_be_listed(estate: Estate) -> None:
    estate.state(INSTANCE_PROFILES, "failed")
    assert estate.only(RULE).verdict == "unknown"
