from __future__ import annotations

from instance_profiles.inventory.sources import INSTANCES
from tests.findings.estate import EU, US, Estate

RULE = "instance-imdsv1-allowed"


def test_one_note_a_region_with_all_its_instances(estate: Estate) -> None:
    profile = estate.healthy_profile("web")
    first = estate.instance("web-1", profile, tokens="optional")
    second = estate.instance("web-2", profile, tokens="optional", state="stopped")
    estate.instance("web-us", profile, tokens="optional", region=US)
    here, there = estate.findings(RULE)
    assert (here.object.kind, here.object.id, there.object.id) == ("region", EU, US)
    assert (here.severity, here.cause) == ("info", "2 instances allow IMDSv1")
    assert there.cause == "1 instance allows IMDSv1"
    assert set(here.related) == {first.ref, second.ref}
    assert "web-1 and web-2" in here.detail


def test_the_default_of_the_region_is_told(estate: Estate) -> None:
    estate.instance("web", estate.healthy_profile("web"), tokens="optional")
    estate.defaults(tokens="required")
    assert "New instances of eu-west-1 require one" in estate.only(RULE).detail


def test_where_there_is_nothing_to_hand_out_it_is_fine(estate: Estate) -> None:
    profile = estate.healthy_profile("web")
    estate.instance("bare", tokens="optional")
    estate.instance("off", profile, tokens="optional", imds="disabled")
    estate.instance("gone", profile, tokens="optional", state="terminated")
    estate.instance("sound", profile)
    assert not estate.findings(RULE)


def test_unknown_where_instances_could_not_be_listed(estate: Estate) -> None:
    estate.state(INSTANCES, "failed", EU)
    assert estate.only(RULE).verdict == "unknown"
