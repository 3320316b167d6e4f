from __future__ import annotations

from instance_profiles.inventory.model import Operator
from instance_profiles.inventory.sources import INSTANCES
from tests.findings.estate import ACCOUNT, EU, US, Estate

RULE = "instances-hidden"
HIDDEN = Operator(True, "eks.amazonaws.com", hidden_by_default=True)


def test_one_note_for_the_account(estate: Estate) -> None:
    profile = estate.healthy_profile("node")
    estate.instance("node-1", profile, operator=HIDDEN)
    estate.instance("node-2", profile, operator=HIDDEN, region=US)
    found = estate.only(RULE)
    assert (found.object.kind, found.object.id, found.severity) == ("account", ACCOUNT, "info")
    assert found.cause == "2 instances hidden from other tools"
    assert "eu-west-1 and us-east-1" in found.detail


def test_managed_but_shown_is_fine(estate: Estate) -> None:
    estate.instance("node-1", operator=Operator(True, "eks.amazonaws.com"))
    estate.instance("node-2", operator=HIDDEN, state="terminated")
    assert not estate.findings(RULE)


def test_unknown_where_instances_could_not_be_listed(estate: Estate) -> None:
    estate.state(INSTANCES, "denied", EU)
    assert estate.only(RULE).verdict == "unknown"
