"""Comparing one value of a policy with one value of a request, by the kind of the condition operator.

Rests on https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html.
What AWS would not take for a value of the kind is not judged.
"""

from __future__ import annotations

import base64
import binascii
import operator
import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import partial
from ipaddress import ip_address, ip_network
from typing import Any

from instance_profiles.policies.request import Context
from instance_profiles.policies.three_valued import Match, yes_or_no
from instance_profiles.policies.variables import Unresolved, filled_in
from instance_profiles.policies.wildcards import Pattern, matches, matches_arn

Comparison = Callable[[str, str, Context, bool], Match]
"""Of the policy's value, the request's value, the context, and whether the policy's version has variables."""

_EPOCH = re.compile(r"-?\d{5,}(\.\d+)?")
_SHORT_DATE = re.compile(r"\d{4}-\d{2}")


def _text(
    policy: str, given: str, context: Context, variables: bool, *, wildcards: bool, ignore_case: bool = False
) -> Match:
    pattern = filled_in(policy, context, wildcards=wildcards, variables=variables)
    if isinstance(pattern, Unresolved):
        return "no"
    if ignore_case:
        return matches(_lower(pattern), given.lower())
    return matches(pattern, given)


def _arn(policy: str, given: str, context: Context, variables: bool) -> Match:
    pattern = filled_in(policy, context, wildcards=True, variables=variables)
    return "no" if isinstance(pattern, Unresolved) else matches_arn(pattern, given)


def _ordered(
    policy: str,
    given: str,
    _context: Context,
    _variables: bool,
    *,
    read: Callable[[str], Any],
    holds: Callable[[Any, Any], bool],
) -> Match:
    try:
        return yes_or_no(holds(read(given), read(policy)))
    except (ValueError, InvalidOperation, OverflowError):
        return "maybe"


def _number(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite():
        raise ValueError(text)
    return number


def _moment(text: str) -> datetime:
    """A date in one of the ISO 8601 forms, or seconds since the epoch; without a zone it is UTC."""
    if _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(float(text), UTC)
    moment = datetime.fromisoformat(f"{text}-01" if _SHORT_DATE.fullmatch(text) else text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _truth(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError(text)
    return text.lower() == "true"


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(text) from error


def _in_network(policy: str, given: str, _context: Context, _variables: bool) -> Match:
    try:
        return yes_or_no(ip_address(given) in ip_network(policy, strict=False))
    except ValueError:
        return "maybe"


def _lower(pattern: Pattern) -> Pattern:
    return tuple(item.lower() if isinstance(item, str) else item for item in pattern)


def _numeric(holds: Callable[[Any, Any], bool]) -> Comparison:
    return partial(_ordered, read=_number, holds=holds)


def _dated(holds: Callable[[Any, Any], bool]) -> Comparison:
    return partial(_ordered, read=_moment, holds=holds)


COMPARISONS: dict[str, tuple[Comparison, bool]] = {
    "StringEquals": (partial(_text, wildcards=False), False),
    "StringNotEquals": (partial(_text, wildcards=False), True),
    "StringEqualsIgnoreCase": (partial(_text, wildcards=False, ignore_case=True), False),
    "StringNotEqualsIgnoreCase": (partial(_text, wildcards=False, ignore_case=True), True),
    "StringLike": (partial(_text, wildcards=True), False),
    "StringNotLike": (partial(_text, wildcards=True), True),
    "ArnEquals": (_arn, False),
    "ArnLike": (_arn, False),
    "ArnNotEquals": (_arn, True),
    "ArnNotLike": (_arn, True),
    "NumericEquals": (_numeric(operator.eq), False),
    "NumericNotEquals": (_numeric(operator.eq), True),
    "NumericLessThan": (_numeric(operator.lt), False),
    "NumericLessThanEquals": (_numeric(operator.le), False),
    "NumericGreaterThan": (_numeric(operator.gt), False),
    "NumericGreaterThanEquals": (_numeric(operator.ge), False),
    "DateEquals": (_dated(operator.eq), False),
    "DateNotEquals": (_dated(operator.eq), True),
    "DateLessThan": (_dated(operator.lt), False),
    "DateLessThanEquals": (_dated(operator.le), False),
    "DateGreaterThan": (_dated(operator.gt), False),
    "DateGreaterThanEquals": (_dated(operator.ge), False),
    "Bool": (partial(_ordered, read=_truth, holds=operator.eq), False),
    "BinaryEquals": (partial(_ordered, read=_bytes, holds=operator.eq), False),
    "IpAddress": (_in_network, False),
    "NotIpAddress": (_in_network, True),
}
"""By operator: how it compares, and whether the answer is turned round."""
