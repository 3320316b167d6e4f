from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from instance_profiles.inventory.sources import AUTHORIZATION_DETAILS, MANAGED_NODES
from tests.findings.estate import DENIES_EC2, EU, NOW, TRUSTS_EC2, Estate, allowing

if TYPE_CHECKING:
    from instance_profiles.inventory.model import Instance

RULE = "instance-ssm-unmanaged"
CORE = "AmazonSSMManagedInstanceCore"
PATCHED = {"Patch Group": "linux"}


def with_role(estate: Estate, *policies: str, **more: Any) -> Instance:
    profile = estate.profile("web", estate.role("web", policies=policies))
    return estate.instance("web-1", profile, **more)


def test_its_role_is_made_for_the_agent_and_it_is_not_listed(estate: Estate) -> None:
    instance = with_role(estate, CORE)
    found = estate.only(RULE)
    assert (found.object, found.severity, found.cause) == (instance.ref, "warning", "agent does not report")
    assert "ssmmessages" in found.detail
    assert found.fixes == ()


def test_a_policy_of_its_own_counts(estate: Estate) -> None:
    estate.policy("agent", allowing("ssm:Update*"))
    with_role(estate, "agent")
    assert estate.only(RULE).cause == "agent does not report"


def test_in_a_patch_group_with_a_role_that_does_not_let_it_report(estate: Estate) -> None:
    estate.policy("data", allowing("s3:GetObject"))
    with_role(estate, "data", tags=PATCHED)
    found = estate.only(RULE)
    assert found.cause == "role keeps its agent from reporting"
    assert found.fixes == ("grant-role-permissions",)
    assert "Patch Group" in found.detail


def test_a_deny_keeps_the_agent_from_reporting(estate: Estate) -> None:
    estate.policy("no-ssm", allowing("ssm:*", effect="Deny"))
    with_role(estate, CORE, "no-ssm")
    assert estate.only(RULE).cause == "role keeps its agent from reporting"


def test_a_boundary_keeps_the_agent_from_reporting(estate: Estate) -> None:
    estate.policy("cap", allowing("s3:*"))
    estate.instance("web-1", estate.profile("web", estate.role("web", policies=[CORE], boundary="cap")))
    found = estate.only(RULE)
    assert found.cause == "boundary keeps its agent from Systems Manager"
    assert found.fixes == ("change-boundary",)


def test_policies_of_aws_that_were_not_read_leave_the_reason_open(estate: Estate) -> None:
    with_role(estate, "ReadOnlyAccess", tags=PATCHED)
    assert "is not known" in estate.only(RULE).detail


@pytest.mark.parametrize("ping", ["Online", "ConnectionLost", "Inactive"])
def test_listed_is_managed_by_whatever_role(estate: Estate, ping: str) -> None:
    estate.node(with_role(estate, "ReadOnlyAccess", tags=PATCHED), ping)
    assert not estate.findings(RULE)


def test_without_a_sign_that_it_is_wanted_nothing_is_told(estate: Estate) -> None:
    with_role(estate, "AdministratorAccess")
    estate.instance("bare", tags=PATCHED)
    assert not estate.findings(RULE)


def test_what_cannot_report_just_now_is_left_out(estate: Estate) -> None:
    with_role(estate, CORE, state="stopped")
    profile = estate.profile("other", estate.role("other", policies=[CORE]))
    estate.instance("new", profile, launched=NOW - timedelta(minutes=10))
    assert not estate.findings(RULE)


def test_faults_that_have_a_rule_of_their_own_are_left_to_it(estate: Estate) -> None:
    with_role(estate, CORE, imds="disabled")
    denied = estate.role("denied", TRUSTS_EC2, DENIES_EC2, policies=[CORE])
    estate.instance("denied", estate.profile("denied", denied))
    estate.instance("empty", estate.profile("empty"), tags=PATCHED)
    assert not estate.findings(RULE)


@pytest.mark.parametrize(("source", "region"), [(MANAGED_NODES, EU), (AUTHORIZATION_DETAILS, None)])
def test_unknown_where_nodes_or_policies_could_not_be_listed(
    estate: Estate, source: str, region: str | None
) -> None:
    estate.state(source, "denied", region)
    assert estate.only(RULE).verdict == "unknown"


def test_quiet_where_the_region_has_no_systems_manager(estate: Estate) -> None:
    with_role(estate, CORE)
    estate.state(MANAGED_NODES, "disabled", EU)
    assert not estate.findings(RULE)
