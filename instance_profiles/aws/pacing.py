"""Keeping below AWS's request limits, so that nobody else in the account is slowed down.

EC2 gives each account, region and API a token bucket (EC2 API throttling, user guide). IAM's limits are
not documented and hold for the whole account; these are on the careful side.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final

import msgspec

from instance_profiles.aws.guard import is_read
from instance_profiles.aws.waiting import OWN_PACE, waits

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


class Rate(msgspec.Struct, frozen=True):
    """`capacity` requests at once, then `refill` requests per second."""

    capacity: float
    refill: float


_EC2_READ: Final = Rate(100, 20)
_EC2_WRITE: Final = Rate(50, 5)
_EC2_CHEAPER_WRITE: Final = Rate(100, 5)
_EC2_LAUNCH: Final = Rate(5, 2)
_IAM_READ: Final = Rate(20, 10)
_IAM_WRITE: Final = Rate(4, 2)
_OTHER_READ: Final = Rate(50, 10)
_OTHER_WRITE: Final = Rate(10, 2)

_EC2_SPECIAL: Final = {
    "AssociateIamInstanceProfile": _EC2_CHEAPER_WRITE,
    "DisassociateIamInstanceProfile": _EC2_CHEAPER_WRITE,
    "CreateLaunchTemplateVersion": _EC2_CHEAPER_WRITE,
    "ModifyLaunchTemplate": _EC2_CHEAPER_WRITE,
    "ModifyInstanceMetadataOptions": _EC2_CHEAPER_WRITE,
    "RunInstances": _EC2_LAUNCH,
    "StartInstances": _EC2_LAUNCH,
}


def rate_of(service: str, operation: str) -> Rate:
    """The pace that an operation is held to."""
    reads = is_read(service, operation)
    if service == "ec2":
        return _EC2_SPECIAL.get(operation) or (_EC2_READ if reads else _EC2_WRITE)
    if service == "iam":
        return _IAM_READ if reads else _IAM_WRITE
    return _OTHER_READ if reads else _OTHER_WRITE


class TokenBucket:
    """A bucket that starts full; tokens may be owed, and who owes waits."""

    def __init__(self, rate: Rate, clock: Callable[[], float]) -> None:
        self._rate = rate
        self._clock = clock
        self._tokens = rate.capacity
        self._at = clock()

    def take(self) -> float:
        """Take one token; returns the seconds to wait before it may be used."""
        now = self._clock()
        refilled = self._tokens + (now - self._at) * self._rate.refill
        self._tokens = min(self._rate.capacity, refilled) - 1
        self._at = now
        return max(0.0, -self._tokens / self._rate.refill)


Buckets = dict[tuple[object, str, str | None, str], TokenBucket]
"""By account, service, region and operation: all that a process asks of one account draws on the same."""

_TOLD: Final = 0.5
"""Seconds of waiting from which a person should know of it."""


class Pace:
    """The pace of one session: a bucket per region and operation, for IAM one for reads and one for writes.

    `account` is the account id once it is known; sessions of one account that were given the same buckets
    share them from then on.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        buckets: Buckets | None = None,
    ) -> None:
        self.account: str | None = None
        self._clock = clock
        self._sleep = sleep
        self._buckets: Buckets = {} if buckets is None else buckets

    async def wait(self, service: str, operation: str, region: str | None) -> None:
        """Return when one request of this kind may be sent; retries ask again."""
        rate = rate_of(service, operation)
        whose: object = self.account or self
        key: tuple[object, str, str | None, str]
        if service == "iam":
            key = (whose, service, None, "read" if rate is _IAM_READ else "write")
        else:
            key = (whose, service, region, operation)
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = TokenBucket(rate, self._clock)
        seconds = bucket.take()
        if seconds > _TOLD:
            waits(OWN_PACE)
        if seconds > 0:
            await self._sleep(seconds)
