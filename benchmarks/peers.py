"""Other tools that look for unused instance profiles in one region.

There are 50 ms before each answer, and the start of the process is included.

They list instance profiles and instances; `iptui scan` reads roles with their policies, associations, launch
templates, scaling groups, fleets and more beside, and judges all of it by all rules. The tools are installed
below .bench/ from benchmarks/peers.txt when they are first needed. Each value is that of
the quickest of a few runs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from typing import TYPE_CHECKING

from benchmarks.rows import Row
from benchmarks.stand_in import ROOT, stand_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

PLACE = ROOT / ".bench" / "peers"
LOCKED = ROOT / "benchmarks" / "peers.txt"
PROGRAMS = ROOT / "benchmarks" / "programs"
SIZES = ((200, 1_000, 3), (2_000, 10_000, 1))
"""Instance profiles, instances, and how many runs there are to choose the quickest of."""

SCAN = (sys.executable, "-m", "tui", "scan", "--format", "json")


def measure() -> list[Row]:
    install()
    rows = []
    for instance_profiles, instances, runs in SIZES:
        with stand_in(instances, instance_profiles, regions=1) as environ:
            environ["PATH"] = f"{PLACE / 'bin'}{os.pathsep}{environ['PATH']}"
            best(SCAN, environ, 1)  # lets the stand-in write its pages
            ours = best(SCAN, environ, runs)
            rows += [
                Row(
                    what=f"{instance_profiles:,} instance profiles, {instances:,} instances",
                    ours=ours,
                    against=name,
                    theirs=best(command, environ, runs),
                    at_least=1,
                )
                for name, command in _peers()
            ]
    return rows


def _peers() -> Sequence[tuple[str, Sequence[str]]]:
    policy = str(PROGRAMS / "unused.yml")
    custodian = ("custodian", "run", "--cache-period", "0", "-s", ".", policy)
    return (
        ("Cloud Custodian, iam-profile unused", custodian),
        ("a script of two aws commands", ("sh", str(PROGRAMS / "unused.sh"))),
    )


def best(command: Sequence[str], environ: Mapping[str, str], runs: int) -> float:
    """Seconds of the quickest run; raises CalledProcessError where the command fails."""
    return min(_timed(lambda: _run(command, environ)) for _ in range(runs))


def _run(command: Sequence[str], environ: Mapping[str, str]) -> None:
    program = shutil.which(command[0], path=environ["PATH"]) or command[0]
    with tempfile.TemporaryDirectory() as folder:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run([program, *command[1:]], env=dict(environ), cwd=folder, check=True, **quiet)


def _timed(work: Callable[[], None]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def install() -> None:
    """Put the other tools into an environment of their own, unless they are there as locked."""
    stamp = PLACE / "installed.txt"
    if stamp.exists() and stamp.read_text() == LOCKED.read_text():
        return
    venv.create(PLACE, with_pip=True, clear=True)
    python = PLACE / "bin" / "python"
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    subprocess.run([*pip, "-r", LOCKED], check=True)
    stamp.write_text(LOCKED.read_text())
