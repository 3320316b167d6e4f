"""The part of an inventory that is to be judged: which objects, by kind and key."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import (
        Association,
        AutoScalingGroup,
        Fleet,
        Instance,
        InstanceProfile,
        LaunchConfiguration,
        LaunchTemplateVersion,
        ObjectRef,
    )
    from instance_profiles.inventory.table import Table

InAccount = tuple[str, str]
"""Account and id."""
InRegion = tuple[str, str, str]
"""Account, region and id."""
Judged = tuple[str, str, str | None, str]
"""What a finding is about: kind, account, region and id, as in an ObjectRef."""


def judged(ref: ObjectRef) -> Judged:
    """The key of an object in findings; names and ARNs may be spelled differently, ids not."""
    return (ref.kind, ref.account, ref.region, ref.id)


class Scope:
    """Objects to judge, in the order in which they were marked (dicts, because they keep it).

    `regions` and `accounts` stand for what is told once for all of them. `local` are the named profiles and
    the callers, `gaps` what could not be read: few, and so judged together.
    """

    def __init__(self) -> None:
        self.instances: dict[InRegion, None] = {}
        self.associations: dict[InRegion, None] = {}
        self.instance_profiles: dict[InAccount, None] = {}
        self.roles: dict[InAccount, None] = {}
        self.templates: dict[InRegion, None] = {}
        self.configurations: dict[InRegion, None] = {}
        self.groups: dict[InRegion, None] = {}
        self.fleets: dict[InRegion, None] = {}
        self.regions: dict[tuple[str, str], None] = {}
        self.accounts: dict[str, None] = {}
        self.local = False
        self.gaps = False

    def __bool__(self) -> bool:
        return self.local or self.gaps or any(self._marked())

    def __len__(self) -> int:
        return sum(map(len, self._marked()))

    def _marked(self) -> tuple[dict[Any, None], ...]:
        return (
            self.instance_profiles,
            self.roles,
            self.templates,
            self.configurations,
            self.groups,
            self.fleets,
            self.instances,
            self.associations,
            self.accounts,
            self.regions,
        )

    def add(self, other: Scope) -> None:
        for own, more in zip(self._marked(), other._marked(), strict=True):
            own.update(more)
        self.local |= other.local
        self.gaps |= other.gaps

    def discard(self, other: Scope) -> None:
        """Take away what another scope has."""
        for own, there in zip(self._marked(), other._marked(), strict=True):
            for key in own.keys() & there.keys():
                del own[key]
        self.local &= not other.local
        self.gaps &= not other.gaps

    def take(self, limit: int) -> Scope:
        """Take out a part of at most `limit` objects; what few there are of goes along at once."""
        part = Scope()
        part.local, self.local = self.local, False
        part.gaps, self.gaps = self.gaps, False
        for own, taken in zip(self._marked(), part._marked(), strict=True):
            # All instances of a region are looked through for what is told once for it: one region at a time.
            room = limit - len(part) if own is not self.regions else not part
            for key in list(islice(own, room)):
                del own[key]
                taken[key] = None
        return part

    # -- what is marked ------------------------------------------------------------------------------------

    def instances_in(self, inventory: Inventory) -> Iterator[Instance]:
        return _present(inventory.instances, self.instances)

    def associations_in(self, inventory: Inventory) -> Iterator[Association]:
        return _present(inventory.associations, self.associations)

    def instance_profiles_in(self, inventory: Inventory) -> Iterator[InstanceProfile]:
        return _present(inventory.instance_profiles, self.instance_profiles)

    def configurations_in(self, inventory: Inventory) -> Iterator[LaunchConfiguration]:
        return _present(inventory.launch_configurations, self.configurations)

    def groups_in(self, inventory: Inventory) -> Iterator[AutoScalingGroup]:
        return _present(inventory.auto_scaling_groups, self.groups)

    def fleets_in(self, inventory: Inventory) -> Iterator[Fleet]:
        return _present(inventory.fleets, self.fleets)

    def versions_in(self, inventory: Inventory) -> Iterator[LaunchTemplateVersion]:
        """The versions of the launch templates."""
        for template in self.templates:
            yield from inventory.versions_with(*template)

    def mark(self, about: Judged) -> None:
        """Judge again what a finding may be about."""
        kind, account, region, name = about
        if region is None:
            if kind == "instance-profile":
                self.instance_profiles[account, name] = None
            elif kind == "role":
                self.roles[account, name] = None
            elif kind == "account":
                self.accounts[account] = None
            else:
                self.local = True
        elif kind == "region":
            self.regions[account, region] = None
        else:
            self._regional(kind)[account, region, name] = None

    def subjects(self) -> Iterator[Judged]:
        """The keys of everything marked, as findings name it; without what is local."""
        for kind in ("instance", "association", "launch-template", "launch-configuration"):
            for account, region, name in self._regional(kind):
                yield kind, account, region, name
        for account, region, name in self.groups:
            yield "auto-scaling-group", account, region, name
        for account, region, name in self.fleets:
            yield "spot-fleet", account, region, name
            yield "ec2-fleet", account, region, name
        for account, name in self.instance_profiles:
            yield "instance-profile", account, None, name
        for account, name in self.roles:
            yield "role", account, None, name
        for account, region in self.regions:
            yield "region", account, region, region
        for account in self.accounts:
            yield "account", account, None, account

    def _regional(self, kind: str) -> dict[InRegion, None]:
        return {
            "instance": self.instances,
            "association": self.associations,
            "launch-template": self.templates,
            "launch-configuration": self.configurations,
            "auto-scaling-group": self.groups,
        }.get(kind, self.fleets)


def _present(table: Table[Any], keys: Iterable[tuple[str, ...]]) -> Iterator[Any]:
    return (item for item in map(table.get, keys) if item is not None)
