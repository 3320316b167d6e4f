from __future__ import annotations

import pytest

from instance_profiles.inventory.sources import INSTANCE_PROFILES
from tests.findings.estate import ACCOUNT, TRUSTS_EC2, Estate, trusting

RULE = "role-trust-dead-principal"
DEAD = "AROA4ZVBXQ2JW7T3MFKLP"


@pytest.mark.parametrize("principal", [{"AWS": DEAD}, {"AWS": [f"arn:aws:iam::{ACCOUNT}:root", DEAD]}])
def test_an_id_where_an_arn_stood(estate: Estate, principal: object) -> None:
    role = estate.role("backup", TRUSTS_EC2, trusting(Principal=principal))
    profile = estate.profile("backup", role)
    found = estate.only(RULE)
    assert (found.object, found.severity) == (role.ref, "warning")
    assert found.cause == "trust policy names 1 deleted principal"
    assert DEAD in found.detail
    assert found.related == (profile.ref,)
    assert found.fixes == ("repair-trust",)


def test_several_are_counted(estate: Estate) -> None:
    dead = trusting(Principal={"AWS": [DEAD, "AIDA4ZVBXQ2JW7T3MFKLP"]})
    estate.profile("backup", estate.role("backup", TRUSTS_EC2, dead))
    assert estate.only(RULE).cause == "trust policy names 2 deleted principals"


@pytest.mark.parametrize(
    "name", [f"arn:aws:iam::{ACCOUNT}:role/{DEAD}", ACCOUNT, "*", f"arn:aws:iam::{ACCOUNT}:user/kim"]
)
def test_the_living(estate: Estate, name: str) -> None:
    estate.profile("backup", estate.role("backup", TRUSTS_EC2, trusting(Principal={"AWS": name})))
    assert not estate.findings(RULE)


def test_a_role_outside_any_instance_profile_is_not_looked_at(estate: Estate) -> None:
    estate.role("backup", trusting(Principal={"AWS": DEAD}))
    assert not estate.findings(RULE)


def test_unknown_where_instance_profiles_could_not_be_listed(estate: Estate) -> None:
    estate.state(INSTANCE_PROFILES, "denied")
    assert estate.only(RULE).verdict == "unknown"
