"""The screen by itself, fed with a large inventory, without a terminal and without AWS.

How long it holds the event loop while everything streams in and while it is read again, in time of the loop's
own thread; and how long it takes until what a key does is drawn.
"""

from __future__ import annotations

import os
import statistics
from typing import Any

import msgspec

from benchmarks.loading import run
from benchmarks.rows import Row
from tui.commands.screen import FRAMES, FRAMES_A_SECOND

SIZES = (20_000, 100_000)
STALL = 50.0
"""Milliseconds that nothing may hold the loop, and within which a key is to be answered."""
OPERATION = 100.0
"""Milliseconds until what a key does is drawn."""
_OPERATIONS = {
    "expand all": "first",
    "end of all": "seconds",
    "instances": "seconds",
    "expand all instances": "first",
    "end of instances": "seconds",
    "fold a region": "seconds",
    "problems": "seconds",
    "only errors": "first",
    "type 's'": "first",
    "type '4'": "first",
}
"""What is shown at once counts until all is drawn; what goes on opening, until the first of it is."""


def measure() -> list[Row]:
    return [row for size in SIZES for row in _measure(size)]


def _measure(size: int) -> list[Row]:
    surroundings = {**os.environ, FRAMES: FRAMES_A_SECOND}
    figures, _ = run("benchmarks.programs.screen", surroundings, str(size))
    rows = []
    for phase, words in (("loading", "arrive"), ("reloading", "are read again")):
        told = figures.get(phase)
        if told is not None:
            rows += _rows_of(told, f"while {size:,} instances {words}")
    for name, figure in _OPERATIONS.items():
        if name in figures:
            told = figures[name]
            note = f"all {told['rows']:,} rows open after {told['seconds'] * 1000:,.0f} ms"
            row = _row(f"{name}, {size:,} instances", told[figure] * 1000, OPERATION)
            rows.append(msgspec.structs.replace(row, note=note if figure == "first" else ""))
    if "given up" in figures:
        rows.append(Row(what=f"given up at {figures['given up']}, {size:,} instances", ours=1, unit=""))
    return rows


def _rows_of(told: dict[str, Any], when: str) -> list[Row]:
    cuts = statistics.quantiles(told["keys"], n=100)
    return [
        _row(f"longest turn of the loop {when}", told["longest"] * 1000, STALL),
        *(
            _row(f"key to drawn screen {when}, p{n}", cuts[n - 1] * 1000, STALL, n == 95)
            for n in (50, 95, 99)
        ),
    ]


def _row(what: str, value: float, aim: float, has_aim: bool = True) -> Row:
    if not has_aim:
        return Row(what=what, ours=value, unit="ms")
    return Row(what=what, ours=value, unit="ms", against="aim", theirs=aim, at_most=1.0)
