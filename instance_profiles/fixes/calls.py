"""The calls that fixes make, each with its inverse and the permissions it needs.

An association call always names its instance profile by ARN only: where name and ARN disagree EC2 silently
takes the ARN, and a name alone cannot tell two paths apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from instance_profiles.fixes.currents import CurrentAssociation, CurrentTags, NewVersion
from instance_profiles.fixes.plan import Call, Permission
from instance_profiles.inventory.model import (
    ContainedRole,
    Role,
)
from instance_profiles.policies import ec2_principals

if TYPE_CHECKING:
    from instance_profiles.fixes.config_text import Place
    from instance_profiles.inventory.model import (
        AutoScalingGroup,
        Instance,
        InstanceProfile,
        LaunchTemplateVersion,
        MetadataOptions,
    )

LOCAL = "local"
"""The service of calls that edit a file of this machine instead of going to AWS."""


class Target(msgspec.Struct, frozen=True):
    """An instance profile that a call names: one that exists, or (id None) one that the plan makes."""

    name: str
    path: str
    arn: str
    account: str
    instance_profile_id: str | None
    role: Role | ContainedRole | None

    @property
    def partition(self) -> str:
        return self.arn.split(":")[1]


def target_of(profile: InstanceProfile) -> Target:
    return Target(
        profile.instance_profile_name,
        profile.path,
        profile.arn,
        profile.account,
        profile.instance_profile_id,
        profile.role,
    )


# -- IAM ---------------------------------------------------------------------------------------------------


def add_role(target: Target, role: Role | ContainedRole) -> Call:
    return msgspec.structs.replace(_add_role(target, role), inverse=_remove_role(target, role))


def remove_role(target: Target, role: Role | ContainedRole) -> Call:
    return msgspec.structs.replace(_remove_role(target, role), inverse=_add_role(target, role))


def create_instance_profile(target: Target, tags: dict[str, str] | None = None) -> Call:
    return msgspec.structs.replace(_create(target, tags), inverse=_delete(target))


def delete_instance_profile(target: Target, tags: dict[str, str] | None) -> Call:
    """Its inverse makes the instance profile again, with a new unique id; tags None: read before deleting."""
    inverse = _create(target, tags)
    if tags is None:
        inverse = msgspec.structs.replace(
            inverse, parameters={**inverse.parameters, "Tags": CurrentTags(target.name)}
        )
    return msgspec.structs.replace(_delete(target), inverse=inverse)


def update_trust_policy(role: Role, document: str) -> Call:
    """Its inverse puts the present document back verbatim."""

    def update(text: str) -> Call:
        return Call(
            "iam",
            "UpdateAssumeRolePolicy",
            None,
            {"RoleName": role.role_name, "PolicyDocument": text},
            permissions=(Permission("iam:UpdateAssumeRolePolicy", role.arn),),
        )

    return msgspec.structs.replace(update(document), inverse=update(role.assume_role_policy_document))


# -- associations --------------------------------------------------------------------------------------------


def associate(instance: Instance, target: Target, *, inverse: bool = True) -> Call:
    call = _associate(instance, target)
    if not inverse:
        return call
    current = CurrentAssociation(instance.region, instance.instance_id)
    return msgspec.structs.replace(call, inverse=_disassociate(instance, current))


def disassociate(instance: Instance, association_id: str, old: Target | None) -> Call:
    """`old` is what the inverse attaches again, None where that does not exist any more."""
    call = _disassociate(instance, association_id)
    return msgspec.structs.replace(call, inverse=_associate(instance, old) if old else None)


def replace_association(instance: Instance, association_id: str, target: Target, old: Target | None) -> Call:
    """`old` is what the inverse puts back, None where that does not exist any more."""
    current = CurrentAssociation(instance.region, instance.instance_id)
    call = _replace(instance, association_id, target)
    return msgspec.structs.replace(call, inverse=_replace(instance, current, old) if old else None)


def passing(role: Role | ContainedRole, partition: str, account: str, region: str) -> Permission:
    """What EC2 asks for whenever an instance is to get a role, at a launch as well."""
    context = {
        "iam:PassedToService": ec2_principals(partition)[-1],
        # Recorded: the region is exact, the id is always *.
        "iam:AssociatedResourceArn": f"arn:{partition}:ec2:{region}:{account}:instance/*",
    }
    return Permission("iam:PassRole", role.arn, context)


# -- instances, launch templates, scaling groups -----------------------------------------------------------


def modify_metadata_options(instance: Instance, old: MetadataOptions, new: MetadataOptions) -> Call:
    def modify(options: MetadataOptions) -> Call:
        return Call(
            "ec2",
            "ModifyInstanceMetadataOptions",
            instance.region,
            {
                "InstanceId": instance.instance_id,
                "HttpEndpoint": options.http_endpoint,
                "HttpTokens": options.http_tokens,
                "HttpPutResponseHopLimit": options.http_put_response_hop_limit,
            },
            permissions=(_on_instance("ec2:ModifyInstanceMetadataOptions", instance),),
        )

    return msgspec.structs.replace(modify(new), inverse=modify(old))


def create_template_version(
    source: LaunchTemplateVersion, number: int, target: Target, template_arn: str
) -> Call:
    """`number` is what AWS will call the new version as long as nobody else makes one."""
    region = source.region
    delete = Call(
        "ec2",
        "DeleteLaunchTemplateVersions",
        region,
        {"LaunchTemplateId": source.launch_template_id, "Versions": [NewVersion(number)]},
        permissions=(_in_region("ec2:DeleteLaunchTemplateVersions", template_arn, region),),
    )
    return Call(
        "ec2",
        "CreateLaunchTemplateVersion",
        region,
        {
            "LaunchTemplateId": source.launch_template_id,
            "SourceVersion": str(source.version_number),
            "VersionDescription": f"Instance profile {target.name}"[:255],
            "LaunchTemplateData": {"IamInstanceProfile": {"Arn": target.arn}},
        },
        delete,
        permissions=(
            _in_region("ec2:CreateLaunchTemplateVersion", template_arn, region),
            *_pass_role(target, region),
        ),
    )


def set_default_version(
    source: LaunchTemplateVersion, new: NewVersion | str, old: str, template_arn: str
) -> Call:
    def modify(version: NewVersion | str) -> Call:
        return Call(
            "ec2",
            "ModifyLaunchTemplate",
            source.region,
            {"LaunchTemplateId": source.launch_template_id, "DefaultVersion": version},
            permissions=(_in_region("ec2:ModifyLaunchTemplate", template_arn, source.region),),
        )

    return msgspec.structs.replace(modify(new), inverse=modify(old))


def pin_group(group: AutoScalingGroup, launch_template_id: str, version: NewVersion) -> Call:
    """Without inverse: Auto Scaling takes no version whose instance profile is missing or empty."""
    return Call(
        "autoscaling",
        "UpdateAutoScalingGroup",
        group.region,
        {
            "AutoScalingGroupName": group.auto_scaling_group_name,
            "LaunchTemplate": {"LaunchTemplateId": launch_template_id, "Version": version},
        },
        permissions=(_in_region("autoscaling:UpdateAutoScalingGroup", group.arn, group.region),),
    )


# -- the local AWS config ------------------------------------------------------------------------------------


def edit_named_profile(
    path: str, named_profile: str, key: str, value: str | None, old: str | None, place: Place | None = None
) -> Call:
    """Set a key of a named profile; None takes it out, and `place` is where undo puts it then."""

    def edit(wanted: str | None) -> Call:
        parameters: dict[str, Any] = {
            "File": path,
            "NamedProfile": named_profile,
            "Key": key,
            "Value": wanted,
        }
        return Call(LOCAL, "EditNamedProfile", None, parameters)

    inverse = edit(old)
    if place is not None:
        inverse = msgspec.structs.replace(inverse, parameters=inverse.parameters | {"Place": list(place)})
    return msgspec.structs.replace(edit(value), inverse=inverse)


# -- without inverse -----------------------------------------------------------------------------------------


def _add_role(target: Target, role: Role | ContainedRole) -> Call:
    context = {
        # In aws-cn too this call is evaluated with the plain principal (karpenter-provider-aws#6839).
        "iam:PassedToService": "ec2.amazonaws.com",
        "iam:AssociatedResourceArn": f"arn:{target.partition}:ec2:*:{target.account}:instance/*",
    }
    return Call(
        "iam",
        "AddRoleToInstanceProfile",
        None,
        {"InstanceProfileName": target.name, "RoleName": role.role_name},
        permissions=(
            Permission("iam:AddRoleToInstanceProfile", target.arn),
            Permission("iam:PassRole", role.arn, context),
        ),
    )


def _remove_role(target: Target, role: Role | ContainedRole) -> Call:
    return Call(
        "iam",
        "RemoveRoleFromInstanceProfile",
        None,
        {"InstanceProfileName": target.name, "RoleName": role.role_name},
        permissions=(Permission("iam:RemoveRoleFromInstanceProfile", target.arn),),
    )


def _create(target: Target, tags: dict[str, str] | None) -> Call:
    parameters: dict[str, Any] = {"InstanceProfileName": target.name, "Path": target.path}
    needs = [Permission("iam:CreateInstanceProfile", target.arn)]
    if tags:
        parameters["Tags"] = [{"Key": key, "Value": value} for key, value in tags.items()]
        needs.append(Permission("iam:TagInstanceProfile", target.arn))
    return Call("iam", "CreateInstanceProfile", None, parameters, permissions=tuple(needs))


def _delete(target: Target) -> Call:
    return Call(
        "iam",
        "DeleteInstanceProfile",
        None,
        {"InstanceProfileName": target.name},
        permissions=(Permission("iam:DeleteInstanceProfile", target.arn),),
    )


def _associate(instance: Instance, target: Target) -> Call:
    return Call(
        "ec2",
        "AssociateIamInstanceProfile",
        instance.region,
        {"InstanceId": instance.instance_id, "IamInstanceProfile": {"Arn": target.arn}},
        permissions=(
            _on_instance("ec2:AssociateIamInstanceProfile", instance, target),
            *_pass_role(target, instance.region),
        ),
    )


def _disassociate(instance: Instance, association: str | CurrentAssociation) -> Call:
    return Call(
        "ec2",
        "DisassociateIamInstanceProfile",
        instance.region,
        {"AssociationId": association},
        permissions=(_on_instance("ec2:DisassociateIamInstanceProfile", instance),),
    )


def _replace(instance: Instance, association: str | CurrentAssociation, target: Target) -> Call:
    return Call(
        "ec2",
        "ReplaceIamInstanceProfileAssociation",
        instance.region,
        {"AssociationId": association, "IamInstanceProfile": {"Arn": target.arn}},
        permissions=(
            _on_instance("ec2:ReplaceIamInstanceProfileAssociation", instance, target),
            *_pass_role(target, instance.region),
        ),
    )


def _on_instance(action: str, instance: Instance, target: Target | None = None) -> Permission:
    context = {"aws:RequestedRegion": instance.region, "ec2:Region": instance.region}
    if instance.iam_instance_profile is not None:
        context["ec2:InstanceProfile"] = instance.iam_instance_profile.arn
    if target is not None:
        context["ec2:NewInstanceProfile"] = target.arn
    for key, value in instance.tags.items():
        context[f"aws:ResourceTag/{key}"] = value
        context[f"ec2:ResourceTag/{key}"] = value
    return Permission(action, instance.arn, context)


def _in_region(action: str, resource: str, region: str) -> Permission:
    return Permission(action, resource, {"aws:RequestedRegion": region})


def _pass_role(target: Target, region: str) -> tuple[Permission, ...]:
    if target.role is None:
        return ()
    return (passing(target.role, target.partition, target.account, region),)
