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
Place = tuple[str, str | None]
"""Account and region; None for what is of no region."""
Judged = tuple[str, str, str | None, str]
"""What a finding is about: kind, account, region and id, as in an ObjectRef."""

_DEAR = 4


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
        return *self._dear(), *self._cheap()

    def _dear(self) -> tuple[dict[Any, None], ...]:
        return (
            self.instance_profiles,
            self.roles,
            self.templates,
            self.configurations,
            self.groups,
            self.fleets,
            self.accounts,
            self.regions,
        )

    def _cheap(self) -> tuple[dict[InRegion, None], ...]:
        return self.instances, self.associations

    def add(self, other: Scope) -> None:
        for own, more in zip(self._marked(), other._marked(), strict=True):
            own.update(more)
        self.local |= other.local
        self.gaps |= other.gaps

    def take(self, limit: int) -> Scope:
        """Take out a part that costs at most `limit`; what few there are of goes along at once.

        An instance or association costs one, an instance profile or role with all that hangs on it `_DEAR`.
        """
        part = Scope()
        part.local, self.local = self.local, False
        part.gaps, self.gaps = self.gaps, False
        for own, taken in zip(self._dear(), part._dear(), strict=True):
            # Of a region all that have a trait are told of at once: one region at a time.
            most = limit // _DEAR if own is not self.regions else min(1, limit // _DEAR)
            limit -= _DEAR * _move(own, taken, most)
        for own, taken in zip(self._cheap(), part._cheap(), strict=True):
            limit -= _move(own, taken, limit)
        return part

    def places(self) -> set[Place]:
        """Where what is marked is."""
        regional = (*self._cheap(), self.templates, self.configurations, self.groups, self.fleets)
        found: set[Place] = {(account, region) for some in regional for account, region, _ in some}
        found.update(self.regions)
        found.update((account, None) for some in (self.instance_profiles, self.roles) for account, _ in some)
        found.update((account, None) for account in self.accounts)
        return found

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


def whole(inventory: Inventory, place: Place, limit: int) -> Iterator[Scope]:
    """All that is judged of a place, in parts as of `take`; what changes meanwhile is told as a change."""
    account, region = place
    if region is None:
        yield from _of_account(inventory, account, limit)
        return
    first = Scope()
    first.regions[account, region] = None
    rest = (
        (first.templates, (name for name, _ in inventory.launch_template_versions.by_id(account, region))),
        (first.configurations, inventory.launch_configurations.by_id(account, region)),
        (first.groups, inventory.auto_scaling_groups.by_id(account, region)),
        (first.fleets, inventory.fleets.by_id(account, region)),
    )
    for marked, names in rest:
        marked.update(((account, region, name), None) for name in names)
    instances = tuple(inventory.instances.by_id(account, region))
    associations = tuple(inventory.associations.by_id(account, region))
    while first:
        yield first.take(limit)
    for start in range(0, len(instances), limit):
        part = Scope()
        part.instances.update(((account, region, one), None) for one in instances[start : start + limit])
        yield part
    for start in range(0, len(associations), limit):
        part = Scope()
        part.associations.update(
            ((account, region, one), None) for one in associations[start : start + limit]
        )
        yield part


def _of_account(inventory: Inventory, account: str, limit: int) -> Iterator[Scope]:
    first = Scope()
    first.accounts[account] = None
    yield first
    names, step = tuple(inventory.instance_profiles.by_id(account)), limit // (2 * _DEAR)
    for start in range(0, len(names), step):
        part = Scope()
        for name in names[start : start + step]:
            profile = inventory.instance_profiles.get((account, name))
            part.instance_profiles[account, name] = None
            if profile is not None and profile.role is not None:
                part.roles[account, profile.role.role_id] = None
        yield part


def _move(own: dict[Any, None], taken: dict[Any, None], most: int) -> int:
    """Move the first marks over, and tell how many."""
    if not own or most <= 0:
        return 0
    if len(own) <= most:
        taken.update(own)
        own.clear()
    else:
        for key in list(islice(own, most)):
            del own[key]
            taken[key] = None
    return len(taken)


def _present(table: Table[Any], keys: Iterable[tuple[str, ...]]) -> Iterator[Any]:
    return (item for item in map(table.get, keys) if item is not None)
