"""The long lists of the trees, by name, kept in step with the inventory: what is not opened costs nothing."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from instance_profiles.inventory.model import Instance, InstanceProfile, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import Object

_MANY = 100
"""More changes at once than these are sorted in faster than put in one by one."""

Group = tuple[str, ...]


class Listing:
    """Ids in an order, and the keys that they have in trees. An order is text that ends with the id."""

    def __init__(self, orders: Iterable[str] = ()) -> None:
        self._orders = sorted(orders)
        self._keys: dict[str, list[str]] = {}
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

    def keys(self, under: str) -> list[str]:
        """The keys below a place of a tree, in order; the list is kept and must not be changed."""
        self._settle()
        keys = self._keys.get(under)
        if keys is None:
            keys = self._keys[under] = [f"{under}/{_id(order)}" for order in self._orders]
        return keys

    def _settle(self) -> None:
        if not self._new and not self._gone:
            return
        if len(self._new) + len(self._gone) > _MANY:
            kept = (
                [order for order in self._orders if order not in self._gone] if self._gone else self._orders
            )
            self._orders = sorted((*kept, *self._new))
            self._keys = {}
        else:
            # Who holds a list of keys goes on holding the old one.
            self._keys = {under: list(keys) for under, keys in self._keys.items()}
            for order in self._gone:
                place = bisect_left(self._orders, order)
                if place < len(self._orders) and self._orders[place] == order:
                    del self._orders[place]
                    for keys in self._keys.values():
                        del keys[place]
            for order in self._new:
                place = bisect_left(self._orders, order)
                self._orders.insert(place, order)
                for under, keys in self._keys.items():
                    keys.insert(place, f"{under}/{_id(order)}")
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
        group = ("instances", account, region)
        return self._listing(group, self._inventory.instances.at(account, region), _of_instance)

    def regions(self, account: str) -> list[str]:
        """The regions that have instances."""
        return sorted(str(place[1]) for place in self._inventory.instances.places() if place[0] == account)

    def roles(self, account: str) -> Listing:
        return self._listing(("roles", account), self._inventory.roles.at(account), _of_role)

    def held_roles(self, account: str, *, held: bool) -> Listing:
        """The roles that an instance profile holds, or the others."""
        group = ("held" if held else "other", account)
        if group not in self._made:
            for one in (("held", account), ("other", account)):
                self._made[one] = Listing()
            for role in self._inventory.roles.at(account):
                self._place_role(role)
        return self._made[group]

    def instance_profiles(self, account: str) -> Listing:
        """The instance profiles, those in trouble first."""
        group = ("instance-profiles", account)
        if group not in self._made:
            self._made[group] = Listing()
            for profile in self._inventory.instance_profiles.at(account):
                self._place_profile(profile)
        return self._made[group]

    def moved(self, profile: InstanceProfile) -> None:
        """The urgency of an instance profile may be another one now."""
        if ("instance-profiles", profile.account) in self._made:
            self._place_profile(profile)

    def _listing(self, group: Group, items: Iterable[Object], order: Callable[..., str]) -> Listing:
        known = self._made.get(group)
        if known is None:
            known = self._made[group] = Listing(map(order, items))
        return known

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

    def _exchange(
        self, group: Group, old: Object | None, new: Object | None, order: Callable[..., str]
    ) -> None:
        listing = self._made.get(group)
        before, now = (order(one) if one is not None else None for one in (old, new))
        if listing is not None and before != now:
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


def _of_instance(instance: Instance) -> str:
    return f"{instance.name.casefold()}\0{instance.instance_id}"


def _of_role(role: Role) -> str:
    return f"{role.role_name.casefold()}\0{role.role_id}"


def _id(order: str) -> str:
    return order.rpartition("\0")[2]
