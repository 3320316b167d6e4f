"""Every rule and every topic by its id, in the order of the catalogue.

A new file in `rules/` or `topics/` is found by itself.
"""

from __future__ import annotations

import importlib
import pkgutil
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from instance_profiles.findings import rules, topics
from instance_profiles.findings.rule import Rule
from instance_profiles.findings.topic import Topic

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from types import ModuleType

E = TypeVar("E", bound="Rule | Topic")


def _discover(package: ModuleType, kind: type[E]) -> Iterator[E]:
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, kind):
                yield value


def _by_id(found: Iterable[E]) -> Mapping[str, E]:
    entries = sorted(found, key=lambda entry: (entry.order, entry.id))
    by_id = {entry.id: entry for entry in entries}
    if len(by_id) != len(entries):
        raise RuntimeError("Two entries of the catalogue share an id.")
    return MappingProxyType(by_id)


RULES: Mapping[str, Rule] = _by_id(_discover(rules, Rule))
"""What is looked for in the inventory."""

TOPICS: Mapping[str, Topic] = _by_id(_discover(topics, Topic))
"""What only an error or a closer look shows."""

CATALOGUE: Mapping[str, Rule | Topic] = _by_id([*RULES.values(), *TOPICS.values()])
"""Everything that can be read about."""


def dependents() -> Mapping[str, tuple[str, ...]]:
    """For each source the ids of the rules whose verdict rests on it."""
    found: dict[str, list[str]] = {}
    for rule in RULES.values():
        for source in dict.fromkeys(rule.needs):
            found.setdefault(source, []).append(rule.id)
    return {source: tuple(ids) for source, ids in found.items()}
