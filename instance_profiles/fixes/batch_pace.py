"""The pace of a batch: no more than 5 changes a second and region, 2 in IAM, so that others get their turn.

EC2's buckets would let a hundred calls through at once (EC2 API throttling, user guide); IAM's limits hold
for the whole account and are not documented.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.aws.pacing import Rate, TokenBucket
from instance_profiles.fixes.calls import LOCAL

if TYPE_CHECKING:
    from instance_profiles.fixes.plan import Call
    from instance_profiles.fixes.timing import Timing

REGIONAL = Rate(5, 5)
GLOBAL = Rate(2, 2)


class BatchPace:
    """One bucket for each account and region, over all services there, and one for IAM."""

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._buckets: dict[tuple[str, str | None], TokenBucket] = {}

    async def wait(self, account: str, call: Call) -> None:
        """Return when this call may be sent."""
        if call.service == LOCAL:
            return
        place = (account, call.region)
        bucket = self._buckets.get(place)
        if bucket is None:
            rate = REGIONAL if call.region else GLOBAL
            bucket = self._buckets[place] = TokenBucket(rate, self._timing.now)
        seconds = bucket.take()
        if seconds > 0:
            await self._timing.sleep(seconds)
