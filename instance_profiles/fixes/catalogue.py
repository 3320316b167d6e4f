"""All recipes by name, found in the `recipes` folder and ordered by their number."""

from __future__ import annotations

import importlib
import pkgutil
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from instance_profiles.fixes import recipes
from instance_profiles.fixes.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Mapping


def _found() -> tuple[Recipe, ...]:
    modules = (
        importlib.import_module(f"{recipes.__name__}.{module.name}")
        for module in pkgutil.iter_modules(recipes.__path__)
    )
    found = [module.RECIPE for module in modules if isinstance(getattr(module, "RECIPE", None), Recipe)]
    return tuple(
        sorted(found, key=lambda recipe: (int(recipe.number.strip("R").partition("+")[0]), recipe.name))
    )


RECIPES: Final[Mapping[str, Recipe]] = MappingProxyType({recipe.name: recipe for recipe in _found()})
