"""Who belongs to whom: instance profiles, their roles, and the instances that use them.

Joins go by unique id and full ARN. The one join by name is the one AWS itself makes: a launch template, a
launch configuration or a fleet that names its instance profile without an ARN.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.inventory.tables import Tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from instance_profiles.inventory.model import (
        Association,
        Instance,
        InstanceProfile,
        ManagedNode,
        ManagedPolicy,
        MetadataDefaults,
        Role,
    )
    from instance_profiles.inventory.traits import Trait


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

    def attached_instances(self) -> Iterator[Sequence[Instance]]:
        """All instances that have an instance profile, those with the same unique id together."""
        return self._instances_by_profile_id.groups()

    def instances_with_stale_id(self, profile: InstanceProfile) -> tuple[Instance, ...]:
        """Instances that hold this ARN with another unique id: the profile was deleted and made again."""
        return tuple(
            instance
            for one in self._profile_ids.get(profile.arn)
            if one != profile.instance_profile_id
            for instance in self._instances_by_profile_id.get(one)
            if _holds(instance, profile.arn)
        )

    def instances_naming(self, profile: InstanceProfile) -> tuple[Instance, ...]:
        """Instances that hold this ARN or this unique id: all that a change of the profile may reach."""
        stale = self.instances_with_stale_id(profile)
        return (*self.instances_of(profile), *stale) if stale else self.instances_of(profile)

    def associations_naming(self, profile: InstanceProfile) -> tuple[Association, ...]:
        found = self._associations_by_profile_id.get(profile.instance_profile_id)
        stale = tuple(
            association
            for one in self._profile_ids.get(profile.arn)
            if one != profile.instance_profile_id
            for association in self._associations_by_profile_id.get(one)
            if _holds(association, profile.arn)
        )
        return (*found, *stale) if stale else found

    def associations_of(self, instance: Instance) -> tuple[Association, ...]:
        return self.associations_with(instance.account, instance.region, instance.instance_id)

    def associations_with(self, account: str, region: str, instance_id: str) -> tuple[Association, ...]:
        """The associations of an instance, be it listed or not."""
        found = self._associations_by_instance.get(instance_id)
        for one in found:
            if one.region != region or one.account != account:
                return tuple(one for one in found if (one.account, one.region) == (account, region))
        return found

    def moving_associations(self) -> Iterator[Association]:
        """The associations on their way, of all accounts."""
        for group in self._associations_by_state.groups():
            yield from group

    def sole_association(self, instance: Instance) -> Association | None:
        """The association of an instance that has just one."""
        found = self._associations_by_instance.only(instance.instance_id)
        if found is not None and found.region == instance.region and found.account == instance.account:
            return found
        several = self.associations_of(instance)
        return several[0] if len(several) == 1 else None

    def is_crowded(self, instance: Instance) -> bool:
        """Whether an instance may have more than one association."""
        return self._associations_by_instance.has_several(instance.instance_id)

    def crowded(self) -> Iterator[tuple[Association, ...]]:
        """The associations of each instance id that has several."""
        for group in self._associations_by_instance.several():
            places = {(one.account, one.region) for one in group}
            for place in places:
                yield tuple(one for one in group if (one.account, one.region) == place)

    def instances_with(self, trait: Trait, account: str, region: str) -> tuple[Instance, ...]:
        """The instances of a region that have a trait."""
        return self._instances_by_trait.get((trait, account, region))

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


def _holds(user: Instance | Association, arn: str) -> bool:
    return user.iam_instance_profile is not None and user.iam_instance_profile.arn == arn
