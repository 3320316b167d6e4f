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


def test_a_message_finds_the_rule_that_explains_it(program):
    message = (
        "An error occurred (IncorrectState) when calling the ReplaceIamInstanceProfileAssociation operation: "
        "The association iip-assoc-0123456789abcdef0 is not the active association"
    )
    ended = program.run("rules", message)
    assert (ended.code, ended.err) == (0, "")
    first, text, *_ = ended.out.splitlines()
    assert first.startswith("association-replace-on-stopped")
    assert text == "    IncorrectState: The association iip-assoc-… is not the active association"
    assert ended.out.endswith("`iptui rules ID` shows the page of one.\n")
    assert program.run("rules", *message.split()).out == ended.out


def test_json_tells_which_error_text_was_found(capsys):
    rules.run("the security token included in the request is expired", as_json=True)
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "iptui.rules/1"
    assert found["rules"][0]["id"] == "caller-credentials-expired"
    assert "is expired" in found["rules"][0]["matched"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("", "There is nothing to look for"),
        (" \n ", "There is nothing to look for"),
        ("profile-orphand", "the nearest is 'profile-orphaned'"),
        ("no such zebra", "`iptui rules` lists them"),
        ("\ud83d\ude00" * 3, "No rule speaks of"),
        ("y" * 100_000, "yyy..."),
    ],
)
def test_what_finds_nothing_is_told_in_one_short_sentence(asked, said):
    with pytest.raises(CommandError) as told:
        rules.run(asked, as_json=False)
    assert said in str(told.value)
    assert len(str(told.value)) < 200
    assert "\n" not in str(told.value)
