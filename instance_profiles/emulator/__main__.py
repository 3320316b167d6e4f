"""`python -m instance_profiles.emulator [--port N] [--fleet demo|FILE] [--until-stdin-closes]`.

`--demo-folder FOLDER` is what is taken away at the end.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from instance_profiles.emulator.command import run
from instance_profiles.emulator.demo_folder import is_one, remove


def main() -> int:
    parser = argparse.ArgumentParser(prog="iptui emulator", description="A local AWS for iptui.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--fleet", default="demo", help="demo, or a TOML file")
    parser.add_argument("--until-stdin-closes", action="store_true")
    parser.add_argument("--demo-folder", type=Path, help="taken away at the end")
    given = parser.parse_args()
    folder: Path | None = given.demo_folder
    if folder is not None and not is_one(folder):
        parser.error(f"{folder} is no folder of a demo")
    try:
        return run(given.port, given.fleet, until_stdin_closes=given.until_stdin_closes)
    finally:
        if folder is not None:
            remove(folder)


if __name__ == "__main__":
    sys.exit(main())
