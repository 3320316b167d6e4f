"""From a finding and a recipe's name to a plan: pure over the inventory, nothing is asked of AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.fixes.catalogue import RECIPES
from instance_profiles.fixes.plan import CannotPlan
from instance_profiles.fixes.situation import Situation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.findings.finding import Finding
    from instance_profiles.fixes.plan import Plan
    from instance_profiles.inventory.inventory import Inventory


def build_plan(recipe: str, finding: Finding, inventory: Inventory, answers: Mapping[str, str]) -> Plan:
    """The plan of a recipe for a finding; a missing answer is the best candidate.

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
    plan: Plan = found.build(Situation(finding, inventory), given)
    return plan
