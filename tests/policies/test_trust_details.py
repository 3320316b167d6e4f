"""What a trust policy shows beside the answer: conditions, wrong actions, wrong and dead principals."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from instance_profiles.policies import TrustCondition, TrustJudgement, judge_ec2_trust, never_met_by_ec2

EC2 = {"Service": "ec2.amazonaws.com"}
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def judge(*statements: Any, partition: str = "aws") -> TrustJudgement:
    return judge_ec2_trust(json.dumps({"Statement": list(statements)}), partition)


def allow(principal: Any = None, action: Any = "sts:AssumeRole", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": principal or EC2, "Action": action, **more}


EXTERNAL_ID = {"StringEquals": {"sts:ExternalId": "42"}}


def test_the_conditions_of_the_only_allow() -> None:
    judgement = judge(allow(Condition=EXTERNAL_ID | {"Bool": {"aws:SecureTransport": True}}))
    assert judgement.conditions == (
        TrustCondition("Bool", "aws:SecureTransport", ("true",)),
        TrustCondition("StringEquals", "sts:ExternalId", ("42",)),
    )


def test_conditions_do_not_matter_beside_an_allow_without_one() -> None:
    assert judge(allow(Condition=EXTERNAL_ID), allow()).conditions == ()


def test_the_condition_of_a_deny_is_not_what_ec2_must_meet() -> None:
    deny = {"Effect": "Deny", "Principal": "*", "Action": "*", "Condition": EXTERNAL_ID}
    assert judge(allow(), deny).conditions == ()


def test_the_actions_that_ec2_has_instead() -> None:
    judgement = judge(allow(action=["sts:TagSession", "sts:AssumeRoleWithWebIdentity"]))
    assert judgement.decision == "no-statement"
    assert judgement.wrong_actions == ("sts:TagSession", "sts:AssumeRoleWithWebIdentity")


def test_further_actions_are_not_wrong_where_the_right_one_is_allowed() -> None:
    assert judge(allow(action="sts:TagSession"), allow()).wrong_actions == ()


def test_the_actions_of_others_are_none_of_ec2s() -> None:
    assert judge(allow({"Service": "lambda.amazonaws.com"}, "sts:TagSession")).wrong_actions == ()


@pytest.mark.parametrize(
    ("partition", "principal", "wrong"),
    [
        ("aws", "ec2.amazonaws.com.cn", True),
        ("aws", "ec2.c2s.ic.gov", True),
        ("aws-cn", "ec2.amazonaws.com.cn", False),
        ("aws-cn", "ec2.amazonaws.com", False),
        ("aws-iso", "ec2.c2s.ic.gov", False),
        ("aws-us-gov", "ec2.amazonaws.com.cn", True),
        ("aws", "rds.amazonaws.com.cn", False),
    ],
)
def test_ec2_as_another_partition_spells_it(partition: str, principal: str, wrong: bool) -> None:
    judgement = judge(allow({"Service": principal}), partition=partition)
    assert judgement.wrong_partition_principals == ((principal,) if wrong else ())


def test_the_ids_of_deleted_principals() -> None:
    live = "arn:aws:iam::123456789012:role/AROAISNOID"
    judgement = judge(allow({"AWS": ["AROAEXAMPLE12345", live]}), allow({"AWS": "AIDAEXAMPLE12345"}))
    assert judgement.dead_principals == ("AROAEXAMPLE12345", "AIDAEXAMPLE12345")


@pytest.mark.parametrize(
    ("operator", "key", "value", "never"),
    [
        ("StringEquals", "sts:ExternalId", "42", True),
        ("StringEquals", "STS:externalid", "42", True),
        ("StringNotEquals", "sts:ExternalId", "42", False),
        ("StringEqualsIfExists", "sts:ExternalId", "42", False),
        ("ForAllValues:StringEquals", "aws:PrincipalTag/team", "web", False),
        ("StringEquals", "aws:PrincipalTag/team", "web", True),
        ("Bool", "aws:MultiFactorAuthPresent", "true", True),
        ("Bool", "aws:MultiFactorAuthPresent", "false", False),
        ("Null", "sts:ExternalId", "true", False),
        ("StringEquals", "aws:SourceAccount", "123456789012", False),
        ("StringEquals", "saml:aud", "x", True),
        ("DateLessThan", "aws:CurrentTime", "2025-01-01T00:00:00Z", True),
        ("DateLessThan", "aws:CurrentTime", "2027-01-01T00:00:00Z", False),
        ("DateGreaterThan", "aws:CurrentTime", "2025-01-01T00:00:00Z", False),
        ("DateLessThan", "aws:CurrentTime", "soon", False),
    ],
)
def test_what_ec2_can_never_meet(operator: str, key: str, value: str, never: bool) -> None:
    assert never_met_by_ec2(TrustCondition(operator, key, (value,)), NOW) is never
