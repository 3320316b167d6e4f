"""Condition operators: what is met, what is not, and what nobody can tell."""

from __future__ import annotations

from typing import Any

import pytest

from instance_profiles.policies.conditions import meets
from instance_profiles.policies.request import Context, Request

USER = "arn:aws:iam::123456789012:user/team/alice"
ROLE = "arn:aws:iam::123456789012:role/web"


def met(
    operator: str, wanted: Any, *given: str, key: str = "k:key", complete: bool = False, absent: bool = False
) -> str:
    context = {key: given} if given or absent else {}
    request = Request("s3:GetObject", "*", USER, context, complete=complete)
    return meets({operator: {key: wanted}}, Context(request), variables=True)


@pytest.mark.parametrize(
    ("operator", "wanted", "given", "answer"),
    [
        ("StringEquals", "web", "web", "yes"),
        ("StringEquals", ["db", "web"], "web", "yes"),
        ("StringEquals", "web", "Web", "no"),
        ("StringEquals", "w*", "web", "no"),
        ("StringEquals", "w*", "w*", "yes"),
        ("StringNotEquals", "web", "db", "yes"),
        ("StringNotEquals", ["db", "web"], "db", "no"),
        ("StringEqualsIgnoreCase", "WEB", "web", "yes"),
        ("StringNotEqualsIgnoreCase", "WEB", "web", "no"),
        ("StringLike", "w*b", "web", "yes"),
        ("StringLike", "w?b", "weeb", "no"),
        ("StringLike", ["x*", "*b"], "web", "yes"),
        ("StringNotLike", "w*", "web", "no"),
        ("StringNotLike", "x*", "web", "yes"),
        ("NumericEquals", "10", "10.0", "yes"),
        ("NumericEquals", 10, "10", "yes"),
        ("NumericNotEquals", "10", "9", "yes"),
        ("NumericLessThan", "10", "9", "yes"),
        ("NumericLessThan", "10", "10", "no"),
        ("NumericLessThanEquals", "10", "10", "yes"),
        ("NumericGreaterThan", "10", "9", "no"),
        ("NumericGreaterThanEquals", "10", "10", "yes"),
        ("NumericEquals", "ten", "10", "maybe"),
        ("NumericEquals", "NaN", "10", "maybe"),
        ("DateEquals", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00", "yes"),
        ("DateNotEquals", "2026-01-01", "2026-01-02", "yes"),
        ("DateLessThan", "2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z", "yes"),
        ("DateLessThan", "2026-01-01T00:00:00Z", "1767225600", "no"),
        ("DateLessThanEquals", "2026-01-01T00:00:00Z", "1767225600", "yes"),
        ("DateGreaterThan", "2026-01", "2026-02-01T00:00:00.000Z", "yes"),
        ("DateGreaterThanEquals", "2026-01-01", "2026-01-01", "yes"),
        ("DateGreaterThan", "yesterday", "2026-01-01", "maybe"),
        ("Bool", "true", "true", "yes"),
        ("Bool", True, "true", "yes"),
        ("Bool", "false", "true", "no"),
        ("Bool", "True", "true", "yes"),
        ("Bool", "sure", "true", "maybe"),
        ("BinaryEquals", "QmluYXJ5", "QmluYXJ5", "yes"),
        ("BinaryEquals", "QmluYXJ5", "QmluYXJ6", "no"),
        ("BinaryEquals", "not base64!", "QmluYXJ5", "maybe"),
        ("IpAddress", "10.0.0.0/8", "10.1.2.3", "yes"),
        ("IpAddress", ["192.0.2.1", "10.0.0.0/8"], "192.0.2.1", "yes"),
        ("IpAddress", "10.0.0.0/8", "11.0.0.1", "no"),
        ("IpAddress", "2001:db8::/32", "2001:db8::1", "yes"),
        ("IpAddress", "10.0.0.0/8", "2001:db8::1", "no"),
        ("IpAddress", "10.0.0.0/99", "10.0.0.1", "maybe"),
        ("NotIpAddress", "10.0.0.0/8", "11.0.0.1", "yes"),
        ("NotIpAddress", "10.0.0.0/8", "10.0.0.1", "no"),
        ("ArnLike", "arn:aws:iam::*:role/w*", ROLE, "yes"),
        ("ArnEquals", "arn:aws:iam::*:role/w*", ROLE, "yes"),
        ("ArnLike", "arn:aws:*:role/web", ROLE, "maybe"),
        ("ArnLike", "arn:aws:iam::123456789012:*", ROLE, "yes"),
        ("ArnLike", "*", ROLE, "maybe"),
        ("ArnLike", "arn:aws:*:123456789012::role/web", ROLE, "no"),
        ("ArnNotLike", "arn:aws:iam::*:role/db", ROLE, "yes"),
        ("ArnNotEquals", "arn:aws:iam::*:role/web", ROLE, "no"),
        ("StringSortOf", "web", "web", "maybe"),
        ("ForSome:StringEquals", "web", "web", "maybe"),
        ("StringEquals", None, "web", "maybe"),
        ("StringEquals", [], "web", "maybe"),
        ("StringEquals", {"a": 1}, "web", "maybe"),
    ],
)
def test_one_value(operator: str, wanted: Any, given: str, answer: str) -> None:
    assert met(operator, wanted, given) == answer
    if not operator.startswith("For"):
        assert met(f"{operator}IfExists", wanted, given) == answer


@pytest.mark.parametrize(
    ("operator", "given", "answer"),
    [
        ("ForAllValues:StringEquals", ("a", "b"), "yes"),
        ("ForAllValues:StringEquals", ("a", "z"), "no"),
        ("ForAnyValue:StringEquals", ("a", "z"), "yes"),
        ("ForAnyValue:StringEquals", ("y", "z"), "no"),
        ("ForAllValues:StringNotEquals", ("y", "z"), "yes"),
        ("ForAllValues:StringNotEquals", ("a", "z"), "no"),
        ("ForAnyValue:StringNotEquals", ("a", "z"), "yes"),
        ("ForAnyValue:StringNotEquals", ("a", "b"), "no"),
        ("ForAnyValue:StringLike", ("a", "z"), "yes"),
        ("StringEquals", ("a", "b"), "yes"),
        ("StringEquals", ("y", "z"), "no"),
        ("StringEquals", ("a", "z"), "maybe"),
    ],
)
def test_several_values(operator: str, given: tuple[str, ...], answer: str) -> None:
    assert met(operator, ["a", "b"], *given) == answer


@pytest.mark.parametrize(
    ("operator", "wanted", "when_absent"),
    [
        ("StringEquals", "a", "no"),
        ("StringNotEquals", "a", "yes"),
        ("StringNotLike", "a", "yes"),
        ("ArnNotLike", "arn:aws:iam::*:role/x", "yes"),
        ("NotIpAddress", "10.0.0.0/8", "yes"),
        ("NumericNotEquals", "1", "yes"),
        ("DateNotEquals", "2026-01-01", "yes"),
        ("NumericLessThan", "1", "no"),
        ("Bool", "false", "no"),
        ("BoolIfExists", "false", "yes"),
        ("StringEqualsIfExists", "a", "yes"),
        ("ForAllValues:StringEquals", "a", "yes"),
        ("ForAnyValue:StringEquals", "a", "no"),
        ("ForAnyValue:StringNotEquals", "a", "no"),
        ("ForAnyValue:StringEqualsIfExists", "a", "yes"),
        ("Null", "true", "yes"),
        ("Null", True, "yes"),
        ("Null", "false", "no"),
    ],
)
def test_a_key_that_is_absent_and_one_that_is_not_known(operator: str, wanted: Any, when_absent: str) -> None:
    assert met(operator, wanted, absent=True) == when_absent
    assert met(operator, wanted, complete=True) == when_absent
    assert met(operator, wanted) == "maybe"


def test_null_asks_whether_the_key_is_there() -> None:
    assert met("Null", "false", "any") == "yes"
    assert met("Null", "true", "any") == "no"
    assert met("Null", "perhaps", "any") == "maybe"
    assert met("NullIfExists", "true", "any") == "maybe"


def test_all_lines_must_be_met() -> None:
    context = Context(Request("a:B", "*", "", {"a:a": ("1",), "a:b": ("2",)}))
    assert meets({"StringEquals": {"a:a": "1", "a:b": "2"}}, context, variables=True) == "yes"
    assert meets({"StringEquals": {"a:a": "1", "a:b": "3"}}, context, variables=True) == "no"
    unknown = {"StringEquals": {"a:a": "1"}, "Bool": {"a:c": "true"}}
    assert meets(unknown, context, variables=True) == "maybe"
    assert meets(unknown | {"StringLike": {"a:b": "3"}}, context, variables=True) == "no"
    assert context.missing == {"a:c"}


@pytest.mark.parametrize(
    ("operator", "wanted", "given", "answer"),
    [
        ("StringEquals", "${aws:username}", "alice", "yes"),
        ("StringEquals", "${aws:username}", "bob", "no"),
        ("StringLike", "home/${aws:username}/*", "home/alice/x", "yes"),
        ("StringLike", "home/${aws:PrincipalTag/team}/*", "home/alice/x", "maybe"),
        ("StringLike", "home/${aws:PrincipalTag/team}/*", "root/alice/x", "no"),
        ("StringNotLike", "home/${aws:PrincipalTag/team}/*", "home/alice/x", "maybe"),
        ("StringEquals", "${aws:PrincipalTag/team, 'none'}", "none", "maybe"),
        ("StringEquals", "a${*}", "a*", "yes"),
        ("StringLike", "a${*}", "abc", "no"),
        ("StringLike", "a${?}${$}", "a?$", "yes"),
        ("ArnLike", "arn:aws:iam::${aws:PrincipalAccount}:role/*", ROLE, "yes"),
        ("NumericLessThan", "${aws:username}", "3", "maybe"),
    ],
)
def test_policy_variables(operator: str, wanted: str, given: str, answer: str) -> None:
    assert met(operator, wanted, given) == answer


def test_a_variable_without_a_value_takes_its_default_or_matches_nothing() -> None:
    assert met("StringEquals", "${aws:PrincipalTag/team, 'none'}", "none", complete=True) == "yes"
    assert met("StringLike", "${aws:PrincipalTag/team}*", "none", complete=True) == "no"
    assert met("StringNotLike", "${aws:PrincipalTag/team}*", "none", complete=True) == "maybe"


def test_an_old_version_has_no_variables() -> None:
    context = Context(Request("a:B", "*", USER, {"a:a": ("${aws:username}",)}))
    assert meets({"StringEquals": {"a:a": "${aws:username}"}}, context, variables=False) == "yes"
