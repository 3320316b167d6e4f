"""The start of the screen with what the last time read, 100,000 instances.

Process start included, until the first full screen is there, marked as old. It is shown before AWS is asked
who calls, as these keys are known from the last time: the first frame is what stood there then.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.fleets import REGIONS
from benchmarks.rows import Row
from benchmarks.screen_start import EMPTY, PROGRAMS, appearances
from benchmarks.stand_in import stand_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.screen_start import Marks

INSTANCES, INSTANCE_PROFILES = 100_000, 10_000
RUNS = 5
AIM = 0.5
COMMAND = [sys.executable, "-m", "tui"]
MARKS: Marks = {
    "first frame": lambda lines: "iptui" in lines[0],
    "first full screen": lambda lines: "as of" in lines[0] and all(line.strip("│ ") for line in lines[4:-1]),
}


def measure() -> list[Row]:
    with stand_in(INSTANCES, INSTANCE_PROFILES) as environ:
        _read_once(environ)
        found: dict[str, list[float]] = {}
        empty = []
        for _ in range(RUNS):
            empty += appearances(PROGRAMS["empty"][0], environ, EMPTY).values()
            for mark, seconds in appearances(COMMAND, environ, MARKS).items():
                found.setdefault(mark, []).append(seconds)
    full = statistics.median(found["first full screen"])
    return [
        Row(what="first full screen", ours=full, against="aim", theirs=AIM, at_most=1),
        Row(
            what="first full screen",
            ours=full,
            against="first frame of an empty Textual program",
            theirs=statistics.median(empty),
        ),
        Row(
            what="first frame",
            ours=statistics.median(found["first frame"]),
            against="first frame of an empty Textual program",
            theirs=statistics.median(empty),
        ),
    ]


def _read_once(environ: Mapping[str, str]) -> None:
    """Read everything as a person would, and leave once it is on disk for the next start."""
    folder = Path(environ["IPTUI_CACHE_DIR"])
    written = len(REGIONS) + 1
    kept: Marks = {
        "on disk": lambda _lines: len(list(folder.rglob("*.snapshot"))) >= written,
        "whose it is": lambda _lines: bool(list(folder.rglob("*.caller"))),
        "how it looked": lambda _lines: bool(list(folder.rglob("*.picture"))),
    }
    appearances(COMMAND, environ, kept)
