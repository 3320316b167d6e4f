"""From a finding and a recipe's name to a plan: pure over the inventory, nothing is asked of AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from instance_profiles.fixes.catalogue import RECIPES
from instance_profiles.fixes.choices import default_choice
from instance_profiles.fixes.plan import CannotPlan
from instance_profiles.fixes.situation import Situation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.findings.finding import Finding
    from instance_profiles.fixes.plan import Plan
    from instance_profiles.fixes.recipe import Recipe
    from instance_profiles.inventory.inventory import Inventory


def build_plan(recipe: str, finding: Finding, inventory: Inventory, answers: Mapping[str, str]) -> Plan:
    """The plan of a recipe for a finding; a missing answer is the best candidate, guesses are told.

    Only a fix of the local AWS config reads anything: the file it would edit.

    Raises:
        CannotPlan: there is no such plan; its text is a sentence for the person.
    """
    found = RECIPES.get(recipe)
    if found is None:
        raise CannotPlan(f"There is no recipe {recipe}; known are {', '.join(RECIPES)}.")
    unknown = [key for key in answers if key not in {need.key for need in found.needs}]
    if unknown:
        keys = ", ".join(need.key for need in found.needs) or "nothing"
        raise CannotPlan(f"{recipe} does not need {unknown[0]}; it can be told {keys}.")
    given = {key: value.strip() for key, value in answers.items() if value.strip()}
    situation = Situation(finding, inventory)
    plan: Plan = found.build(situation, given)
    guesses = _guesses(found, situation, given) if plan.steps else {}
    return msgspec.structs.replace(plan, guessed=tuple(guesses), warnings=(*guesses.values(), *plan.warnings))


def _guesses(recipe: Recipe, situation: Situation, given: Mapping[str, str]) -> dict[str, str]:
    """A warning for each answer that was filled in without anything that ties it to the case."""
    found: dict[str, str] = {}
    for need in recipe.needs:
        if need.optional or need.key in given or need.unless in given:
            continue
        best = default_choice(recipe.choices(situation, need.key))
        if best is not None and not best.sure:
            found[need.key] = f"{best.label} is a guess: no {need.key.replace('-', ' ')} has a fitting name."
    return found
