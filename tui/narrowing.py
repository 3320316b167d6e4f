"""What a search or a severity leaves of the trees: the objects, and what contains or names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.listings import template_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from instance_profiles.findings.scope import Judged
    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import (
        Association,
        AutoScalingGroup,
        Instance,
        InstanceProfile,
        LaunchConfiguration,
        LaunchTemplateVersion,
        ObjectRef,
    )
    from tui.verdicts import Group

Ids = set[str]

_STEP = 50
"""Objects whose joins are followed between two pauses."""
_MANY = 500
"""Wanted instance profiles, beyond which everything is looked through for what uses them."""


class Narrowing:
    """The objects that are `wanted`, ids by kind, account and region; the sets must not change any more.

    Ids of AWS are unique, so that sets of ids stand for the long lists.

    What contains a wanted object is found along the joins and not by walking the trees; `prepare` does that
    in small steps and must be gone through before anything is asked.
    """

    def __init__(self, inventory: Inventory, wanted: Mapping[Group, AbstractSet[str]]) -> None:
        self._inventory = inventory
        self._wanted = wanted
        self.own_instances: Ids = set()
        self.own_roles: Ids = set()
        self.own_profiles: Ids = set()
        self.own_templates: Ids = set()
        """By `template_name`."""
        self.instances: Ids = set()
        """Instances that are wanted, or have or name something that is."""
        self.profiles: Ids = set()
        """Instance profiles that are wanted, or hold, run or launch something that is."""
        self.roles: Ids = set()
        """Roles that are wanted, or are inside an instance profile that is kept."""
        self.templates: Ids = set()
        """Launch templates that are wanted, or name or launch something that is; by `template_name`."""

    def __call__(self, ref: ObjectRef) -> bool:
        names = self._wanted.get((ref.kind, ref.account, ref.region))
        return names is not None and ref.id in names

    def wants(self, about: Judged) -> bool:
        """Whether an object is wanted for itself."""
        names = self._wanted.get(about[:3])
        return names is not None and about[3] in names

    def __len__(self) -> int:
        return sum(map(len, self._wanted.values()))

    def prepare(self) -> Iterator[None]:
        """Find what contains what is wanted, in small steps."""
        yield from self._sort_out()
        follow = self._to_follow()
        followed = 0
        for (kind, account, region), names in self._wanted.items():
            for name in names if kind in follow else ():
                follow[kind](account, str(region), name)
                followed += 1
                if followed % _STEP == 0:
                    yield
        if len(self.own_profiles) > _MANY:
            yield from self._find_users()
        for profile in tuple(self._inventory.instance_profiles) if self.profiles else ():
            if profile.role is not None and profile.instance_profile_id in self.profiles:
                self.roles.add(profile.role.role_id)
            followed += 1
            if followed % (20 * _STEP) == 0:
                yield

    def _sort_out(self) -> Iterator[None]:
        """What is kept for itself, by kind."""
        kinds = {
            "instance": (self.own_instances, self.instances),
            "role": (self.own_roles, self.roles),
            "instance-profile": (self.own_profiles, self.profiles),
        }
        for (kind, _, region), names in self._wanted.items():
            for kept in kinds.get(kind, ()):
                kept.update(names)
                yield
            if kind == "launch-template":
                called = [template_name(str(region), name) for name in names]
                self.own_templates.update(called)
                self.templates.update(called)
                yield

    def _to_follow(self) -> dict[str, Callable[[str, str, str], None]]:
        """How to go on from each kind of object; where all are wanted anyway, nothing needs to be found."""
        inventory = self._inventory
        all_profiles = len(self.own_profiles) >= len(inventory.instance_profiles)
        all_users = len(self.own_instances) >= len(inventory.instances)
        follow: dict[str, Callable[[str, str, str], None]] = {
            "launch-template": self._follow_template,
            "auto-scaling-group": self._follow_group,
            "launch-configuration": self._follow_configuration,
        }
        if len(self.own_profiles) <= _MANY:
            follow["instance-profile"] = self._follow_profile
        if not all_profiles:
            follow["instance"] = self._follow_instance
        if not (all_profiles and all_users):
            follow |= {"association": self._follow_association, "role": self._follow_role}
        return follow

    def _follow_instance(self, account: str, region: str, name: str) -> None:
        instance = self._inventory.instances.get((account, region, name))
        if instance is not None:
            self._note_used(instance)

    def _follow_association(self, account: str, region: str, name: str) -> None:
        association = self._inventory.associations.get((account, region, name))
        if association is not None:
            self.instances.add(association.instance_id)
            self._note_used(association)
            self._follow_instance(account, region, association.instance_id)

    def _follow_role(self, _account: str, _region: str, name: str) -> None:
        for profile in self._inventory.profiles_holding(name):
            self.profiles.add(profile.instance_profile_id)
            self._note_instances(profile)

    def _follow_profile(self, account: str, _region: str, name: str) -> None:
        profile = self._inventory.instance_profiles.get((account, name))
        if profile is not None:
            self._note_instances(profile)
            for version in self._inventory.template_versions_naming(profile):
                self.templates.add(template_name(version.region, version.launch_template_id))

    def _find_users(self) -> Iterator[None]:
        """What runs or launches with a wanted instance profile; for many of these quicker than one by one."""
        profiles, table = self.own_profiles, self._inventory.instances
        for account, region in tuple(table.places()):
            # Those that are kept anyway need not be looked at, which are most of them after a common word.
            others = [str(one) for one in table.by_id(account, region) if one not in self.instances]
            yield
            for number, name in enumerate(others):
                instance = table.get((account, region, name))
                ref = instance.iam_instance_profile if instance is not None else None
                if ref is not None and ref.id in profiles:
                    self.instances.add(name)
                if number % _MANY == 0:
                    yield
        for number, version in enumerate(tuple(self._inventory.launch_template_versions)):
            named = self._inventory.instance_profile_named_by(version)
            if named is not None and named.instance_profile_id in profiles:
                self.templates.add(template_name(version.region, version.launch_template_id))
            if number % _STEP == 0:
                yield

    def _follow_template(self, account: str, region: str, name: str) -> None:
        for version in self._inventory.versions_with(account, region, name):
            self._note_named(version)

    def _follow_group(self, account: str, region: str, name: str) -> None:
        group = self._inventory.auto_scaling_groups.get((account, region, name))
        if group is None:
            return
        for member in group.instances:
            self.instances.add(member.instance_id)
            self._follow_instance(account, region, member.instance_id)
        for version in self._versions_of(group):
            self.templates.add(template_name(version.region, version.launch_template_id))
            self._note_named(version)

    def _follow_configuration(self, account: str, region: str, name: str) -> None:
        configuration = self._inventory.launch_configurations.get((account, region, name))
        if configuration is not None:
            self._note_named(configuration)

    def _note_instances(self, profile: InstanceProfile) -> None:
        self.instances.update(instance.instance_id for instance in self._inventory.instances_of(profile))

    def _note_used(self, user: Instance | Association) -> None:
        ref = user.iam_instance_profile
        if ref is not None and ref.id not in self.profiles:
            self.profiles.add(ref.id)
            named = self._inventory.instance_profile_by_arn(ref.arn)
            if named is not None:
                self.profiles.add(named.instance_profile_id)

    def _note_named(self, launcher: LaunchTemplateVersion | LaunchConfiguration) -> None:
        named = self._inventory.instance_profile_named_by(launcher)
        if named is not None:
            self.profiles.add(named.instance_profile_id)

    def _versions_of(self, group: AutoScalingGroup) -> Iterable[LaunchTemplateVersion]:
        for specification in group.launch_templates:
            version = self._inventory.resolve(group.account, group.region, specification)
            if version is not None:
                yield version
