"""`iptui policy`: a document to attach on standard output, and one clear sentence for everything else."""

from __future__ import annotations

import json


def test_the_policy_for_reading_is_the_default(program):
    plain, named = program.run("policy"), program.run("policy", "browse")
    assert (plain.code, plain.err) == (0, "")
    assert plain.out == named.out
    document = json.loads(plain.out)
    assert document["Version"] == "2012-10-17"
    assert {statement["Effect"] for statement in document["Statement"]} == {"Allow"}


def test_a_recipe_has_a_policy_of_its_own(program):
    ended = program.run("policy", "fix", "swap-role", "--account", "123456789012")
    assert (ended.code, ended.err) == (0, "")
    changing, passing = json.loads(ended.out)["Statement"]
    assert changing["Resource"] == "arn:aws:iam::123456789012:instance-profile/*"
    assert changing["Action"] == ["iam:AddRoleToInstanceProfile", "iam:RemoveRoleFromInstanceProfile"]
    assert passing["Condition"] == {"StringEquals": {"iam:PassedToService": ["ec2.amazonaws.com"]}}


def test_a_recipe_that_only_edits_files_says_so(program):
    ended = program.run("policy", "fix", "edit-named-profile")
    assert (ended.code, ended.out) == (0, "")
    assert "needs no policy" in ended.sentence


def test_wrong_words_are_told_in_one_sentence(program):
    for words, said in (
        (("fix",), "Name the recipe"),
        (("fix", "swap-rule"), "the nearest is 'swap-role'"),
        (("browse", "swap-role"), "one policy for all"),
        (("fix", "swap-role", "--account", "12"), "12 digits"),
        (("fix", "swap-role", "--partition", "mars"), "mars"),
        (("fix", "\x1b]0;x\x07"), "There is no recipe"),
    ):
        ended = program.run("policy", *words)
        assert (ended.code, ended.out) == (2, "")
        assert said in ended.sentence
        assert "\x1b" not in ended.err
