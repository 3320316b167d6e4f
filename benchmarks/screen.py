"""Keys and a large inventory.

Keys are timed in a pty, from the key written to the changed screen as a terminal shows it, while the
stand-in is read. The rest is timed in the program: the event loop's longest stall, what keys cost once all
is there, and how soon the screen is full from the snapshot of the last time.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
from pathlib import Path

from benchmarks import keys_while_loading, screen_inside
from benchmarks.loading import run
from benchmarks.rows import Row
from benchmarks.stand_in import stand_in

IN_A_TERMINAL = (20_000, 2_000)
INSIDE = 100_000
STALL = 50.0
KEY = 100.0
FULL = 500.0
"""Aims in milliseconds; `KEY` is for what a key changes once all is there."""


def measure() -> list[Row]:
    return [*_in_a_terminal(*IN_A_TERMINAL), *_inside(INSIDE)]


def _in_a_terminal(instances: int, instance_profiles: int) -> list[Row]:
    with stand_in(instances, instance_profiles) as environ:
        run("benchmarks.programs.load", environ)  # lets the stand-in write its pages
        seconds = keys_while_loading.answers(environ)
    what = f"key to changed screen while {instances:,} instances arrive"
    note = f"{len(seconds)} keys"
    return [
        Row(what=f"{what}, median", ours=statistics.median(seconds) * 1000, unit="ms", note=note),
        _aimed(f"{what}, 95th percentile", statistics.quantiles(seconds, n=20)[-1], STALL),
    ]


def _inside(instances: int) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(screen_inside.measured(instances, Path(folder)))
    return [
        _aimed(f"{what}, {instances:,} instances", seconds, _aim(what)) for what, seconds in found.items()
    ]


def _aim(what: str) -> float | None:
    if "stall" in what:
        return STALL
    if what.startswith("snapshot"):
        return FULL if "full" in what else None
    return KEY


def _aimed(what: str, seconds: float, aim: float | None) -> Row:
    if aim is None:
        return Row(what=what, ours=seconds * 1000, unit="ms")
    return Row(what=what, ours=seconds * 1000, unit="ms", against="aim", theirs=aim, at_most=1.0)
