"""Muted findings: counted, not listed unless asked, no reason to fail, and told once their day has passed."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def mute(iptui):
    """Writes the settings with one mute of this text."""

    def write(text: str) -> None:
        path = iptui.folder / "config" / "config.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"[[mute]]\n{text}\n")

    return write


def test_a_scan_counts_what_is_muted_and_lists_it_when_asked(iptui, mute):
    mute('object = "left-over"\nreason = "goes with the account"\nuntil = 2999-12-31')
    plain, asked = iptui.run("scan"), iptui.run("scan", "--show-muted")
    assert "left-over" not in plain.out
    assert "2 muted (--show-muted lists them)" in plain.out
    assert "left-over" in asked.out
    assert "muted by the settings until 2999-12-31: goes with the account" in asked.out
    assert plain.err == asked.err == ""


def test_the_json_keeps_findings_and_muted_apart(iptui, mute):
    mute('rule = "profile-without-role"\nobject = "left-*"\nreason = "agreed"')
    shown = json.loads(iptui.run("scan", "--format", "json").out)
    assert [(one["rule"], one["object"]["name"]) for one in shown["muted"]] == [
        ("profile-without-role", "left-over")
    ]
    assert shown["muted"][0]["mute"] == {"by": "the settings", "reason": "agreed", "until": None}
    assert shown["muted"][0]["id"] not in {finding["id"] for finding in shown["findings"]}


def test_what_is_muted_does_not_fail_a_scan_but_can_be_fixed_by_its_id(iptui, mute):
    assert iptui.run("scan", "--fail-on", "warning", "--rule", "profile-orphaned").code == 1
    mute('rule = "profile-orphaned"\nreason = "agreed"')
    ended = iptui.run("scan", "--fail-on", "warning", "--rule", "profile-orphaned", "--format", "json")
    assert ended.code == 0
    [muted] = json.loads(ended.out)["muted"]
    plan = iptui.run("fix", muted["id"], "--dry-run", "--format", "json")
    assert json.loads(plan.out)["finding"] == muted["id"]


def test_a_tag_on_the_object_mutes_as_well(iptui, aws):
    for instance in aws.world.account.region("us-east-1").instances.values():
        instance.tags["iptui:ignore"] = "instance-profile-empty instance-no-profile"
    aws.world.changed()
    shown = json.loads(iptui.run("scan", "--format", "json").out)
    assert [one["rule"] for one in shown["muted"]] == ["instance-profile-empty"]
    assert shown["muted"][0]["mute"]["by"] == "the tag iptui:ignore"


def test_a_mute_whose_day_has_passed_mutes_nothing_and_is_told(iptui, mute):
    mute('rule = "profile-orphaned"\nreason = "until the move"\nuntil = 2020-01-31')
    scan, check = iptui.run("scan"), iptui.run("config", "check")
    assert "muted" not in scan.out
    for ended in (scan, check):
        assert ended.code == 0
        assert "The mute of profile-orphaned ended on 2020-01-31 (until the move)" in ended.sentence


@pytest.mark.parametrize("command", [("config", "check"), ("scan",)])
def test_a_mute_of_no_rule_is_refused_with_the_nearest(iptui, mute, command):
    mute('rule = "profile-orphand"\nreason = "x"')
    ended = iptui.run(*command)
    assert ended.code == 2
    assert "line 2: there is no rule 'profile-orphand'" in ended.sentence
    assert "'profile-orphaned'" in ended.sentence


def test_config_show_tells_the_mutes(iptui, mute):
    mute('rule = "profile-orphaned"\nreason = "agreed"\nuntil = 2999-12-31')
    assert (
        'mute           = [{rule = "profile-orphaned", reason = "agreed", until = 2999-12-31}]'
        in iptui.run("config").out
    )
