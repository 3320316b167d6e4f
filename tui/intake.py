"""What arrives, taken into the store and judged in short turns: no key waits for all of it."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING

from tui.recalling import Recalling

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from instance_profiles.inventory.model import Caller, LoadEvent
    from instance_profiles.inventory.snapshot import Place
    from tui.store import Store

TURN_SECONDS = {"at keys": 0.008, "away": 0.016, "recalling": 0.03}
"""How long a turn may take: while somebody is at the keys, which wait for no more than that and one frame;
otherwise; and otherwise while the last time's data is shown, on which the first full screen waits."""
ROUND_SECONDS = 0.1
RESTING = 9
"""While more arrives, nothing is judged for so many times as long as the last round took, and a round ends
after this time at the latest: an instance is judged anew with each listing that says something of it."""


class Intake:
    """`read_at` tells when associations were last looked at; None is now.

    A reload is judged at its end: until then what is half new and half old would say things that nobody has
    to put right.
    """

    def __init__(self, store: Store, read_at: Callable[[], datetime | None]) -> None:
        self._store = store
        self._read_at = read_at
        self._pending: deque[LoadEvent] = deque()
        self._recalled = Recalling()
        self._recalling = False
        self._recalled_regions: dict[str, list[str | None]] = {}
        self._ending = False
        self._unjudged = False
        self._round = 0.0
        self._rests_until = 0.0

    # -- what is told --------------------------------------------------------------------------------------

    def load_started(self) -> None:
        self._store.loading = True
        self._unjudged = True

    def arrived(self, event: LoadEvent) -> None:
        self._pending.append(event)

    def load_ended(self) -> None:
        """Nothing more arrives; what did may still wait for its turn."""
        self._ending = True

    def reread(self) -> None:
        """Objects that are in the inventory already were read again."""
        self._unjudged = True

    def recalled(self, caller: Caller, place: Place) -> None:
        """Show the last time's data first; what arrives meanwhile waits for it to be judged."""
        store = self._store
        if store.loaded_at is not None and store.as_of is None:
            return
        regions = self._recalled_regions.setdefault(caller.account, [])
        if not regions:
            self._recalled.add((caller,))
        self._recalled.add(place.batches())
        regions.append(place.region)
        self._recalling = True
        store.as_of = min(place.read_at, store.as_of or place.read_at)

    def recall_ended(self) -> None:
        self._recalling = False

    # -- turns ---------------------------------------------------------------------------------------------

    @property
    def is_read(self) -> bool:
        """Whether all that a load brought is taken in and judged, so that it can be said to have ended."""
        return self._is_all_taken and not self._unjudged and not self._recalled_regions

    @property
    def _is_all_taken(self) -> bool:
        return self._ending and not self._pending and not self._is_recalling

    @property
    def _is_recalling(self) -> bool:
        is_shown = self._store.loaded_at is not None
        return self._recalling or bool(self._recalled) or (bool(self._recalled_regions) and not is_shown)

    def end_load(self) -> None:
        """Say in the store that everything was read."""
        self._ending = False
        self._store.loading = False
        self._store.picture = None

    def turn(self, *, at_keys: bool) -> bool:
        """Take in some of what arrived and judge some of what that changed; whether more is to be done."""
        recalling = self._is_recalling
        pace = "at keys" if at_keys else "recalling" if recalling else "away"
        until = time.monotonic() + TURN_SECONDS[pace]
        self._take(self._recalled if recalling else self._pending, until)
        is_due = self._is_judging_due(recalling=recalling)
        if self._unjudged and is_due and time.monotonic() < until:
            self._judge(until)
        if recalling and not self._recalling and not self._recalled and not self._unjudged:
            self._store.loaded_at = self._store.as_of
            self._store.picture = None
        elif self._is_all_taken and not self._unjudged:
            self._forget_unread()
        is_more = bool(self._recalled if self._is_recalling else self._pending)
        return is_more or (self._unjudged and is_due)

    def _take(self, arriving: Recalling | deque[LoadEvent], until: float) -> None:
        while arriving:
            self._store.inventory.take(arriving.popleft())
            self._unjudged = True
            if time.monotonic() >= until:
                break

    def _is_judging_due(self, *, recalling: bool) -> bool:
        if self._is_all_taken or recalling or not self._store.loading:
            return True
        return self._store.loaded_at is None and time.monotonic() >= self._rests_until

    def _judge(self, until: float) -> None:
        begin = time.thread_time()
        done = self._store.judge_some(self.when_read(), lambda: time.monotonic() < until)
        self._unjudged = not done
        self._round += time.thread_time() - begin
        if done or self._round >= ROUND_SECONDS:
            self._rests_until = time.monotonic() + RESTING * self._round
            self._round = 0.0

    def when_read(self) -> datetime | None:
        """How long an association is on its way counts up to when it was last seen, not up to now."""
        if self._store.as_of is not None and not self._is_all_taken:
            return self._store.as_of
        return self._read_at() if self._is_all_taken or not self._store.loading else None

    def _forget_unread(self) -> None:
        """What the last time left and this run could not read is not shown as if it had been read."""
        if not self._recalled_regions:
            return
        for account, regions in self._recalled_regions.items():
            self._store.inventory.forget_unread(account, regions)
        self._recalled_regions = {}
        self._store.as_of = None
        self._unjudged = True
