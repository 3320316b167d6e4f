"""Whether an event loop still turns: every time that it was held up, for how long, and by what."""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from types import FrameType

TICK = 0.002
"""Seconds between two looks of the loop at the clock."""
LOOK = 0.005
"""Seconds between two looks of the thread at what the loop is doing."""
_DEPTH = 12
_OURS = ("/tui/", "/widgets/", "/instance_profiles/", "/benchmarks/")


class Stall(msgspec.Struct, frozen=True):
    """`wall` and `cpu` are seconds of the whole machine and of the loop's own thread; `doing` is where it
    was most of that time, innermost last."""

    phase: str
    wall: float
    cpu: float
    doing: str
    collecting: float


class LoopWatch:
    """Notes each turn of the running loop that took longer than `threshold` seconds of its thread's time.

    The thread's time is what counts where a machine does other things as well. `phase` names what goes on.
    """

    def __init__(self, threshold: float = 0.02) -> None:
        self.phase = ""
        self.stalls: list[Stall] = []
        self.turns: dict[str, list[float]] = {}
        """Seconds of the loop's thread between two looks, by phase; short ones are left out."""
        self._threshold = threshold
        self._seen: Counter[str] = Counter()
        self._last = (time.perf_counter(), time.thread_time())
        self._collected = 0.0
        self._collecting_since = 0.0
        self._ends = threading.Event()
        self._loop_thread = threading.get_ident()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def start(self) -> None:
        gc.callbacks.append(self._note_collection)
        self._last = (time.perf_counter(), time.thread_time())
        self._thread.start()
        self._tick()

    def stop(self) -> None:
        self._ends.set()
        gc.callbacks.remove(self._note_collection)

    def longest(self, *phases: str) -> float:
        """The longest turn of these phases, in seconds of the loop's thread."""
        return max((turn for phase in phases for turn in self.turns.get(phase, ())), default=0.0)

    def _tick(self) -> None:
        wall, cpu = time.perf_counter(), time.thread_time()
        took = cpu - self._last[1]
        if took > TICK:
            self.turns.setdefault(self.phase, []).append(took)
        if took > self._threshold:
            seen, self._seen = self._seen, Counter()
            doing = "\n".join(f"    {count:3} × {place}" for place, count in seen.most_common(3))
            self.stalls.append(Stall(self.phase, wall - self._last[0], took, doing, self._collected))
        self._seen = Counter()
        self._collected = 0.0
        self._last = (time.perf_counter(), time.thread_time())
        if not self._ends.is_set():
            asyncio.get_running_loop().call_later(TICK, self._tick)

    def _look(self) -> None:
        while not self._ends.wait(LOOK):
            if time.perf_counter() - self._last[0] > self._threshold / 2:
                self._seen[_place(sys._current_frames().get(self._loop_thread))] += 1

    def _note_collection(self, phase: str, _info: object) -> None:
        if threading.get_ident() != self._loop_thread:
            return
        if phase == "start":
            self._collecting_since = time.perf_counter()
        else:
            self._collected += time.perf_counter() - self._collecting_since


def _place(frame: FrameType | None) -> str:
    """The frames of ours from the innermost outwards, and which foreign function was the last."""
    places: list[str] = []
    while frame is not None and len(places) < _DEPTH:
        code = frame.f_code
        if not places or any(folder in code.co_filename for folder in _OURS):
            places.append(f"{code.co_qualname}:{frame.f_lineno}")
        frame = frame.f_back
    return " < ".join(places)
