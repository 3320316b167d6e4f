"""The inventory: takes batches, keeps the objects, and joins them both ways.

Joins go by unique id and full ARN. The one join by name is the one AWS itself makes: a launch template or
launch configuration that names its instance profile without an ARN.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from instance_profiles.inventory import sources
from instance_profiles.inventory.model import (
    AccountSummary,
    Association,
    AutoScalingGroup,
    Batch,
    Caller,
    Coverage,
    EnabledRegions,
    Instance,
    InstanceProfile,
    LaunchConfiguration,
    LaunchTemplateSpecification,
    LaunchTemplateVersion,
    LoadEvent,
    NamedProfile,
    Object,
    ObjectRef,
    Role,
)
from instance_profiles.inventory.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

T = TypeVar("T")
CoverageKey = tuple[str, str | None, str]

_LISTED_BY: dict[type, tuple[str, ...]] = {
    InstanceProfile: (sources.INSTANCE_PROFILES,),
    Role: (sources.AUTHORIZATION_DETAILS, sources.ROLES),
    Instance: (sources.INSTANCES,),
    Association: (sources.ASSOCIATIONS,),
    LaunchTemplateVersion: (sources.LAUNCH_TEMPLATE_VERSIONS,),
    AutoScalingGroup: (sources.AUTO_SCALING_GROUPS,),
    LaunchConfiguration: (sources.LAUNCH_CONFIGURATIONS,),
}


def _profile_references(arn: str | None, name: str | None) -> list[Hashable]:
    return [key for key in (arn, name) if key]


class Inventory:
    """Everything that was read so far. Not thread-safe: one event loop owns it.

    `revision` grows with every change, so that readers can tell cheaply whether to look again.
    """

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
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

        self.instance_profiles: Table[InstanceProfile] = Table(lambda p: (p.account, p.instance_profile_id))
        self.roles: Table[Role] = Table(lambda r: (r.account, r.role_id))
        self.instances: Table[Instance] = Table(lambda i: (i.account, i.region, i.instance_id))
        self.associations: Table[Association] = Table(lambda a: (a.account, a.region, a.association_id))
        self.launch_template_versions: Table[LaunchTemplateVersion] = Table(
            lambda v: (v.account, v.region, v.launch_template_id, v.version_number)
        )
        self.auto_scaling_groups: Table[AutoScalingGroup] = Table(
            lambda g: (g.account, g.region, g.auto_scaling_group_name)
        )
        self.launch_configurations: Table[LaunchConfiguration] = Table(
            lambda c: (c.account, c.region, c.launch_configuration_name)
        )
        self._tables: dict[type, Table[Any]] = {
            InstanceProfile: self.instance_profiles,
            Role: self.roles,
            Instance: self.instances,
            Association: self.associations,
            LaunchTemplateVersion: self.launch_template_versions,
            AutoScalingGroup: self.auto_scaling_groups,
            LaunchConfiguration: self.launch_configurations,
        }
        self._profile_by_arn = self.instance_profiles.index(lambda p: (p.arn,))
        self._profile_by_name = self.instance_profiles.index(
            lambda p: ((p.account, p.instance_profile_name.casefold()),)
        )
        self._profiles_by_role_id = self.instance_profiles.index(
            lambda p: (p.role.role_id,) if p.role else ()
        )
        self._profiles_by_role_arn = self.instance_profiles.index(lambda p: (p.role.arn,) if p.role else ())
        self._role_by_name = self.roles.index(lambda r: ((r.account, r.role_name.casefold()),))
        self._role_by_arn = self.roles.index(lambda r: (r.arn,))
        self._instances_by_profile_id = self.instances.index(
            lambda i: (i.iam_instance_profile.id,) if i.iam_instance_profile else ()
        )
        self._instances_by_profile_arn = self.instances.index(
            lambda i: (i.iam_instance_profile.arn,) if i.iam_instance_profile else ()
        )
        self._associations_by_instance = self.associations.index(
            lambda a: ((a.account, a.region, a.instance_id),)
        )
        self._associations_by_profile_id = self.associations.index(lambda a: (a.iam_instance_profile.id,))
        self._associations_by_profile_arn = self.associations.index(lambda a: (a.iam_instance_profile.arn,))
        self._versions_by_template = self.launch_template_versions.index(
            lambda v: (
                (v.account, v.region, v.launch_template_id),
                (v.account, v.region, v.launch_template_name),
            )
        )
        self._versions_by_reference = self.launch_template_versions.index(
            lambda v: _profile_references(
                v.iam_instance_profile_arn,
                v.iam_instance_profile_name and f"{v.account}/{v.iam_instance_profile_name}",
            )
        )
        self._groups_by_template = self.auto_scaling_groups.index(
            lambda g: [
                (g.account, g.region, key)
                for spec in g.launch_templates
                for key in (spec.launch_template_id, spec.launch_template_name)
                if key
            ]
        )
        self._group_by_instance = self.auto_scaling_groups.index(
            lambda g: [(g.account, g.region, member.instance_id) for member in g.instances]
        )
        self._groups_by_configuration = self.auto_scaling_groups.index(
            lambda g: (
                ((g.account, g.region, g.launch_configuration_name),) if g.launch_configuration_name else ()
            )
        )
        self._configurations_by_reference = self.launch_configurations.index(
            lambda c: (
                ()
                if not c.iam_instance_profile
                else (c.iam_instance_profile,)
                if c.iam_instance_profile.startswith("arn:")
                else (f"{c.account}/{c.iam_instance_profile}",)
            )
        )
        self._arriving: dict[CoverageKey, set[tuple[type, Hashable]]] = {}
        self._held: dict[CoverageKey, set[tuple[type, Hashable]]] = {}

    # -- taking in ------------------------------------------------------------------------------------------

    def take(self, event: LoadEvent) -> frozenset[ObjectRef]:
        """Take in what a load yields; returns the refs of objects that were added, changed or are gone."""
        if isinstance(event, Batch):
            return self.apply(event)
        self.revision += 1
        if isinstance(event, Caller):
            self.callers[event.account] = event
            return frozenset((event.ref,))
        if isinstance(event, EnabledRegions):
            self.enabled_regions[event.account] = event.regions
            self.asked_regions[event.account] = event.asked
            return frozenset()
        before = self.named_profiles
        self.named_profiles = {profile.name: profile for profile in event.named_profiles}
        self.coverage[(event.coverage.account, event.coverage.region, event.coverage.source)] = event.coverage
        return frozenset(
            profile.ref
            for name in before.keys() | self.named_profiles.keys()
            if before.get(name) != self.named_profiles.get(name)
            for profile in (self.named_profiles.get(name) or before[name],)
        )

    def apply(self, batch: Batch) -> frozenset[ObjectRef]:
        """Take one batch in; returns the refs of objects that were added, changed or are gone."""
        coverage = batch.coverage
        key = (coverage.account, coverage.region, coverage.source)
        changed: set[ObjectRef] = set()
        if coverage.state == "loading" and not batch.objects:
            self._arriving[key] = set()
        arriving = self._arriving.setdefault(key, set())
        for item in batch.objects:
            if isinstance(item, AccountSummary):
                if self.account_summaries.get(item.account) != item:
                    changed.add(item.ref)
                self.account_summaries[item.account] = item
                continue
            kept = self._with_first_seen(item) if isinstance(item, Association) else item
            table = self._tables[type(kept)]
            arriving.add((type(kept), table.key(kept)))
            if table.put(kept):
                changed.add(kept.ref)
        if coverage.state == "complete":
            for kind, primary in self._held.get(key, set()) - arriving:
                gone = self._tables[kind].discard(primary)
                if gone is not None:
                    changed.add(gone.ref)
            self._held[key] = self._arriving.pop(key)
        elif coverage.state != "loading":
            self._held.setdefault(key, set()).update(self._arriving.pop(key, set()))
        self.coverage[key] = coverage
        self.revision += 1
        return frozenset(changed)

    def put(self, item: Object) -> bool:
        """Take in one object that was read by itself; False if it was known just so."""
        if isinstance(item, AccountSummary):
            changed = self.account_summaries.get(item.account) != item
            self.account_summaries[item.account] = item
        else:
            kept = self._with_first_seen(item) if isinstance(item, Association) else item
            table = self._tables[type(kept)]
            changed = table.put(kept)
            self._hold(kept, table.key(kept))
        self.revision += 1
        return changed

    def remove(self, item: Object) -> bool:
        """Forget one object that was found to be gone; False if it was not known."""
        table = self._tables.get(type(item))
        self.revision += 1
        return table is not None and table.discard(table.key(item)) is not None

    def key_of(self, item: Object) -> tuple[type, Hashable]:
        """What tells one object from all others, whatever it looks like now."""
        table = self._tables.get(type(item))
        return type(item), item.account if table is None else table.key(item)

    def _hold(self, item: Object, primary: Hashable) -> None:
        """Tie an object that was read by itself to its listing, whose next load tells if it is gone."""
        region = getattr(item, "region", None)
        for source in _LISTED_BY.get(type(item), ()):
            held = self._held.get((item.account, region, source))
            if held is not None:
                held.add((type(item), primary))

    def _with_first_seen(self, item: Association) -> Association:
        known = self.associations.get((item.account, item.region, item.association_id))
        if known is not None and known.state == item.state and known.first_seen is not None:
            return msgspec.structs.replace(item, first_seen=known.first_seen)
        return item if item.first_seen else msgspec.structs.replace(item, first_seen=self._clock())

    # -- instance profiles ---------------------------------------------------------------------------------

    def instance_profile_by_arn(self, arn: str) -> InstanceProfile | None:
        return self._profile_by_arn.first(arn)

    def instance_profile_by_name(self, account: str, name: str) -> InstanceProfile | None:
        """Names are unique in an account without regard to case, and so is this look-up."""
        return self._profile_by_name.first((account, name.casefold()))

    def instance_profile_of(self, user: Instance | Association) -> InstanceProfile | None:
        """The instance profile that is really attached: the one with the same unique id."""
        ref = user.iam_instance_profile
        return self.instance_profiles.get((user.account, ref.id)) if ref else None

    def instances_of(self, profile: InstanceProfile) -> tuple[Instance, ...]:
        """Instances in all regions that hold this unique id."""
        return self._instances_by_profile_id.get(profile.instance_profile_id)

    def instances_with_stale_id(self, profile: InstanceProfile) -> tuple[Instance, ...]:
        """Instances that hold this ARN with another unique id: the profile was deleted and made again."""
        return tuple(
            instance
            for instance in self._instances_by_profile_arn.get(profile.arn)
            if instance.iam_instance_profile
            and instance.iam_instance_profile.id != profile.instance_profile_id
        )

    def instances_naming(self, profile: InstanceProfile) -> tuple[Instance, ...]:
        """Instances that hold this ARN or this unique id: all that a change of the profile may reach."""
        found = {
            (i.account, i.region, i.instance_id): i for i in self._instances_by_profile_arn.get(profile.arn)
        }
        found.update({(i.account, i.region, i.instance_id): i for i in self.instances_of(profile)})
        return tuple(found.values())

    def associations_naming(self, profile: InstanceProfile) -> tuple[Association, ...]:
        found = {(a.region, a.association_id): a for a in self._associations_by_profile_arn.get(profile.arn)}
        found.update(
            {
                (a.region, a.association_id): a
                for a in self._associations_by_profile_id.get(profile.instance_profile_id)
            }
        )
        return tuple(found.values())

    def associations_of(self, instance: Instance) -> tuple[Association, ...]:
        return self._associations_by_instance.get((instance.account, instance.region, instance.instance_id))

    def instance(self, account: str, region: str, instance_id: str) -> Instance | None:
        return self.instances.get((account, region, instance_id))

    # -- roles ---------------------------------------------------------------------------------------------

    def role_in(self, profile: InstanceProfile) -> Role | None:
        """The role inside an instance profile as the role listing has it, None if it was not listed."""
        return self.roles.get((profile.account, profile.role.role_id)) if profile.role else None

    def role_by_arn(self, arn: str) -> Role | None:
        return self._role_by_arn.first(arn)

    def role_by_name(self, account: str, name: str) -> Role | None:
        return self._role_by_name.first((account, name.casefold()))

    def instance_profiles_of(self, role: Role) -> tuple[InstanceProfile, ...]:
        return self._profiles_by_role_id.get(role.role_id)

    # -- launch templates, scaling groups, launch configurations --------------------------------------------

    def template_versions_naming(self, profile: InstanceProfile) -> tuple[LaunchTemplateVersion, ...]:
        by_arn = self._versions_by_reference.get(profile.arn)
        by_name = self._versions_by_reference.get(f"{profile.account}/{profile.instance_profile_name}")
        return by_arn + by_name

    def launch_configurations_naming(self, profile: InstanceProfile) -> tuple[LaunchConfiguration, ...]:
        by_arn = self._configurations_by_reference.get(profile.arn)
        by_name = self._configurations_by_reference.get(f"{profile.account}/{profile.instance_profile_name}")
        return by_arn + by_name

    def versions_of_template(self, version: LaunchTemplateVersion) -> tuple[LaunchTemplateVersion, ...]:
        return self._versions_by_template.get((version.account, version.region, version.launch_template_id))

    def groups_using_template(self, version: LaunchTemplateVersion) -> tuple[AutoScalingGroup, ...]:
        """Scaling groups that launch from exactly this version."""
        candidates = {
            group.auto_scaling_group_name: group
            for key in (version.launch_template_id, version.launch_template_name)
            for group in self._groups_by_template.get((version.account, version.region, key))
        }
        return tuple(
            group
            for group in candidates.values()
            if any(
                self.resolve(group.account, group.region, specification) == version
                for specification in group.launch_templates
            )
        )

    def groups_using_configuration(self, configuration: LaunchConfiguration) -> tuple[AutoScalingGroup, ...]:
        key = (configuration.account, configuration.region, configuration.launch_configuration_name)
        return self._groups_by_configuration.get(key)

    def group_of(self, instance: Instance) -> AutoScalingGroup | None:
        return self._group_by_instance.first((instance.account, instance.region, instance.instance_id))

    def resolve(
        self, account: str, region: str, specification: LaunchTemplateSpecification
    ) -> LaunchTemplateVersion | None:
        """The version a specification means, None if that version was not read."""
        key = specification.launch_template_id or specification.launch_template_name
        for version in self._versions_by_template.get((account, region, key)):
            wanted = specification.version or "$Default"
            if (
                (wanted == "$Default" and version.default_version)
                or (wanted == "$Latest" and version.latest_version)
                or wanted == str(version.version_number)
            ):
                return version
        return None

    def instance_profile_named_by(
        self, user: LaunchTemplateVersion | LaunchConfiguration
    ) -> InstanceProfile | None:
        """The instance profile a template or configuration means; names compare with case, as EC2 does."""
        if isinstance(user, LaunchTemplateVersion):
            arn, name = user.iam_instance_profile_arn, user.iam_instance_profile_name
        else:
            value = user.iam_instance_profile or ""
            arn, name = (value, None) if value.startswith("arn:") else (None, value)
        if arn:
            return self.instance_profile_by_arn(arn)
        if name:
            profile = self.instance_profile_by_name(user.account, name)
            return profile if profile and profile.instance_profile_name == name else None
        return None

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
