"""What a finding is about: the objects that its recipes work on, looked up in the inventory."""

from __future__ import annotations

import msgspec

from instance_profiles.findings.finding import Finding
from instance_profiles.fixes.plan import CannotPlan
from instance_profiles.inventory.inventory import Inventory
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
    ObjectRef,
    Role,
)

CHANGEABLE = ("running", "stopped")
"""The states in which EC2 lets the instance profile of an instance be changed."""


class Situation(msgspec.Struct, frozen=True):
    """One finding within everything that was read."""

    finding: Finding
    inventory: Inventory

    @property
    def subject(self) -> ObjectRef:
        return self.finding.object

    @property
    def account(self) -> str:
        return self.finding.object.account

    @property
    def partition(self) -> str:
        """The partition of the account's ARNs: aws, aws-cn, aws-us-gov, ..."""
        caller = self.inventory.callers.get(self.account)
        if caller is not None:
            return caller.partition
        parts = (self.subject.arn or "").split(":")
        return parts[1] if len(parts) > 1 else "aws"


def nothing_there(situation: Situation) -> CannotPlan:
    """What is said where the object of a finding is not in the inventory any more."""
    return CannotPlan(f"{situation.subject.name} is not there any more; reload and look again.")


def nobody_to_move(situation: Situation) -> CannotPlan:
    """What is said where no instance uses what is in question."""
    ref = situation.subject
    there = subject_role(situation) if ref.kind == "role" else subject_instance_profile(situation)
    if ref.kind not in ("role", "instance-profile") or there is None:
        return nothing_there(situation)
    return CannotPlan(f"No instance uses {ref.name}, so that there is none to move.")


def subject_instance(situation: Situation) -> Instance | None:
    """The instance a finding is about, itself or through its association."""
    ref, inventory = situation.subject, situation.inventory
    if ref.kind == "instance" and ref.region:
        return inventory.instance(ref.account, ref.region, ref.id)
    if ref.kind == "association" and ref.region:
        association = inventory.associations.get((ref.account, ref.region, ref.id))
        return inventory.instance(ref.account, ref.region, association.instance_id) if association else None
    return None


def broken_versions(situation: Situation) -> tuple[LaunchTemplateVersion, ...]:
    """Those of the versions in question that name no usable instance profile.

    Of the versions that an instance's group launches from, also those that name another one than it has.
    """
    return tuple(
        version
        for version in versions_in_question(situation)
        if (version.iam_instance_profile_arn or version.iam_instance_profile_name)
        and _is_broken(situation, situation.inventory.instance_profile_named_by(version))
    )


def subject_group(situation: Situation) -> AutoScalingGroup | None:
    """The scaling group a finding is about: itself, the instance's, or the only one of the template."""
    ref, inventory = situation.subject, situation.inventory
    if ref.kind == "auto-scaling-group" and ref.region:
        return inventory.auto_scaling_groups.get((ref.account, ref.region, ref.id))
    if ref.kind == "launch-template":
        groups = {
            group.ref: group
            for version in versions_in_question(situation)
            for group in inventory.groups_using_template(version)
        }
        return next(iter(groups.values())) if len(groups) == 1 else None
    instance = subject_instance(situation)
    return inventory.group_of(instance) if instance else None


def subject_configuration(situation: Situation) -> LaunchConfiguration | None:
    """The launch configuration a finding is about: itself, or the one that a scaling group launches from."""
    ref, inventory = situation.subject, situation.inventory
    if ref.region is None:
        return None
    name = ref.id
    if ref.kind == "auto-scaling-group":
        group = subject_group(situation)
        name = (group.launch_configuration_name if group else None) or ""
    elif ref.kind != "launch-configuration":
        return None
    return inventory.launch_configurations.get((ref.account, ref.region, name))


def subject_fleet(situation: Situation) -> Fleet | None:
    """The spot fleet or EC2 fleet that a finding is about."""
    ref = situation.subject
    if ref.kind not in ("spot-fleet", "ec2-fleet"):
        return None
    return next((fleet for fleet in situation.inventory.fleets if fleet.ref == ref), None)


def versions_in_question(situation: Situation) -> tuple[LaunchTemplateVersion, ...]:
    """The versions of the launch template in question, or those that a group, fleet or instance uses."""
    ref, inventory = situation.subject, situation.inventory
    if ref.kind == "launch-template":
        return tuple(
            version
            for version in inventory.launch_template_versions
            if (version.account, version.region, version.launch_template_id)
            == (ref.account, ref.region, ref.id)
        )
    launching = subject_fleet(situation) or subject_group(situation)
    if launching is None:
        return ()
    found = (
        inventory.resolve(launching.account, launching.region, specification)
        for specification in launching.launch_templates
    )
    return tuple(version for version in found if version is not None)


def subject_instance_profile(situation: Situation) -> InstanceProfile | None:
    """The instance profile a finding is about: itself, the attached one, or the one a template names."""
    ref, inventory = situation.subject, situation.inventory
    if ref.kind == "instance-profile":
        return inventory.instance_profiles.get((ref.account, ref.id))
    if ref.kind == "role":
        role = subject_role(situation)
        profiles = inventory.instance_profiles_of(role) if role else ()
        return max(profiles, key=lambda p: len(inventory.instances_of(p)), default=None)
    if ref.kind == "association" and ref.region:
        association = inventory.associations.get((ref.account, ref.region, ref.id))
        return inventory.instance_profile_of(association) if association else None
    if ref.kind in ("launch-template", "auto-scaling-group"):
        for version in broken_versions(situation):
            named = inventory.instance_profile_named_by(version)
            if named is not None:
                return named
    instance = subject_instance(situation)
    return inventory.instance_profile_of(instance) if instance else None


def subject_role(situation: Situation) -> Role | None:
    """The role a finding is about: itself, or the one inside the instance profile in question."""
    ref, inventory = situation.subject, situation.inventory
    if ref.kind == "role":
        known = inventory.roles.get((ref.account, ref.id))
        if known is not None:
            return known
        return next((r for r in known_roles(inventory, ref.account) if r.role_id == ref.id), None)
    profile = subject_instance_profile(situation)
    if profile is None or profile.role is None:
        return None
    return inventory.role_in(profile) or as_role(profile.role, profile.account)


def users(situation: Situation) -> tuple[Instance, ...]:
    """The instances that the fault concerns: the one it is about, or all that use the profile or role."""
    ref, inventory = situation.subject, situation.inventory
    instance = subject_instance(situation)
    if instance is not None:
        return (instance,)
    if ref.kind == "role":
        role = subject_role(situation)
        profiles = inventory.instance_profiles_of(role) if role else ()
        return tuple(user for profile in profiles for user in inventory.instances_of(profile))
    profile = subject_instance_profile(situation)
    return inventory.instances_naming(profile) if profile else ()


def associations_of(situation: Situation, instance: Instance) -> tuple[Association, ...]:
    """The associations of an instance that are not on their way out already."""
    return tuple(
        association
        for association in situation.inventory.associations_of(instance)
        if association.state in ("associated", "associating")
    )


def attached(situation: Situation, instance: Instance) -> InstanceProfileRef | None:
    """What the instance points to, by its association or, where that was not read, by its description."""
    for association in associations_of(situation, instance):
        return association.iam_instance_profile
    return instance.iam_instance_profile


def known_roles(inventory: Inventory, account: str) -> tuple[Role, ...]:
    """All roles of an account that were seen: listed, or only inside an instance profile."""
    found = {role.role_id: role for role in inventory.roles if role.account == account}
    for profile in inventory.instance_profiles:
        if profile.account == account and profile.role and profile.role.role_id not in found:
            found[profile.role.role_id] = as_role(profile.role, account)
    return tuple(found.values())


def as_role(contained: ContainedRole, account: str) -> Role:
    """The role inside an instance profile as a role of which nothing more is known."""
    return Role(
        account,
        contained.role_id,
        contained.role_name,
        contained.arn,
        contained.path,
        contained.create_date,
        contained.assume_role_policy_document,
    )


def is_service_linked(role: Role | ContainedRole) -> bool:
    """Whether only AWS may change the role."""
    return role.path.startswith("/aws-service-role/")


def _is_broken(situation: Situation, named: InstanceProfile | None) -> bool:
    if named is None or named.role is None:
        return True
    instance = subject_instance(situation)
    has = attached(situation, instance) if instance else None
    return has is not None and has.id != named.instance_profile_id
