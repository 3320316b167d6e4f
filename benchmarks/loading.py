"""A full inventory of 17 regions, 50 ms before each answer.

The limit is the longest chain of pages at that delay, or the CPU time that unpacking and reading the answers
takes, whichever is more; a load in a process that has loaded before is held against it. boto3 does the same
listings one after the other. Process start is included where it says so.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

from benchmarks.rows import Row
from benchmarks.stand_in import DELAY, stand_in

if TYPE_CHECKING:
    from collections.abc import Mapping

SIZES = ((3_400, 200, 8, None), (20_000, 2_000, 15, 3), (100_000, 10_000, 20, 1))
"""Instances, instance profiles, how many times faster than boto3, and regions for boto3 if not all."""


def measure() -> list[Row]:
    return [row for size in SIZES for row in _measured(*size)]


def _measured(instances: int, instance_profiles: int, faster: int, regions: int | None) -> list[Row]:
    with stand_in(instances, instance_profiles) as environ:
        run("benchmarks.programs.load", environ)  # lets the stand-in write its pages
        ours, whole = run("benchmarks.programs.load", environ)
        peer, whole_peer = run(
            "benchmarks.programs.boto3_load", environ, *([str(regions)] if regions else [])
        )
    if ours["incomplete"]:
        raise RuntimeError(f"not all was read: {ours['incomplete'][0]}")
    what = f"{instances:,} instances"
    warm, cold = ours["warm"], ours["cold"]
    limit = max(warm["chain"] * DELAY, warm["reading"])
    rest = whole_peer - peer["wide"] - peer["regional"]
    return [
        Row(
            what=f"{what}, read again",
            ours=warm["seconds"],
            against=f"limit: chain of {warm['chain']:.0f} requests, {warm['reading']:.2f} s to read",
            theirs=limit,
            at_most=1.3,
        ),
        Row(
            what=f"{what}, process start included",
            # The second load is no part of what is measured here.
            ours=whole - warm["seconds"],
            against="boto3, one listing after the other",
            theirs=rest + peer["seconds"],
            at_least=faster,
            note=f"boto3 extrapolated from {regions} of 17 regions" if regions else "",
        ),
        Row(what=f"{what}, requests", ours=ours["requests"], unit=""),
        Row(
            what=f"{what}, first load in a process",
            ours=cold["seconds"],
            note=f"{cold['reading']:.2f} s to read, longest stall {ours['stall'] * 1000:.0f} ms",
        ),
    ]


def run(module: str, environ: Mapping[str, str], *arguments: str) -> tuple[dict[str, Any], float]:
    """What a program prints as JSON, and the seconds that its process took."""
    begin = time.perf_counter()
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, env=dict(environ), stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout), time.perf_counter() - begin
