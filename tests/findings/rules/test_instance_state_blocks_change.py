from __future__ import annotations

from instance_profiles.inventory.sources import INSTANCES
from tests.findings.estate import EU, Estate

RULE = "instance-state-blocks-change"


def test_one_note_a_region_by_state(estate: Estate) -> None:
    for name, state in (("a", "terminated"), ("b", "stopping"), ("c", "terminated"), ("d", "pending")):
        estate.instance(name, state=state)
    found = estate.only(RULE)
    assert (found.object.id, found.severity) == (EU, "info")
    assert found.cause == "1 pending, 1 stopping, 2 terminated: not changeable"
    assert "terminated: a and c" in found.detail
    assert len(found.related) == 4
    assert not found.fixes


def test_all_states_fit_the_row(estate: Estate) -> None:
    for state in ("pending", "stopping", "shutting-down", "terminated"):
        for number in range(20):
            estate.instance(f"{state}-{number}", state=state)
    assert estate.only(RULE).cause.startswith("20 pending, 20 stopping, 20 shutting-down, 20 terminated")


def test_running_and_stopped_can_be_changed(estate: Estate) -> None:
    estate.instance("a")
    estate.instance("b", state="stopped")
    assert not estate.findings(RULE)


def test_unknown_where_instances_could_not_be_listed(estate: Estate) -> None:
    estate.state(INSTANCES, "denied", EU)
    assert estate.only(RULE).verdict == "unknown"
