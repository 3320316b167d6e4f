from __future__ import annotations

import pytest

from instance_profiles.inventory.sources import AUTHORIZATION_DETAILS, INSTANCES
from tests.findings.estate import EU, Estate

RULE = "role-no-permissions"


def test_a_role_in_use_without_any_policy(estate: Estate) -> None:
    role = estate.role("shipper", policies=(), inline=())
    profile = estate.profile("shipper", role)
    instance = estate.instance("shipper-1", profile)
    found = estate.only(RULE)
    assert (found.object, found.severity, found.cause) == (role.ref, "warning", "role allows nothing")
    assert {profile.ref, instance.ref} <= set(found.related)
    assert found.fixes[0] == "grant-role-permissions"


def test_a_template_uses_it_too(estate: Estate) -> None:
    estate.profile("shipper", estate.role("shipper", policies=()))
    estate.template("shippers", "shipper")
    assert len(estate.present(RULE)) == 1


@pytest.mark.parametrize(("policies", "inline"), [(("ReadOnly",), ()), ((), ("mine",))])
def test_one_policy_of_either_kind_is_enough(
    estate: Estate, policies: tuple[str, ...], inline: tuple[str, ...]
) -> None:
    estate.instance("web-1", estate.profile("web", estate.role("web", policies=policies, inline=inline)))
    assert not estate.findings(RULE)


def test_a_role_that_nothing_uses_is_not_told(estate: Estate) -> None:
    estate.profile("shipper", estate.role("shipper", policies=()))
    assert not estate.findings(RULE)


def test_unknown_where_it_cannot_be_told_whether_it_is_used(estate: Estate) -> None:
    role = estate.role("shipper", policies=())
    estate.profile("shipper", role)
    estate.state(INSTANCES, "denied", EU)
    assert [(found.verdict, found.object) for found in estate.findings(RULE)] == [("unknown", role.ref)]


def test_unknown_where_policies_were_not_read_with_the_role(estate: Estate) -> None:
    estate.instance("web-1", estate.profile("web", estate.role("web", policies=None, inline=None)))
    assert estate.only(RULE).verdict == "unknown"


def test_unknown_once_for_the_account_where_policies_could_not_be_listed(estate: Estate) -> None:
    for name in ("a", "b"):
        estate.instance(name, estate.profile(name, estate.role(name, policies=None, inline=None)))
    estate.state(AUTHORIZATION_DETAILS, "denied")
    found = estate.only(RULE)
    assert (found.verdict, found.object.kind) == ("unknown", "account")
