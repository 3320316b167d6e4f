"""`iptui can --fixes` and `--launch`: what a caller could fix, and whether a launch would work."""

from __future__ import annotations

import json

import pytest

from tests.tui_cli.aws_place import ACCOUNT

ROLE = f"arn:aws:iam::{ACCOUNT}:role/web"


def test_each_action_that_the_fixes_of_an_object_need_is_answered(iptui, aws):
    ended = iptui.run("can", "--fixes", "instance-profile/worker", "--format", "json")
    shown = json.loads(ended.out)
    assert (ended.code, shown["schema"]) == (0, "iptui.abilities/1")
    assert (shown["object"]["kind"], shown["object"]["name"]) == ("instance-profile", "worker")
    add = next(fix for fix in shown["fixes"] if fix["recipe"] == "add-role")
    assert add["possible"] == "yes"
    assert all(action["decision"] == "allow" for action in shown["actions"])
    assert {"iam:AddRoleToInstanceProfile", "iam:PassRole"} <= {one["action"] for one in shown["actions"]}
    assert (shown["policy"], shown["attach_to"]) == (None, None)
    assert aws.writes() == []


def test_what_is_denied_comes_with_the_smallest_policy_for_it(iptui, aws):
    aws.world.deny("iam:PassRole")
    arguments = ("can", "--fixes", "instance-profile/worker", "--recipe", "add-role")
    shown = json.loads(iptui.run(*arguments, "--format", "json").out)
    assert [fix["recipe"] for fix in shown["fixes"]] == ["add-role"]
    (statement,) = shown["policy"]["Statement"]
    assert (statement["Action"], statement["Resource"]) == (
        "iam:PassRole",
        f"arn:aws:iam::{ACCOUNT}:role/worker",
    )
    assert shown["attach_to"].startswith("user ")
    text = iptui.run(*arguments).out
    assert "no policy allows it" in text
    assert '"iam:PassedToService": "ec2.amazonaws.com"' in text
    assert aws.writes() == []


def test_the_checklist_of_a_launch(iptui, aws):
    ended = iptui.run("can", "--launch", "worker", "--region", "us-east-1", "--format", "json")
    shown = json.loads(ended.out)
    assert (ended.code, shown["schema"], shown["works"]) == (0, "iptui.launch/1", "no")
    by_name = {check["name"]: check for check in shown["checks"]}
    assert by_name["the instance profile exists"]["state"] == "passed"
    assert (by_name["it has a role"]["state"], by_name["it has a role"]["fixes"]) == ("failed", ["add-role"])
    assert aws.writes() == []
    text = iptui.run("can", "--launch", "web", "--region", "eu-west-1").out
    assert "role web trusts EC2" in text
    assert "yes" in text


def test_another_principal_is_named_in_the_answer(iptui, aws):
    shown = json.loads(iptui.run("can", "--launch", "web", "--as", ROLE, "--format", "json").out)
    assert shown["principal"] == ROLE
    assert any(check["name"] == "web may launch" for check in shown["checks"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Say what: an ACTION and a RESOURCE"),
        (("iam:PassRole",), "Say what: an ACTION and a RESOURCE"),
        (("--fixes", "a", "--launch", "b"), "Ask one thing"),
        (("iam:PassRole", "--fixes", "a"), "Ask one thing"),
        (("--launch", "web", "--context", "a=b"), "Ask one thing"),
        (("--fixes", "a", "--dry-run"), "go with --launch"),
        (("iam:PassRole", ROLE, "--launch-template", "lt-1"), "--launch-template goes with --launch"),
        (("--recipe", "add-role"), "--recipe goes with --fixes"),
        (("--launch", "a", "--recipe", "add-role"), "--recipe goes with --fixes"),
        (("--fixes", "a", "--recipe", "add-rol"), "add-role"),
        (("--launch", "web", "--template-version", "2"), "needs --launch-template"),
        (("--launch", "web", "--dry-run"), "add --launch-template"),
        (("--launch", "web", "--as", "kim"), "give an ARN"),
        (("--launch", "web", "--as", "ec2.amazonaws.com"), "no user and no role"),
        (("--launch", "web", "--region", "eu-west-1", "--region", "us-east-1"), "give --region once"),
    ],
)
def test_what_is_no_question(program, arguments, said):
    ended = program.run("can", *arguments)
    assert ended.code == 2
    assert said in ended.sentence


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--fixes", "nobody"), "give an ARN, an id, or a name"),
        (("--fixes", "web"), "can be several things"),
        (("--fixes", "instance-profile/web", "--recipe", "add-role"), "does not apply to web"),
        (("--launch", ROLE), "is not the ARN of an instance profile"),
        (("--launch", "web", "--as", "arn:aws:iam::999988887777:role/web"), "is in account 999988887777"),
        (("--launch", "web", "--as", f"arn:aws:iam::{ACCOUNT}:role/gone"), "check the ARN"),
    ],
)
def test_what_cannot_be_asked_here(iptui, arguments, said):
    ended = iptui.run("can", *arguments)
    assert ended.code == 2
    assert said in ended.sentence
