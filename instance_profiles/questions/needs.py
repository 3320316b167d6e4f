"""What the fixes of an object need to be allowed, taken from the calls that their recipes would make."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from instance_profiles.findings.catalogue import RULES
from instance_profiles.findings.finding import Finding
from instance_profiles.fixes.build import build_plan
from instance_profiles.fixes.calls import LOCAL
from instance_profiles.fixes.catalogue import RECIPES
from instance_profiles.fixes.plan import CannotPlan, Permission

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from instance_profiles.fixes.plan import Call, Plan
    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import ObjectRef


ASKED_OF_EACH = 5
"""Objects that an action is asked about where a fix does it to many: they differ, policies seldom do."""


class FixNeeds(msgspec.Struct, frozen=True):
    """What one fix needs: for its calls, and beyond that for taking them back.

    `left_out` counts the permissions of the calls that are not among `needs`, because they are the same
    action on further objects.
    """

    recipe: str
    title: str
    needs: tuple[Permission, ...]
    undo: tuple[Permission, ...] = ()
    left_out: int = 0


class Row(msgspec.Struct, frozen=True):
    """One permission with the recipes that need it; `undo_only` where none needs it but to be taken back."""

    permission: Permission
    needed_by: tuple[str, ...]
    undo_only: bool = False


def fixes_of(
    subject: ObjectRef, inventory: Inventory, findings: Iterable[Finding] = ()
) -> tuple[FixNeeds, ...]:
    """The fixes that can be planned for an object as it is, those of its findings first.

    Where a fix needs to be told something, the best candidate stands for it. Pure.
    """
    found: dict[str, FixNeeds] = {}
    for finding, recipe in _asked(subject, findings):
        if recipe in found or recipe not in RECIPES:
            continue
        try:
            plan = build_plan(recipe, finding, inventory, {})
        except CannotPlan:
            continue  # it does not apply to the object as it is, or only a person knows what it needs
        made = _needs(plan)
        if made.needs:
            found[recipe] = made
    return tuple(found.values())


def rows_of(fixes: Sequence[FixNeeds]) -> tuple[Row, ...]:
    """Each permission once, in the order of the calls; what only an undo needs comes last."""
    needed: dict[_Key, Row] = {}
    for fix in fixes:
        _add(needed, fix.needs, fix.recipe, undo_only=False)
    for fix in fixes:
        _add(needed, fix.undo, fix.recipe, undo_only=True)
    return tuple(needed.values())


_Key = tuple[str, str, tuple[tuple[str, str], ...]]


def key_of(permission: Permission) -> _Key:
    """Equal for permissions that are the same question."""
    return permission.action, permission.resource, tuple(sorted(permission.context.items()))


def _add(rows: dict[_Key, Row], needs: Iterable[Permission], recipe: str, *, undo_only: bool) -> None:
    for need in needs:
        row = rows.setdefault(key_of(need), Row(need, (), undo_only))
        if undo_only == row.undo_only and recipe not in row.needed_by:
            rows[key_of(need)] = msgspec.structs.replace(row, needed_by=(*row.needed_by, recipe))


def _asked(subject: ObjectRef, findings: Iterable[Finding]) -> Iterator[tuple[Finding, str]]:
    """What is wrong with the object and how to fix it; then whatever is done about objects of its kind."""
    for finding in findings:
        if finding.verdict == "present":
            yield from ((finding, recipe) for recipe in finding.fixes)
    nothing_wrong = Finding("", "", "info", "present", subject, "", "")
    usual = {recipe for rule in RULES.values() if rule.kind == subject.kind for recipe in rule.fixes}
    yield from ((nothing_wrong, recipe) for recipe in RECIPES if recipe in usual)


def _needs(plan: Plan) -> FixNeeds:
    whole = tuple(_each_once(plan.calls))
    needs = _few(whole)
    inverses = (call.inverse for call in plan.calls if call.inverse is not None)
    known = {key_of(need) for need in whole}
    undo = _few(need for need in _each_once(inverses) if key_of(need) not in known)
    return FixNeeds(plan.recipe, RECIPES[plan.recipe].title, needs, undo, len(whole) - len(needs))


def _few(needs: Iterable[Permission]) -> tuple[Permission, ...]:
    """At most a few objects for each action."""
    counts: Counter[str] = Counter()
    kept: list[Permission] = []
    for need in needs:
        counts[need.action] += 1
        if counts[need.action] <= ASKED_OF_EACH:
            kept.append(need)
    return tuple(kept)


def _each_once(calls: Iterable[Call]) -> Iterator[Permission]:
    seen: set[_Key] = set()
    for call in calls:
        for need in () if call.service == LOCAL else call.permissions:
            if key_of(need) not in seen:
                seen.add(key_of(need))
                yield need
