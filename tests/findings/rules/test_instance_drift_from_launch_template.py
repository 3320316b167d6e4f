from __future__ import annotations

import pytest

from instance_profiles.inventory.sources import AUTO_SCALING_GROUPS, INSTANCES, LAUNCH_TEMPLATE_VERSIONS
from tests.findings.estate import EU, Estate, deleted

RULE = "instance-drift-from-launch-template"


def test_a_member_with_another_instance_profile_than_the_template_names(estate: Estate) -> None:
    old, new = estate.healthy_profile("web-old"), estate.healthy_profile("web")
    template = estate.template("web", "web", number=4)
    instance = estate.instance("web-1", old)
    group = estate.group("web", template, members=[instance, estate.instance("web-2", new)])
    found = estate.only(RULE)
    assert (found.object, found.severity) == (instance.ref, "warning")
    assert found.cause == "has web-old, group launches web"
    assert "version 4 of web, which names web" in found.detail
    assert set(found.related) == {group.ref, template.ref, old.ref, new.ref}
    assert found.fixes[0] == "refresh-scaling-group"


def test_the_version_that_the_group_uses_counts_not_the_default(estate: Estate) -> None:
    old = estate.healthy_profile("web-old")
    estate.healthy_profile("web")
    pinned = estate.template("web", "web-old", number=1, default=False, latest=False)
    estate.template("web", "web", number=2)
    estate.group("web", pinned, "1", members=[estate.instance("web-1", old)])
    assert not estate.findings(RULE)


def test_a_member_without_any(estate: Estate) -> None:
    estate.healthy_profile("web")
    estate.group("web", estate.template("web", "web"), members=[estate.instance("web-1")])
    assert estate.only(RULE).cause == "has none, group launches web"


def test_a_note_where_the_template_names_none(estate: Estate) -> None:
    own = estate.healthy_profile("quick-setup")
    estate.group("web", estate.template("web"), members=[estate.instance("web-1", own)])
    found = estate.only(RULE)
    assert (found.severity, found.cause) == ("info", "has quick-setup, group launches without")


def test_what_does_not_exist_is_told_at_the_template(estate: Estate) -> None:
    own = estate.healthy_profile("web-old")
    estate.group("web", estate.template("web", "web"), members=[estate.instance("web-1", own)])
    assert not estate.findings(RULE)


def test_the_same_arn_with_another_id_is_stale_not_drift(estate: Estate) -> None:
    estate.healthy_profile("web")
    estate.group("web", estate.template("web", "web"), members=[estate.instance("web-1", deleted("web"))])
    assert not estate.findings(RULE)


def test_nothing_is_told_while_a_replacement_is_on_its_way(estate: Estate) -> None:
    old, new = estate.healthy_profile("web-old"), estate.healthy_profile("web")
    instance = estate.instance("web-1", old)
    estate.group("web", estate.template("web", "web"), members=[instance])
    estate.association(instance, new, "associating", age=1)
    estate.association(instance, old, "disassociating", age=1)
    assert not estate.findings(RULE)


def test_instances_of_no_group_drift_from_nothing(estate: Estate) -> None:
    estate.healthy_profile("web")
    estate.template("web", "web")
    estate.instance("web-1", estate.healthy_profile("other"))
    assert not estate.findings(RULE)


@pytest.mark.parametrize("source", [INSTANCES, AUTO_SCALING_GROUPS, LAUNCH_TEMPLATE_VERSIONS])
def test_unknown_where_a_listing_could_not_be_read(estate: Estate, source: str) -> None:
    estate.state(source, "denied", EU)
    assert estate.only(RULE).verdict == "unknown"
