"""The long lists of the trees, by name, made when they are needed and from then on kept in step."""

from __future__ import annotations

from bisect import bisect_left, insort
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


class Keys(SiblingKeys):
    """The keys of a listing below a place of a tree, as they were when they were asked for."""

    __slots__ = ("_order_of", "_orders", "_under")

    def __init__(self, under: str, orders: Sequence[str], order_of: Callable[[str], str | None]) -> None:
        self._under = under
        self._orders = orders
        self._order_of = order_of

    @property
    def under(self) -> str:
        return self._under

    def __len__(self) -> int:
        return len(self._orders)

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> list[str]: ...

    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            return [f"{self._under}/{_id(order)}" for order in self._orders[place]]
        return f"{self._under}/{_id(self._orders[place])}"

    def names(self, places: range) -> list[str]:
        """The last part of the keys at these places."""
        return [order.rpartition("\0")[2] for order in self._orders[places.start : places.stop]]

    def find(self, key: str) -> int | None:
        under, _, name = key.rpartition("/")
        return self._place_of(name) if under == self._under else None

    def kept(self, names: Collection[str]) -> Keys:
        """Those of these names."""
        if len(names) * _FEW_OF < len(self._orders):
            places = sorted(place for name in names if (place := self._place_of(name)) is not None)
            orders = [self._orders[place] for place in places]
        else:
            # Without a call for each: of 100,000 that is what takes the time.
            orders = [order for order in self._orders if order.rpartition("\0")[2] in names]
        return Keys(self._under, orders, self._order_of)

    def keeps_any(self, names: Collection[str]) -> bool:
        """Whether any of these names is among them."""
        if len(names) < len(self._orders):
            return any(self._place_of(name) is not None for name in names)
        return any(_id(order) in names for order in self._orders)

    def _place_of(self, name: str) -> int | None:
        order = self._order_of(name)
        if order is None:
            return None
        place = bisect_left(self._orders, order)
        if place < len(self._orders) and self._orders[place] == order:
            return place
        # It stands elsewhere by now, or it is none of these.
        ending = f"\0{name}"
        return next((place for place, old in enumerate(self._orders) if old.endswith(ending)), None)


class Listing:
    """Ids in an order. An order is text that ends with the id; `order_of` tells that of an id, if any."""

    def __init__(self, order_of: Callable[[str], str | None], orders: Iterable[str] = ()) -> None:
        self._order_of = order_of
        self._orders = sorted(orders)
        self._new: set[str] = set()
        self._gone: set[str] = set()

    def __len__(self) -> int:
        return len(self._orders) + len(self._new) - len(self._gone)

    def add(self, order: str) -> None:
        if order in self._gone:
            self._gone.discard(order)
        else:
            self._new.add(order)

    def remove(self, order: str) -> None:
        if order in self._new:
            self._new.discard(order)
        else:
            self._gone.add(order)

    def keys(self, under: str) -> Keys:
        """The keys below a place of a tree, in order; they stay as they are whatever comes later."""
        self._settle()
        return Keys(under, self._orders, self._order_of)

    def names(self) -> Iterator[str]:
        """The ids in order."""
        self._settle()
        return map(_id, self._orders)

    def order_of(self, name: str) -> str:
        """Where an id stands: after those of which this is less."""
        return self._order_of(name) or ""

    def _settle(self) -> None:
        if not self._new and not self._gone:
            return
        # Who holds the list goes on holding the old one.
        if len(self._new) + len(self._gone) > _MANY:
            gone = self._gone
            kept = [order for order in self._orders if order not in gone] if gone else self._orders
            self._orders = sorted((*kept, *self._new))
        else:
            self._orders = list(self._orders)
            for order in self._gone:
                place = bisect_left(self._orders, order)
                if place < len(self._orders) and self._orders[place] == order:
                    del self._orders[place]
            for order in self._new:
                insort(self._orders, order)
        self._new, self._gone = set(), set()


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
            orders = map(_of_instance, self._inventory.instances.at(account, region))
            known = self._keep_instances(account, region, orders)
        return known

    def make_ready(self) -> Iterator[None]:
        """Make the lists of instances that nobody asked for yet, in small steps: the longest of all.

        What changes meanwhile ends it; the next call goes on.
        """
        for account, region in self._inventory.instances.places():
            if ("instances", account, region) in self._made:
                continue
            revision = self._inventory.revision
            orders = []
            for instance in tuple(self._inventory.instances.at(account, region)):
                orders.append(_of_instance(instance))
                if len(orders) % _STEP == 0:
                    yield
            if self._inventory.revision != revision:
                return
            self._keep_instances(str(account), str(region), orders)
            yield

    def _keep_instances(self, account: str, region: str, orders: Iterable[str]) -> Listing:
        def order_of(name: str) -> str | None:
            instance = self._inventory.instances.get((account, region, name))
            return _of_instance(instance) if instance is not None else None

        made = self._made["instances", account, region] = Listing(order_of, orders)
        return made

    def regions(self, account: str) -> list[str]:
        """The regions that have instances."""
        return sorted(str(place[1]) for place in self._inventory.instances.places() if place[0] == account)

    def roles(self, account: str) -> Listing:
        group = ("roles", account)
        known = self._made.get(group)
        if known is None:
            orders = map(_of_role, self._inventory.roles.at(account))
            known = self._made[group] = Listing(self._order_of_role(account), orders)
        return known

    def held_roles(self, account: str, *, held: bool) -> Listing:
        """The roles that an instance profile holds, or the others."""
        group = ("held" if held else "other", account)
        if group not in self._made:
            for one in (("held", account), ("other", account)):
                self._made[one] = Listing(self._order_of_role(account))
            for role in self._inventory.roles.at(account):
                self._place_role(role)
        return self._made[group]

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
            return _of_role(role) if role is not None else None

        return order_of

    def _order_by_place(self, kind: str, account: str) -> Callable[[str], str | None]:
        def order_of(name: str) -> str | None:
            place = self._places.get((kind, account, name))
            return place[1] if place is not None else None

        return order_of

    def _changed(self, old: Object | None, new: Object | None) -> None:
        item = new if new is not None else old
        if isinstance(item, Instance):
            self._exchange(("instances", item.account, item.region), old, new, _of_instance)
        elif isinstance(item, Role):
            self._exchange(("roles", item.account), old, new, _of_role)
            if new is None:
                self._move(("role", item.account, item.role_id), None)
            elif isinstance(new, Role):
                self._place_role(new)
        elif isinstance(item, InstanceProfile):
            if new is None:
                self._move(("instance-profile", item.account, item.instance_profile_id), None)
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
        self, group: Group, old: Object | None, new: Object | None, order: Callable[..., str]
    ) -> None:
        listing = self._made.get(group)
        if listing is None:
            return
        before, now = (order(one) if one is not None else None for one in (old, new))
        if before != now:
            if before is not None:
                listing.remove(before)
            if now is not None:
                listing.add(now)

    def _place_role(self, role: Role) -> None:
        if ("held", role.account) in self._made:
            group = "held" if self._inventory.instance_profiles_of(role) else "other"
            self._move(("role", role.account, role.role_id), ((group, role.account), _of_role(role)))

    def _place_profile(self, profile: InstanceProfile) -> None:
        name = profile.instance_profile_name.casefold()
        order = f"{self._urgency(profile)}{name}\0{profile.instance_profile_id}"
        key = ("instance-profile", profile.account, profile.instance_profile_id)
        self._move(key, (("instance-profiles", profile.account), order))

    def _place_template(self, version: LaunchTemplateVersion) -> None:
        if ("templates", version.account) not in self._made:
            return
        account, name = version.account, template_name(version.region, version.launch_template_id)
        versions = self._inventory.versions_with(account, version.region, version.launch_template_id)
        order = f"{versions[0].launch_template_name.casefold()}\0{name}" if versions else ""
        self._move(("template", account, name), (("templates", account), order) if versions else None)

    def _move(self, key: Group, place: tuple[Group, str] | None) -> None:
        before = self._places.get(key)
        if before == place:
            return
        if before is not None:
            self._made[before[0]].remove(before[1])
            del self._places[key]
        if place is not None:
            self._made[place[0]].add(place[1])
            self._places[key] = place


def template_name(region: str, template_id: str) -> str:
    """What a launch template is called in a listing of all regions."""
    return f"{region}:{template_id}"


def _of_instance(instance: Instance) -> str:
    return f"{instance.name.casefold()}\0{instance.instance_id}"


def _of_role(role: Role) -> str:
    return f"{role.role_name.casefold()}\0{role.role_id}"


def _id(order: str) -> str:
    return order.rpartition("\0")[2]
