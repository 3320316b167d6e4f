"""How numbers, times and kinds are said on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from instance_profiles.inventory.model import Kind

ASKING = ("asking AWS who calls", "asking AWS")
"""What a title says until AWS has said who calls, and the same in fewer words."""

KIND_WORDS: dict[Kind, str] = {
    "instance-profile": "instance profile",
    "role": "role",
    "instance": "instance",
    "association": "association",
    "launch-template": "launch template",
    "launch-configuration": "launch configuration",
    "auto-scaling-group": "scaling group",
    "named-profile": "named profile",
    "caller": "caller",
    "account": "account",
    "region": "region",
    "spot-fleet": "spot fleet",
    "ec2-fleet": "EC2 fleet",
}


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """`1 role`, `2 roles`."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def span(length: timedelta) -> str:
    """A length of time in its largest whole unit: `3 s`, `12 min`, `4 h`, `9 d`."""
    seconds = max(0, int(length.total_seconds()))
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def ago(now: datetime, then: datetime | None) -> str:
    return f"{span(now - then)} ago" if then else "never"


def as_of(now: datetime, then: datetime) -> str:
    """How old data is that AWS has not confirmed yet."""
    return f"as of {ago(now, then)}"
