"""The ways to put a finding right, best first, each with why it is blocked where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from instance_profiles.fixes.catalogue import RECIPES
from instance_profiles.fixes.plan import CannotPlan
from instance_profiles.fixes.situation import Situation

if TYPE_CHECKING:
    from instance_profiles.findings.finding import Finding
    from instance_profiles.fixes.recipe import Candidate
    from instance_profiles.inventory.inventory import Inventory

_WHEN_TAKEN = ("adopt-instance-profile", "recreate-instance-profile")
_WHEN_STOPPED = "reattach"


class Offer(msgspec.Struct, frozen=True):
    """One way: its recipe, what it would do with the best answers, and why not, where it cannot."""

    recipe: str
    title: str
    hint: str = ""
    blocked: str | None = None


def offers(finding: Finding, inventory: Inventory) -> tuple[Offer, ...]:
    """The recipes of a finding in order of preference, with their stand-ins where one is blocked."""
    if finding.verdict == "unknown":
        return ()
    situation = Situation(finding, inventory)
    names = list(finding.fixes)
    if "create-instance-profile" in names:
        names += [name for name in _WHEN_TAKEN if name not in names]
    if "replace-association" in names and _WHEN_STOPPED not in names:
        names.insert(names.index("replace-association") + 1, _WHEN_STOPPED)
    made = {name: _offer(name, situation) for name in names if name in RECIPES}
    replacing = made.get("replace-association")
    if _WHEN_STOPPED not in finding.fixes and replacing is not None and replacing.blocked is None:
        made.pop(_WHEN_STOPPED, None)
    return tuple(offer for offer in made.values() if offer.recipe in finding.fixes or offer.blocked is None)


def candidates(recipe: str, key: str, finding: Finding, inventory: Inventory) -> tuple[Candidate, ...]:
    """The values that a need of a recipe can take for a finding, best first; empty where only you know."""
    found = RECIPES.get(recipe)
    if found is None:
        return ()
    try:
        choices: tuple[Candidate, ...] = found.choices(Situation(finding, inventory), key)
    except CannotPlan:
        # The same sentence comes from build_plan, where it is shown.
        return ()
    return choices


def _offer(name: str, situation: Situation) -> Offer:
    recipe = RECIPES[name]
    try:
        plan = recipe.build(situation, {})
    except CannotPlan as refusal:
        if refusal.missing is not None:
            return Offer(name, recipe.title, str(refusal))
        return Offer(name, recipe.title, recipe.summary, str(refusal))
    return Offer(name, plan.title, plan.delay or recipe.summary)
