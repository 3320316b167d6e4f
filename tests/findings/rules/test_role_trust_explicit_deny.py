from __future__ import annotations

from instance_profiles.inventory.sources import INSTANCE_PROFILES
from tests.findings.estate import DENIES_EC2, TRUSTS_EC2, Estate, trusting

RULE = "role-trust-explicit-deny"


def test_a_deny_wins_over_the_allow(estate: Estate) -> None:
    role = estate.role("sync", TRUSTS_EC2, {**DENIES_EC2, "Sid": "Hold"})
    profile = estate.profile("sync", role)
    instance = estate.instance("sync-1", profile)
    found = estate.only(RULE)
    assert (found.object, found.severity, found.cause) == (role.ref, "error", "trust policy denies EC2")
    assert "Statement Hold" in found.detail
    assert set(found.related) == {profile.ref, instance.ref}
    assert found.fixes[0] == "repair-trust"


def test_without_an_instance_it_is_a_warning(estate: Estate) -> None:
    estate.profile("sync", estate.role("sync", TRUSTS_EC2, DENIES_EC2))
    assert estate.only(RULE).severity == "warning"


def test_a_deny_of_others_is_fine(estate: Estate) -> None:
    others = trusting("lambda.amazonaws.com", effect="Deny")
    estate.profile("sync", estate.role("sync", TRUSTS_EC2, others))
    assert not estate.findings(RULE)


def test_unknown_where_the_deny_has_a_condition(estate: Estate) -> None:
    deny = {**DENIES_EC2, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    role = estate.role("sync", TRUSTS_EC2, deny)
    estate.profile("sync", role)
    assert estate.only(RULE).verdict == "unknown"
    assert estate.only(RULE).object == role.ref
    assert not estate.findings("role-trust-missing-ec2")


def test_unknown_where_instance_profiles_could_not_be_listed(estate: Estate) -> None:
    estate.state(INSTANCE_PROFILES, "failed")
    assert estate.only(RULE).verdict == "unknown"
