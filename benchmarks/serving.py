"""The stand-in's own process: the emulator with a company of a given size, until standard input ends."""

from __future__ import annotations

import argparse
import json
import sys

from benchmarks.fleets import REGIONS, fleet
from instance_profiles.emulator.command import run_world
from instance_profiles.emulator.fleet import build_world


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--instances", type=int, required=True)
    parser.add_argument("--instance-profiles", type=int, required=True)
    parser.add_argument("--regions", type=int, default=len(REGIONS))
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--limits", action="store_true", help="throttle by token buckets, as AWS does")
    parser.add_argument("--dead", help="a region that never answers")
    given = parser.parse_args()
    tables = fleet(given.instances, given.instance_profiles, REGIONS[-given.regions :])
    world = build_world(tables | {"limits": given.limits})
    if given.delay:
        world.delay(given.delay)
    if given.dead:
        world.hang(given.dead)
    print(json.dumps(world.environment("")), flush=True)
    return run_world(world, until_stdin_closes=True)


if __name__ == "__main__":
    sys.exit(main())
