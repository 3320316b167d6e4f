from __future__ import annotations

from typing import Any

import pytest

from instance_profiles.inventory.sources import AUTHORIZATION_DETAILS
from tests.findings.estate import DENIES_ALL, Estate, allowing, document

RULE = "role-boundary-blocks"


def bounded(
    estate: Estate, *inline: dict[str, Any], boundary: tuple[dict[str, Any], ...], **more: Any
) -> Any:
    """A role in use, with these statements inline, under a boundary of those."""
    estate.policy("boundary", *boundary)
    role = estate.role("web", inline={"own": document(*inline)}, boundary="boundary", **more)
    estate.instance("web-1", estate.profile("web", role))
    return role


def test_an_action_outside_the_boundary(estate: Estate) -> None:
    role = bounded(
        estate,
        allowing("s3:GetObject", "ses:SendEmail"),
        boundary=(allowing("s3:*"),),
        policies=(),
    )
    found = estate.only(RULE)
    assert (found.object, found.severity) == (role.ref, "warning")
    assert found.cause == "boundary forbids 1 allowed action"
    assert "name 2 actions" in found.detail
    assert "ses:SendEmail" in found.detail
    assert found.fixes[0] == "change-boundary"


def test_everything_outside_it_is_an_error(estate: Estate) -> None:
    bounded(estate, allowing("ses:SendEmail"), boundary=(allowing("s3:*"),), policies=())
    assert estate.only(RULE).severity == "error"


@pytest.mark.parametrize("policies", [("AmazonS3ReadOnlyAccess",), ("wide",)])
def test_but_not_where_another_policy_may_still_allow_something(
    estate: Estate, policies: tuple[str, ...]
) -> None:
    estate.policy("wide", allowing("s3:*"))
    bounded(estate, allowing("ses:SendEmail"), boundary=(allowing("s3:*"),), policies=policies)
    assert estate.only(RULE).severity == "warning"


def test_a_deny_in_the_boundary(estate: Estate) -> None:
    bounded(estate, allowing("s3:GetObject"), boundary=(allowing("s3:*"), DENIES_ALL))
    assert estate.only(RULE).cause == "boundary forbids 1 allowed action"


@pytest.mark.parametrize(
    ("inline", "boundary"),
    [
        (allowing("s3:GetObject"), allowing("s3:*")),
        (allowing("s3:*", "ses:*"), allowing("s3:*")),
        (allowing("ses:SendEmail", effect="Deny"), allowing("s3:*")),
        (allowing("s3:GetObject"), allowing("s3:*", resource="arn:aws:s3:::reports/*")),
        (allowing("s3:GetObject"), allowing("s3:*", Condition={"Bool": {"aws:SecureTransport": "true"}})),
    ],
)
def test_inside_the_boundary_or_not_certain(
    estate: Estate, inline: dict[str, Any], boundary: dict[str, Any]
) -> None:
    bounded(estate, inline, boundary=(boundary,))
    assert not estate.findings(RULE)


def test_a_role_that_nothing_uses_is_not_told(estate: Estate) -> None:
    estate.policy("boundary", allowing("s3:*"))
    own = {"own": document(allowing("ses:SendEmail"))}
    estate.profile("web", estate.role("web", inline=own, boundary="boundary"))
    assert not estate.findings(RULE)


def test_unknown_where_the_boundary_is_a_policy_of_aws(estate: Estate) -> None:
    own = {"own": document(allowing("ses:SendEmail"))}
    role = estate.role("web", inline=own, boundary="PowerUserAccess")
    estate.instance("web-1", estate.profile("web", role))
    found = estate.only(RULE)
    assert (found.verdict, found.object) == ("unknown", role.ref)
    assert found.cause == "boundary PowerUserAccess not read"


def test_unknown_once_where_policies_could_not_be_listed(estate: Estate) -> None:
    estate.state(AUTHORIZATION_DETAILS, "denied")
    found = estate.only(RULE)
    assert (found.verdict, found.object.kind) == ("unknown", "account")
