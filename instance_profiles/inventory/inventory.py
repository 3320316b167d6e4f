"""The inventory: takes batches, keeps the objects, and knows how far each source was read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from instance_profiles.inventory import sources
from instance_profiles.inventory.launch_joins import LaunchJoins
from instance_profiles.inventory.model import (
    AccountSummary,
    Association,
    AutoScalingGroup,
    Batch,
    Caller,
    Coverage,
    Fleet,
    Instance,
    InstanceProfile,
    Kind,
    LaunchConfiguration,
    LaunchTemplateVersion,
    LoadEvent,
    LocalConfig,
    ManagedNode,
    ManagedPolicy,
    MetadataDefaults,
    NamedProfile,
    Object,
    ObjectRef,
    ResourceTags,
    Role,
    RoleChange,
    RoleDuration,
    ScalingActivity,
    SigningEnvironment,
)
from instance_profiles.inventory.passing import moving
from instance_profiles.inventory.sightings import Sightings

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping
    from collections.abc import Set as AbstractSet

CoverageKey = tuple[str, str | None, str]
"""The place of a coverage (account or named profile), its region and its source."""

_LISTS: dict[str, tuple[type, ...]] = {
    sources.INSTANCE_PROFILES: (InstanceProfile,),
    sources.AUTHORIZATION_DETAILS: (Role, ManagedPolicy),
    sources.ROLES: (Role,),
    sources.INSTANCE_PROFILE_TAGS: (ResourceTags,),
    sources.INSTANCES: (Instance,),
    sources.ASSOCIATIONS: (Association,),
    sources.LAUNCH_TEMPLATE_VERSIONS: (LaunchTemplateVersion,),
    sources.AUTO_SCALING_GROUPS: (AutoScalingGroup,),
    sources.LAUNCH_CONFIGURATIONS: (LaunchConfiguration,),
    sources.SCALING_ACTIVITIES: (ScalingActivity,),
    sources.SPOT_FLEETS: (Fleet,),
    sources.EC2_FLEETS: (Fleet,),
    sources.METADATA_DEFAULTS: (MetadataDefaults,),
    sources.MANAGED_NODES: (ManagedNode,),
}
"""What each source lists: once it was read to its end, what it did not bring does not exist."""
_INSTEAD = {sources.AUTHORIZATION_DETAILS: sources.ROLES, sources.ROLES: sources.AUTHORIZATION_DETAILS}
"""Either of these lists the roles."""
_FLEETS = {"spot-fleet": sources.SPOT_FLEETS, "ec2-fleet": sources.EC2_FLEETS}


class Inventory(LaunchJoins):
    """Everything that was read so far. Not thread-safe: one event loop owns it.

    `revision` grows with every change, so that readers can tell cheaply whether to look again.
    """

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        super().__init__()
        self._clock = clock
        self.revision = 0
        self.callers: dict[str, Caller] = {}
        self.enabled_regions: dict[str, tuple[str, ...] | None] = {}
        """The regions enabled in each account; None while unknown or when the listing was refused."""
        self.asked_regions: dict[str, tuple[str, ...]] = {}
        """The regions that this run reads; fewer than the enabled ones after `--region`."""
        self.coverage: dict[CoverageKey, Coverage] = {}
        self.account_summaries: dict[str, AccountSummary] = {}
        self.named_profiles: dict[str, NamedProfile] = {}
        self.environment: SigningEnvironment | None = None
        self.role_changes: dict[tuple[str, str], RoleChange] = {}
        """By account and unique id of the instance profile: the last change of its role that is known."""
        self.sightings = Sightings()
        self._durations: dict[str, int] = {}
        self._watchers: list[Callable[[Object | None, Object | None], None]] = []
        self._arriving: dict[CoverageKey, dict[type, set[Hashable]]] = {}
        """The ids that each listing under way has brought, by kind."""

    def watch(self, told: Callable[[Object | None, Object | None], None]) -> None:
        """Tell each change of an object: what it was and what it is, None where it was or is not there.

        Objects that come together are told of when all of them are there.
        """
        self._watchers.append(told)
        for table in self._tables.values():
            table.watch(told)

    def _tell(self, old: Object | None, new: Object | None) -> None:
        for told in self._watchers:
            told(old, new)

    # -- taking in ------------------------------------------------------------------------------------------

    def take(self, event: LoadEvent) -> None:
        """Take in what a load yields."""
        if isinstance(event, Batch):
            self.apply(event)
        elif isinstance(event, LocalConfig):
            self.take_local_config(event)
        else:
            self.revision += 1
            if isinstance(event, Caller):
                self.callers[event.account] = event
            else:
                self.enabled_regions[event.account] = event.regions
                self.asked_regions[event.account] = event.asked

    def take_local_config(self, config: LocalConfig) -> frozenset[ObjectRef]:
        """Take in all named profiles at once; returns the refs of those that are new, changed or gone."""
        self.revision += 1
        before = self.named_profiles
        self.named_profiles = {profile.name: profile for profile in config.named_profiles}
        self.environment = config.environment
        self.coverage[_coverage_key(config.coverage)] = config.coverage
        return frozenset(
            profile.ref
            for name in before.keys() | self.named_profiles.keys()
            if before.get(name) != self.named_profiles.get(name)
            for profile in (self.named_profiles.get(name) or before[name],)
        )

    def apply(self, batch: Batch) -> None:
        """Take one batch in; what a listing that is read to its end did not bring again is forgotten."""
        coverage = batch.coverage
        key = _coverage_key(coverage)
        if coverage.state == "loading" and not batch.objects and coverage.cause is None:
            self._arriving[key] = {}
        arriving = self._arriving.setdefault(key, {})
        for kind, objects in _by_kind(batch.objects):
            table = self._tables.get(kind)
            if table is None:
                for item in objects:
                    self._note(item)
            else:
                arriving.setdefault(kind, set()).update(map(table.id_of, objects))
                table.put_all(self._completed(kind, objects))
        if coverage.state == "complete":
            self._forget_others(coverage, arriving)
        if coverage.state != "loading":
            del self._arriving[key]
        self.coverage[key] = coverage
        self.revision += 1

    def forget_unread(self, account: str, regions: Iterable[str | None]) -> None:
        """Forget, of these regions, what no listing of this run brought: it was known from an earlier one."""
        for region in regions:
            for source in _LISTS:
                is_global = source in sources.GLOBAL_SOURCES or source == sources.ROLES
                read = (source, _INSTEAD.get(source, source))
                if is_global == (region is None) and not any(
                    self.is_complete(account, region, one) for one in read
                ):
                    self._forget_others(Coverage(account, region, source, "failed"), {})
        self.revision += 1

    def put(self, item: Object) -> bool:
        """Take in one object that was read by itself; False if it was known just so."""
        if isinstance(item, AccountSummary | RoleDuration):
            changed = self._note(item)
        else:
            (kept,) = self._completed(type(item), (item,))
            changed = self._tables[type(kept)].put(kept)
        self.revision += 1
        return changed

    def take_role_changes(self, changes: Iterable[RoleChange]) -> None:
        """Note when roles of instance profiles were changed; of several changes of one the last counts."""
        for change in changes:
            key = (change.account, change.instance_profile_id)
            known = self.role_changes.get(key)
            if known is None or known.time <= change.time:
                self.role_changes[key] = change
        self.revision += 1

    def remove(self, item: Object) -> bool:
        """Forget one object that was found to be gone; False if it was not known."""
        table = self._tables.get(type(item))
        self.revision += 1
        return table is not None and table.discard(table.key(item)) is not None

    def key_of(self, item: Object) -> tuple[type, Hashable]:
        """What tells one object from all others, whatever it looks like now."""
        if isinstance(item, AccountSummary):
            return type(item), item.account
        if isinstance(item, RoleDuration):
            return type(item), item.arn
        return type(item), self._tables[type(item)].key(item)

    def _forget_others(self, coverage: Coverage, arrived: Mapping[type, set[Hashable]]) -> None:
        """Forget what a listing that was read to its end did not bring."""
        place = (coverage.account,) if coverage.region is None else (coverage.account, coverage.region)
        for kind in _LISTS.get(coverage.source, ()):
            table = self._tables[kind]
            known = table.by_id(*place)
            brought: AbstractSet[Hashable] = arrived.get(kind, frozenset())
            # Mostly nothing has gone, and that is told at once.
            for name in () if known.keys() <= brought else tuple(known.keys() - brought):
                if kind is not Fleet or _FLEETS[known[name].kind] == coverage.source:
                    table.discard((*place, name))

    def _note(self, item: Object) -> bool:
        """Keep what is in no table; whether that changed anything."""
        if isinstance(item, AccountSummary):
            known = self.account_summaries.get(item.account)
            self.account_summaries[item.account] = item
            if known != item:
                self._tell(known, item)
            return known != item
        if not isinstance(item, RoleDuration):
            raise TypeError(f"There is no table for a {type(item).__name__}.")
        changed = self._durations.get(item.arn) != item.max_session_duration
        self._durations[item.arn] = item.max_session_duration
        if changed:
            self._tell(None, item)
        role = self.role_by_arn(item.arn)
        return self.roles.put(self._with_duration(role)) if role else changed

    def longest_session(self, role_arn: str) -> int | None:
        """The maximum session duration of a role in seconds, where iam:GetRole told it; listed or not."""
        return self._durations.get(role_arn)

    def _completed(self, kind: type, objects: Iterable[Any]) -> Iterable[Object]:
        """Objects of one kind with what their listing does not send and was known before."""
        if kind is Association:
            now = self._clock()
            return [self._with_first_seen(item, now) for item in objects]
        if kind is not Role:
            return objects
        for item in objects:
            if item.max_session_duration is not None:
                self._durations[item.arn] = item.max_session_duration
        return [self._with_duration(item) for item in objects]

    def _with_duration(self, role: Role) -> Role:
        duration = self._durations.get(role.arn)
        if duration == role.max_session_duration:
            return role
        return msgspec.structs.replace(role, max_session_duration=duration)

    def _with_first_seen(self, item: Association, now: datetime) -> Association:
        known = self.associations.get((item.account, item.region, item.association_id))
        if known is not None and known.state == item.state and known.first_seen is not None:
            return msgspec.structs.replace(item, first_seen=known.first_seen)
        if item.first_seen:
            return item
        passing = moving(item) if known is None else None
        earlier = self.sightings.since(passing) if passing else None
        return msgspec.structs.replace(item, first_seen=earlier or now)

    def concerned(self, item: Object) -> ObjectRef:
        """The object that people see change with this one; most are that themselves."""
        if isinstance(item, Instance | Association):
            return item.ref
        if isinstance(item, RoleDuration):
            role = self.role_by_arn(item.arn)
            return role.ref if role else _global("role", item.account, item.arn)
        if isinstance(item, ResourceTags):
            profile = self.instance_profile_by_arn(item.arn)
            return profile.ref if profile else _global("instance-profile", item.account, item.arn)
        if isinstance(item, ManagedPolicy):
            return ObjectRef("account", item.account, None, item.account, item.account)
        if isinstance(item, MetadataDefaults):
            return ObjectRef("region", item.account, item.region, item.region, item.region)
        if isinstance(item, ScalingActivity):
            name = item.auto_scaling_group_name
            return ObjectRef("auto-scaling-group", item.account, item.region, name, name)
        if isinstance(item, ManagedNode):
            return ObjectRef("instance", item.account, item.region, item.instance_id, item.instance_id)
        return item.ref

    def tags_of(self, instance_profile: InstanceProfile) -> dict[str, str] | None:
        """The tags of an instance profile, None where they were not read.

        Those read with the object itself come after the listing and count first. The listing names only what
        has or had tags.
        """
        if instance_profile.tags is not None:
            return instance_profile.tags
        listed = self.resource_tags.get((instance_profile.account, instance_profile.arn))
        if listed is not None:
            return listed.tags
        return {} if self.is_complete(instance_profile.account, None, sources.INSTANCE_PROFILE_TAGS) else None

    # -- coverage ------------------------------------------------------------------------------------------

    def coverage_of(self, account: str, region: str | None, source: str) -> Coverage | None:
        return self.coverage.get((account, region, source))

    def is_complete(self, account: str, region: str | None, source: str) -> bool:
        coverage = self.coverage_of(account, region, source)
        return coverage is not None and coverage.state == "complete"

    def regions_not_asked(self, account: str) -> tuple[str, ...] | None:
        """Enabled regions that this run does not read; None where the enabled regions are not known."""
        enabled = self.enabled_regions.get(account)
        if enabled is None:
            return None
        asked = self.asked_regions.get(account, ())
        return tuple(region for region in enabled if region not in asked)

    def counts(self) -> dict[str, int]:
        return {
            "instance_profiles": len(self.instance_profiles),
            "roles": len(self.roles),
            "instances": len(self.instances),
            "associations": len(self.associations),
        }

    def accounts(self) -> Iterable[str]:
        return self.callers.keys()


def _by_kind(objects: tuple[Object, ...]) -> Iterable[tuple[type, tuple[Object, ...]]]:
    """Objects by what they are; a listing brings one kind, or two."""
    kinds = dict.fromkeys(map(type, objects))
    if len(kinds) < 2:
        return ((kind, objects) for kind in kinds)
    return ((kind, tuple(item for item in objects if type(item) is kind)) for kind in kinds)


def _coverage_key(coverage: Coverage) -> CoverageKey:
    return coverage.place, coverage.region, coverage.source


def _global(kind: Kind, account: str, arn: str) -> ObjectRef:
    """An object of IAM that is known by its ARN only."""
    return ObjectRef(kind, account, None, arn, arn.rpartition("/")[2], arn)
