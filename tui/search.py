"""Finding objects by what a person types: names, ids, ARNs and tags, forgiving of small mistakes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from instance_profiles.findings.scope import judged
from instance_profiles.inventory.model import Caller, Instance, NamedProfile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from instance_profiles.findings.scope import Judged
    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import (
        Association,
        AutoScalingGroup,
        InstanceProfile,
        LaunchConfiguration,
        LaunchTemplateVersion,
        Role,
    )

    Searchable = (
        Instance
        | Association
        | InstanceProfile
        | Role
        | LaunchTemplateVersion
        | AutoScalingGroup
        | LaunchConfiguration
        | NamedProfile
        | Caller
    )

FUZZY_CUTOFF = 80
"""Below this likeness of rapidfuzz (0 to 100), what is found surprises more than it helps."""


class SearchIndex:
    """What can be typed to find each object. Only what changed since the last search is read again.

    It holds nothing but frozen objects, so that a thread of its own may search while the inventory changes;
    only one at a time.
    """

    def __init__(self) -> None:
        self._entries: dict[int, tuple[Searchable, Judged, str, str]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def find(
        self, objects: Iterable[Searchable], typed: str, also: frozenset[Judged] = frozenset()
    ) -> frozenset[Judged]:
        """Objects in which every typed word stands, and `also`; without any those of a similar name."""
        self._refresh(objects)
        words = typed.casefold().split()
        entries = self._entries.values()
        if not words:
            return frozenset(key for _, key, _, _ in entries)
        first, *further = words
        exact = frozenset(
            key
            for _, key, _, text in entries
            if first in text and (not further or all(word in text for word in further))
        )
        if exact or also:
            return exact | also
        listed = list(entries)
        similar = process.extract(
            " ".join(words),
            [name for _, _, name, _ in listed],
            scorer=fuzz.WRatio,
            limit=50,
            score_cutoff=FUZZY_CUTOFF,
        )
        return frozenset(listed[position][1] for _name, _score, position in similar)

    def _refresh(self, objects: Iterable[Searchable]) -> None:
        known, entries = self._entries, {}
        for item in objects:
            entry = known.get(id(item))
            if entry is None:
                ref = item.ref
                text = "\n".join((ref.name, ref.id, ref.arn or "", *_words(item))).casefold()
                entry = (item, judged(ref), ref.name.casefold(), text)
            entries[id(item)] = entry
        self._entries = entries


def searchable(inventory: Inventory) -> list[Searchable]:
    """Everything that can be searched for, as it is now."""
    return [
        *inventory.instance_profiles,
        *inventory.roles,
        *inventory.instances,
        *inventory.associations,
        *inventory.launch_template_versions,
        *inventory.auto_scaling_groups,
        *inventory.launch_configurations,
        *inventory.named_profiles.values(),
        *inventory.callers.values(),
    ]


def _words(item: Searchable) -> Iterator[str]:
    """What is searched beside name, id and ARN."""
    for key, value in (getattr(item, "tags", None) or {}).items():
        yield f"{key}={value}"
    if isinstance(item, Instance):
        yield from (item.private_ip_address or "", item.region)
    elif isinstance(item, NamedProfile):
        yield from (item.role_arn or "", item.source_profile or "")
    elif isinstance(item, Caller):
        yield item.account
