"""What an ARN says of where a thing is."""

from __future__ import annotations


def partition_of(arn: str) -> str:
    """The partition of an ARN, `aws` for text that is none."""
    if arn.startswith("arn:aws:"):
        return "aws"
    parts = arn.split(":")
    return parts[1] if len(parts) > 5 and parts[1] else "aws"


def account_of(arn: str) -> str | None:
    """The account of an ARN, None for text that is none."""
    parts = arn.split(":")
    return parts[4] if len(parts) > 5 and parts[4] else None
