"""What to do about a denial: exactly that, with the smallest statement, or a text for those who can."""

from __future__ import annotations

import json

import pytest

from instance_profiles.denials.advice import Advice, advice
from instance_profiles.denials.reading import read
from instance_profiles.denials.statement import smallest_statement
from instance_profiles.denials.who import who
from instance_profiles.fixes.catalogue import RECIPES

ACCOUNT = "123456789012"
KIM = f"arn:aws:iam::{ACCOUNT}:user/kim"
WEB = f"with role web of account {ACCOUNT}"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/web"


def advised(text: str) -> Advice:
    (error,) = read(text).errors
    found = advice(error)
    assert found is not None
    return found


def denied(principal: str, action: str, resource: str, reason: str) -> str:
    return f"User: {principal} is not authorized to perform: {action} on resource: {resource} {reason}"


def test_passing_a_role_is_allowed_for_that_role_and_to_ec2_alone():
    found = advised(
        denied(KIM, "iam:PassRole", ROLE, "because no identity-based policy allows the iam:PassRole action")
    )
    statement = json.loads(found.next_steps[0].partition(": ")[2])
    assert statement == {
        "Effect": "Allow",
        "Action": "iam:PassRole",
        "Resource": ROLE,
        "Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
    }
    assert "user kim" in found.next_steps[0]
    assert "The call itself may be allowed" in found.meaning
    assert found.fixes == ("grant-caller",)


def test_in_china_the_role_is_passed_to_both_names_of_ec2():
    statement = smallest_statement("iam:PassRole", None, who(f"arn:aws-cn:iam::{ACCOUNT}:user/kim"))
    assert statement["Resource"] == f"arn:aws-cn:iam::{ACCOUNT}:role/<role>"
    assert statement["Condition"]["StringEquals"]["iam:PassedToService"] == [
        "ec2.amazonaws.com",
        "ec2.amazonaws.com.cn",
    ]


@pytest.mark.parametrize(
    ("action", "resource", "expected"),
    [
        ("iam:GetInstanceProfile", "instance profile web", f"arn:aws:iam::{ACCOUNT}:instance-profile/web"),
        ("iam:GetRole", "role web", f"arn:aws:iam::{ACCOUNT}:role/web"),
        ("ec2:DescribeInstances", None, "*"),
        ("ec2:StopInstances", None, f"arn:aws:ec2:<region>:{ACCOUNT}:<resource>"),
        ("iam:PassRole", "*", f"arn:aws:iam::{ACCOUNT}:role/<role>"),
    ],
)
def test_the_resource_is_named_as_closely_as_the_message_does(action, resource, expected):
    assert smallest_statement(action, resource, who(KIM))["Resource"] == expected


@pytest.mark.parametrize("kind", ["service control policy", "resource control policy"])
def test_the_organisation_is_asked_with_a_text_to_hand_over(kind):
    found = advised(denied(KIM, "iam:GetRole", "role web", f"with an explicit deny in a {kind}"))
    assert found.next_steps[0].startswith("Ask the administrators of the organisation")
    assert f"iam:GetRole on role web. It is denied by a {kind}" in found.next_steps[0]
    assert found.fixes == ()


def test_a_deny_is_not_answered_with_an_allow():
    found = advised(
        denied(KIM, "iam:GetRole", "role web", "with an explicit deny in an identity-based policy")
    )
    assert not any('"Effect": "Allow"' in step for step in found.next_steps)
    assert "Adding an Allow does not help: a Deny wins." in found.next_steps


def test_a_permission_set_is_changed_not_its_role():
    sso = f"arn:aws:sts::{ACCOUNT}:assumed-role/AWSReservedSSO_Ops_0123456789abcdef/kim@example.com"
    found = advised(
        denied(
            sso, "iam:GetRole", "role web", "because no identity-based policy allows the iam:GetRole action"
        )
    )
    assert "permission set Ops in IAM Identity Center" in found.next_steps[0]
    assert found.meaning.startswith("kim@example.com with permission set Ops")


def test_root_is_told_that_no_iam_policy_limits_it():
    found = advised(denied(f"arn:aws:iam::{ACCOUNT}:root", "iam:CreateRole", "role x", ""))
    assert "No IAM policy limits the root user" in found.next_steps[0]
    assert found.fixes == ()


@pytest.mark.parametrize(
    ("principal", "words"),
    [
        (KIM, f"user kim of account {ACCOUNT}"),
        (f"arn:aws:sts::{ACCOUNT}:assumed-role/ops/kim", f"role ops of account {ACCOUNT}, session kim"),
        (f"arn:aws:sts::{ACCOUNT}:assumed-role/web/i-0123abcd", f"instance i-0123abcd {WEB}"),
        (f"arn:aws:sts::{ACCOUNT}:federated-user/kim", f"federated user kim of account {ACCOUNT}"),
        (f"arn:aws:iam::{ACCOUNT}:root", f"the root user of account {ACCOUNT}"),
        ("ec2.amazonaws.com", "service ec2.amazonaws.com"),
        ("***", "***"),
        (None, "somebody whom the message does not name"),
    ],
)  # fmt: skip
def test_who_it_is_in_words(principal, words):
    assert who(principal).words == words


def test_the_recipes_that_are_named_exist():
    for reason in (
        "because no identity-based policy allows the iam:GetRole action",
        "because no permissions boundary allows the iam:GetRole action",
        "because no role trust policy allows the sts:AssumeRole action",
    ):
        assert set(advised(denied(KIM, "iam:GetRole", "role web", reason)).fixes) <= set(RECIPES)
