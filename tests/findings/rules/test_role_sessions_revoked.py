from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from instance_profiles.inventory.sources import AUTHORIZATION_DETAILS
from tests.findings.estate import NOW, Estate, allowing, document

RULE = "role-sessions-revoked"
NAME = "AWSRevokeOlderSessions"


def before(moment: datetime, key: str = "aws:TokenIssueTime") -> dict[str, Any]:
    return allowing("*", effect="Deny", Condition={"DateLessThan": {key: f"{moment:%Y-%m-%dT%H:%M:%S.000Z}"}})


def revoked(estate: Estate, statement: dict[str, Any], name: str = NAME) -> Any:
    role = estate.role("sync", inline={name: document(statement)})
    estate.instance("sync-1", estate.profile("sync", role))
    return role


@pytest.mark.parametrize("hours", [0, 5, 23.9])
def test_revoked_within_a_day(estate: Estate, hours: float) -> None:
    role = revoked(estate, before(NOW - timedelta(hours=hours)))
    found = estate.only(RULE)
    assert (found.object, found.severity) == (role.ref, "warning")
    assert found.cause == "sessions revoked within a day"
    assert "1 instance uses it, 1 of them since before that" in found.detail
    assert found.fixes == ("reattach", "unrevoke-sessions")


def test_a_moment_to_come_shuts_out_new_credentials_too(estate: Estate) -> None:
    revoked(estate, before(NOW + timedelta(hours=2)))
    found = estate.only(RULE)
    assert (found.severity, found.cause) == ("error", "sessions revoked, also of times to come")


def test_after_a_day_nobody_has_such_credentials_any_more(estate: Estate) -> None:
    revoked(estate, before(NOW - timedelta(hours=24)))
    assert not estate.findings(RULE)


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        (before(NOW), "MyOwnGuard"),
        (before(NOW, "aws:CurrentTime"), NAME),
        (before(NOW) | {"Effect": "Allow"}, NAME),
        (allowing("*", effect="Deny", Condition={"DateLessThan": {"aws:TokenIssueTime": "soon"}}), NAME),
    ],
)
def test_what_is_no_revocation(estate: Estate, statement: dict[str, Any], name: str) -> None:
    revoked(estate, statement, name)
    assert not estate.findings(RULE)


def test_unknown_where_policies_could_not_be_listed(estate: Estate) -> None:
    estate.state(AUTHORIZATION_DETAILS, "denied")
    assert estate.only(RULE).verdict == "unknown"
