"""Times as queries write them, and waiting, which whoever asks passes in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

Sleep = Callable[[float], Awaitable[None]]


def iso(moment: datetime) -> str:
    """As CloudTrail writes `eventTime`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def spaced(moment: datetime) -> str:
    """As CloudTrail Lake compares times."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
