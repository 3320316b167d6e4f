"""Keys while a large inventory arrives, in a terminal.

From the key written to the pty to the changed screen as a terminal shows it, while the stand-in is read.
"""

from __future__ import annotations

import statistics

from benchmarks import keys_while_loading
from benchmarks.loading import run
from benchmarks.rows import Row
from benchmarks.stand_in import stand_in

INSTANCES, INSTANCE_PROFILES = 20_000, 2_000
AIM = 50.0
"""Milliseconds to the changed screen, at the 95th percentile."""


def measure() -> list[Row]:
    with stand_in(INSTANCES, INSTANCE_PROFILES) as environ:
        run("benchmarks.programs.load", environ)  # lets the stand-in write its pages
        seconds = keys_while_loading.answers(environ)
    what = f"key to changed screen while {INSTANCES:,} instances arrive"
    high = statistics.quantiles(seconds, n=20)[-1] * 1000
    return [
        Row(
            what=f"{what}, median",
            ours=statistics.median(seconds) * 1000,
            unit="ms",
            note=f"{len(seconds)} keys",
        ),
        Row(what=f"{what}, 95th percentile", ours=high, unit="ms", against="aim", theirs=AIM, at_most=1.0),
    ]
