"""Partitions of AWS: in which region each keeps what is global."""

from __future__ import annotations

_IAM_REGIONS = {
    "aws": "us-east-1",
    "aws-cn": "cn-north-1",
    "aws-us-gov": "us-gov-west-1",
    "aws-eusc": "eusc-de-east-1",
    "aws-iso": "us-iso-east-1",
    "aws-iso-b": "us-isob-east-1",
}


def iam_region(partition: str) -> str:
    """Return the region that IAM's endpoint and its events in CloudTrail are in."""
    return _IAM_REGIONS.get(partition, "us-east-1")
