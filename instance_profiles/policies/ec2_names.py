"""The names of EC2 as a service principal, by partition."""

from __future__ import annotations

import re

# Beside ec2.amazonaws.com, which every partition takes: https://github.com/aws/aws-cdk/issues/22589 (iso),
# https://github.com/hashicorp/terraform-provider-aws/issues/47141 (cn).
_FURTHER = {
    "aws-cn": ("ec2.amazonaws.com.cn",),
    "aws-iso": ("ec2.c2s.ic.gov",),
    "aws-iso-b": ("ec2.sc2s.sgov.gov",),
}
_REGIONAL = re.compile(r"ec2\.[a-z]{2,4}(-[a-z]+)+-\d+\.amazonaws\.com(\.cn)?")


def ec2_principals(partition: str) -> tuple[str, ...]:
    """The service principals that a trust policy should name for EC2 in this partition.

    In aws-cn the console and EKS want the .cn form while other calls are evaluated with the other one
    (https://github.com/aws/karpenter-provider-aws/issues/6839), so both are proposed.
    """
    return ("ec2.amazonaws.com", "ec2.amazonaws.com.cn") if partition == "aws-cn" else ("ec2.amazonaws.com",)


def names_ec2(service: object, partition: str) -> bool:
    """Whether a service principal is EC2's own in this partition, regional forms not counted."""
    known = (*ec2_principals(partition), *_FURTHER.get(partition, ()))
    return isinstance(service, str) and service in known


def names_ec2_of_a_region(service: object) -> bool:
    """Whether a service principal is the regional form of EC2's, as in ec2.eu-west-1.amazonaws.com."""
    return isinstance(service, str) and _REGIONAL.fullmatch(service) is not None


def names_ec2_elsewhere(service: object, partition: str) -> bool:
    """Whether a service principal is EC2's in another partition and not in this one."""
    return not names_ec2(service, partition) and any(service in names for names in _FURTHER.values())
