"""What a trust policy says about EC2: allow, deny, nothing, or not sure."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instance_profiles.policies import ec2_principals, judge_ec2_trust

EC2 = {"Service": "ec2.amazonaws.com"}


def statement(
    effect: str = "Allow", principal: Any = None, action: Any = "sts:AssumeRole", **more: Any
) -> Any:
    return {"Effect": effect, "Principal": EC2 if principal is None else principal, "Action": action, **more}


def document(*statements: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def decide(*statements: Any, partition: str = "aws") -> str:
    return judge_ec2_trust(document(*statements), partition).decision


@pytest.mark.parametrize(
    "trusted",
    [
        statement(),
        statement(action=["sts:TagSession", "sts:AssumeRole"]),
        statement(action="STS:assumerole"),
        statement(action="sts:*"),
        statement(action="sts:Assume????"),
        statement(action="*"),
        statement(principal="*"),
        statement(principal={"Service": ["lambda.amazonaws.com", "ec2.amazonaws.com"]}),
        statement(principal={"Service": "ec2.amazonaws.com", "AWS": "arn:aws:iam::111122223333:root"}),
        statement(principal={"Service": "ec2.eu-west-1.amazonaws.com"}),
        statement(Condition={}),
        {"Effect": "Allow", "Principal": EC2, "NotAction": "sts:TagSession"},
    ],
)
def test_ec2_is_allowed(trusted: Any) -> None:
    assert decide(trusted) == "allow"


@pytest.mark.parametrize(
    "other",
    [
        statement(principal={"Service": "rds.amazonaws.com"}),
        statement(principal={"Service": "ec2.amazonaws.com.cn"}),
        statement(principal={"Service": "spotfleet.amazonaws.com"}),
        statement(principal={"Service": "vpc-flow-logs.ec2.amazonaws.com"}),
        statement(principal={"AWS": "arn:aws:iam::111122223333:root"}),
        statement(principal={"AWS": "ec2.amazonaws.com"}),
        statement(principal={"Federated": "cognito-identity.amazonaws.com"}),
        statement(action="sts:AssumeRoleWithWebIdentity"),
        statement(action="sts:TagSession"),
        statement(action="sts:AssumeRole?"),
        {"Effect": "Allow", "Principal": EC2, "NotAction": ["sts:Assume*"]},
        {"Effect": "Allow", "NotPrincipal": EC2, "Action": "sts:AssumeRole"},
    ],
)
def test_no_statement_lets_ec2_in(other: Any) -> None:
    assert decide(other) == "no-statement"


def test_a_single_statement_needs_no_list() -> None:
    assert judge_ec2_trust(json.dumps({"Statement": statement()}), "aws").decision == "allow"


def test_no_statements_at_all() -> None:
    judgement = judge_ec2_trust('{"Version":"2012-10-17","Statement":[]}', "aws")
    assert judgement.decision == "no-statement"
    assert judgement.reason == "The trust policy allows nobody to assume the role."


def test_the_reason_tells_whom_the_policy_names_instead() -> None:
    judgement = judge_ec2_trust(document(statement(principal={"Service": "rds.amazonaws.com"})), "aws")
    assert judgement.reason == "The trust policy lets only rds.amazonaws.com assume the role."


def test_the_reason_tells_that_ec2_is_named_for_the_wrong_action() -> None:
    judgement = judge_ec2_trust(document(statement(action="sts:TagSession")), "aws")
    assert judgement.reason == "The trust policy names EC2, but not for sts:AssumeRole."


@pytest.mark.parametrize(
    "deny",
    [
        statement("Deny"),
        statement("Deny", "*"),
        statement("Deny", action="*"),
        statement("Deny", {"Service": ["ec2.amazonaws.com", "lambda.amazonaws.com"]}),
        {"Effect": "Deny", "Principal": EC2, "NotAction": "sts:TagSession"},
    ],
)
@pytest.mark.parametrize("deny_first", [True, False])
def test_a_deny_wins_wherever_it_stands(deny: Any, deny_first: bool) -> None:
    both = (deny, statement()) if deny_first else (statement(), deny)
    judgement = judge_ec2_trust(document(*both), "aws")
    assert judgement.decision == "explicit-deny"
    assert judgement.statement == deny


@pytest.mark.parametrize(
    "deny",
    [
        statement("Deny", {"Service": "lambda.amazonaws.com"}),
        statement("Deny", action="sts:TagSession"),
        statement("Deny", {"AWS": "arn:aws:iam::111122223333:user/mallory"}),
        {"Effect": "Deny", "NotPrincipal": EC2, "Action": "sts:AssumeRole"},
    ],
)
def test_a_deny_of_others_is_none_of_ec2s_business(deny: Any) -> None:
    assert decide(statement(), deny) == "allow"


@pytest.mark.parametrize(
    "unsure",
    [
        statement("Deny", Condition={"Bool": {"aws:SecureTransport": "false"}}),
        statement("Deny", {"AWS": "*"}),
        statement("Deny", {"Service": "ec2.eu-west-1.amazonaws.com"}),
        {"Effect": "Deny", "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "sts:*"},
        {"Effect": "deny", "Principal": EC2, "Action": "sts:AssumeRole"},
        "Deny",
    ],
)
def test_a_deny_that_may_hold_leaves_an_allow_unsure(unsure: Any) -> None:
    assert decide(statement(), unsure) == "unknown"


def test_a_deny_that_may_hold_changes_nothing_where_nobody_lets_ec2_in() -> None:
    deny = statement("Deny", Condition={"Bool": {"aws:SecureTransport": "false"}})
    assert decide(deny, statement(principal={"Service": "rds.amazonaws.com"})) == "no-statement"


@pytest.mark.parametrize(
    "unsure",
    [
        statement(principal={"AWS": "*"}),
        statement(principal={"Service": "*"}),
        statement(principal={"Service": "ec2*.amazonaws.com"}),
        statement(Resource="*"),
        {"Effect": "Allow", "NotPrincipal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole"},
        {"Effect": "Allow", "Principal": EC2},
        {"Effect": "Allow", "Action": "sts:AssumeRole"},
    ],
)
def test_forms_that_aws_does_not_document_are_not_judged(unsure: Any) -> None:
    assert decide(unsure) == "unknown"
    assert decide(unsure, statement()) == "allow"


def test_a_condition_on_the_only_allow_is_named() -> None:
    conditioned = statement(Sid="Partners", Condition={"StringEquals": {"sts:ExternalId": "42"}})
    judgement = judge_ec2_trust(document(conditioned), "aws")
    assert judgement.decision == "unknown"
    assert judgement.statement == conditioned
    assert "Statement Partners" in judgement.reason
    assert "sts:ExternalId" in judgement.reason


def test_a_condition_does_not_matter_beside_an_allow_without_one() -> None:
    conditioned = statement(Condition={"StringEquals": {"sts:ExternalId": "42"}})
    assert decide(conditioned, statement()) == "allow"


@pytest.mark.parametrize(
    "text", ["", "no JSON", "[]", "null", "{}", '"x"', '{"Statement": NaN}', "[" * 100_000]
)
def test_what_is_no_policy_is_not_judged(text: str) -> None:
    assert judge_ec2_trust(text, "aws").decision == "unknown"


@pytest.mark.parametrize(
    ("partition", "principal"),
    [
        ("aws", "ec2.amazonaws.com"),
        ("aws-cn", "ec2.amazonaws.com"),
        ("aws-cn", "ec2.amazonaws.com.cn"),
        ("aws-us-gov", "ec2.amazonaws.com"),
        ("aws-iso", "ec2.amazonaws.com"),
        ("aws-iso", "ec2.c2s.ic.gov"),
        ("aws-iso-b", "ec2.sc2s.sgov.gov"),
    ],
)
def test_each_partition_has_its_principals(partition: str, principal: str) -> None:
    assert decide(statement(principal={"Service": principal}), partition=partition) == "allow"


def test_principals_proposed() -> None:
    assert ec2_principals("aws") == ("ec2.amazonaws.com",)
    assert ec2_principals("aws-us-gov") == ("ec2.amazonaws.com",)
    assert set(ec2_principals("aws-cn")) == {"ec2.amazonaws.com", "ec2.amazonaws.com.cn"}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(["*", "sts:*", "Allow", "Deny"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text()
            | st.sampled_from(
                [
                    "Statement",
                    "Effect",
                    "Principal",
                    "NotPrincipal",
                    "Action",
                    "NotAction",
                    "Condition",
                    "AWS",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(json_values)
def test_any_json_is_judged_without_raising(value: Any) -> None:
    assert judge_ec2_trust(json.dumps({"Statement": value}), "aws").reason
    assert judge_ec2_trust(json.dumps(value), "aws").reason


@given(st.text())
def test_any_text_is_judged_without_raising(text: str) -> None:
    assert judge_ec2_trust(text, "aws").reason
