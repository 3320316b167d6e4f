"""Instances that share a trait, told once for their region: a note on each would drown what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from instance_profiles.findings.coverage import scope_ref
from instance_profiles.findings.wording import refs
from instance_profiles.inventory.model import Instance, ObjectRef

if TYPE_CHECKING:
    from collections.abc import Iterable


class InRegion(msgspec.Struct, frozen=True):
    """Some instances of one region, by name; never none."""

    account: str
    region: str
    instances: tuple[Instance, ...]

    @property
    def ref(self) -> ObjectRef:
        return scope_ref(self.account, self.region)

    @property
    def related(self) -> tuple[ObjectRef, ...]:
        return refs(instance.ref for instance in self.instances)


def in_regions(instances: Iterable[Instance]) -> tuple[InRegion, ...]:
    """The instances by the region that they are in."""
    found: dict[tuple[str, str], list[Instance]] = {}
    for instance in instances:
        found.setdefault((instance.account, instance.region), []).append(instance)
    return tuple(
        InRegion(account, region, tuple(sorted(some, key=lambda one: (one.name, one.instance_id))))
        for (account, region), some in found.items()
    )
