"""`python -m instance_profiles.emulator [--port N] [--fleet demo|FILE] [--until-stdin-closes]`."""

from __future__ import annotations

import argparse
import sys

from instance_profiles.emulator.command import run


def main() -> int:
    parser = argparse.ArgumentParser(prog="iptui emulator", description="A local AWS for iptui.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--fleet", default="demo", help="demo, or a TOML file")
    parser.add_argument("--until-stdin-closes", action="store_true")
    given = parser.parse_args()
    return run(given.port, given.fleet, until_stdin_closes=given.until_stdin_closes)


if __name__ == "__main__":
    sys.exit(main())
