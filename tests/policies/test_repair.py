"""Merging EC2 into a trust policy and taking a Deny of it out leave everything else alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instance_profiles.policies import (
    MatchingDeny,
    UnreadableDocument,
    judge_ec2_trust,
    with_ec2_trusted,
    without_ec2_deny,
)

LAMBDA = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
EC2 = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
DENY_EC2 = {**EC2, "Effect": "Deny"}


def document(*statements: Any, **more: Any) -> str:
    return json.dumps({"Version": "2012-10-17", **more, "Statement": list(statements)})


def statements_of(text: str) -> list[Any]:
    found = json.loads(text)["Statement"]
    return found if isinstance(found, list) else [found]


def test_one_statement_is_added_and_the_rest_kept() -> None:
    merged = json.loads(with_ec2_trusted(document(LAMBDA, Id="ours"), "aws"))
    assert merged == {"Version": "2012-10-17", "Id": "ours", "Statement": [LAMBDA, EC2]}


def test_a_single_statement_becomes_a_list() -> None:
    merged = with_ec2_trusted(json.dumps({"Statement": LAMBDA}), "aws")
    assert json.loads(merged) == {"Statement": [LAMBDA, EC2]}


def test_both_principals_are_added_in_china() -> None:
    added = statements_of(with_ec2_trusted(document(LAMBDA), "aws-cn"))[-1]
    assert added["Principal"] == {"Service": ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"]}


def test_an_allowed_document_comes_back_as_it_is() -> None:
    assert with_ec2_trusted(document(EC2), "aws") == document(EC2)


def test_a_conditioned_allow_stays_beside_the_new_one() -> None:
    conditioned = {**EC2, "Condition": {"StringEquals": {"sts:ExternalId": "42"}}}
    assert statements_of(with_ec2_trusted(document(conditioned), "aws")) == [conditioned, EC2]


def test_a_deny_of_ec2_is_not_papered_over() -> None:
    with pytest.raises(MatchingDeny) as caught:
        with_ec2_trusted(document(LAMBDA, DENY_EC2), "aws")
    assert caught.value.statement == DENY_EC2


@pytest.mark.parametrize("text", ["", "[]", "x"])
def test_what_cannot_be_parsed_cannot_be_changed(text: str) -> None:
    with pytest.raises(UnreadableDocument):
        with_ec2_trusted(text, "aws")
    with pytest.raises(UnreadableDocument):
        without_ec2_deny(text, "aws")


def test_a_deny_of_ec2_alone_is_removed() -> None:
    assert statements_of(without_ec2_deny(document(EC2, DENY_EC2, LAMBDA), "aws")) == [EC2, LAMBDA]


def test_a_deny_of_ec2_and_others_still_denies_the_others() -> None:
    deny = {
        "Sid": "Quarantine",
        "Effect": "Deny",
        "Principal": {
            "Service": ["ec2.amazonaws.com", "lambda.amazonaws.com"],
            "AWS": "arn:aws:iam::111122223333:root",
        },
        "Action": "sts:*",
    }
    [kept] = statements_of(without_ec2_deny(document(deny), "aws"))
    assert kept == {
        **deny,
        "Principal": {"Service": ["lambda.amazonaws.com"], "AWS": "arn:aws:iam::111122223333:root"},
    }


def test_a_deny_of_everybody_still_denies_everybody_else() -> None:
    deny = {"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole"}
    narrowed = without_ec2_deny(document(EC2, deny), "aws")
    assert statements_of(narrowed) == [
        EC2,
        {"Effect": "Deny", "NotPrincipal": {"Service": ["ec2.amazonaws.com"]}, "Action": "sts:AssumeRole"},
    ]
    assert judge_ec2_trust(narrowed, "aws").decision == "allow"


@pytest.mark.parametrize(
    "deny",
    [
        {**DENY_EC2, "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        {**DENY_EC2, "Principal": {"Service": "lambda.amazonaws.com"}},
        {**DENY_EC2, "Action": "sts:TagSession"},
    ],
)
def test_other_denies_stay(deny: Any) -> None:
    assert without_ec2_deny(document(EC2, deny), "aws") == document(EC2, deny)


def principals() -> st.SearchStrategy[Any]:
    names = st.sampled_from(
        ["ec2.amazonaws.com", "ec2.amazonaws.com.cn", "ec2.eu-west-1.amazonaws.com", "lambda.amazonaws.com"]
    )
    accounts = st.sampled_from(["*", "111122223333", "arn:aws:iam::111122223333:root"])

    def one_or_many(inner: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
        return inner | st.lists(inner, min_size=1, max_size=3)

    return st.just("*") | st.fixed_dictionaries(
        {}, optional={"Service": one_or_many(names), "AWS": one_or_many(accounts)}
    )


statements = st.fixed_dictionaries(
    {
        "Effect": st.sampled_from(["Allow", "Deny"]),
        "Action": st.sampled_from(["sts:AssumeRole", "sts:*", ["sts:TagSession"], ["sts:TagSession", "*"]]),
        "Principal": principals(),
    },
    optional={"Condition": st.sampled_from([{}, {"StringEquals": {"aws:SourceAccount": "111122223333"}}])},
)
documents = st.builds(document, st.none()) | st.lists(statements, max_size=4).map(lambda s: document(*s))
partitions = st.sampled_from(["aws", "aws-cn", "aws-us-gov"])


@given(documents, partitions)
def test_after_the_merge_ec2_is_allowed_unless_a_deny_may_hold(text: str, partition: str) -> None:
    try:
        merged = with_ec2_trusted(text, partition)
    except MatchingDeny:
        assert judge_ec2_trust(text, partition).decision == "explicit-deny"
        return
    before, after = statements_of(text), statements_of(merged)
    assert after[: len(before)] == before
    may_deny = any(not isinstance(s, dict) or s["Effect"] == "Deny" for s in before)
    decision = judge_ec2_trust(merged, partition).decision
    assert decision == "allow" or (decision == "unknown" and may_deny)
    assert with_ec2_trusted(merged, partition) == merged or decision == "unknown"


@given(documents, partitions)
def test_narrowing_leaves_no_certain_deny_and_drops_no_allow(text: str, partition: str) -> None:
    narrowed = without_ec2_deny(text, partition)
    assert judge_ec2_trust(narrowed, partition).decision != "explicit-deny"

    def allows(of: str) -> list[Any]:
        return [s for s in statements_of(of) if isinstance(s, dict) and s["Effect"] == "Allow"]

    assert allows(narrowed) == allows(text)
    assert without_ec2_deny(narrowed, partition) == narrowed
