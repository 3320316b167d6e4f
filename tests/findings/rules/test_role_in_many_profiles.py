from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.inventory.sources import INSTANCE_PROFILES

if TYPE_CHECKING:
    from tests.findings.estate import Estate

RULE = "role-in-many-profiles"


def test_one_role_in_two(estate: Estate) -> None:
    role = estate.role("search")
    blue, green = (estate.profile(name, role) for name in ("blue", "green"))
    instances = [estate.instance(f"search-{number}", blue) for number in (1, 2)]
    found = estate.only(RULE)
    assert (found.object, found.severity) == (role.ref, "info")
    assert found.cause == "inside 2 instance profiles"
    assert "blue and green hold this role. Together 2 instances use it." in found.detail
    assert set(found.related) == {blue.ref, green.ref, *(instance.ref for instance in instances)}


def test_a_role_each(estate: Estate) -> None:
    for name in ("blue", "green"):
        estate.profile(name, estate.role(name))
    estate.profile("empty")
    assert not estate.findings(RULE)


def test_unknown_where_instance_profiles_could_not_be_listed(estate: Estate) -> None:
    estate.state(INSTANCE_PROFILES, "denied")
    assert estate.only(RULE).verdict == "unknown"
