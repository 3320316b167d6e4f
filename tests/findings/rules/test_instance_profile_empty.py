from __future__ import annotations

import pytest

from instance_profiles.inventory.sources import INSTANCES
from tests.findings.estate import US, Estate

RULE = "instance-profile-empty"


@pytest.mark.parametrize("state", ["running", "stopped"])
def test_every_instance_of_an_empty_one(estate: Estate, state: str) -> None:
    crawler = estate.profile("crawler")
    instance = estate.instance("crawl-7", crawler, state=state)
    found = estate.only(RULE)
    assert (found.object, found.severity, found.cause) == (
        instance.ref,
        "error",
        "instance profile has no role",
    )
    assert found.related == (crawler.ref,)
    assert found.fixes == ("add-role", "replace-association", "reattach")


def test_instances_that_are_gone_or_healthy_are_left_out(estate: Estate) -> None:
    estate.instance("crawl-7", estate.profile("crawler"), state="terminated")
    estate.instance("web-1", estate.healthy_profile("web"))
    assert not estate.findings(RULE)


def test_unknown_for_the_region_where_instances_could_not_be_listed(estate: Estate) -> None:
    estate.state(INSTANCES, "denied", US)
    assert estate.only(RULE).object.id == US
