"""Yes, no and maybe: what is certain stays certain, whatever else is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

Match = Literal["yes", "maybe", "no"]

_ORDER: tuple[Match, ...] = ("no", "maybe", "yes")


def yes_or_no(answer: bool) -> Match:
    return "yes" if answer else "no"


def all_of(answers: Iterable[Match]) -> Match:
    """No as soon as one is no; yes where there is none."""
    return min(answers, key=_ORDER.index, default="yes")


def any_of(answers: Iterable[Match]) -> Match:
    """Yes as soon as one is yes; no where there is none."""
    return max(answers, key=_ORDER.index, default="no")


def negated(answer: Match) -> Match:
    return _ORDER[2 - _ORDER.index(answer)]
