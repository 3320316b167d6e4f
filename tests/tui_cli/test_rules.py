"""`iptui rules`: every id can be read about, and a script learns where each fault is seen."""

from __future__ import annotations

import json

import pytest

from instance_profiles.findings.catalogue import CATALOGUE
from tui.commands import rules
from tui.commands.exits import CommandError, Exit


def test_the_list_names_everything_and_marks_what_only_an_error_shows(capsys):
    assert rules.run(None, as_json=False) == Exit.DONE
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(CATALOGUE)
    marked = {line.split()[0] for line in lines if line.endswith("(seen in an error)")}
    assert marked == {entry.id for entry in CATALOGUE.values() if entry.seen == "error"}


def test_json_tells_where_each_is_seen_and_what_it_rests_on(capsys):
    rules.run(None, as_json=True)
    listed = {entry["id"]: entry for entry in json.loads(capsys.readouterr().out)["rules"]}
    assert listed.keys() == CATALOGUE.keys()
    orphaned, denied = listed["profile-orphaned"], listed["caller-scp"]
    assert (orphaned["seen"], denied["seen"]) == ("listings", "error")
    assert "ec2:DescribeInstances" in orphaned["needs"]
    assert denied["needs"] == []
    assert listed["service-reference-broken"]["seen"] == "on demand"


@pytest.mark.parametrize("as_json", [False, True])
def test_a_topic_has_a_page_as_a_rule_has(as_json, capsys):
    assert rules.run("profile-already-exists", as_json=as_json) == Exit.DONE
    assert "EntityAlreadyExists" in capsys.readouterr().out


def test_a_scan_cannot_be_asked_for_what_only_an_error_shows():
    rules.check_ids(["profile-orphaned"])
    with pytest.raises(CommandError, match="No scan can see caller-scp"):
        rules.check_ids(["caller-scp"])
