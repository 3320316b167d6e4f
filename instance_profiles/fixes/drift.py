"""What a change made here means to Terraform and CloudFormation: what drifts, and the commands that help.

Sources: https://developer.hashicorp.com/terraform/cli/commands (plan -target, apply -replace, state list -id,
import), https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

import msgspec

from instance_profiles.findings.owner import Owner, belongs, shell, warning

if TYPE_CHECKING:
    from collections.abc import Sequence

    from instance_profiles.inventory.model import Kind, ObjectRef

Fate = Literal["changed", "deleted", "made anew"]


class Type(msgspec.Struct, frozen=True):
    """What both tools call a kind of object; `by_name` tells that its name is its id there."""

    terraform: str
    cloudformation: str
    by_name: bool = True


class Part(msgspec.Struct, frozen=True):
    """What a call changes of an object, as each tool calls it; empty where it has no name there."""

    terraform: str
    cloudformation: str


TERRAFORM_TYPE = "aws_iam_instance_profile"

_TYPES: dict[Kind, Type] = {
    "instance-profile": Type(TERRAFORM_TYPE, "AWS::IAM::InstanceProfile"),
    "role": Type("aws_iam_role", "AWS::IAM::Role"),
    "instance": Type("aws_instance", "AWS::EC2::Instance", by_name=False),
    "launch-template": Type("aws_launch_template", "AWS::EC2::LaunchTemplate", by_name=False),
    "launch-configuration": Type("aws_launch_configuration", "AWS::AutoScaling::LaunchConfiguration"),
    "auto-scaling-group": Type("aws_autoscaling_group", "AWS::AutoScaling::AutoScalingGroup"),
}
_ROLE = Part("role", "Roles")
_INSTANCE_PROFILE = Part("iam_instance_profile", "IamInstanceProfile")
_BOUNDARY = Part("permissions_boundary", "PermissionsBoundary")
_TEMPLATE_DATA = Part("iam_instance_profile", "LaunchTemplateData")
_TAGS = Part("tags", "Tags")
_PARTS: dict[str, Part] = {
    "AddRoleToInstanceProfile": _ROLE,
    "RemoveRoleFromInstanceProfile": _ROLE,
    "UpdateAssumeRolePolicy": Part("assume_role_policy", "AssumeRolePolicyDocument"),
    "UpdateRole": Part("max_session_duration", "MaxSessionDuration"),
    "PutRolePermissionsBoundary": _BOUNDARY,
    "DeleteRolePermissionsBoundary": _BOUNDARY,
    "TagInstanceProfile": _TAGS,
    "UntagInstanceProfile": _TAGS,
    "AssociateIamInstanceProfile": _INSTANCE_PROFILE,
    "DisassociateIamInstanceProfile": _INSTANCE_PROFILE,
    "ReplaceIamInstanceProfileAssociation": _INSTANCE_PROFILE,
    "ModifyInstanceMetadataOptions": Part("metadata_options", ""),
    "CreateLaunchTemplateVersion": _TEMPLATE_DATA,
    "ModifyLaunchTemplate": _TEMPLATE_DATA,
    "UpdateAutoScalingGroup": Part("launch_template", "LaunchTemplate"),
}
_POLICIES = frozenset({"PutRolePolicy", "DeleteRolePolicy", "AttachRolePolicy", "DetachRolePolicy"})


def told(owner: Owner, ref: ObjectRef, operations: Sequence[str], called: str) -> str:
    """What a person must know before these calls change an owned object; `called` is how it is named.

    For Terraform, CloudFormation and the CDK it names what drifts and gives the commands, for all others
    it is the general warning.
    """
    kind = _TYPES.get(ref.kind)
    if kind is None or owner.id not in ("terraform", "cloudformation", "cdk"):
        return warning(owner, called)
    fate = fate_of(operations)
    if owner.id == "terraform":
        sentences = _terraform(owner, ref, kind, operations, fate)
    else:
        sentences = _cloudformation(owner, kind, operations, fate)
    return " ".join((belongs(owner, called), *sentences))


def fate_of(operations: Sequence[str]) -> Fate:
    """What becomes of an object itself when these calls are made one after the other."""
    made = [operation for operation in operations if operation in _MAKES or operation in _DELETES]
    if not any(operation in _DELETES for operation in made):
        return "changed"
    return "made anew" if made[-1] in _MAKES else "deleted"


def taking_over(owner: Owner, instance_profile: str) -> str | None:
    """How an owner takes over an instance profile that it did not make; None where it cannot."""
    match owner.id:
        case "terraform":
            command = shell("terraform", "import", f"{TERRAFORM_TYPE}.NAME", instance_profile)
            return f"Terraform takes {instance_profile} over, once its block is written, by: {command}"
        case "cdk":
            command = shell("cdk", "import", owner.stack or "STACK")
            return f"The CDK takes {instance_profile} over, once it is in the stack's code, by: {command}"
        case "cloudformation":
            return (
                f"The stack takes {instance_profile} over, once it is in the template with DeletionPolicy "
                f"Retain, by: {_import_into(owner.stack or 'STACK', instance_profile)}"
            )
        case _:
            return None


def _import_into(stack: str, instance_profile: str) -> str:
    resource = {
        "ResourceType": _TYPES["instance-profile"].cloudformation,
        "LogicalResourceId": "LOGICAL_ID",
        "ResourceIdentifier": {"InstanceProfileName": instance_profile},
    }
    return shell(
        *("aws", "cloudformation", "create-change-set", "--change-set-type", "IMPORT"),
        *("--stack-name", stack, "--change-set-name", "import-instance-profile"),
        *("--resources-to-import", json.dumps([resource]), "--template-body", "file://TEMPLATE"),
        *("--capabilities", "CAPABILITY_NAMED_IAM"),
    )


_MAKES = frozenset({"CreateInstanceProfile", "CreateRole", "CreateLaunchTemplate"})
_DELETES = frozenset({"DeleteInstanceProfile", "DeleteRole", "DeleteLaunchTemplate"})


def _terraform(
    owner: Owner, ref: ObjectRef, kind: Type, operations: Sequence[str], fate: Fate
) -> tuple[str, ...]:
    physical = ref.name if kind.by_name else ref.id
    find = f"Its address: {shell('terraform', 'state', 'list', f'-id={physical}')}"
    address = owner.address
    if fate == "deleted":
        drift = "The next terraform apply makes it again as long as its block is there."
        return drift, f"To keep it away, take it out of {owner.where}.", *(() if address else (find,))
    if fate == "made anew":
        drift = "Its name stays, so that the state still fits; its unique id and tags do not."
        replace = address and f"Or let Terraform do it: {shell('terraform', 'apply', f'-replace={address}')}"
        return drift, f"The lasting change belongs in {owner.where}.", replace or find
    look = address and f"To see it there: {shell('terraform', 'plan', f'-target={address}')}"
    return (
        *_drifting(tuple(part.terraform for part in _parts(operations)), kind.terraform),
        _of_policies(operations, owner.drift),
        f"The lasting change belongs in {owner.where}.",
        look or find,
    )


def _cloudformation(owner: Owner, kind: Type, operations: Sequence[str], fate: Fate) -> tuple[str, ...]:
    look = (f"There: {owner.command}",) if owner.command else ()
    if fate == "deleted":
        return (
            "CloudFormation does not make it again by itself, and an update that changes it fails.",
            f"Take it out of {owner.where} as well.",
            *look,
        )
    if fate == "made anew":
        return (
            "Its name stays, so that the stack still finds it; its tags of CloudFormation are gone.",
            f"The lasting change belongs in {owner.where}.",
            *look,
        )
    return (
        *_drifting(tuple(part.cloudformation for part in _parts(operations)), kind.cloudformation),
        owner.drift,
        f"The lasting change belongs in {owner.where}.",
        *look,
    )


def _parts(operations: Sequence[str]) -> tuple[Part, ...]:
    return tuple(dict.fromkeys(_PARTS[operation] for operation in operations if operation in _PARTS))


def _drifting(parts: tuple[str, ...], type_: str) -> tuple[str, ...]:
    named = [part for part in dict.fromkeys(parts) if part]
    if not named:
        return ()
    return (f"What drifts: {' and '.join(named)} of {type_}.",)


def _of_policies(operations: Sequence[str], drift: str) -> str:
    """Policies of a role are resources of their own in Terraform, which looks at no others."""
    if any(operation not in _POLICIES for operation in operations):
        return drift
    return (
        "Terraform undoes it where that policy is in its configuration; a role that it makes anew comes "
        "without it."
    )
