"""What the rules look at: the inventory with the joins that several of them need, each made once."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Final

from instance_profiles.findings.arns import partition_of
from instance_profiles.findings.coverage import SourceState, UseCoverage, source_state, trouble, use_coverage
from instance_profiles.findings.grouping import (
    Attached,
    attached_of_all,
    by_attachment,
    by_region,
    unusual_metadata,
)
from instance_profiles.findings.role_policies import policies_of
from instance_profiles.findings.subjects import InnerRole, Template, Use
from instance_profiles.findings.trusting import refusal
from instance_profiles.findings.using import is_launched, together, use_of
from instance_profiles.inventory.chains import Chain, walk
from instance_profiles.inventory.sources import INSTANCE_PROFILE_TAGS
from instance_profiles.inventory.traits import GONE, Trait
from instance_profiles.policies import TrustJudgement, judge_ec2_trust

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable, Mapping
    from datetime import datetime

    from instance_profiles.findings.scope import Scope
    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import (
        AccountSummary,
        Association,
        AutoScalingGroup,
        Caller,
        Coverage,
        Fleet,
        Instance,
        InstanceProfile,
        LaunchConfiguration,
        LaunchTemplateVersion,
        MetadataOptions,
        NamedProfile,
    )

USE: Final = "use"
ASKED: Final = "asked"
"""What `asked_sources` has with an account for `use_coverage` and `asked_regions`."""
_DAY = timedelta(days=1)


class View:
    """An inventory at one moment; caches what rules share, so it must not outlive a change.

    A rule takes its subjects from here (`instances`, `instance_profiles`, `inner_roles`, ...) and everything
    else from the inventory: with a `scope` the view gives only the subjects in it, so that after a change
    only those are judged that it reaches. `dependents` tells which rules rest on a source.
    """

    def __init__(
        self,
        inventory: Inventory,
        now: datetime,
        dependents: Mapping[str, tuple[str, ...]],
        scope: Scope | None = None,
    ) -> None:
        self.inventory = inventory
        self.dependents = dependents
        self.scope = scope
        self.asked_time = False
        """Whether a rule asked for the time since this was last put back."""
        self.changes_at: datetime | None = None
        """The first moment to come at which `days_since` or `has_passed` would answer otherwise."""
        self.asked_sources: set[Hashable] = set()
        """What rules asked about how far things were read since this was last emptied."""
        self._now = now
        self._states: dict[tuple[str, str | None, str], SourceState] = {}
        self._uses: dict[tuple[str, str], Use] = {}
        self._use_coverage: dict[str, UseCoverage] = {}
        self._chains: dict[str, Chain] = {}

    # -- time ----------------------------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        """When the inventory was last read (UTC). What rests on it is judged again whenever that moves."""
        self.asked_time = True
        return self._now

    def days_since(self, moment: datetime) -> int:
        """Whole days since a moment, never negative: clocks differ."""
        days = max(0, (self._now - moment).days)
        self._note_change(moment + (days + 1) * _DAY)
        return days

    def has_passed(self, moment: datetime) -> bool:
        """Whether a moment is there: cheaper than `now` for what stays as it is until then."""
        if moment <= self._now:
            return True
        self._note_change(moment)
        return False

    def _note_change(self, moment: datetime) -> None:
        if self.changes_at is None or moment < self.changes_at:
            self.changes_at = moment

    # -- subjects ------------------------------------------------------------------------------------------

    @cached_property
    def instances(self) -> Iterable[Instance]:
        return (
            self.inventory.instances if self.scope is None else list(self.scope.instances_in(self.inventory))
        )

    def instances_of_regions(self, trait: Trait) -> Iterable[Instance]:
        """All instances with a trait in the regions to judge, for what is told once for a region."""
        places = self.inventory.instances.places() if self.scope is None else self.scope.regions
        return chain.from_iterable(
            self.inventory.instances_with(trait, str(account), str(region)) for account, region in places
        )

    @property
    def hidden_instances(self) -> Iterable[Instance]:
        """Those of the accounts to judge that EC2 does not show by itself."""
        inventory = self.inventory
        accounts = inventory.callers if self.scope is None else self.scope.accounts
        return chain.from_iterable(
            inventory.instances_with("hidden", str(account), str(region))
            for account, region in (inventory.instances.places() if accounts else ())
            if account in accounts
        )

    @property
    def instances_by_region(self) -> Iterable[tuple[str, str, Iterable[Instance]]]:
        """Instances to judge, by account and region."""
        return by_region(self.inventory.instances, None if self.scope is None else self.instances)

    @property
    def associations_by_region(self) -> Iterable[tuple[str, str, Iterable[Association]]]:
        """Associations to judge, by account and region."""
        return by_region(self.inventory.associations, None if self.scope is None else self.associations)

    @cached_property
    def associations(self) -> Iterable[Association]:
        return (
            self.inventory.associations
            if self.scope is None
            else list(self.scope.associations_in(self.inventory))
        )

    @cached_property
    def associations_by_state(self) -> dict[str, list[Association]]:
        found: dict[str, list[Association]] = {}
        for association in self.associations:
            found.setdefault(association.state, []).append(association)
        return found

    @property
    def crowds(self) -> Iterable[tuple[Association, ...]]:
        """The associations of each instance that has several."""
        if self.scope is None:
            return self.inventory.crowded()
        inventory = self.inventory
        found = (inventory.associations_of(one) for one in self.instances if inventory.is_crowded(one))
        return (associations for associations in found if len(associations) > 1)

    @cached_property
    def instance_profiles(self) -> Iterable[InstanceProfile]:
        return (
            self.inventory.instance_profiles
            if self.scope is None
            else list(self.scope.instance_profiles_in(self.inventory))
        )

    @cached_property
    def launch_configurations(self) -> Iterable[LaunchConfiguration]:
        return (
            self.inventory.launch_configurations
            if self.scope is None
            else list(self.scope.configurations_in(self.inventory))
        )

    @cached_property
    def auto_scaling_groups(self) -> Iterable[AutoScalingGroup]:
        return (
            self.inventory.auto_scaling_groups
            if self.scope is None
            else list(self.scope.groups_in(self.inventory))
        )

    @cached_property
    def fleets(self) -> Iterable[Fleet]:
        return self.inventory.fleets if self.scope is None else list(self.scope.fleets_in(self.inventory))

    @property
    def account_summaries(self) -> Iterable[AccountSummary]:
        known = self.inventory.account_summaries
        if self.scope is None:
            return known.values()
        return (known[account] for account in self.scope.accounts if account in known)

    @property
    def named_profiles(self) -> Collection[NamedProfile]:
        everyone = self.scope is None or self.scope.local
        return self.inventory.named_profiles.values() if everyone else ()

    @property
    def callers(self) -> Collection[Caller]:
        return self.inventory.callers.values() if self.scope is None or self.scope.local else ()

    @property
    def coverage(self) -> Iterable[Coverage]:
        """How far everything was read, where that is to be judged."""
        scope = self.scope
        wanted = scope is None or scope.gaps or scope.local or scope.regions or scope.accounts
        return self.inventory.coverage.values() if wanted else ()

    @property
    def members(self) -> Iterable[tuple[AutoScalingGroup, Iterable[Instance]]]:
        """Scaling groups with those of their instances that are to be judged."""
        inventory = self.inventory
        if self.scope is None:
            return ((group, inventory.members_of(group)) for group in inventory.auto_scaling_groups)
        found: dict[tuple[str, str, str], tuple[AutoScalingGroup, list[Instance]]] = {}
        for instance in self.instances:
            group = inventory.group_of(instance)
            if group is not None:
                key = (group.account, group.region, group.auto_scaling_group_name)
                found.setdefault(key, (group, []))[1].append(instance)
        return found.values()

    # -- coverage ------------------------------------------------------------------------------------------

    def state(self, account: str, region: str | None, source: str) -> SourceState:
        key = (account, region, source)
        self.asked_sources.add(key)
        known = self._states.get(key)
        if known is None:
            known = self._states[key] = source_state(self.inventory, account, region, source)
        return known

    def trouble(self, account: str, region: str | None, source: str) -> str:
        self.asked_sources.add((account, region, source))
        return trouble(self.inventory, account, region, source)

    def use_coverage(self, account: str) -> UseCoverage:
        """Whether everything that may use an instance profile of this account was read."""
        self.asked_sources.add((USE, account))
        if account not in self._use_coverage:
            self._use_coverage[account] = use_coverage(self.inventory, account)
        return self._use_coverage[account]

    def asked_regions(self, account: str) -> tuple[str, ...]:
        """The regions that this run reads."""
        self.asked_sources.add((ASKED, account))
        return self.inventory.asked_regions.get(account, ())

    def tags_of(self, profile: InstanceProfile) -> dict[str, str] | None:
        """The tags of an instance profile, None where they were not read."""
        self.asked_sources.add((profile.account, None, INSTANCE_PROFILE_TAGS))
        return self.inventory.tags_of(profile)

    # -- instances -----------------------------------------------------------------------------------------

    @cached_property
    def _attachments(self) -> tuple[list[Attached], list[Instance]]:
        return attached_of_all(self.inventory) if self.scope is None else by_attachment(self.instances)

    @property
    def attached(self) -> list[Attached]:
        """Instances to judge that are not gone, by what they are attached to."""
        return self._attachments[0]

    @property
    def unattached(self) -> list[Instance]:
        """Instances to judge that are not gone and have no instance profile."""
        return self._attachments[1]

    @cached_property
    def _profiles_of_attached(self) -> list[tuple[InstanceProfile | None, Attached]]:
        return [(self.inventory.instance_profile_of(one[1][0]), one) for one in self.attached]

    @property
    def attached_profiles(self) -> Iterable[tuple[InstanceProfile, list[Instance]]]:
        """Instance profiles that exist, with the instances to judge that hold their unique id."""
        found = self._profiles_of_attached
        return ((profile, some) for profile, (_, some) in found if profile is not None)

    @property
    def attached_to_unlisted(self) -> Iterable[Attached]:
        """Instances to judge that hold a unique id which no listed instance profile has."""
        return (one for profile, one in self._profiles_of_attached if profile is None)

    @cached_property
    def unusual_metadata(self) -> list[tuple[Instance, MetadataOptions]]:
        """Instances to judge whose metadata service is not simply on and within reach of containers."""
        return unusual_metadata(self.instances)

    def instance_of(self, association: Association) -> Instance | None:
        """The instance of an association, None where it is not listed or gone."""
        found = self.inventory.instance(association.account, association.region, association.instance_id)
        return found if found is not None and found.state not in GONE else None

    # -- roles ---------------------------------------------------------------------------------------------

    @cached_property
    def inner_roles(self) -> tuple[InnerRole, ...]:
        """Every role to judge that some instance profile holds."""
        if self.scope is not None:
            groups = [
                (account, [one for one in self.inventory.profiles_holding(role_id) if one.account == account])
                for account, role_id in self.scope.roles
            ]
            return tuple(self._inner_role(account, held) for account, held in groups if held)
        holders: dict[tuple[str, str], list[InstanceProfile]] = {}
        for profile in self.inventory.instance_profiles:
            if profile.role is not None:
                holders.setdefault((profile.account, profile.role.role_id), []).append(profile)
        return tuple(self._inner_role(account, profiles) for (account, _), profiles in holders.items())

    def _inner_role(self, account: str, holders: list[InstanceProfile]) -> InnerRole:
        if len(holders) > 1:
            holders.sort(key=lambda profile: profile.instance_profile_id)
        role = holders[0].role
        if role is None:
            raise ValueError("an instance profile that holds a role has one")
        details = self.inventory.role_in(holders[0])
        document = (details or role).assume_role_policy_document
        trust = judge_ec2_trust(document, partition_of(role.arn))
        policies = policies_of(details, self.inventory) if details is not None else None
        return InnerRole(account, role, document, tuple(holders), details, policies, trust)

    @cached_property
    def inner_roles_in_question(self) -> list[InnerRole]:
        """Those to judge whose trust policy is not simply that EC2 may assume them."""
        return [inner for inner in self.inner_roles if not inner.is_plain]

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

    def refusal(self, profile: InstanceProfile) -> str | None:
        """Why EC2 certainly may not assume the role inside, None where it may or that is not certain."""
        judgement = self.trust(profile)
        if judgement is None or judgement.decision == "allow":
            return None
        # Only a condition can depend on the time.
        now = self.now if judgement.conditions else self._now
        return refusal(judgement, self.trust_policy(profile), partition_of(profile.arn), now)

    # -- use -----------------------------------------------------------------------------------------------

    def use(self, profile: InstanceProfile) -> Use:
        """What uses an instance profile, as far as it was read."""
        key = (profile.account, profile.instance_profile_id)
        known = self._uses.get(key)
        if known is None:
            known = self._uses[key] = use_of(profile, self.inventory)
        return known

    def use_of_all(self, profiles: Iterable[InstanceProfile]) -> Use:
        """What uses any of several instance profiles."""
        return together([self.use(profile) for profile in profiles])

    # -- launch templates ----------------------------------------------------------------------------------

    @cached_property
    def templates(self) -> tuple[Template, ...]:
        """Launch templates to judge whose launched versions name an instance profile."""
        versions: dict[tuple[str, str, str], list[LaunchTemplateVersion]] = {}
        everything = self.inventory.launch_template_versions
        for version in everything if self.scope is None else self.scope.versions_in(self.inventory):
            names_one = version.iam_instance_profile_arn or version.iam_instance_profile_name
            if names_one and is_launched(version, self.inventory):
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
