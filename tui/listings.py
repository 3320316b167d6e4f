"""The long lists of the trees, by name, made when they are needed and from then on kept in step."""

from __future__ import annotations

from bisect import bisect_left
from itertools import compress
from typing import TYPE_CHECKING, overload

from instance_profiles.inventory.model import Instance, InstanceProfile, LaunchTemplateVersion, Role
from widgets.tree_source import SiblingKeys

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import Object

_MANY = 100
"""More changes at once than these are sorted in faster than put in one by one."""
_STEP = 1_000
"""Instances that are put into a list between two pauses."""
_FEW_OF = 20
"""To look for a name costs as much as to go past so many."""

Group = tuple[str, ...]
_Place = tuple[str, str]
"""What something stands in order by, and its name."""


class Keys(SiblingKeys):
    """The keys of a listing below a place of a tree, as they were when they were asked for.

    `names` are the last parts of the keys, and `orders` what they stand in order by.
    """

    __slots__ = ("_names", "_order_of", "_orders", "_under")

    def __init__(
        self,
        under: str,
        orders: Sequence[str],
        names: Sequence[str],
        order_of: Callable[[str], str | None],
    ) -> None:
        self._under = under
        self._orders = orders
        self._names = names
        self._order_of = order_of

    @property
    def under(self) -> str:
        return self._under

    def __len__(self) -> int:
        return len(self._names)

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> list[str]: ...

    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            return [f"{self._under}/{name}" for name in self._names[place]]
        return f"{self._under}/{self._names[place]}"

    def names(self, places: range) -> Sequence[str]:
        """The last part of the keys at these places."""
        return self._names[places.start : places.stop]

    def find(self, key: str) -> int | None:
        under, _, name = key.rpartition("/")
        return self._place_of(name) if under == self._under else None

    def kept(self, names: Collection[str]) -> Keys:
        """Those of these names."""
        if len(names) * _FEW_OF < len(self._names):
            places = sorted(place for name in names if (place := self._place_of(name)) is not None)
            orders, kept = [self._orders[place] for place in places], [self._names[place] for place in places]
        else:
            # Without a call of ours for each: of 100,000 that is what takes the time.
            chosen = list(map(names.__contains__, self._names))
            orders, kept = list(compress(self._orders, chosen)), list(compress(self._names, chosen))
        return Keys(self._under, orders, kept, self._order_of)

    def keeps_any(self, names: Collection[str]) -> bool:
        """Whether any of these names is among them."""
        if len(names) < len(self._names):
            return any(self._place_of(name) is not None for name in names)
        return any(map(names.__contains__, self._names))

    def _place_of(self, name: str) -> int | None:
        order = self._order_of(name)
        if order is None:
            return None
        place = bisect_left(self._orders, order)
        if place < len(self._orders) and self._orders[place] == order:
            return place
        # It stands elsewhere by now, or it is none of these.
        return next((place for place, other in enumerate(self._names) if other == name), None)


class Listing:
    """Names in an order, which is a text of its own for each: `order_of` tells that of a name, if any."""

    def __init__(self, order_of: Callable[[str], str | None], placed: Iterable[_Place] = ()) -> None:
        self._order_of = order_of
        self._orders: list[str] = []
        self._names: list[str] = []
        self._put(sorted(placed))
        self._new: dict[str, str] = {}
        self._gone: set[str] = set()

    def __len__(self) -> int:
        return len(self._orders) + len(self._new) - len(self._gone)

    def add(self, order: str, name: str) -> None:
        if order in self._gone:
            self._gone.discard(order)
        else:
            self._new[order] = name

    def remove(self, order: str) -> None:
        if self._new.pop(order, None) is None:
            self._gone.add(order)

    def keys(self, under: str) -> Keys:
        """The keys below a place of a tree, in order; they stay as they are whatever comes later."""
        self._settle()
        return Keys(under, self._orders, self._names, self._order_of)

    def names(self) -> Sequence[str]:
        """The names in order."""
        self._settle()
        return self._names

    def order_of(self, name: str) -> str:
        """Where a name stands: after those of which this is less."""
        return self._order_of(name) or ""

    def _settle(self) -> None:
        if not self._new and not self._gone:
            return
        # Who holds the lists goes on holding the old ones.
        if len(self._new) + len(self._gone) > _MANY:
            gone = self._gone
            placed = zip(self._orders, self._names, strict=True)
            kept = (one for one in placed if one[0] not in gone) if gone else placed
            self._put(sorted((*kept, *self._new.items())))
        else:
            self._orders, self._names = list(self._orders), list(self._names)
            for order in self._gone:
                place = bisect_left(self._orders, order)
                if place < len(self._orders) and self._orders[place] == order:
                    del self._orders[place], self._names[place]
            for order, name in self._new.items():
                place = bisect_left(self._orders, order)
                self._orders.insert(place, order)
                self._names.insert(place, name)
        self._new, self._gone = {}, set()

    def _put(self, placed: list[_Place]) -> None:
        self._orders = [order for order, _ in placed]
        self._names = [name for _, name in placed]


class Listings:
    """The listings of one inventory, each made when it is first asked for and kept up to date from then on.

    `urgency` says how early an instance profile stands; `moved` must be called when that changed.
    """

    def __init__(self, inventory: Inventory, urgency: Callable[[InstanceProfile], int]) -> None:
        self._inventory = inventory
        self._urgency = urgency
        self._made: dict[Group, Listing] = {}
        self._places: dict[Group, tuple[Group, str]] = {}
        inventory.watch(self._changed)

    def instances(self, account: str, region: str) -> Listing:
        """The instances of a region."""
        known = self._made.get(("instances", account, region))
        if known is None:
            placed = map(_place_of_instance, self._inventory.instances.at(account, region))
            known = self._keep_instances(account, region, placed)
        return known

    def make_ready(self) -> Iterator[None]:
        """Make the lists of instances and roles that nobody asked for yet, in small steps: they are long.

        What changes meanwhile ends it; the next call goes on.
        """
        for account, region in self._inventory.instances.places():
            if ("instances", account, region) in self._made:
                continue
            revision = self._inventory.revision
            placed = []
            for instance in tuple(self._inventory.instances.at(account, region)):
                placed.append(_place_of_instance(instance))
                if len(placed) % _STEP == 0:
                    yield
            if self._inventory.revision != revision:
                return
            self._keep_instances(str(account), str(region), placed)
            yield
        for (account,) in self._inventory.roles.places():
            if ("held", account) not in self._made:
                yield from self._make_held(str(account))

    def _keep_instances(self, account: str, region: str, placed: Iterable[_Place]) -> Listing:
        def order_of(name: str) -> str | None:
            instance = self._inventory.instances.get((account, region, name))
            return _place_of_instance(instance)[0] if instance is not None else None

        made = self._made["instances", account, region] = Listing(order_of, placed)
        return made

    def regions(self, account: str) -> list[str]:
        """The regions that have instances."""
        return sorted(str(place[1]) for place in self._inventory.instances.places() if place[0] == account)

    def roles(self, account: str) -> Listing:
        group = ("roles", account)
        known = self._made.get(group)
        if known is None:
            placed = map(_place_of_role, self._inventory.roles.at(account))
            known = self._made[group] = Listing(self._order_of_role(account), placed)
        return known

    def held_roles(self, account: str, *, held: bool) -> Listing:
        """The roles that an instance profile holds, or the others."""
        group = ("held" if held else "other", account)
        if group not in self._made:
            for _ in self._make_held(account):
                pass
        return self._made[group]

    def _make_held(self, account: str) -> Iterator[None]:
        """Make both lists in small steps; nothing where something changes meanwhile."""
        revision = self._inventory.revision
        placed: dict[Group, list[_Place]] = {("held", account): [], ("other", account): []}
        for number, role in enumerate(tuple(self._inventory.roles.at(account)), 1):
            placed[self._held_or_other(role), account].append(_place_of_role(role))
            if number % _STEP == 0:
                yield
        if self._inventory.revision != revision:
            return
        for group, some in placed.items():
            self._made[group] = Listing(self._order_of_role(account), some)
            self._places.update({("role", account, name): (group, order) for order, name in some})
        yield

    def _held_or_other(self, role: Role) -> str:
        return "held" if self._inventory.instance_profiles_of(role) else "other"

    def instance_profiles(self, account: str) -> Listing:
        """The instance profiles, those in trouble first."""
        group = ("instance-profiles", account)
        if group not in self._made:
            self._made[group] = Listing(self._order_by_place("instance-profile", account))
            for profile in self._inventory.instance_profiles.at(account):
                self._place_profile(profile)
        return self._made[group]

    def templates(self, account: str) -> Listing:
        """The launch templates that have a version that was read."""
        group = ("templates", account)
        if group not in self._made:
            self._made[group] = Listing(self._order_by_place("template", account))
            for version in self._inventory.launch_template_versions:
                if version.account == account:
                    self._place_template(version)
        return self._made[group]

    def moved(self, profile: InstanceProfile) -> None:
        """The urgency of an instance profile may be another one now."""
        if ("instance-profiles", profile.account) in self._made:
            self._place_profile(profile)

    def _order_of_role(self, account: str) -> Callable[[str], str | None]:
        def order_of(name: str) -> str | None:
            role = self._inventory.roles.get((account, name))
            return _place_of_role(role)[0] if role is not None else None

        return order_of

    def _order_by_place(self, kind: str, account: str) -> Callable[[str], str | None]:
        def order_of(name: str) -> str | None:
            place = self._places.get((kind, account, name))
            return place[1] if place is not None else None

        return order_of

    def _changed(self, old: Object | None, new: Object | None) -> None:
        item = new if new is not None else old
        if isinstance(item, Instance):
            self._exchange(("instances", item.account, item.region), old, new, _place_of_instance)
        elif isinstance(item, Role):
            self._exchange(("roles", item.account), old, new, _place_of_role)
            if new is None:
                self._leave(("role", item.account), item.role_id)
            elif isinstance(new, Role):
                self._place_role(new)
        elif isinstance(item, InstanceProfile):
            if new is None:
                self._leave(("instance-profile", item.account), item.instance_profile_id)
            else:
                self.moved(item)
            for profile in (old, new):
                role = profile.role if isinstance(profile, InstanceProfile) else None
                known = self._inventory.roles.get((item.account, role.role_id)) if role else None
                if known is not None:
                    self._place_role(known)
        elif isinstance(item, LaunchTemplateVersion):
            self._place_template(item)

    def _exchange(
        self, group: Group, old: Object | None, new: Object | None, place_of: Callable[..., _Place]
    ) -> None:
        listing = self._made.get(group)
        if listing is None:
            return
        before, now = (place_of(one) if one is not None else None for one in (old, new))
        if before != now:
            if before is not None:
                listing.remove(before[0])
            if now is not None:
                listing.add(*now)

    def _place_role(self, role: Role) -> None:
        if ("held", role.account) in self._made:
            group = (self._held_or_other(role), role.account)
            self._move(("role", role.account), group, _place_of_role(role))

    def _place_profile(self, profile: InstanceProfile) -> None:
        name = profile.instance_profile_name.casefold()
        order = f"{self._urgency(profile)}{name}\0{profile.instance_profile_id}"
        place = (order, profile.instance_profile_id)
        self._move(("instance-profile", profile.account), ("instance-profiles", profile.account), place)

    def _place_template(self, version: LaunchTemplateVersion) -> None:
        if ("templates", version.account) not in self._made:
            return
        account, name = version.account, template_name(version.region, version.launch_template_id)
        versions = self._inventory.versions_with(account, version.region, version.launch_template_id)
        if versions:
            place = (f"{versions[0].launch_template_name.casefold()}\0{name}", name)
            self._move(("template", account), ("templates", account), place)
        else:
            self._leave(("template", account), name)

    def _move(self, kind: Group, group: Group, place: _Place) -> None:
        """Put something into this list, and out of the one that it stood in before."""
        key, here = (*kind, place[1]), (group, place[0])
        if self._places.get(key) == here:
            return
        self._leave(kind, place[1])
        self._made[group].add(*place)
        self._places[key] = here

    def _leave(self, kind: Group, name: str) -> None:
        before = self._places.pop((*kind, name), None)
        if before is not None:
            self._made[before[0]].remove(before[1])


def template_name(region: str, template_id: str) -> str:
    """What a launch template is called in a listing of all regions."""
    return f"{region}:{template_id}"


def _place_of_instance(instance: Instance) -> _Place:
    return f"{instance.name.casefold()}\0{instance.instance_id}", instance.instance_id


def _place_of_role(role: Role) -> _Place:
    return f"{role.role_name.casefold()}\0{role.role_id}", role.role_id
