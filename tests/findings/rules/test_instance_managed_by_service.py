from __future__ import annotations

from instance_profiles.inventory.model import Operator
from instance_profiles.inventory.sources import INSTANCE_PROFILES, INSTANCES
from tests.findings.estate import EU, Estate, deleted

RULE = "instance-managed-by-service"
EKS = Operator(True, "eks.amazonaws.com")


def test_healthy_ones_are_one_note_for_their_region(estate: Estate) -> None:
    profile = estate.healthy_profile("node")
    nodes = [estate.instance(f"node-{number}", profile, operator=EKS) for number in (1, 2)]
    found = estate.only(RULE)
    assert (found.object.id, found.severity) == (EU, "info")
    assert found.cause == "2 instances managed by eks.amazonaws.com"
    assert set(found.related) == {node.ref for node in nodes}


def test_a_fault_is_a_warning_at_the_instance(estate: Estate) -> None:
    empty = estate.profile("node")
    estate.instance("fine", estate.healthy_profile("web"), operator=EKS)
    bare = estate.instance("node-1", empty, operator=EKS)
    gone = estate.instance("node-2", deleted("old"), operator=EKS)
    first, second, note = estate.findings(RULE)
    assert [(f.object, f.severity) for f in (first, second)] == [(bare.ref, "warning"), (gone.ref, "warning")]
    assert first.cause == "no role; eks.amazonaws.com has to mend it"
    assert second.cause == "instance profile is gone; eks.amazonaws.com has to mend it"
    assert note.severity == "info"


def test_a_fault_is_not_told_where_instance_profiles_could_not_be_listed(estate: Estate) -> None:
    estate.instance("node-1", deleted("old"), operator=EKS)
    estate.state(INSTANCE_PROFILES, "denied")
    assert estate.only(RULE).severity == "info"


def test_others_are_not_managed(estate: Estate) -> None:
    estate.instance("web", estate.healthy_profile("web"), operator=Operator(False))
    estate.instance("node", operator=EKS, state="terminated")
    assert not estate.findings(RULE)


def test_unknown_where_instances_could_not_be_listed(estate: Estate) -> None:
    estate.state(INSTANCES, "denied", EU)
    assert estate.only(RULE).verdict == "unknown"
