"""Keys while a large inventory arrives, in a terminal.

From the key written to the pty to the changed screen as a terminal shows it, while the stand-in is read.
"""

from __future__ import annotations

import statistics

from benchmarks import keys_while_loading
from benchmarks.loading import run
from benchmarks.rows import Row
from benchmarks.stand_in import stand_in

SIZES = {20_000: (2_000, 120.0), 100_000: (10_000, 400.0)}
"""Instances, with how many instance profiles, and the seconds after which loading them is given up."""
AIM = 50.0
"""Milliseconds to the changed screen, at the 95th percentile."""


def measure() -> list[Row]:
    return [row for instances in SIZES for row in _measure(instances)]


def _measure(instances: int) -> list[Row]:
    instance_profiles, limit = SIZES[instances]
    with stand_in(instances, instance_profiles) as environ:
        run("benchmarks.programs.load", environ)  # lets the stand-in write its pages
        seconds = keys_while_loading.answers(environ, limit)
    what = f"key to changed screen while {instances:,} instances arrive"
    cuts = [cut * 1000 for cut in statistics.quantiles(seconds, n=100)]
    return [
        Row(what=f"{what}, median", ours=cuts[49], unit="ms", note=f"{len(seconds)} keys"),
        Row(
            what=f"{what}, 95th percentile", ours=cuts[94], unit="ms", against="aim", theirs=AIM, at_most=1.0
        ),
        Row(what=f"{what}, 99th percentile", ours=cuts[98], unit="ms"),
    ]
