"""Every rule by its id, in the order of the catalogue. A new file in `rules/` is found by itself."""

from __future__ import annotations

import importlib
import pkgutil
from types import MappingProxyType
from typing import TYPE_CHECKING

from instance_profiles.findings import rules
from instance_profiles.findings.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def _discover() -> Iterator[Rule]:
    for module in pkgutil.iter_modules(rules.__path__, f"{rules.__name__}."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, Rule):
                yield value


def _by_id(found: list[Rule]) -> dict[str, Rule]:
    by_id = {rule.id: rule for rule in sorted(found, key=lambda rule: (rule.order, rule.id))}
    if len(by_id) != len(found):
        raise RuntimeError("Two rules share an id.")
    return by_id


RULES: Mapping[str, Rule] = MappingProxyType(_by_id(list(_discover())))


def dependents() -> Mapping[str, tuple[str, ...]]:
    """For each source the ids of the rules whose verdict rests on it."""
    found: dict[str, list[str]] = {}
    for rule in RULES.values():
        for source in dict.fromkeys(rule.needs):
            found.setdefault(source, []).append(rule.id)
    return {source: tuple(ids) for source, ids in found.items()}
