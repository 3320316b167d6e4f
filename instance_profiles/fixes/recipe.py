"""What a recipe is, what it needs to be told, and the choices it offers for that.

A recipe module defines `RECIPE`, a `Recipe` whose functions are pure over a `Situation`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from instance_profiles.fixes.plan import Plan

if TYPE_CHECKING:
    from instance_profiles.fixes.situation import Situation

NeedKey = Literal[
    "role",
    "instance-profile",
    "name",
    "path",
    "policy",
    "document",
    "duration",
    "version",
    "quota",
    "principal",
]


class Need(msgspec.Struct, frozen=True):
    """One thing a recipe needs to be told; an optional one has a default that is always good.

    `unless` is the key of another need that, once told, stands in for this one. `hint` says what can be
    typed, where there is nothing to choose from.
    """

    key: NeedKey
    label: str
    optional: bool = False
    unless: NeedKey | None = None
    hint: str = ""


class Candidate(msgspec.Struct, frozen=True):
    """One value that a need can take, with what speaks for it or against it.

    `fit` is False for a value that the checks would refuse as things are; it is never chosen by itself.
    `sure` is False for one that nothing ties to the case: chosen by itself it is a guess, and said to be.
    """

    value: str
    label: str
    hint: str = ""
    fit: bool = True
    sure: bool = True


def no_candidates(situation: Situation, key: str) -> tuple[Candidate, ...]:
    """For recipes that need nothing, and for needs that only the person can tell."""
    return ()


class Recipe(msgspec.Struct, frozen=True):
    """`number` is the recipe's number in the catalogue of fixes, as in R1.

    `build(situation, answers)` returns the plan or raises CannotPlan. `choices(situation, key)` lists the
    candidates of a need, best first. `actions` are the IAM actions that its calls may need, those that take
    them back included; none where nothing is sent to AWS.
    """

    name: str
    number: str
    title: str
    summary: str
    build: Callable[[Any, Mapping[str, str]], Plan]
    needs: tuple[Need, ...] = ()
    actions: tuple[str, ...] = ()
    choices: Callable[[Any, str], tuple[Candidate, ...]] = no_candidates
