"""The Condition element: whether a request meets it, for certain, for certain not, or perhaps.

Rests on https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html and, for
ForAllValues and ForAnyValue, reference_policies_condition-single-vs-multi-valued-context-keys.html there.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from instance_profiles.policies.comparisons import COMPARISONS
from instance_profiles.policies.document import as_list
from instance_profiles.policies.three_valued import Match, all_of, any_of, negated, yes_or_no
from instance_profiles.policies.variables import lacks_a_value

if TYPE_CHECKING:
    from instance_profiles.policies.request import Context

_SETS = ("ForAllValues", "ForAnyValue")


class Operator(msgspec.Struct, frozen=True):
    name: str
    over: str
    """ForAllValues, ForAnyValue or nothing."""
    if_exists: bool


def meets(block: Any, context: Context, *, variables: bool) -> Match:
    """Whether a request meets every line of a Condition; maybe where a key or an operator is unknown."""
    if not isinstance(block, dict):
        return "maybe"
    return all_of([_meets_all(name, keys, context, variables) for name, keys in block.items()])


def _meets_all(name: str, keys: Any, context: Context, variables: bool) -> Match:
    operator = _operator(name)
    if operator is None or not isinstance(keys, dict):
        return "maybe"
    return all_of([_line(operator, key, values, context, variables) for key, values in keys.items()])


@lru_cache(maxsize=256)
def _operator(name: str) -> Operator | None:
    over, colon, rest = name.rpartition(":")
    if colon and over not in _SETS:
        return None
    bare = rest.removesuffix("IfExists")
    if bare not in COMPARISONS and (bare != "Null" or rest != bare):
        return None
    return Operator(bare, over, rest != bare)


def _line(operator: Operator, key: str, values: Any, context: Context, variables: bool) -> Match:
    wanted = [_as_text(value) for value in as_list(values)]
    given = context.look_up(key)
    if given is None or not wanted or None in wanted:
        return "maybe"
    texts = [text for text in wanted if text is not None]
    if operator.name == "Null":
        return _null(texts, present=bool(given))
    if not given:
        return _without_key(operator)
    compare, turned = COMPARISONS[operator.name]
    if turned and variables and any(lacks_a_value(text, context) for text in texts):
        # AWS says that no comparison holds then, not what becomes of its opposite.
        return "maybe"
    hits = [any_of([compare(text, value, context, variables) for text in texts]) for value in given]
    answers = [negated(hit) for hit in hits] if turned else hits
    return _over_values(operator, answers)


def _without_key(operator: Operator) -> Match:
    if operator.over == "ForAnyValue":
        return yes_or_no(operator.if_exists)
    turned = COMPARISONS[operator.name][1]
    return yes_or_no(operator.if_exists or turned or operator.over == "ForAllValues")


def _over_values(operator: Operator, answers: list[Match]) -> Match:
    if operator.over == "ForAnyValue":
        return any_of(answers)
    if operator.over == "ForAllValues" or len(set(answers)) == 1:
        return all_of(answers)
    # AWS does not say what an operator for one value does with several that differ.
    return "maybe"


def _null(texts: list[str], *, present: bool) -> Match:
    if not {text.lower() for text in texts} <= {"true", "false"}:
        return "maybe"
    return yes_or_no(any((text.lower() == "false") == present for text in texts))


def _as_text(value: Any) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int | float) else None
