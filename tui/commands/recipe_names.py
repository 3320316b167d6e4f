"""Recipes by the names that people type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.fixes.catalogue import RECIPES
from tui.commands.exits import CommandError, Exit
from tui.commands.nearest import nearest

if TYPE_CHECKING:
    from instance_profiles.fixes.recipe import Recipe


def known_recipe(name: str) -> Recipe:
    """The recipe of this name; raises CommandError with the nearest name where there is none."""
    recipe = RECIPES.get(name)
    if recipe is None:
        hint = nearest(name, RECIPES) or f"the recipes are {', '.join(RECIPES)}"
        raise CommandError(f"There is no recipe {name!r}; {hint}.", Exit.USAGE)
    return recipe
