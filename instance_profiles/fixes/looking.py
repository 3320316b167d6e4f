"""The table of who looks at which probe, and what the check is called where looking itself failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.fixes.plan import Check, Plan

    Look = Callable[[Any, Plan, AwsAccount], Awaitable[tuple[Check, ...]]]

LOOKS: dict[type, tuple[str, Look]] = {}


def looks_at(probe: type, name: str) -> Callable[[Look], Look]:
    """Register a function as the one that looks at a kind of probe; it may raise AwsError."""

    def register(look: Look) -> Look:
        LOOKS[probe] = (name, look)
        return look

    return register
