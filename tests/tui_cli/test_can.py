"""`iptui can`: judged from documents without a call, asked of IAM, and what is no question."""

from __future__ import annotations

import json

import pytest

ACCOUNT = "123456789012"
KIM = f"arn:aws:iam::{ACCOUNT}:user/kim"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/web"
PASS = {
    "Effect": "Allow",
    "Action": "iam:PassRole",
    "Resource": ROLE,
    "Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
}
TO_EC2 = ("--context", "iam:PassedToService=ec2.amazonaws.com")


def policy(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


@pytest.fixture
def judged(program, tmp_path):
    """Ask about documents; the decision as programs see it."""

    def ask(documents, *arguments):
        file = tmp_path / "documents.json"
        file.write_text(json.dumps(documents))
        ended = program.run("can", *arguments, "--documents", str(file), "--format", "json")
        assert ended.code == 0, ended.err
        return json.loads(ended.out)

    return ask


def test_an_allow_that_applies(judged):
    shown = judged({"principal": KIM, "identity": [policy(PASS)]}, "iam:PassRole", ROLE, *TO_EC2)
    assert shown == {
        "schema": "iptui.decision/1",
        "decision": "allow",
        "effect": None,
        "decided_by": "identity-policy",
        "statement": PASS,
        "engine": "local",
    }


def test_a_condition_whose_key_is_not_known_is_unknown(judged):
    shown = judged({"principal": KIM, "identity": [policy(PASS)]}, "iam:PassRole", ROLE)
    assert (shown["decision"], shown["effect"], shown["decided_by"]) == ("unknown", None, None)


@pytest.mark.parametrize(
    ("documents", "decided_by", "effect"),
    [
        ({"identity": []}, "identity-policy", "implicit"),
        ({"boundary": policy()}, "permissions-boundary", "implicit"),
        ({"session_policy": policy()}, "session-policy", "implicit"),
        ({"scps": [[policy()]]}, "service-control-policy", "implicit"),
        (
            {
                "scps": [
                    [policy({"Effect": "Deny", "Action": "*", "Resource": "*"}, {**PASS, "Condition": {}})]
                ]
            },
            "service-control-policy",
            "explicit",
        ),
        ({"resource_account": "210987654321"}, "resource-policy", "implicit"),
    ],
)
def test_who_denies(judged, documents, decided_by, effect):
    asked = {"principal": KIM, "identity": [policy(PASS)], **documents}
    shown = judged(asked, "iam:PassRole", ROLE, *TO_EC2)
    assert (shown["decision"], shown["decided_by"], shown["effect"]) == ("deny", decided_by, effect)


@pytest.mark.parametrize(
    ("principal", "decision"), [("ec2.amazonaws.com", "allow"), ("lambda.amazonaws.com", "deny")]
)
def test_a_trust_policy_is_asked_about_whoever_is_named(judged, principal, decision):
    trust = policy(
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}
    )
    shown = judged({"principal": principal, "trust": trust}, "sts:AssumeRole", ROLE)
    assert (shown["decision"], shown["decided_by"]) == (decision, "role-trust-policy")


def test_as_comes_before_the_principal_of_the_file(judged):
    documents = {"principal": "lambda.amazonaws.com", "trust": policy(
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": KIM}}
    )}  # fmt: skip
    assert judged(documents, "sts:AssumeRole", ROLE, "--as", KIM)["decision"] == "allow"


def test_a_key_that_comes_several_times_is_a_list(judged):
    condition = {"ForAllValues:StringEquals": {"aws:TagKeys": ["team", "env"]}}
    tags = policy({"Effect": "Allow", "Action": "iam:TagRole", "Resource": "*", "Condition": condition})
    documents = {"principal": KIM, "identity": [tags]}
    both = ("--context", "aws:TagKeys=team", "--context", "aws:TagKeys=env")
    assert judged(documents, "iam:TagRole", ROLE, *both)["decision"] == "allow"
    assert judged(documents, "iam:TagRole", ROLE, *both, "--context", "aws:TagKeys=x")["decision"] == "deny"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "is no JSON"),
        ("[]", "its keys are principal, identity"),
        ('{"identity": 3}', "identity is a list of policy documents"),
        ('{"scps": [{}]}', "scps is a list of levels"),
        ('{"permissions": []}', "unknown field `permissions`"),
        ('{"identity": []}', "Nobody is asked about"),
    ],
)
def test_a_file_that_cannot_be_used(program, tmp_path, content, said):
    file = tmp_path / "documents.json"
    file.write_text(content)
    ended = program.run("can", "iam:PassRole", ROLE, "--documents", str(file))
    assert ended.code == 2
    assert said in ended.sentence


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("PassRole", ROLE), "write it as in iam:PassRole"),
        (("iam:PassRole", "web"), "give an ARN, or *"),
        (("iam:PassRole", ROLE, "--context", "nothing"), "write --context KEY=VALUE"),
        (("iam:PassRole", ROLE, "--as", "kim"), "give the ARN of a user or role"),
        (("iam:PassRole", ROLE, "--documents", "missing.json"), "cannot be read"),
    ],
)
def test_what_is_no_question(program, arguments, said):
    ended = program.run("can", *arguments)
    assert ended.code == 2
    assert said in ended.sentence


def test_iam_is_asked_about_the_caller(iptui, aws):
    ended = iptui.run("can", "iam:AddRoleToInstanceProfile", "*", "--format", "json")
    shown = json.loads(ended.out)
    assert (ended.code, shown["engine"], shown["decision"]) == (0, "simulation", "allow")
    assert aws.writes() == []


def test_where_simulation_is_denied_the_documents_are_judged_and_a_yes_is_only_probable(iptui, aws):
    aws.world.deny("iam:SimulatePrincipalPolicy")
    role = next(role for role in aws.world.account.roles.values() if role.name == "web")
    role.inline["all"] = json.dumps(policy({"Effect": "Allow", "Action": "*", "Resource": "*"}))
    aws.world.changed()
    ended = iptui.run("can", "iam:PassRole", role.arn, "--as", role.arn)
    assert ended.code == 0
    assert "Probably" in ended.out
    role.inline.clear()
    aws.world.changed()
    shown = json.loads(iptui.run("can", "iam:PassRole", role.arn, "--as", role.arn, "--format", "json").out)
    assert (shown["engine"], shown["decision"], shown["effect"]) == ("local", "deny", "implicit")
