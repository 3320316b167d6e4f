"""What one layer of policies says about an action."""

from __future__ import annotations

import json
from typing import Any

import pytest

from instance_profiles.policies import permits

ROLE = "arn:aws:iam::123456789012:role/web"
INSTANCE = "arn:aws:ec2:us-east-1:123456789012:instance/i-0123456789abcdef0"


def policy(*statements: dict[str, Any], version: str = "2012-10-17") -> str:
    return json.dumps({"Version": version, "Statement": list(statements)})


def allow(action: Any = "*", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any = "*", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


PASSED_TO_EC2 = {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}
EC2 = {"iam:PassedToService": ("ec2.amazonaws.com",)}


def test_nothing_allows_nothing() -> None:
    assert permits([], "ssm:GetParameter") == "none"
    assert permits(policy(), "ssm:GetParameter") == "none"


@pytest.mark.parametrize(
    ("action", "answer"),
    [
        ("ssm:GetParameter", "allow"),
        ("SSM:getparameter", "allow"),
        ("ssm:*", "allow"),
        (["s3:*", "ssm:Get*"], "allow"),
        ("*:GetParameter", "allow"),
        ("ssm:Get?arameter", "allow"),
        ("ssm:GetParameters", "none"),
        ("ssm:Get", "none"),
        ("ec2:*", "none"),
    ],
)
def test_actions(action: Any, answer: str) -> None:
    assert permits(policy(allow(action)), "ssm:GetParameter") == answer


def test_a_deny_of_another_document_wins() -> None:
    assert permits([policy(allow()), policy(deny("ssm:*"))], "ssm:GetParameter") == "explicit-deny"


def test_on_some_resources_only_is_unknown_where_no_resource_is_asked() -> None:
    assert permits(policy(allow("iam:PassRole", ROLE)), "iam:PassRole") == "unknown"
    assert permits(policy(allow(), deny("iam:PassRole", ROLE)), "iam:PassRole") == "unknown"
    assert permits(policy(allow("iam:PassRole", ROLE)), "iam:PassRole", ROLE) == "allow"
    assert permits(policy(allow("iam:PassRole", ROLE)), "iam:PassRole", f"{ROLE}-2") == "none"


def test_a_condition_is_unknown_until_its_key_is_given() -> None:
    document = policy(allow("iam:PassRole", ROLE, Condition=PASSED_TO_EC2))
    assert permits(document, "iam:PassRole", ROLE) == "unknown"
    assert permits(document, "iam:PassRole", ROLE, EC2) == "allow"
    assert (
        permits(document, "iam:PassRole", ROLE, {"IAM:passedtoservice": ("lambda.amazonaws.com",)}) == "none"
    )
    assert permits(document, "iam:PassRole", ROLE, {"iam:PassedToService": ()}) == "none"


def test_a_deny_that_may_apply_leaves_an_allow_unknown_and_no_allow_nothing() -> None:
    conditioned = deny(Condition={"Bool": {"aws:MultiFactorAuthPresent": "false"}})
    assert permits(policy(allow(), conditioned), "iam:PassRole", ROLE) == "unknown"
    assert permits(policy(allow("s3:*"), conditioned), "iam:PassRole", ROLE) == "none"


def test_documents_may_be_parsed_already() -> None:
    assert permits(json.loads(policy(allow())), "s3:GetObject") == "allow"
    assert permits([json.loads(policy(allow()))], "s3:GetObject") == "allow"


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"Statement": 7}', "[" * 100_000, '{"Version": "2030-01-01"}']
)
def test_a_document_that_cannot_be_read_may_say_anything(text: str) -> None:
    assert permits(text, "s3:GetObject") == "unknown"
    assert permits([text, policy(deny())], "s3:GetObject") == "explicit-deny"
    assert permits([text, policy(allow())], "s3:GetObject") == "unknown"


def test_all_actions_are_asked_with_wildcards() -> None:
    assert permits(policy(allow()), "*:*") == "allow"
    assert permits(policy(allow("s3:*")), "*:*") == "unknown"
    assert permits(policy(allow("s3:Get*")), "s3:*") == "unknown"
    assert permits(policy(allow("ec2:*")), "s3:*") == "none"
    assert permits(policy({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}), "*:*") == "unknown"
    assert permits(policy(allow(), deny("s3:PutObject")), "*:*") == "unknown"
