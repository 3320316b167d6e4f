"""The three rules that tell an association on its way from one that is stuck."""

from __future__ import annotations

from datetime import timedelta

import pytest

from instance_profiles.inventory.sources import ASSOCIATIONS, INSTANCES
from tests.findings.estate import (
    DENIES_EC2,
    EU,
    NOW,
    TRUSTS_EC2,
    TRUSTS_RDS,
    US,
    Estate,
    trusting,
)

MOVING = "association-in-transition"
ATTACHING = "association-stuck-associating"
DETACHING = "association-stuck-disassociating"


def told(estate: Estate) -> list[tuple[str, str, str]]:
    return [
        (found.rule, found.severity, found.verdict)
        for found in estate.findings()
        if found.rule in (MOVING, ATTACHING, DETACHING)
    ]


@pytest.mark.parametrize(
    ("age", "rule", "severity"),
    [
        (0, MOVING, "info"),
        (14, MOVING, "info"),
        (15, ATTACHING, "warning"),
        (59, ATTACHING, "warning"),
        (60, ATTACHING, "error"),
        (86400, ATTACHING, "error"),
    ],
)
def test_attaching_to_a_running_instance(estate: Estate, age: float, rule: str, severity: str) -> None:
    web = estate.healthy_profile("web")
    estate.association(estate.instance("web-1", web), web, "associating", age)
    assert told(estate) == [(rule, severity, "present")]


@pytest.mark.parametrize(
    ("age", "rule", "severity"),
    [
        (0, MOVING, "info"),
        (14, MOVING, "info"),
        (15, DETACHING, "warning"),
        (59, DETACHING, "warning"),
        (60, DETACHING, "error"),
    ],
)
def test_detaching_from_a_running_instance(estate: Estate, age: float, rule: str, severity: str) -> None:
    web = estate.healthy_profile("web")
    estate.association(estate.instance("web-1"), web, "disassociating", age)
    assert told(estate) == [(rule, severity, "present")]


@pytest.mark.parametrize("state", ["pending", "stopping", "stopped", "shutting-down", "terminated"])
@pytest.mark.parametrize("trust", [TRUSTS_EC2, TRUSTS_RDS])
def test_associating_is_at_rest_unless_the_instance_runs(
    estate: Estate, state: str, trust: dict[str, object]
) -> None:
    profile = estate.profile("web", estate.role("web", trust))
    estate.association(estate.instance("web-1", profile, state=state), profile, "associating", 86400)
    assert told(estate) == []


def test_detaching_from_a_stopped_instance_is_at_once_or_stuck(estate: Estate) -> None:
    web = estate.healthy_profile("web")
    estate.association(estate.instance("web-1", state="stopped"), web, "disassociating", 30)
    assert told(estate) == []
    estate.association(estate.instance("web-2", state="stopped"), web, "disassociating", 60)
    assert told(estate) == [(DETACHING, "error", "present")]


@pytest.mark.parametrize(
    ("trust", "cause"),
    [
        ((TRUSTS_RDS,), "attaching, but role does not trust EC2"),
        (
            (trusting("ec2.amazonaws.com", Condition={"StringEquals": {"sts:ExternalId": "x"}}),),
            "attaching, but its role asks what EC2 never meets",
        ),
        ((TRUSTS_EC2, DENIES_EC2), "attaching, but its role denies EC2"),
    ],
)
def test_at_first_sight_where_the_role_refuses_ec2(
    estate: Estate, trust: tuple[dict[str, object], ...], cause: str
) -> None:
    role = estate.role("batch", *trust)
    profile = estate.profile("batch", role)
    instance = estate.instance("batch-1", profile)
    association = estate.association(instance, profile, "associating", age=0)
    found = estate.only(ATTACHING)
    assert (found.object, found.severity, found.cause) == (association.ref, "error", cause)
    assert set(found.related) == {instance.ref, profile.ref, role.ref}
    assert found.fixes == ("repair-trust", "reattach")
    assert not estate.findings(MOVING)


def test_the_trust_policy_is_not_blamed_where_it_allows_ec2(estate: Estate) -> None:
    web = estate.healthy_profile("web")
    estate.association(estate.instance("web-1", web), web, "associating", 60)
    assert estate.only(ATTACHING).fixes == ("reattach",)


@pytest.mark.parametrize(("age", "rule"), [(20, MOVING), (59, MOVING), (60, ATTACHING)])
def test_an_instance_that_was_just_started_is_given_a_minute(estate: Estate, age: float, rule: str) -> None:
    web = estate.healthy_profile("web")
    instance = estate.instance("web-1", web, launched=NOW - timedelta(seconds=100))
    estate.association(instance, web, "associating", age)
    assert [one for one, _, _ in told(estate)] == [rule]


def test_the_time_in_which_the_instance_was_stopped_does_not_count(estate: Estate) -> None:
    web = estate.healthy_profile("web")
    instance = estate.instance("web-1", web, launched=NOW - timedelta(seconds=2))
    estate.association(instance, web, "associating", age=3600)
    assert told(estate) == [(MOVING, "info", "present")]


def test_a_replacement_moves_both_ways(estate: Estate) -> None:
    old, new = estate.healthy_profile("old"), estate.healthy_profile("new")
    instance = estate.instance("web-1", old)
    estate.association(instance, new, "associating", 1)
    estate.association(instance, old, "disassociating", 1)
    assert told(estate) == [(MOVING, "info", "present"), (MOVING, "info", "present")]
    assert not estate.findings("association-multiple-active")


def test_associated_is_quiet(estate: Estate) -> None:
    web = estate.healthy_profile("web")
    estate.association(estate.instance("web-1", web), web)
    assert told(estate) == []


@pytest.mark.parametrize("state", ["associating", "disassociating"])
def test_unknown_where_the_instance_could_not_be_read(estate: Estate, state: str) -> None:
    web = estate.healthy_profile("web")
    association = estate.association(Estate().instance("web-1"), web, state, 86400)
    estate.state(INSTANCES, "denied", EU)
    rule = ATTACHING if state == "associating" else DETACHING
    assert (rule, "info", "unknown") in told(estate)
    assert [found.object for found in estate.findings(rule)] == [association.ref]


def test_an_association_of_an_instance_that_is_not_listed_is_not_judged(estate: Estate) -> None:
    estate.association(Estate().instance("hidden"), estate.healthy_profile("web"), "associating", 86400)
    assert told(estate) == []


@pytest.mark.parametrize("state", ["associating", "disassociating"])
def test_quiet_while_associations_are_read_again(estate: Estate, state: str) -> None:
    web = estate.healthy_profile("web")
    estate.association(estate.instance("web-1", web), web, state, 86400)
    estate.state(ASSOCIATIONS, "loading", EU)
    assert told(estate) == []


def test_unknown_for_the_region_where_associations_could_not_be_listed(estate: Estate) -> None:
    estate.state(ASSOCIATIONS, "failed", US)
    assert sorted(told(estate)) == [(rule, "info", "unknown") for rule in (MOVING, ATTACHING, DETACHING)]
