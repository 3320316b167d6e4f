from __future__ import annotations

import pytest

from instance_profiles.inventory.sources import AUTHORIZATION_DETAILS, INSTANCE_PROFILES
from tests.findings.estate import DENIES_ALL, Estate, allowing, document

RULE = "role-admin-on-instance"


def test_the_managed_policy_on_a_role_in_use(estate: Estate) -> None:
    role = estate.role("jenkins", policies=("ReadOnly", "AdministratorAccess"))
    profile = estate.profile("jenkins", role)
    instance = estate.instance("jenkins-1", profile)
    found = estate.only(RULE)
    assert (found.object, found.severity) == (role.ref, "warning")
    assert found.cause == "AdministratorAccess allows everything"
    assert found.related == (instance.ref, profile.ref)


def test_a_note_where_nothing_uses_it(estate: Estate) -> None:
    estate.profile("jenkins", estate.role("jenkins", policies=("AdministratorAccess",)))
    assert estate.only(RULE).severity == "info"


@pytest.mark.parametrize("action", ["*", "*:*"])
def test_a_policy_of_ones_own_that_allows_everything(estate: Estate, action: str) -> None:
    estate.policy("root-like", allowing("s3:Get*"), allowing(action))
    for name, kinds in (
        ("managed", {"policies": ("root-like",)}),
        ("inline", {"inline": {"all": document(allowing(action))}}),
    ):
        estate.instance(name, estate.profile(name, estate.role(name, **kinds)))
    assert [found.object.name for found in estate.present(RULE)] == ["inline", "managed"]


@pytest.mark.parametrize(
    "statement",
    [
        allowing("s3:*", "ec2:*"),
        allowing("*", resource="arn:aws:s3:::reports/*"),
        allowing("*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
        DENIES_ALL,
        {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"},
    ],
)
def test_less_than_everything_is_not_told(estate: Estate, statement: dict[str, object]) -> None:
    role = estate.role("web", inline={"wide": document(statement)})
    estate.instance("web-1", estate.profile("web", role))
    assert not estate.findings(RULE)


def test_a_boundary_says_what_it_may(estate: Estate) -> None:
    estate.policy("boundary", allowing("s3:*"))
    role = estate.role("web", policies=("AdministratorAccess",), boundary="boundary")
    estate.instance("web-1", estate.profile("web", role))
    assert not estate.findings(RULE)


def test_a_role_outside_any_instance_profile_is_not_looked_at(estate: Estate) -> None:
    estate.role("ops", policies=("AdministratorAccess",))
    assert not estate.findings(RULE)


@pytest.mark.parametrize("source", [AUTHORIZATION_DETAILS, INSTANCE_PROFILES])
def test_unknown_where_a_listing_was_denied(estate: Estate, source: str) -> None:
    estate.state(source, "denied")
    assert [found.verdict for found in estate.findings(RULE)] == ["unknown"]
