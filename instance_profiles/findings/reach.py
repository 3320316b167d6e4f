"""What a change reaches: the objects whose verdicts may be other ones after it.

Rules look from their subject along the joins of the inventory; here the same ways are walked back. It may
name more than changes, never less: a test holds every rule to it with changes of every kind.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from instance_profiles.findings.arns import account_of
from instance_profiles.findings.scope import Scope
from instance_profiles.inventory.model import (
    AccountSummary,
    Association,
    AutoScalingGroup,
    Fleet,
    Instance,
    InstanceProfile,
    LaunchConfiguration,
    LaunchTemplateVersion,
    ManagedNode,
    ManagedPolicy,
    MetadataDefaults,
    ResourceTags,
    Role,
    RoleDuration,
    ScalingActivity,
)
from instance_profiles.inventory.passing import named_in
from instance_profiles.inventory.traits import GONE, traits_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import InstanceProfileRef, Object


SOME = 20
"""Objects that a change reaches, between two looks at how many they are."""


class Reach:
    """Collects in `scope` what changes reach; the inventory is as it is after them.

    A policy of AWS may be attached to thousands of roles, and an instance profile held by all instances: what
    such a change reaches is found part by part (`go_on`), so that nobody has to wait for all of it.
    """

    def __init__(self, inventory: Inventory) -> None:
        self.scope = Scope()
        self._inventory = inventory
        self._references: set[tuple[str, str, str]] = set()
        self._later: deque[Iterator[None]] = deque()

    def __bool__(self) -> bool:
        """Whether changes reach more than was found by now."""
        return bool(self._later)

    def go_on(self, enough: int) -> None:
        """Find more of what the changes reach, until there is `enough`."""
        while self._later and len(self.scope) < enough:
            if next(self._later[0], self) is self:
                self._later.popleft()

    def take(self) -> Scope:
        """What was found since the last call."""
        found, self.scope = self.scope, Scope()
        # The inventory may be another one by the next time.
        self._references.clear()
        return found

    def changed(self, old: Object | None, new: Object | None) -> None:
        """An object was added, taken away or replaced: what it was and what it is, None for nothing."""
        if isinstance(old, Instance) and isinstance(new, Instance) and self._uses_alike(old, new):
            for instance in (old, new):
                self._instance_alone(instance)
            return
        for item in (old, new):
            if item is not None:
                self._from(item)

    def _from(self, item: Object) -> None:
        _WAYS[type(item)](self, item)

    # -- instances -----------------------------------------------------------------------------------------

    def instance(self, instance: Instance) -> None:
        self._instance_alone(instance)
        if instance.iam_instance_profile is not None:
            self._reference(instance.account, instance.iam_instance_profile)

    def _uses_alike(self, old: Instance, new: Instance) -> bool:
        """Whether an instance is the same to its instance profile and role, which thousands may share.

        Whether it runs counts there only after the role was changed.
        """
        ref = new.iam_instance_profile
        return (
            old.iam_instance_profile == ref
            and old.tags == new.tags
            and old.launch_time == new.launch_time
            and (old.state in GONE) == (new.state in GONE)
            and (old.state == "terminated") == (new.state == "terminated")
            and (ref is None or (new.account, ref.id) not in self._inventory.role_changes)
        )

    def _instance_alone(self, instance: Instance) -> None:
        """An instance with its associations, and what is told with its region or account."""
        self._instance(instance)
        if traits_of(instance):
            self.scope.regions[instance.account, instance.region] = None
        if instance.operator is not None:
            self.scope.accounts[instance.account] = None
        self._associations(self._inventory.associations_of(instance))

    def association(self, association: Association) -> None:
        place = (association.account, association.region)
        self.scope.associations[*place, association.association_id] = None
        self._associations(self._inventory.associations_with(*place, association.instance_id))
        self.scope.instances[*place, association.instance_id] = None
        self._reference(association.account, association.iam_instance_profile)

    def managed_node(self, node: ManagedNode) -> None:
        self.scope.instances[node.account, node.region, node.instance_id] = None

    def metadata_defaults(self, defaults: MetadataDefaults) -> None:
        self.scope.regions[defaults.account, defaults.region] = None

    def _instance(self, instance: Instance) -> None:
        self.scope.instances[instance.account, instance.region, instance.instance_id] = None

    def _associations(self, associations: Iterable[Association]) -> None:
        for one in associations:
            self.scope.associations[one.account, one.region, one.association_id] = None

    def _reference(self, account: str, ref: InstanceProfileRef) -> None:
        """The instance profile of an instance, by id and ARN, and others that hold a deleted id of it."""
        known = (account, ref.id, ref.arn)
        if known in self._references:
            return
        self._references.add(known)
        inventory = self._inventory
        found = inventory.instance_profiles.get((account, ref.id))
        named = inventory.instance_profile_by_arn(ref.arn)
        if found is not None:
            self._instance_profile(found)
        if named is not None and named is not found:
            self._instance_profile(named)
        if named is not None and named.instance_profile_id != ref.id:
            for instance in inventory.instances_with_stale_id(named):
                self._instance(instance)

    # -- IAM -----------------------------------------------------------------------------------------------

    def instance_profile(self, profile: InstanceProfile) -> None:
        inventory = self._inventory
        self._instance_profile(profile)
        self._holders(profile)
        for user in inventory.launchers_naming(profile.instance_profile_name):
            self._from(user)

    def role(self, role: Role) -> None:
        self.scope.roles[role.account, role.role_id] = None
        self.scope.local = True
        for profile in self._inventory.instance_profiles_of(role):
            self._instance_profile(profile)
            self._holders(profile)

    def managed_policy(self, policy: ManagedPolicy) -> None:
        self._later.append(self._with_policy(policy))

    def _with_policy(self, policy: ManagedPolicy) -> Iterator[None]:
        for number, role in enumerate(self._inventory.roles_with_policy(policy.account, policy.arn), 1):
            self.role(role)
            if number % SOME == 0:
                yield

    def resource_tags(self, tags: ResourceTags) -> None:
        profile = self._inventory.instance_profile_by_arn(tags.arn)
        if profile is not None:
            self._instance_profile(profile)

    def role_duration(self, duration: RoleDuration) -> None:
        self.scope.local = True

    def account_summary(self, summary: AccountSummary) -> None:
        self.scope.accounts[summary.account] = None

    def _instance_profile(self, profile: InstanceProfile) -> None:
        """An instance profile and its role, without those that use it."""
        self.scope.instance_profiles[profile.account, profile.instance_profile_id] = None
        if profile.role is not None:
            self.scope.roles[profile.account, profile.role.role_id] = None

    def _holders(self, profile: InstanceProfile) -> None:
        self._later.append(self._held_by(profile))

    def _held_by(self, profile: InstanceProfile) -> Iterator[None]:
        inventory = self._inventory
        for number, instance in enumerate(inventory.instances_naming(profile), 1):
            self._instance(instance)
            if instance.operator is not None:
                self.scope.regions[instance.account, instance.region] = None
            if number % SOME == 0:
                yield
        for number, association in enumerate(inventory.associations_naming(profile), 1):
            self._associations((association,))
            # What is told of an instance with several names the instance profiles of all of them.
            self.scope.instances[association.account, association.region, association.instance_id] = None
            if number % SOME == 0:
                yield

    # -- launching -----------------------------------------------------------------------------------------

    def version(self, version: LaunchTemplateVersion) -> None:
        place = (version.account, version.region)
        for template in (version.launch_template_id, version.launch_template_name):
            self._template(*place, template)
        self._named(version)
        self.scope.templates[*place, version.launch_template_id] = None

    def configuration(self, configuration: LaunchConfiguration) -> None:
        key = (configuration.account, configuration.region, configuration.launch_configuration_name)
        self.scope.configurations[key] = None
        self._named(configuration)
        for group in self._inventory.groups_using_configuration(configuration):
            self._group(group)

    def group(self, group: AutoScalingGroup) -> None:
        inventory = self._inventory
        self._group(group)
        self._templates_of(group)
        if group.launch_configuration_name is not None:
            key = (group.account, group.region, group.launch_configuration_name)
            self.scope.configurations[key] = None
            configuration = inventory.launch_configurations.get(key)
            if configuration is not None:
                self._named(configuration)
        for activity in inventory.activities_of(group):
            self._refused(activity)

    def activity(self, activity: ScalingActivity) -> None:
        key = (activity.account, activity.region, activity.auto_scaling_group_name)
        self.scope.groups[key] = None
        self._refused(activity)
        # Another one may be the last one now.
        group = self._inventory.auto_scaling_groups.get(key)
        for other in self._inventory.activities_of(group) if group is not None else ():
            self._refused(other)

    def fleet(self, fleet: Fleet) -> None:
        self.scope.fleets[fleet.account, fleet.region, fleet.fleet_id] = None
        self._templates_of(fleet)
        for written in fleet.iam_instance_profiles:
            self._written(fleet.account, written)

    def _group(self, group: AutoScalingGroup) -> None:
        self.scope.groups[group.account, group.region, group.auto_scaling_group_name] = None
        for member in group.instances:
            self.scope.instances[group.account, group.region, member.instance_id] = None

    def _templates_of(self, launcher: AutoScalingGroup | Fleet) -> None:
        for specification in launcher.launch_templates:
            for template in (specification.launch_template_id, specification.launch_template_name):
                if template is not None:
                    self._template(launcher.account, launcher.region, template)

    def _template(self, account: str, region: str, template: str) -> None:
        """All versions of a launch template, by its id or name, what they name and what launches from it."""
        inventory = self._inventory
        for version in inventory.versions_with(account, region, template):
            self.scope.templates[account, region, version.launch_template_id] = None
            self._named(version)
        for group in inventory.groups_with(account, region, template):
            self._group(group)
        for fleet in inventory.fleets_with(account, region, template):
            self.scope.fleets[account, region, fleet.fleet_id] = None

    def _named(self, user: LaunchTemplateVersion | LaunchConfiguration) -> None:
        """The instance profile that a template or configuration names."""
        if isinstance(user, LaunchTemplateVersion):
            for written in (user.iam_instance_profile_arn, user.iam_instance_profile_name):
                if written:
                    self._written(user.account, written)
        elif user.iam_instance_profile:
            self._written(user.account, user.iam_instance_profile)

    def _written(self, account: str, written: str) -> None:
        inventory = self._inventory
        name = written.rpartition("/")[2]
        for profile in (
            inventory.instance_profile_by_arn(written),
            inventory.instance_profile_by_name(account_of(written) or account, name),
        ):
            if profile is not None:
                self._instance_profile(profile)

    def _refused(self, activity: ScalingActivity) -> None:
        profile = named_in(activity, self._inventory)
        if profile is not None:
            self._instance_profile(profile)


_WAYS: dict[type, Callable[..., None]] = {
    Instance: Reach.instance,
    Association: Reach.association,
    ManagedNode: Reach.managed_node,
    MetadataDefaults: Reach.metadata_defaults,
    InstanceProfile: Reach.instance_profile,
    Role: Reach.role,
    ManagedPolicy: Reach.managed_policy,
    ResourceTags: Reach.resource_tags,
    RoleDuration: Reach.role_duration,
    AccountSummary: Reach.account_summary,
    LaunchTemplateVersion: Reach.version,
    LaunchConfiguration: Reach.configuration,
    AutoScalingGroup: Reach.group,
    ScalingActivity: Reach.activity,
    Fleet: Reach.fleet,
}
