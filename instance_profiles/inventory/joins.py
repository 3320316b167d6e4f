"""Who belongs to whom: instance profiles, their roles, and the instances that use them.

Joins go by unique id and full ARN. The one join by name is the one AWS itself makes: a launch template, a
launch configuration or a fleet that names its instance profile without an ARN.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.inventory.tables import Tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instance_profiles.inventory.model import (
        Association,
        Instance,
        InstanceProfile,
        ManagedNode,
        ManagedPolicy,
        MetadataDefaults,
        Role,
    )


class Joins(Tables):
    """Look-ups over what IAM and EC2 list."""

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
        return self.associations_with(instance.account, instance.region, instance.instance_id)

    def associations_with(self, account: str, region: str, instance_id: str) -> tuple[Association, ...]:
        """The associations of an instance, be it listed or not."""
        found = self._associations_by_instance.get(instance_id)
        if all(one.region == region and one.account == account for one in found):
            return found
        return tuple(one for one in found if (one.account, one.region) == (account, region))

    def crowded(self) -> Iterator[tuple[Association, ...]]:
        """The associations of each instance id that has several."""
        for group in self._associations_by_instance.several():
            places = {(one.account, one.region) for one in group}
            for place in places:
                yield tuple(one for one in group if (one.account, one.region) == place)

    def hidden_instances(self, account: str) -> tuple[Instance, ...]:
        """Instances of an account that EC2 shows only to those who ask for managed resources."""
        return self._hidden_instances.get(account)

    def instance(self, account: str, region: str, instance_id: str) -> Instance | None:
        return self.instances.get((account, region, instance_id))

    # -- roles ---------------------------------------------------------------------------------------------

    def role_in(self, profile: InstanceProfile) -> Role | None:
        """The role inside an instance profile as the role listing has it, None if it was not listed."""
        return self.roles.get((profile.account, profile.role.role_id)) if profile.role else None

    def profiles_holding(self, role_id: str) -> tuple[InstanceProfile, ...]:
        """The instance profiles that hold a role, be it listed or not."""
        return self._profiles_by_role_id.get(role_id)

    def roles_with_policy(self, account: str, arn: str) -> tuple[Role, ...]:
        """Roles that a managed policy is attached to, or that it bounds."""
        return tuple(role for role in self._roles_by_policy.get(arn) if role.account == account)

    def role_by_arn(self, arn: str) -> Role | None:
        return self._role_by_arn.first(arn)

    def role_by_name(self, account: str, name: str) -> Role | None:
        return self._role_by_name.first((account, name.casefold()))

    def instance_profiles_of(self, role: Role) -> tuple[InstanceProfile, ...]:
        return self._profiles_by_role_id.get(role.role_id)

    def managed_policy(self, account: str, arn: str) -> ManagedPolicy | None:
        """A customer managed policy of the account; those of AWS are not listed."""
        return self.managed_policies.get((account, arn))

    # -- the surroundings of instances ----------------------------------------------------------------------

    def defaults_of(self, account: str, region: str) -> MetadataDefaults | None:
        """The account's defaults for instance metadata in a region, None if they were not read."""
        return self.metadata_defaults.get((account, region))

    def managed_node(self, instance: Instance) -> ManagedNode | None:
        """The instance as Systems Manager knows it, None if it does not or was not asked."""
        return self.managed_nodes.get((instance.account, instance.region, instance.instance_id))
