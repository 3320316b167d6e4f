"""Finding objects by what a person types: names, ids, ARNs and tags, forgiving of small mistakes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from tui.store import RefKey, ref_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import ObjectRef

FUZZY_CUTOFF = 80
"""Below this likeness of rapidfuzz (0 to 100), what is found surprises more than it helps."""


class SearchIndex:
    """What can be typed to find each object; built once per state of the inventory."""

    def __init__(self, inventory: Inventory) -> None:
        self.revision = inventory.revision
        self._keys: list[RefKey] = []
        self._names: list[str] = []
        self._texts: list[str] = []
        for ref, words in _searchable(inventory):
            self._keys.append(ref_key(ref))
            self._names.append(ref.name.casefold())
            self._texts.append("\n".join((ref.name, ref.id, ref.arn or "", *words)).casefold())

    def __len__(self) -> int:
        return len(self._keys)

    def find(self, typed: str, also: frozenset[RefKey] = frozenset()) -> frozenset[RefKey]:
        """Objects in which every typed word stands, and `also`; without any those of a similar name."""
        words = typed.casefold().split()
        if not words:
            return frozenset(self._keys)
        exact = frozenset(
            key
            for key, text in zip(self._keys, self._texts, strict=True)
            if all(word in text for word in words)
        )
        if exact or also:
            return exact | also
        wanted = " ".join(words)
        similar = process.extract(
            wanted, self._names, scorer=fuzz.WRatio, limit=50, score_cutoff=FUZZY_CUTOFF
        )
        return frozenset(self._keys[position] for _name, _score, position in similar)


def _searchable(inventory: Inventory) -> Iterator[tuple[ObjectRef, Iterable[str]]]:
    for profile in inventory.instance_profiles:
        yield profile.ref, _tags(profile.tags)
    for role in inventory.roles:
        yield role.ref, _tags(role.tags)
    for instance in inventory.instances:
        yield instance.ref, (*_tags(instance.tags), instance.private_ip_address or "", instance.region)
    for association in inventory.associations:
        yield association.ref, ()
    for version in inventory.launch_template_versions:
        yield version.ref, ()
    for group in inventory.auto_scaling_groups:
        yield group.ref, _tags(group.tags)
    for configuration in inventory.launch_configurations:
        yield configuration.ref, ()
    for named_profile in inventory.named_profiles.values():
        yield named_profile.ref, (named_profile.role_arn or "", named_profile.source_profile or "")
    for account, caller in inventory.callers.items():
        yield caller.ref, (account,)


def _tags(tags: dict[str, str] | None) -> Iterator[str]:
    for key, value in (tags or {}).items():
        yield f"{key}={value}"
