"""Who owns an object: the tool or service that made it and would undo what is changed behind its back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.owner import Owner, shell
from instance_profiles.findings.owner_names import owner_by_name, owner_by_path
from instance_profiles.findings.owner_tags import eks_node_group, owner_by_tags
from instance_profiles.inventory.model import (
    AutoScalingGroup,
    Fleet,
    Instance,
    InstanceProfile,
    LaunchConfiguration,
    LaunchTemplateVersion,
    Role,
)

if TYPE_CHECKING:
    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import ObjectRef

__all__ = ["Ownable", "Owner", "object_of", "owner_of", "owner_of_ref"]

Ownable = (
    InstanceProfile | Role | Instance | AutoScalingGroup | LaunchTemplateVersion | LaunchConfiguration | Fleet
)


def owner_of(obj: Ownable, inventory: Inventory) -> Owner | None:
    """The owner of an object, None where nothing tells of one.

    Tags and reserved paths come first, names last and only as a hint. A tag is proof of what its writer
    says; tags that were not read prove nothing either way.
    """
    match obj:
        case InstanceProfile():
            return _of_instance_profile(obj, inventory)
        case Role():
            return (
                owner_by_path(obj.role_name, obj.path)
                or owner_by_tags(obj.tags or {})
                or owner_by_name("role", obj.role_name, obj.path)
            )
        case Instance():
            return _of_instance(obj, inventory)
        case AutoScalingGroup():
            return owner_by_tags(obj.tags) or owner_by_name("auto-scaling-group", obj.auto_scaling_group_name)
        case LaunchTemplateVersion():
            return _of_template(obj, inventory)
        case LaunchConfiguration():
            return owner_by_name("launch-configuration", obj.launch_configuration_name)
        case Fleet():
            return owner_by_tags(obj.tags)


def owner_of_ref(ref: ObjectRef, inventory: Inventory) -> Owner | None:
    """The owner of what a ref names; that of an association is the owner of its instance."""
    obj = object_of(ref, inventory)
    return owner_of(obj, inventory) if obj is not None else None


def object_of(ref: ObjectRef, inventory: Inventory) -> Ownable | None:
    """What a ref names, as far as it can have an owner and was read; the instance for an association."""
    account, region = ref.account, ref.region
    if ref.kind == "instance-profile":
        return inventory.instance_profiles.get((account, ref.id))
    if ref.kind == "role":
        return inventory.roles.get((account, ref.id))
    if region is None:
        return None
    match ref.kind:
        case "instance":
            return inventory.instance(account, region, ref.id)
        case "association":
            found = inventory.associations.get((account, region, ref.id))
            return inventory.instance(account, region, found.instance_id) if found else None
        case "auto-scaling-group":
            return inventory.auto_scaling_groups.get((account, region, ref.id))
        case "launch-configuration":
            return inventory.launch_configurations.get((account, region, ref.id))
        case "launch-template":
            versions = inventory.launch_template_versions
            return next(
                (
                    v
                    for v in versions
                    if (v.account, v.region, v.launch_template_id) == (account, region, ref.id)
                ),
                None,
            )
        case _:
            return None


def _of_instance_profile(profile: InstanceProfile, inventory: Inventory) -> Owner | None:
    owner = owner_by_tags(inventory.tags_of(profile) or {})
    if owner is not None:
        return owner
    owner = owner_by_name("instance-profile", profile.instance_profile_name, profile.path)
    if owner is None or owner.id != "eks-node-group":
        return owner
    # EKS gives its hidden instance profiles no tags, but the nodes that hold one have the node group's.
    nodes = (eks_node_group(instance.tags) for instance in inventory.instances_of(profile))
    return next((found for found in nodes if found), owner)


def _of_instance(instance: Instance, inventory: Inventory) -> Owner | None:
    operator = instance.operator
    if operator is not None and operator.managed:
        principal = operator.principal or "an AWS service"
        return Owner(
            "aws-service",
            principal,
            "field",
            f"operator {principal}",
            f"{principal}, which manages the instance",
            "EC2 refuses changes that the service does not make itself.",
        )
    own = owner_by_tags(instance.tags)
    group_name = instance.tags.get("aws:autoscaling:groupName")
    if group_name is None or (own is not None and own.id not in _PROPAGATED):
        return own or _of_fleet(instance)
    return _of_scaling_group(instance, group_name, inventory)


# A scaling group hands its own tags down to its instances, and CloudFormation's tags name the group then.
_PROPAGATED = frozenset({"cloudformation", "cdk", "terraform", "pulumi", "kubernetes"})


def _of_scaling_group(instance: Instance, name: str, inventory: Inventory) -> Owner:
    group = inventory.auto_scaling_groups.get((instance.account, instance.region, name))
    above = owner_by_tags(group.tags) if group else owner_by_tags(instance.tags)
    source = "launch configuration" if group and group.launch_configuration_name else "launch template"
    return Owner(
        "auto-scaling",
        "Auto Scaling",
        "tag",
        "tag aws:autoscaling:groupName",
        f"the {source} of scaling group {name}" + (f" ({above.tool}: {above.where})" if above else ""),
        "The instance that replaces this one is made without the change.",
        shell(
            "aws",
            "autoscaling",
            "start-instance-refresh",
            "--auto-scaling-group-name",
            name,
            "--region",
            instance.region,
        ),
    )


def _of_fleet(instance: Instance) -> Owner | None:
    for key, kind in (("aws:ec2spot:fleet-request-id", "spot fleet"), ("aws:ec2:fleet-id", "EC2 fleet")):
        fleet = instance.tags.get(key)
        if fleet:
            return Owner(
                kind.lower().replace(" ", "-"),
                f"{'a' if kind == 'spot fleet' else 'an'} {kind}",
                "tag",
                f"tag {key}",
                f"what {kind} {fleet} launches from",
                "The instance that replaces this one is made without the change.",
            )
    return None


def _of_template(version: LaunchTemplateVersion, inventory: Inventory) -> Owner | None:
    for group in inventory.groups_using_template(version):
        owner = eks_node_group(group.tags)
        # A node group of a custom launch template launches from a copy of its own, named eks-<uuid>.
        if owner is not None and owner_by_name("launch-template", version.launch_template_name):
            return owner
    return owner_by_name("launch-template", version.launch_template_name)
