"""How applying waits: with a clock and a sleep that a test can bring along."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import msgspec

from instance_profiles.fixes.holds import Held, all_hold

if TYPE_CHECKING:
    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.fixes.conditions import AnyCondition


class Timing(msgspec.Struct, frozen=True):
    """`now` gives seconds of a clock that never goes back; `sleep` waits for seconds."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


REAL = Timing()


async def wait_until(
    conditions: tuple[AnyCondition, ...],
    account: AwsAccount,
    timing: Timing,
    *,
    timeout: float,  # noqa: ASYNC109 - polling, not cancelling
    interval: float,
    stop: asyncio.Event | None = None,
) -> Held:
    """Look until all conditions hold or the time is up, every `interval` seconds; the last look counts."""
    end = timing.now() + timeout
    while True:
        held = await all_hold(conditions, account)
        if held.ok or timing.now() >= end or (stop is not None and stop.is_set()):
            return held
        await timing.sleep(min(interval, max(end - timing.now(), 0.1)))
