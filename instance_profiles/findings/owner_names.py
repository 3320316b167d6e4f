"""Owners by names and paths. A reserved path is proof: IAM lets nobody else use it. A name is a hint, and
everything that rests on one says so.
"""

from __future__ import annotations

import re
from typing import Literal

from instance_profiles.findings.owner import Owner, shell

Thing = Literal["instance-profile", "role", "launch-template", "auto-scaling-group", "launch-configuration"]

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_EKS = re.compile(rf"eks-{_UUID}")
_EKS_GROUP = re.compile(rf"eks-(.+)-{_UUID}")
# What Terraform puts behind a name prefix: date, time, four digits of a second, an eight digit counter.
_TERRAFORM = re.compile(r".*20\d{2}[01]\d[0-3]\d[0-2]\d[0-5]\d[0-5]\d\d{4}[0-9a-f]{8}")
_TERRAFORM_LENGTH = 26
_STACK = re.compile(r"(.+)-([A-Za-z][A-Za-z0-9]*)-(?=[A-Z0-9]*\d)(?=[A-Z0-9]*[A-Z])[A-Z0-9]{12,13}")
_LONGEST_ROLE_NAME = 64
_SERVICE_LINKED = re.compile(r"/aws-service-role/([^/]+)/")
_SSO_PATH = "/aws-reserved/sso.amazonaws.com/"
_SSO_NAME = re.compile(r"AWSReservedSSO_(.+)_[0-9a-f]{16}")

_KEEPS = "The service may put it back, and what it makes anew comes without the change."


def owner_by_path(name: str, path: str) -> Owner | None:
    """The owner of a role that a path proves: those of AWS services and of IAM Identity Center."""
    linked = _SERVICE_LINKED.match(path)
    if linked:
        return Owner(
            "service-linked",
            linked[1],
            "field",
            f"path {path}",
            f"{linked[1]}, which alone may change its service-linked role",
            "IAM refuses changes to it.",
        )
    if not path.startswith(_SSO_PATH):
        return None
    found = _SSO_NAME.fullmatch(name)
    return Owner(
        "identity-center",
        "IAM Identity Center",
        "field",
        f"path {path}",
        f"permission set {found[1]}" if found else "its permission set",
        "IAM refuses changes to it; Identity Center writes it anew from the permission set.",
    )


def owner_by_name(thing: Thing, name: str, path: str = "/") -> Owner | None:
    """The owner that a name or a path of its habit suggests; None where it suggests none."""
    for find in (_well_known, _eks, _karpenter, _terraform, _cloudformation):
        owner = find(thing, name, path)
        if owner is not None:
            return owner
    return None


def _named(name: str) -> str:
    return f"name {name}"


def _well_known(thing: Thing, name: str, path: str) -> Owner | None:
    for pattern, owner_id, tool, where in _WELL_KNOWN if _ANY_WELL_KNOWN.fullmatch(name) else ():
        if pattern.fullmatch(name):
            return Owner(owner_id, tool, "name", _named(name), where, _KEEPS)
    return None


def _eks(thing: Thing, name: str, path: str) -> Owner | None:
    group = _EKS_GROUP.fullmatch(name) if thing == "auto-scaling-group" else None
    if group is None and (thing == "role" or not _EKS.fullmatch(name)):
        return None
    return Owner(
        "eks-node-group",
        "an EKS node group",
        "name",
        _named(name),
        f"node group {group[1]}" if group else "the node group that uses it",
        "EKS calls the node group degraded where it finds a change, and new nodes come without it.",
    )


def _karpenter(thing: Thing, name: str, path: str) -> Owner | None:
    if not path.startswith("/karpenter/") and not name.startswith("karpenter.k8s.aws/"):
        return None
    cluster = path.split("/")[3:4]
    return Owner(
        "karpenter",
        "Karpenter",
        "name",
        f"path {path}" if path.startswith("/karpenter/") else _named(name),
        "the EC2NodeClass" + (f" of cluster {cluster[0]}" if cluster and cluster[0] else ""),
        "Karpenter may put it back as its EC2NodeClass says.",
    )


def _terraform(thing: Thing, name: str, path: str) -> Owner | None:
    if len(name) < _TERRAFORM_LENGTH or not _TERRAFORM.fullmatch(name):
        return None
    return Owner(
        "terraform",
        "Terraform",
        "name",
        _named(name),
        "the Terraform configuration that makes it",
        "The next terraform apply may undo the change.",
        f"terraform state list | grep {_TERRAFORM_TYPES[thing]}",
    )


def _cloudformation(thing: Thing, name: str, path: str) -> Owner | None:
    # Most names are ruled out by their end, which an expression would look for at every hyphen.
    end = name[-12:]
    found = _STACK.fullmatch(name) if end == end.upper() else None
    if found is None:
        return None
    # CloudFormation shortens stack and logical id where the name would become too long for a role.
    whole = thing != "role" or len(name) < _LONGEST_ROLE_NAME
    return Owner(
        "cloudformation",
        "CloudFormation",
        "name",
        _named(name),
        f"stack {found[1]}, logical id {found[2]}" if whole else "the stack that makes it",
        "A stack that owns it drifts, and its next update may undo the change.",
        shell("aws", "cloudformation", "describe-stack-resources", "--physical-resource-id", name),
        address=found[2] if whole else None,
        stack=found[1] if whole else None,
    )


_TERRAFORM_TYPES: dict[Thing, str] = {
    "instance-profile": "aws_iam_instance_profile",
    "role": "aws_iam_role",
    "launch-template": "aws_launch_template",
    "launch-configuration": "aws_launch_configuration",
    "auto-scaling-group": "aws_autoscaling_group",
}

_WELL_KNOWN: tuple[tuple[re.Pattern[str], str, str, str], ...] = (
    (
        re.compile(r"aws-elasticbeanstalk-(ec2|service)-role"),
        "elastic-beanstalk",
        "Elastic Beanstalk",
        "the environments that use it",
    ),
    (re.compile(r"awseb-.+"), "elastic-beanstalk", "Elastic Beanstalk", "the environment that made it"),
    (
        re.compile(r"AWSCloud9SSM(InstanceProfile|AccessRole)"),
        "cloud9",
        "Cloud9",
        "Cloud9, which makes it for all its environments",
    ),
    (
        re.compile(r"EMR_(EC2_|AutoScaling_)?DefaultRole(_V2)?"),
        "emr",
        "EMR",
        "the clusters that are started with it",
    ),
    (re.compile(r"AmazonEMR-InstanceProfile-.+"), "emr", "EMR", "the clusters that are started with it"),
    (re.compile(r"ecsInstanceRole.*"), "ecs", "ECS", "the ECS clusters and Batch environments that use it"),
    (
        re.compile(r"AmazonSSMRoleForInstancesQuickSetup"),
        "ssm-quick-setup",
        "SSM Quick Setup",
        "the Quick Setup configuration of Systems Manager",
    ),
    (
        re.compile(r"AWSSystemsManagerDefaultEC2InstanceManagementRole"),
        "ssm-default-host-management",
        "SSM Default Host Management",
        "the Default Host Management setting of Systems Manager",
    ),
    (re.compile(r"aws-opsworks-ec2-role.*"), "opsworks", "OpsWorks", "the OpsWorks stacks that use it"),
    (
        re.compile(r"AWSReservedSSO_.+"),
        "identity-center",
        "IAM Identity Center",
        "its permission set",
    ),
)
_ANY_WELL_KNOWN = re.compile("|".join(f"(?:{pattern.pattern})" for pattern, *_ in _WELL_KNOWN))
