"""Muted findings are taken apart with who, why and until when; a mute that ended mutes nothing."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from instance_profiles.findings.evaluate import evaluate
from instance_profiles.findings.muting import IGNORE_TAG, Mute, ended, in_words, said_ended, sort_out
from tests.findings.estate import NOW, Estate

TODAY = NOW.date()
RULE = "profile-without-role"


@pytest.fixture
def estate() -> Estate:
    """Two instance profiles without a role, that nothing uses."""
    made = Estate()
    made.profile("left-over")
    made.profile("sandbox-1")
    return made


def sorted_by(estate, *mutes, tags=None, today=TODAY):
    inventory = estate.inventory()
    for profile in list(inventory.instance_profiles):
        if tags and profile.instance_profile_name == "left-over":
            inventory.put(msgspec.structs.replace(profile, tags=tags))
    return sort_out(evaluate(inventory, NOW), mutes, inventory, today)


def muted(found):
    return {(one.finding.rule, one.finding.object.name) for one in found.muted}


def test_without_mutes_all_is_shown_in_its_order(estate):
    found = sorted_by(estate)
    assert found.shown == tuple(estate.findings())
    assert found.muted == ()


def test_a_rule_is_muted_on_every_object(estate):
    found = sorted_by(estate, Mute("known", rule=RULE))
    assert muted(found) == {(RULE, "left-over"), (RULE, "sandbox-1")}
    assert {finding.rule for finding in found.shown} == {"profile-orphaned"}


@pytest.mark.parametrize("how", ["name", "id", "arn", "sandbox-*", "arn:*:instance-profile/sandbox-?"])
def test_an_object_is_muted_by_id_name_arn_or_a_pattern_of_them(estate, how):
    ref = next(f.object for f in estate.findings(RULE) if f.object.name == "sandbox-1")
    found = sorted_by(estate, Mute("a sandbox", object=getattr(ref, how, how)))
    assert muted(found) == {(RULE, "sandbox-1"), ("profile-orphaned", "sandbox-1")}


def test_names_differ_by_case_and_are_matched_whole(estate):
    assert sorted_by(estate, Mute("x", object="Sandbox-*"), Mute("x", object="sandbox")).muted == ()


def test_a_rule_on_an_object_mutes_nothing_else(estate):
    found = sorted_by(estate, Mute("agreed", rule=RULE, object="sandbox-1"))
    assert muted(found) == {(RULE, "sandbox-1")}


def test_a_mute_holds_through_its_last_day_and_no_longer(estate):
    mute = Mute("until the move", rule=RULE, until=TODAY)
    assert len(sorted_by(estate, mute).muted) == 2
    tomorrow = date.fromordinal(TODAY.toordinal() + 1)
    assert sorted_by(estate, mute, today=tomorrow).muted == ()
    assert ended([mute], TODAY) == ()
    assert ended([mute], tomorrow) == (mute,)
    assert said_ended(mute) == (
        f"The mute of {RULE} ended on {TODAY} (until the move); remove it or give it a new date."
    )


def test_what_is_muted_keeps_the_reason_the_origin_and_the_end(estate):
    mute = Mute("until the move", object="sandbox-1", until=TODAY)
    [first, _] = sorted_by(estate, mute).muted
    assert in_words(first.mute) == f"muted by the settings until {TODAY}: until the move"


@pytest.mark.parametrize("value", [RULE, f"{RULE} instance-no-profile", f"instance-no-profile,{RULE}"])
def test_a_tag_of_the_object_mutes_the_rules_it_lists(estate, value):
    found = sorted_by(estate, tags={IGNORE_TAG: value})
    assert muted(found) == {(RULE, "left-over")}
    assert IGNORE_TAG in found.muted[0].mute.by


@pytest.mark.parametrize("value", ["*", "all"])
def test_a_tag_mutes_every_rule_on_its_object(estate, value):
    found = sorted_by(estate, tags={IGNORE_TAG: value})
    assert muted(found) == {(RULE, "left-over"), ("profile-orphaned", "left-over")}


@pytest.mark.parametrize("value", ["", "profile-without", "none"])
def test_a_tag_that_lists_no_such_rule_mutes_nothing(estate, value):
    assert sorted_by(estate, tags={IGNORE_TAG: value}).muted == ()


def test_the_tag_of_an_instance_counts_for_its_association():
    estate = Estate()
    profile = estate.healthy_profile("web")
    instance = estate.instance("web-1", profile)
    estate.association(instance, profile, "associating", age=600)
    inventory = estate.inventory()
    inventory.put(msgspec.structs.replace(instance, tags={IGNORE_TAG: "association-stuck-associating"}))
    found = sort_out(evaluate(inventory, NOW), (), inventory, TODAY)
    assert [one.finding.object.kind for one in found.muted] == ["association"]
