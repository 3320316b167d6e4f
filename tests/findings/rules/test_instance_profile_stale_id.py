from __future__ import annotations

import pytest

from instance_profiles.inventory.sources import INSTANCE_PROFILES
from tests.findings.estate import Estate, ref_of

RULE = "instance-profile-stale-id"


def test_the_same_arn_with_another_id(estate: Estate) -> None:
    old = Estate().profile("billing", generation=1)
    new = estate.profile("billing", estate.role("billing"), generation=2)
    instances = [estate.instance(name, ref_of(old)) for name in ("billing-1", "billing-2")]
    found = estate.present(RULE)
    assert [one.object for one in found] == [instance.ref for instance in instances]
    assert {(one.severity, one.cause) for one in found} == {("error", "holds a deleted id")}
    assert found[0].related == (new.ref,)
    assert "1 more instance is in the same state" in found[0].detail
    assert found[0].fixes == ("rebind-stale-instances", "reattach")


def test_it_is_not_called_deleted_nor_empty(estate: Estate) -> None:
    estate.profile("billing", generation=2)
    estate.instance("billing-1", ref_of(Estate().profile("billing", generation=1)))
    assert {found.rule for found in estate.findings()} == {RULE, "profile-without-role"}


@pytest.mark.parametrize("state", ["terminated", "shutting-down"])
def test_instances_that_are_gone_are_left_out(estate: Estate, state: str) -> None:
    estate.profile("billing", estate.role("billing"), generation=2)
    estate.instance("billing-1", ref_of(Estate().profile("billing", generation=1)), state=state)
    assert not estate.findings(RULE)


def test_the_same_id_is_fine(estate: Estate) -> None:
    estate.instance("web-1", estate.healthy_profile("web"))
    assert not estate.findings(RULE)


def test_unknown_for_the_account_where_instance_profiles_could_not_be_listed(estate: Estate) -> None:
    estate.state(INSTANCE_PROFILES, "denied")
    assert estate.only(RULE).object.kind == "account"
