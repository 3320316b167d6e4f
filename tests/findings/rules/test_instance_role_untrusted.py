from __future__ import annotations

import pytest

from tests.findings.estate import DENIES_EC2, TRUSTS_EC2, TRUSTS_RDS, Estate, trusting

RULE = "instance-role-untrusted"


def test_no_statement_for_ec2(estate: Estate) -> None:
    role = estate.role("batch", TRUSTS_RDS)
    profile = estate.profile("batch", role)
    instance = estate.instance("batch-1", profile)
    found = estate.only(RULE)
    assert (found.object, found.severity, found.cause) == (instance.ref, "error", "role does not trust EC2")
    assert found.related == (profile.ref, role.ref)
    assert found.fixes[0] == "repair-trust"


def test_a_deny(estate: Estate) -> None:
    estate.instance("sync-1", estate.profile("sync", estate.role("sync", TRUSTS_EC2, DENIES_EC2)))
    assert estate.only(RULE).cause == "trust policy of its role denies EC2"


def test_a_waiting_association_is_told_as_proof(estate: Estate) -> None:
    profile = estate.profile("batch", estate.role("batch", TRUSTS_RDS))
    instance = estate.instance("batch-1", profile)
    association = estate.association(instance, profile, "associating")
    found = estate.only(RULE)
    assert association.ref in found.related
    assert "still associating" in found.detail


def test_on_a_stopped_instance_a_waiting_association_proves_nothing(estate: Estate) -> None:
    profile = estate.profile("batch", estate.role("batch", TRUSTS_RDS))
    estate.association(estate.instance("batch-1", profile, state="stopped"), profile, "associating")
    found = estate.only(RULE)
    assert "still associating" not in found.detail


@pytest.mark.parametrize(
    "trust",
    [TRUSTS_EC2, trusting("ec2.amazonaws.com", Condition={"StringEquals": {"aws:SourceAccount": "1"}})],
)
def test_what_may_work_is_not_told(estate: Estate, trust: dict[str, object]) -> None:
    estate.instance("web-1", estate.profile("web", estate.role("web", trust)))
    assert not estate.findings(RULE)


def test_instances_that_are_gone_are_left_out(estate: Estate) -> None:
    estate.instance("b", estate.profile("batch", estate.role("batch", TRUSTS_RDS)), state="shutting-down")
    assert not estate.findings(RULE)
