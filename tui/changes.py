"""Which objects changed since the screen was last drawn, and which others show them below themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.inventory.model import (
    Association,
    AutoScalingGroup,
    Instance,
    InstanceProfile,
    LaunchConfiguration,
    LaunchTemplateVersion,
    Role,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import Object

MANY = 1_000
"""After more changes than these everything is taken to have changed."""


class Changes:
    """The changes of one inventory, noted from now on."""

    def __init__(self, inventory: Inventory) -> None:
        self.inventory = inventory
        self._items: list[Object] | None = []
        inventory.watch(self._note)

    def take(self) -> frozenset[str] | None:
        """The ids of the objects whose place in a tree may look different now; None for all."""
        items, self._items = self._items, []
        if items is None:
            return None
        return frozenset(name for item in items for name in _showing(self.inventory, item))

    def _note(self, old: Object | None, new: Object | None) -> None:
        if self._items is not None:
            self._items += [item for item in (old, new) if item is not None]
            if len(self._items) > MANY:
                self._items = None


def _showing(inventory: Inventory, item: Object) -> Iterator[str]:
    """The ids of an object and of those that show it below them."""
    match item:
        case Instance():
            yield item.instance_id
            if item.iam_instance_profile is not None:
                yield item.iam_instance_profile.id
                named = inventory.instance_profile_by_arn(item.iam_instance_profile.arn)
                yield from (named.instance_profile_id,) if named else ()
        case Association():
            yield from (item.association_id, item.instance_id)
        case InstanceProfile():
            yield from _showing_profile(inventory, item)
            yield from (item.role.role_id,) if item.role else ()
        case Role():
            yield item.role_id
            for profile in inventory.instance_profiles_of(item):
                yield from _showing_profile(inventory, profile)
        case LaunchTemplateVersion() | LaunchConfiguration():
            yield item.ref.id
            named = inventory.instance_profile_named_by(item)
            yield from (named.instance_profile_id,) if named else ()
        case AutoScalingGroup():
            yield item.ref.id
            yield from (member.instance_id for member in item.instances)
            for specification in item.launch_templates:
                version = inventory.resolve(item.account, item.region, specification)
                yield from (version.launch_template_id,) if version else ()


def _showing_profile(inventory: Inventory, profile: InstanceProfile) -> Iterator[str]:
    yield profile.instance_profile_id
    yield from (instance.instance_id for instance in inventory.instances_naming(profile))
