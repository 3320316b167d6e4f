"""A full inventory while AWS holds back: request limits, and a region that never answers.

Request limits are the token buckets of AWS. A request that AWS refused is sent again, so that refusals show
as requests beyond the pages that there are. Of the region that never answers nothing can be read: what
counts is when all others are complete. Process start included.
"""

from __future__ import annotations

from benchmarks.loading import run
from benchmarks.rows import Row
from benchmarks.stand_in import stand_in

INSTANCES, INSTANCE_PROFILES = 20_000, 2_000
DEAD = "eu-west-1"


def measure() -> list[Row]:
    free, free_requests, free_others = _measured()
    limited, limited_requests, _ = _measured(limits=True)
    _, _, others = _measured(dead=DEAD)
    what = f"{INSTANCES:,} instances"
    return [
        Row(
            what=f"{what}, with request limits",
            ours=limited,
            against="without",
            theirs=free,
            at_most=1.2,
        ),
        Row(
            what=f"{what}, requests sent",
            ours=limited_requests,
            unit="",
            against="without limits",
            theirs=free_requests,
            at_most=1.02,
        ),
        Row(
            what=f"{what}, {DEAD} silent: all other regions complete",
            ours=others,
            against="where it answers",
            theirs=free_others,
            at_most=1.2,
        ),
    ]


def _measured(*, limits: bool = False, dead: str | None = None) -> tuple[float, float, float]:
    """Seconds until everything is told, requests, and seconds until all but a region is complete."""
    with stand_in(INSTANCES, INSTANCE_PROFILES, limits=limits, dead=dead) as environ:
        run("benchmarks.programs.load_once", environ, DEAD, "120")  # lets the stand-in write its pages
        runs = [run("benchmarks.programs.load_once", environ, DEAD, "10")[0] for _ in range(3)]
    return (
        min(one["seconds"] for one in runs),
        max(one["requests"] for one in runs),
        min(one["others"] for one in runs),
    )
