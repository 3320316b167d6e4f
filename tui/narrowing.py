"""What a search or a severity leaves of the trees: the objects, and what contains or names them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from instance_profiles.findings.scope import judged

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from instance_profiles.findings.scope import Judged
    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import (
        Association,
        Instance,
        InstanceProfile,
        LaunchTemplateVersion,
        ObjectRef,
    )

Ids = set[str]


class Narrowing:
    """The objects that are wanted. Ids of AWS are unique, so that sets of ids stand for the long lists.

    What contains a wanted object is found along the joins and not by walking the trees.
    """

    def __init__(self, inventory: Inventory, wanted: AbstractSet[Judged]) -> None:
        self._inventory = inventory
        self._wanted = wanted

    def __call__(self, ref: ObjectRef) -> bool:
        return judged(ref) in self._wanted

    @cached_property
    def _by_kind(self) -> dict[str, list[Judged]]:
        found: dict[str, list[Judged]] = {}
        for about in self._wanted:
            found.setdefault(about[0], []).append(about)
        return found

    @cached_property
    def own_instances(self) -> Ids:
        return {about[3] for about in self._by_kind.get("instance", ())}

    @cached_property
    def own_roles(self) -> Ids:
        return {about[3] for about in self._by_kind.get("role", ())}

    @cached_property
    def own_profiles(self) -> Ids:
        return {about[3] for about in self._by_kind.get("instance-profile", ())}

    @cached_property
    def instances(self) -> Ids:
        """Instances that are wanted, or have or name something that is."""
        inventory = self._inventory
        kept = set(self.own_instances)
        for association in self._associations():
            kept.add(association.instance_id)
        for profile in self._profiles_and_those_of_roles():
            kept.update(one.instance_id for one in inventory.instances_of(profile))
        for about in self._by_kind.get("auto-scaling-group", ()):
            group = inventory.auto_scaling_groups.get(about[1:])
            kept.update(member.instance_id for member in (group.instances if group else ()))
        return kept

    @cached_property
    def profiles(self) -> Ids:
        """Instance profiles that are wanted, or hold, run or launch something that is."""
        inventory = self._inventory
        kept = set(self.own_profiles)
        kept.update(one.instance_profile_id for one in self._profiles_and_those_of_roles())
        users: list[Instance | Association] = [
            instance
            for instance in inventory.instances
            if instance.iam_instance_profile is not None and instance.instance_id in self.instances
        ]
        for user in (*users, *self._associations()):
            self._note_used(user, kept)
        for version in self._versions():
            named = inventory.instance_profile_named_by(version)
            if named is not None:
                kept.add(named.instance_profile_id)
        for about in self._by_kind.get("launch-configuration", ()):
            configuration = inventory.launch_configurations.get(about[1:])
            named = inventory.instance_profile_named_by(configuration) if configuration else None
            if named is not None:
                kept.add(named.instance_profile_id)
        return kept

    @cached_property
    def roles(self) -> Ids:
        """Roles that are wanted, or are inside an instance profile that is kept."""
        kept = set(self.own_roles)
        for profile in self._inventory.instance_profiles:
            if profile.role is not None and profile.instance_profile_id in self.profiles:
                kept.add(profile.role.role_id)
        return kept

    def _note_used(self, user: Instance | Association, kept: Ids) -> None:
        ref = user.iam_instance_profile
        if ref is not None and ref.id not in kept:
            kept.add(ref.id)
            named = self._inventory.instance_profile_by_arn(ref.arn)
            if named is not None:
                kept.add(named.instance_profile_id)

    def _associations(self) -> Iterable[Association]:
        table = self._inventory.associations
        found = (table.get(about[1:]) for about in self._by_kind.get("association", ()))
        return (association for association in found if association is not None)

    def _versions(self) -> Iterable[LaunchTemplateVersion]:
        inventory = self._inventory
        for about in self._by_kind.get("launch-template", ()):
            yield from inventory.versions_with(about[1], str(about[2]), about[3])
        for about in self._by_kind.get("auto-scaling-group", ()):
            group = inventory.auto_scaling_groups.get(about[1:])
            for specification in group.launch_templates if group else ():
                version = inventory.resolve(about[1], str(about[2]), specification)
                if version is not None:
                    yield version

    def _profiles_and_those_of_roles(self) -> Iterable[InstanceProfile]:
        inventory = self._inventory
        for about in self._by_kind.get("instance-profile", ()):
            profile = inventory.instance_profiles.get((about[1], about[3]))
            if profile is not None:
                yield profile
        for about in self._by_kind.get("role", ()):
            yield from inventory.profiles_holding(about[3])
