"""The emulator's time: real, frozen, or moved on by a test."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class Clock:
    """Seconds since the epoch. A frozen clock moves only by `advance`, so that a test needs no sleep."""

    def __init__(self, frozen_at: float | None = None) -> None:
        self._frozen_at = frozen_at
        self._advanced = 0.0

    def now(self) -> float:
        """Return seconds since the epoch."""
        base = time.time() if self._frozen_at is None else self._frozen_at
        return base + self._advanced

    def advance(self, seconds: float) -> None:
        """Move time on; what falls due in between happens at the next request."""
        if seconds < 0:
            raise ValueError("time does not go back")
        self._advanced += seconds

    def freeze(self) -> None:
        """Stop time here, so that only `advance` moves it."""
        self._frozen_at, self._advanced = self.now(), 0.0

    def moment(self, at: float | None = None) -> datetime:
        """Return the time, or `at`, as an aware datetime in UTC."""
        return datetime.fromtimestamp(self.now() if at is None else at, UTC)
