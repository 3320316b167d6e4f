from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.findings.estate import Estate

RULE = "profile-name-role-mismatch"


@pytest.mark.parametrize("role", ["search-idx", "Search"])
def test_the_role_has_another_name(estate: Estate, role: str) -> None:
    inner = estate.role(role)
    profile = estate.profile("search", inner)
    found = estate.only(RULE)
    assert (found.object, found.severity, found.cause) == (profile.ref, "info", f"role is named {role}")
    assert found.related == (inner.ref,)


def test_a_long_name_is_cut(estate: Estate) -> None:
    estate.profile("search", estate.role("r" * 64))
    assert estate.only(RULE).cause.endswith("…")


def test_the_same_name_and_no_role_are_fine(estate: Estate) -> None:
    estate.healthy_profile("web")
    estate.profile("empty")
    assert not estate.findings(RULE)
