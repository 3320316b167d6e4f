"""Patterns of policies: `*` is any text, `?` any one character, a hole what nobody knows.

Matching takes at most length times length steps, whatever the pattern: policies are foreign text.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from typing import Final

from instance_profiles.policies.three_valued import Match, all_of

_ARN_PARTS = 6


class Wild(enum.Enum):
    """What is no character in a pattern. A HOLE stands for text that is not known."""

    ANY = "*"
    ONE = "?"
    HOLE = "hole"


Pattern = Sequence["str | Wild"]
"""Single characters and wildcards."""

_WILDCARDS: Final = {"*": Wild.ANY, "?": Wild.ONE}


def pattern_of(text: str) -> Pattern:
    """The pattern that a text of a policy is, where * and ? are wildcards."""
    return tuple(_WILDCARDS.get(letter, letter) for letter in text)


def matches(pattern: Pattern, text: str) -> Match:
    """Whether the pattern is this whole text; maybe where that hangs on a hole."""
    if not _fits(pattern, text):
        return "no"
    return "maybe" if Wild.HOLE in pattern else "yes"


def matches_arn(pattern: Pattern, arn: str) -> Match:
    """Whether every part of the pattern matches its part of the ARN, as the Arn operators compare.

    Rests on https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html.
    """
    wanted, given = _parts(pattern), arn.split(":", _ARN_PARTS - 1)
    if len(wanted) != len(given):
        # What has fewer parts is no ARN, and what AWS does with it is not documented. A hole may hold colons.
        return "maybe" if _fits(pattern, arn) else "no"
    return all_of(matches(part, text) for part, text in zip(wanted, given, strict=True))


def matches_resource(pattern: Pattern, resource: str) -> Match:
    """Whether a Resource element's pattern matches; like an ARN, but a * that ends a part goes on beyond it.

    Rests on https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html. Maybe
    where a * from the middle of a part would have to go beyond it.
    """
    whole = matches(pattern, resource)
    if whole != "yes" or _only_at_ends(pattern):
        return whole
    return "yes" if matches_arn(pattern, resource) == "yes" else "maybe"


def _only_at_ends(pattern: Pattern) -> bool:
    return all(Wild.ANY not in part[:-1] for part in _parts(pattern)[: _ARN_PARTS - 1])


def _parts(pattern: Pattern) -> list[Pattern]:
    """At most six parts; the colons behind the fifth belong to the last."""
    parts: list[list[str | Wild]] = [[]]
    for item in pattern:
        if item == ":" and len(parts) < _ARN_PARTS:
            parts.append([])
        else:
            parts[-1].append(item)
    return [tuple(part) for part in parts]


def _fits(pattern: Pattern, text: str) -> bool:
    """Match with every hole as any text; on a mismatch the last * takes one character more."""
    at, place, star, resume = 0, 0, -1, 0
    while place < len(text):
        item = pattern[at] if at < len(pattern) else None
        if item is Wild.ANY or item is Wild.HOLE:
            star, resume = at, place
            at += 1
        elif item is Wild.ONE or item == text[place]:
            at += 1
            place += 1
        elif star >= 0:
            resume += 1
            at, place = star + 1, resume
        else:
            return False
    return all(item is Wild.ANY or item is Wild.HOLE for item in pattern[at:])
