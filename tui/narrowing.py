"""What a search or a severity leaves of the trees: the objects, and what contains or names them."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from tui.listings import template_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, KeysView, Mapping
    from collections.abc import Set as AbstractSet

    from instance_profiles.findings.scope import Judged
    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import (
        Association,
        Instance,
        InstanceProfile,
        LaunchConfiguration,
        LaunchTemplateVersion,
        ObjectRef,
    )
    from tui.verdicts import Group

_T = TypeVar("_T")
_STEP = 200
"""Objects whose joins are followed between two pauses."""
_NONE: AbstractSet[str] = frozenset()
_LEADS_TO = {
    "instance": ("instance-profile",),
    "association": ("instance", "instance-profile"),
    "role": ("instance-profile", "instance"),
    "instance-profile": ("instance", "launch-template"),
    "launch-template": ("instance-profile",),
    "auto-scaling-group": ("instance", "launch-template", "instance-profile"),
    "launch-configuration": ("instance-profile",),
}
"""What contains or names objects of a kind, or what they name."""


class Narrowing:
    """The objects that are `wanted`, ids by kind, account and region; the sets must not change any more.

    What contains a wanted object is found along the joins and not by walking the trees; `prepare` does that
    in small steps and must be gone through before anything but what is wanted for itself is asked. Where all
    objects of a place are wanted, none is looked for, and the set of the wanted ones is used as it is: it may
    hold a hundred thousand.
    """

    def __init__(self, inventory: Inventory, wanted: Mapping[Group, AbstractSet[str]]) -> None:
        self._inventory = inventory
        self._wanted = wanted
        self._own = dict(wanted)
        for (kind, account, region), names in wanted.items():
            if kind == "launch-template":
                # The trees list those of all regions together.
                called = {template_name(str(region), name) for name in names}
                self._own[kind, account, None] = self._own.get((kind, account, None), _NONE) | called
        self._kept = dict(self._own)
        self._full: set[Group] = set()
        """The places of which all objects are wanted, so that none needs to be found."""
        self._lacking: set[str] = set()
        """The kinds of which some object is not wanted."""
        self._reached: dict[Group, set[str]] = {}
        self._followed: set[str] = set()
        """The instance profiles, by ARN, whose instances are reached."""
        self._used: dict[str, dict[str, str]] = {}
        """By account the instance profiles that something wanted uses: their ARNs by id."""

    def __call__(self, ref: ObjectRef) -> bool:
        return ref.id in self._wanted.get((ref.kind, ref.account, ref.region), _NONE)

    def wants(self, about: Judged) -> bool:
        """Whether an object is wanted for itself."""
        return about[3] in self._wanted.get(about[:3], _NONE)

    def own(self, kind: str, account: str, region: str | None = None) -> AbstractSet[str]:
        """What is wanted for itself; launch templates of all regions by `template_name`."""
        return self._own.get((kind, account, region), _NONE)

    def kept(self, kind: str, account: str, region: str | None = None) -> AbstractSet[str]:
        """What is wanted, and what has, holds, runs, launches or names something that is.

        Of roles these are the wanted ones, and those inside an instance profile that is kept.
        """
        return self._kept.get((kind, account, region), _NONE)

    # -- following -----------------------------------------------------------------------------------------

    def prepare(self) -> Iterator[None]:
        """Find what contains what is wanted, in small steps."""
        yield from self._find_full()
        follow = {
            "instance": self._from_instances,
            "association": self._from_associations,
            "role": self._from_roles,
            "instance-profile": self._from_profiles,
            "launch-template": self._from_templates,
            "auto-scaling-group": self._from_groups,
            "launch-configuration": self._from_configurations,
        }
        for (kind, account, region), names in self._wanted.items():
            for some in _parts(names) if self._lacking.intersection(_LEADS_TO.get(kind, ())) else ():
                follow[kind](account, str(region), some)
                yield
            if kind == "instance-profile" and "launch-template" in self._lacking:
                yield from self._templates_naming(account, names)
        for account, used in self._used.items():
            for ids in _parts(used):
                self._reach_profiles(account, ids)
                yield
        yield from self._keep("instance", "instance-profile", "launch-template")
        for (kind, account, _), profiles in tuple(self._kept.items()):
            for some in _parts(profiles) if kind == "instance-profile" and "role" in self._lacking else ():
                self._reach_roles(account, some)
                yield
        yield from self._keep("role")

    def _find_full(self) -> Iterator[None]:
        inventory = self._inventory
        for kind, table in (
            ("instance-profile", inventory.instance_profiles),
            ("role", inventory.roles),
            ("instance", inventory.instances),
        ):
            for place in table.places():
                account, region = (*map(str, place), None)[:2]
                group = (kind, str(account), region)
                if _has_all(self._own.get(group, _NONE), table.by_id(*place).keys()):
                    self._full.add(group)
                else:
                    self._lacking.add(kind)
                yield
        for place in inventory.launch_template_versions.places():
            names = {version.launch_template_id for version in inventory.launch_template_versions.at(*place)}
            if not names <= self.own("launch-template", *map(str, place)):
                self._lacking.add("launch-template")
            yield

    def _keep(self, *kinds: str) -> Iterator[None]:
        for group, names in self._reached.items():
            if group[0] in kinds:
                self._kept[group] = self._own.get(group, _NONE) | names
                yield

    def _reach(self, group: Group, names: Iterable[str]) -> None:
        if group not in self._full:
            self._reached.setdefault(group, set()).update(names)

    def _from_instances(self, account: str, region: str, names: Iterable[str]) -> None:
        known = self._inventory.instances.by_id(account, region)
        self._note_used(account, (known[name] for name in names if name in known))

    def _from_associations(self, account: str, region: str, names: Iterable[str]) -> None:
        known = self._inventory.associations.by_id(account, region)
        some = [known[name] for name in names if name in known]
        instances = [one.instance_id for one in some]
        self._reach(("instance", account, region), instances)
        self._note_used(account, some)
        self._from_instances(account, region, instances)

    def _from_roles(self, account: str, _region: str, names: Iterable[str]) -> None:
        found = [profile for name in names for profile in self._inventory.profiles_holding(name)]
        self._reach(("instance-profile", account, None), (one.instance_profile_id for one in found))
        self._reach_instances(account, found)

    def _from_profiles(self, account: str, _region: str, names: Iterable[str]) -> None:
        if "instance" in self._lacking:
            known = self._inventory.instance_profiles.by_id(account)
            self._reach_instances(account, (known[name] for name in names if name in known))

    def _templates_naming(self, account: str, profiles: AbstractSet[str]) -> Iterator[None]:
        """Reach the launch templates that name these instance profiles, from the side that has fewer."""
        inventory = self._inventory
        listed = inventory.launch_template_versions
        if len(listed) > len(profiles):
            known = inventory.instance_profiles.by_id(account)
            for some in _parts(profiles):
                for profile in [known[name] for name in some if name in known]:
                    self._reach_templates(inventory.template_versions_naming(profile))
                yield
            return
        for versions in _parts(tuple(listed)):  # of all accounts: an ARN may name what is in another one
            named = ((one, inventory.instance_profile_named_by(one)) for one in versions)
            self._reach_templates(
                one
                for one, by in named
                if by and by.account == account and by.instance_profile_id in profiles
            )
            yield

    def _from_templates(self, account: str, region: str, names: Iterable[str]) -> None:
        for name in names:
            self._reach_named(self._inventory.versions_with(account, region, name))

    def _from_groups(self, account: str, region: str, names: Iterable[str]) -> None:
        inventory = self._inventory
        known = inventory.auto_scaling_groups.by_id(account, region)
        for group in [known[name] for name in names if name in known]:
            instances = [member.instance_id for member in group.instances]
            self._reach(("instance", account, region), instances)
            self._from_instances(account, region, instances)
            versions = [inventory.resolve(account, region, one) for one in group.launch_templates]
            resolved = [version for version in versions if version is not None]
            self._reach_templates(resolved)
            self._reach_named(resolved)

    def _from_configurations(self, account: str, region: str, names: Iterable[str]) -> None:
        known = self._inventory.launch_configurations.by_id(account, region)
        self._reach_named(known[name] for name in names if name in known)

    def _note_used(self, account: str, users: Iterable[Instance | Association]) -> None:
        used = self._used.setdefault(account, {})
        used.update((ref.id, ref.arn) for user in users if (ref := user.iam_instance_profile) is not None)

    def _reach_profiles(self, account: str, ids: Iterable[str]) -> None:
        """The instance profiles with these ids, and those of now with the same ARN."""
        used = self._used[account]
        found = [self._inventory.instance_profile_by_arn(used[name]) for name in ids]
        names = (profile.instance_profile_id for profile in found if profile is not None)
        self._reach(("instance-profile", account, None), (*ids, *names))

    def _reach_instances(self, account: str, profiles: Iterable[InstanceProfile]) -> None:
        regions = [str(place[1]) for place in self._inventory.instances.places() if place[0] == account]
        found: dict[str, list[str]] = {
            region: [] for region in regions if ("instance", account, region) not in self._full
        }
        for profile in profiles if found else ():
            if profile.arn in self._followed:
                continue
            self._followed.add(profile.arn)
            for instance in self._inventory.instances_of(profile):
                if instance.region in found:
                    found[instance.region].append(instance.instance_id)
        for region, names in found.items():
            self._reach(("instance", account, region), names)

    def _reach_templates(self, versions: Iterable[LaunchTemplateVersion]) -> None:
        for one in versions:
            name = template_name(one.region, one.launch_template_id)
            self._reach(("launch-template", one.account, None), (name,))

    def _reach_named(self, launchers: Iterable[LaunchTemplateVersion | LaunchConfiguration]) -> None:
        for launcher in launchers:
            named = self._inventory.instance_profile_named_by(launcher)
            if named is not None:
                self._reach(("instance-profile", named.account, None), (named.instance_profile_id,))

    def _reach_roles(self, account: str, profiles: Iterable[str]) -> None:
        known = self._inventory.instance_profiles.by_id(account)
        some = [known[name].role for name in profiles if name in known]
        self._reach(("role", account, None), (role.role_id for role in some if role is not None))


def _has_all(wanted: AbstractSet[str], listed: KeysView[str]) -> bool:
    """What is wanted is listed, so as many are all: to look for each of a hundred thousand takes long.

    Where something is wanted that is listed no more, each is looked for.
    """
    return len(wanted) == len(listed) or (len(wanted) > len(listed) and listed <= wanted)


def _parts(items: Iterable[_T]) -> Iterator[list[_T]]:
    rest = iter(items)
    while part := list(islice(rest, _STEP)):
        yield part
