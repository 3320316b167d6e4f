"""Evaluation as a whole: what holds for every rule."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instance_profiles.findings.catalogue import RULES
from instance_profiles.findings.evaluate import evaluate
from instance_profiles.findings.finding import SEVERITIES, finding_id
from instance_profiles.inventory.inventory import Inventory
from instance_profiles.inventory.model import Operator, SigningEnvironment
from instance_profiles.inventory.passing import look
from instance_profiles.inventory.sources import (
    AUTHORIZATION_DETAILS,
    INSTANCE_PROFILES,
    INSTANCES,
    LAUNCH_CONFIGURATIONS,
)
from tests.findings.estate import (
    ACCOUNT,
    DENIES_ALL,
    DENIES_EC2,
    EU,
    NOW,
    TRUSTS_EC2,
    TRUSTS_RDS,
    US,
    Estate,
    allowing,
    deleted,
    document,
    ref_of,
    trusting,
)

if TYPE_CHECKING:
    import random

    from instance_profiles.inventory.model import InstanceProfile, LoadEvent

ROLE = "arn:aws:iam::123456789012:role/deploy"
NOT_VISIBLE = "Value ({}) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name"


def every_fault(name: str = "x" * 128) -> Estate:
    """An estate with each fault once; names as long as AWS takes them."""
    estate = Estate()
    empty = estate.profile(f"empty{name}"[:128])
    estate.profile("idle", estate.role(f"role{name}"[:64]))
    untrusting = estate.profile("batch", estate.role("batch", TRUSTS_RDS))
    denying = estate.profile("sync", estate.role("sync", TRUSTS_EC2, DENIES_EC2))
    powerless = estate.profile("shipper", estate.role("shipper", policies=()))
    again = estate.profile("billing", estate.role("billing"), generation=2)
    web = estate.healthy_profile("web")
    estate.instance(f"{name}", empty)
    estate.instance("none")
    estate.instance("sync", denying, region=US)
    estate.instance("shipper", powerless)
    estate.instance("gone", deleted(name))
    estate.instance("stale", ref_of(Estate().profile("billing", generation=1)))
    estate.instance("dark", again, imds="disabled")
    estate.association(estate.instance("batch", untrusting), untrusting, "associating", 1)
    estate.association(estate.instance("leaving"), web, "disassociating", 90)
    estate.association(estate.instance("moving", web), web, "associating", 1)
    canary = estate.instance("canary", web)
    estate.association(canary, web)
    estate.association(canary, again)
    estate.template("missing", name)
    estate.template("empty", empty.instance_profile_name)
    odd_roles(estate)
    estate.summary(900, 1000, roles=1000)
    notable(estate)
    surroundings(estate, name, web)
    estate.state(LAUNCH_CONFIGURATIONS, "complete", EU)
    estate.named("default", has_static_keys=True)
    estate.named("sso", sso_account_id="1", sso_role_name="Admin")
    estate.named("long", role_arn=ROLE, source_profile="sso", duration_seconds="43200")
    estate.named("loop", role_arn=ROLE, source_profile="loop")
    estate.named("missing", role_arn=ROLE, source_profile=name)
    estate.named("both", role_arn=ROLE, source_profile="default", credential_source="Environment")
    estate.named("none", role_arn=ROLE)
    estate.named("word", role_arn=ROLE, credential_source=name)
    estate.named("bare")
    estate.named("no-credentials", role_arn=ROLE, source_profile="bare")
    return estate


def notable(estate: Estate) -> None:
    """What lies with instance profiles beyond their roles, with the caller and with durations."""
    estate.caller = "root"
    pathed = estate.profile("pathed", estate.role("pathed"), path="/app/")
    estate.template("pathed", f"app/{pathed.instance_profile_name}")
    new = estate.profile("new", estate.role("new"), created=NOW - timedelta(minutes=3))
    group = estate.group("new", estate.template("new", "new"))
    estate.activity(group, NOT_VISIBLE.format("new"), minutes=1)
    estate.tagged(new, **{"aws:cloudformation:stack-name": "shop"})
    shared = estate.profile("shared", estate.role("shared"))
    estate.profile("shared-too", Estate().role("shared"))
    for number in range(5):
        estate.instance(f"app{'abcde'[number]}", shared)
    estate.role_changed(shared, minutes=10)
    long = estate.role("long")
    estate.duration(long, 3600)
    estate.named("over", role_arn=long.arn, source_profile="default", duration_seconds="7200")
    estate.named("short", role_arn=ROLE, source_profile="default", duration_seconds="60")
    estate.environment = SigningEnvironment(access_key=True, named_profile="default")


def surroundings(estate: Estate, name: str, web: InstanceProfile) -> None:
    """What lies with instances, associations and with what launches them."""
    estate.seen_at = NOW - timedelta(minutes=10)
    estate.instance("node", web, hops=1, tags={"AmazonECSManaged": ""})
    estate.instance("open", web, tokens="optional")
    estate.instance("changing", web, imds_state="pending")
    estate.instance("ending", state="stopping")
    auto = Operator(True, "eks.amazonaws.com", hidden_by_default=True)
    estate.instance("auto", web, operator=auto)
    estate.instance("auto-gone", deleted(name), operator=auto)
    estate.association(estate.instance("unlike", web), deleted(name))
    estate.association(Estate().instance("unlisted"), web)
    agents = estate.profile("agents", estate.role("agents", policies=("AmazonSSMManagedInstanceCore",)))
    silent = estate.instance("silent", agents)
    estate.group("drifting", estate.template("drifting", web.instance_profile_name), members=[silent])
    estate.template("foreign", arn=f"arn:aws:iam::999988887777:instance-profile/{name}")
    failing = estate.group(name, configuration=estate.configuration(name, name))
    estate.activity(failing, NOT_VISIBLE.format(name)[:255])
    estate.fleet(name, None, name, kind="spot-fleet")
    estate.fleet("burst", estate.template("fleet", name))


def odd_roles(estate: Estate) -> None:
    """Each fault of a role that some instance uses."""
    boundary = estate.policy("boundary", allowing("s3:*")).policy_name
    revoked = (NOW - timedelta(hours=1)).isoformat()
    own = allowing("sts:AssumeRole", resource=f"arn:aws:iam::{ACCOUNT}:role/itself")
    older = allowing("*", effect="Deny", Condition={"DateLessThan": {"aws:TokenIssueTime": revoked}})
    for role in (
        estate.role(
            "conditioned", trusting("ec2.amazonaws.com", Condition={"StringEquals": {"sts:ExternalId": "x"}})
        ),
        estate.role("tagged", trusting("ec2.amazonaws.com", Action="sts:TagSession")),
        estate.role("chinese", trusting("ec2.amazonaws.com.cn")),
        estate.role("haunted", TRUSTS_EC2, trusting(Principal={"AWS": "AROA4ZVBXQ2JW7T3MFKLP"})),
        estate.role("bounded", inline={"mail": document(allowing("ses:SendEmail"))}, boundary=boundary),
        estate.role("revoked", inline={"AWSRevokeOlderSessions": document(older)}),
        estate.role("shut", inline={"shut": document(DENIES_ALL)}),
        estate.role("linked", path="/aws-service-role/autoscaling.amazonaws.com/"),
        estate.role("unused", last_used=None),
        estate.role("admin", policies=("AdministratorAccess",)),
        estate.role("itself", inline={"own": document(own)}),
    ):
        estate.instance(role.role_name, estate.profile(role.role_name, role))


def test_each_rule_finds_its_fault_in_one_estate() -> None:
    estate = every_fault()
    found = {finding.rule for finding in estate.findings() if finding.verdict == "present"}
    assert found == RULES.keys() - {"caller-browse-partial"}


def test_causes_fit_the_row_and_details_are_sentences() -> None:
    denied = every_fault()
    for region in (EU, US):
        denied.state(INSTANCES, "denied", region, "A very long reason. " * 20)
    denied.state(INSTANCE_PROFILES, "failed", cause="A very long reason. " * 20)
    for estate in (every_fault(), denied):
        for finding in estate.findings():
            assert 0 < len(finding.cause) <= 60, finding
            assert finding.detail.endswith("."), finding
            assert finding.source.startswith("https://"), finding


def test_most_severe_first_and_unknown_never_looks_like_a_fault() -> None:
    estate = every_fault()
    estate.state(AUTHORIZATION_DETAILS, "denied")
    found = estate.findings()
    severities = [SEVERITIES.index(finding.severity) for finding in found]
    assert severities == sorted(severities)
    assert {finding.severity for finding in found if finding.verdict == "unknown"} == {"info"}
    assert not any(finding.fixes for finding in found if finding.verdict == "unknown")


def test_ids_are_unique_and_made_of_rule_and_object() -> None:
    found = every_fault().findings()
    assert len({finding.id for finding in found}) == len(found)
    assert all(finding.id == finding_id(finding.rule, finding.object) for finding in found)


def test_an_empty_inventory_has_no_findings() -> None:
    assert evaluate(Inventory(), NOW) == ()


def test_a_healthy_estate_has_no_findings() -> None:
    estate = Estate()
    web = estate.healthy_profile("web")
    for region in (EU, US):
        estate.association(estate.instance(f"web-{region}", web, region=region), web)
    estate.group("web", estate.template("web", "web"))
    estate.summary(1, 1000)
    assert estate.findings() == []


def test_nothing_is_said_before_it_is_known() -> None:
    """At every point of a load, what is told is told at its end too, but for severity and wording."""
    estate = every_fault()
    final = {finding.id for finding in estate.findings()}
    inventory = Inventory(lambda: NOW)
    for stream in reversed(estate.events()):
        for event in stream:
            inventory.take(event)
            assert {finding.id for finding in evaluate(inventory, NOW)} <= final


def interleaved(streams: list[list[LoadEvent]], shuffle: random.Random) -> list[LoadEvent]:
    waiting = [list(stream) for stream in streams]
    order = [index for index, stream in enumerate(waiting) for _ in stream]
    shuffle.shuffle(order)
    return [waiting[index].pop(0) for index in order]


def mixed_up(streams: list[list[Any]], shuffle: random.Random) -> list[list[Any]]:
    """Pages come in any order between the first and the last event of a stream."""
    for stream in streams:
        pages = stream[1:-1]
        shuffle.shuffle(pages)
        stream[1:-1] = pages
    return streams


@settings(deadline=None, max_examples=30)
@given(st.randoms(use_true_random=False))
def test_the_order_of_arrival_makes_no_difference(shuffle: random.Random) -> None:
    estate = every_fault()
    inventory = Inventory(lambda: NOW)
    for event in interleaved(mixed_up(estate.events(), shuffle), shuffle):
        inventory.take(event)
    inventory.take_role_changes(estate.role_changes)
    look(inventory, estate.seen_at)
    assert evaluate(inventory, NOW) == evaluate(estate.inventory(), NOW)


@pytest.mark.parametrize("seconds", [0, 30, 120])
def test_time_only_moves_what_is_on_its_way(seconds: int) -> None:
    inventory = every_fault().inventory()
    later = evaluate(inventory, NOW + timedelta(seconds=seconds))
    moving = (
        "association-",
        "instance-imds-pending",
        "profile-not-visible-to-ec2",
        "profile-role-changed-recently",
    )
    steady = [finding for finding in later if not finding.rule.startswith(moving)]
    at_first = [f for f in evaluate(inventory, NOW) if not f.rule.startswith(moving)]
    assert steady == at_first


def test_the_inventory_is_not_changed() -> None:
    inventory = every_fault().inventory()
    revision = inventory.revision
    evaluate(inventory, NOW)
    assert inventory.revision == revision
