"""Single faults of a trust policy put right: what is not at fault stays as it is."""

from __future__ import annotations

import json
from typing import Any

from instance_profiles.policies.trust_repair import (
    with_every_ec2_name,
    with_principal,
    without_dead_principals,
    without_ec2_conditions,
)

EC2 = {"Service": "ec2.amazonaws.com"}
ONLY_IF = {"StringEquals": {"sts:ExternalId": "42"}}
DEAD, LIVE = "AROAEXAMPLEOFADEADROLE", "arn:aws:iam::111122223333:role/deploy"


def allow(principal: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **more}


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def statements(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(text)["Statement"]
    return found


def test_the_dead_go_and_the_living_stay() -> None:
    text = document(allow({"AWS": [DEAD, LIVE]}), allow({"AWS": DEAD}), allow({"AWS": DEAD, **EC2}))
    assert statements(without_dead_principals(text)) == [allow({"AWS": LIVE}), allow(EC2)]


def test_a_document_without_dead_principals_stays_letter_by_letter() -> None:
    text = document(allow({"AWS": LIVE})) + " "
    assert without_dead_principals(text) == text


def test_an_exemption_for_the_dead_alone_is_none_for_anybody() -> None:
    deny = {"Effect": "Deny", "NotPrincipal": {"AWS": DEAD}, "Action": "sts:AssumeRole"}
    (found,) = statements(without_dead_principals(document(deny)))
    assert found == {"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole"}


def test_a_condition_goes_only_where_ec2_is_alone() -> None:
    shared = allow({"Service": ["ec2.amazonaws.com", "lambda.amazonaws.com"]}, Condition=ONLY_IF)
    others = allow({"AWS": LIVE}, Condition=ONLY_IF)
    text = document(allow(EC2, Condition=ONLY_IF), shared, others)
    assert statements(without_ec2_conditions(text, "aws")) == [allow(EC2), shared, others]


def test_a_condition_on_a_deny_stays() -> None:
    deny = allow(EC2, Condition=ONLY_IF) | {"Effect": "Deny"}
    assert without_ec2_conditions(document(deny), "aws") == document(deny)


def test_in_china_both_names_are_there_in_the_end() -> None:
    found = statements(with_every_ec2_name(document(allow(EC2)), "aws-cn"))
    assert found == [allow(EC2), allow({"Service": "ec2.amazonaws.com.cn"})]
    assert with_every_ec2_name(document(allow(EC2)), "aws") == document(allow(EC2))


def test_a_principal_is_added_and_nothing_else_changes() -> None:
    assert statements(with_principal(document(allow(EC2)), LIVE)) == [allow(EC2), allow({"AWS": LIVE})]
