from __future__ import annotations

import pytest

from instance_profiles.inventory.model import Operator
from instance_profiles.inventory.sources import INSTANCES
from tests.findings.estate import EU, Estate

RULE = "instance-imds-hop-limit"
EKS = {"eks:cluster-name": "platform"}


@pytest.mark.parametrize(
    "tag",
    ["eks:nodegroup-name", "kubernetes.io/cluster/platform", "AmazonECSManaged", "karpenter.sh/nodepool"],
)
def test_one_hop_on_a_host_of_containers(estate: Estate, tag: str) -> None:
    profile = estate.healthy_profile("node")
    instance = estate.instance("node-1", profile, hops=1, tags={tag: "x"})
    found = estate.only(RULE)
    assert (found.object, found.severity) == (instance.ref, "warning")
    assert found.cause == "containers cannot get a token: hop limit 1"
    assert tag in found.detail
    assert (found.related, found.fixes) == ((profile.ref,), ("fix-hop-limit",))


def test_the_tag_of_the_scaling_group_counts(estate: Estate) -> None:
    instance = estate.instance("node-1", estate.healthy_profile("node"), hops=1)
    group = estate.group("ecs", members=[instance], tags={"AmazonECSManaged": ""})
    assert group.ref in estate.only(RULE).related


def test_a_host_without_containers_is_fine(estate: Estate) -> None:
    estate.instance("web", estate.healthy_profile("web"), hops=1, tags={"team": "eks"})
    assert not estate.findings(RULE)


def test_two_hops_are_fine(estate: Estate) -> None:
    estate.instance("node-1", estate.healthy_profile("node"), hops=2, tags=EKS)
    assert not estate.findings(RULE)


def test_without_required_tokens_containers_get_in(estate: Estate) -> None:
    estate.instance("node-1", estate.healthy_profile("node"), hops=1, tokens="optional", tags=EKS)
    assert not estate.findings(RULE)


def test_off_or_without_an_instance_profile_no_hop_matters(estate: Estate) -> None:
    estate.instance("node-1", estate.healthy_profile("node"), hops=1, imds="disabled", tags=EKS)
    estate.instance("node-2", hops=1, tags=EKS)
    assert not estate.findings(RULE)


def test_a_service_sets_one_hop_on_purpose(estate: Estate) -> None:
    profile = estate.healthy_profile("node")
    estate.instance("auto", profile, hops=1, tags=EKS, operator=Operator(True, "eks.amazonaws.com"))
    assert not estate.findings(RULE)


def test_unknown_where_instances_could_not_be_listed(estate: Estate) -> None:
    estate.state(INSTANCES, "denied", EU)
    assert estate.only(RULE).verdict == "unknown"
