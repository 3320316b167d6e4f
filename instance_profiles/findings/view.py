"""What the rules look at: the inventory with the joins that several of them need, each made once."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from instance_profiles.findings.coverage import SourceState, UseCoverage, source_state, trouble, use_coverage
from instance_profiles.findings.references import Meant, meant
from instance_profiles.inventory.chains import Chain, walk
from instance_profiles.inventory.model import (
    Association,
    AutoScalingGroup,
    ContainedRole,
    Fleet,
    Instance,
    InstanceProfile,
    InstanceProfileRef,
    LaunchConfiguration,
    LaunchTemplateVersion,
    NamedProfile,
    ObjectRef,
)
from instance_profiles.policies import TrustJudgement, judge_ec2_trust

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from instance_profiles.inventory.inventory import Inventory

# DescribeInstances drops the instance profile of an instance while it shuts down, so neither state says
# anything about instance profiles.
GONE = frozenset({"shutting-down", "terminated"})


class InnerRole(msgspec.Struct, frozen=True):
    """A role with the instance profiles that hold it."""

    account: str
    role: ContainedRole
    trust_policy: str
    instance_profiles: tuple[InstanceProfile, ...]

    @property
    def ref(self) -> ObjectRef:
        return ObjectRef("role", self.account, None, self.role.role_id, self.role.role_name, self.role.arn)


class Template(msgspec.Struct, frozen=True):
    """A launch template with those versions that something launches from by itself or by default."""

    versions: tuple[LaunchTemplateVersion, ...]

    @property
    def ref(self) -> ObjectRef:
        return self.versions[0].ref


class Use(msgspec.Struct, frozen=True):
    """What uses an instance profile. Instances are those that hold its unique id and are not gone."""

    instances: tuple[Instance, ...]
    versions: tuple[LaunchTemplateVersion, ...]
    configurations: tuple[LaunchConfiguration, ...]
    groups: tuple[AutoScalingGroup, ...]
    fleets: tuple[Fleet, ...] = ()
    """Fleets that may still launch with it, from a template or by their own launch specifications."""

    def __bool__(self) -> bool:
        return bool(self.instances or self.versions or self.configurations or self.fleets)

    @property
    def templates(self) -> tuple[ObjectRef, ...]:
        found = {version.ref for version in self.versions} | {item.ref for item in self.configurations}
        return tuple(sorted(found))


class View:
    """An inventory at one moment; caches what rules share, so it must not outlive a change.

    `dependents` tells which rules rest on a source.
    """

    def __init__(
        self, inventory: Inventory, now: datetime, dependents: Mapping[str, tuple[str, ...]]
    ) -> None:
        self.inventory = inventory
        self.now = now
        self.dependents = dependents
        self._uses: dict[tuple[str, str], Use] = {}
        self._use_coverage: dict[str, UseCoverage] = {}
        self._chains: dict[str, Chain] = {}

    # -- coverage ------------------------------------------------------------------------------------------

    def state(self, account: str, region: str | None, source: str) -> SourceState:
        return source_state(self.inventory, account, region, source)

    def trouble(self, account: str, region: str | None, source: str) -> str:
        return trouble(self.inventory, account, region, source)

    def use_coverage(self, account: str) -> UseCoverage:
        """Whether everything that may use an instance profile of this account was read."""
        if account not in self._use_coverage:
            self._use_coverage[account] = use_coverage(self.inventory, account)
        return self._use_coverage[account]

    # -- instances -----------------------------------------------------------------------------------------

    @cached_property
    def attachments(self) -> dict[tuple[str, InstanceProfileRef | None], list[Instance]]:
        """Instances that are not gone, by account and by what they are attached to."""
        grouped: dict[tuple[str, str, str], list[Instance]] = {}
        for instance in self.inventory.instances:
            if instance.state not in GONE:
                ref = instance.iam_instance_profile
                key = (instance.account, ref.arn if ref else "", ref.id if ref else "")
                grouped.setdefault(key, []).append(instance)
        return {
            (account, InstanceProfileRef(arn, profile_id) if profile_id else None): instances
            for (account, arn, profile_id), instances in grouped.items()
        }

    def attached_profiles(self) -> Iterable[tuple[InstanceProfile, list[Instance]]]:
        """Instance profiles that exist, with the instances that hold their unique id."""
        for (account, ref), instances in self.attachments.items():
            profile = self.inventory.instance_profiles.get((account, ref.id)) if ref else None
            if profile is not None:
                yield profile, instances

    def instance_of(self, association: Association) -> Instance | None:
        """The instance of an association, None where it is not listed or gone."""
        found = self.inventory.instance(association.account, association.region, association.instance_id)
        return found if found is not None and found.state not in GONE else None

    # -- roles ---------------------------------------------------------------------------------------------

    @cached_property
    def inner_roles(self) -> tuple[InnerRole, ...]:
        """Every role that some instance profile holds."""
        holders: dict[tuple[str, str], list[InstanceProfile]] = {}
        for profile in self.inventory.instance_profiles:
            if profile.role is not None:
                holders.setdefault((profile.account, profile.role.role_id), []).append(profile)
        for profiles in holders.values():
            profiles.sort(key=lambda profile: profile.instance_profile_id)
        return tuple(
            InnerRole(account, profiles[0].role, self.trust_policy(profiles[0]), tuple(profiles))
            for (account, _), profiles in holders.items()
            if profiles[0].role is not None
        )

    def trust_policy(self, profile: InstanceProfile) -> str:
        """The trust policy of the role inside, from the role itself where it was listed."""
        role = self.inventory.role_in(profile)
        if role is not None:
            return role.assume_role_policy_document
        return profile.role.assume_role_policy_document if profile.role else ""

    def trust(self, profile: InstanceProfile) -> TrustJudgement | None:
        """Whether EC2 may assume the role inside, None where there is none."""
        if profile.role is None:
            return None
        return judge_ec2_trust(self.trust_policy(profile), partition_of(profile.arn))

    # -- use -----------------------------------------------------------------------------------------------

    def use(self, profile: InstanceProfile) -> Use:
        """What uses an instance profile, as far as it was read."""
        key = (profile.account, profile.instance_profile_id)
        if key not in self._uses:
            self._uses[key] = self._find_use(profile)
        return self._uses[key]

    def use_of_all(self, profiles: Iterable[InstanceProfile]) -> Use:
        """What uses any of several instance profiles."""
        uses = [self.use(profile) for profile in profiles]
        return Use(
            tuple(instance for use in uses for instance in use.instances),
            tuple(version for use in uses for version in use.versions),
            tuple(configuration for use in uses for configuration in use.configurations),
            tuple({group.ref: group for use in uses for group in use.groups}.values()),
            tuple({fleet.ref: fleet for use in uses for fleet in use.fleets}.values()),
        )

    def _find_use(self, profile: InstanceProfile) -> Use:
        inventory = self.inventory
        versions = tuple(
            version for version in inventory.template_versions_naming(profile) if self.is_launched(version)
        )
        configurations = inventory.launch_configurations_naming(profile)
        groups = {
            group.ref: group for version in versions for group in inventory.groups_using_template(version)
        }
        fleets = [
            *inventory.fleets_naming(profile),
            *(fleet for version in versions for fleet in inventory.fleets_using_template(version)),
        ]
        for configuration in configurations:
            groups |= {group.ref: group for group in inventory.groups_using_configuration(configuration)}
        return Use(
            tuple(instance for instance in inventory.instances_of(profile) if instance.state not in GONE),
            versions,
            configurations,
            tuple(groups.values()),
            tuple({fleet.ref: fleet for fleet in fleets}.values()),
        )

    @cached_property
    def meant(self) -> Mapping[Meant, tuple[ObjectRef, ...]]:
        """What templates, configurations and fleets may mean, were path and case put right."""
        return meant(self.inventory)

    # -- launch templates ----------------------------------------------------------------------------------

    def is_launched(self, version: LaunchTemplateVersion) -> bool:
        """Whether something may launch from this version without asking for it by number."""
        return (
            version.default_version
            or version.latest_version
            or bool(self.inventory.groups_using_template(version))
            or bool(self.inventory.fleets_using_template(version))
        )

    @cached_property
    def templates(self) -> tuple[Template, ...]:
        """Launch templates whose launched versions name an instance profile."""
        versions: dict[tuple[str, str, str], list[LaunchTemplateVersion]] = {}
        for version in self.inventory.launch_template_versions:
            names_one = version.iam_instance_profile_arn or version.iam_instance_profile_name
            if names_one and self.is_launched(version):
                key = (version.account, version.region, version.launch_template_id)
                versions.setdefault(key, []).append(version)
        return tuple(
            Template(tuple(sorted(group, key=lambda version: version.version_number)))
            for group in versions.values()
        )

    # -- named profiles ------------------------------------------------------------------------------------

    def chain(self, named_profile: NamedProfile) -> Chain:
        """The walk behind a named profile of the inventory."""
        if named_profile.name not in self._chains:
            self._chains[named_profile.name] = walk(self.inventory.named_profiles, named_profile.name)
        return self._chains[named_profile.name]


def partition_of(arn: str) -> str:
    """The partition of an ARN, `aws` for text that is none."""
    parts = arn.split(":")
    return parts[1] if len(parts) > 5 and parts[1] else "aws"


def account_of(arn: str) -> str | None:
    """The account of an ARN, None for text that is none."""
    parts = arn.split(":")
    return parts[4] if len(parts) > 5 and parts[4] else None
