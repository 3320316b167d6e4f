"""Which processes run, as the system tells it."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import NamedTuple

PROC = Path("/proc/self/stat")


class Process(NamedTuple):
    pid: int
    parent: int
    is_zombie: bool


def children_of(parent: int) -> list[int]:
    return [process.pid for process in _processes() if process.parent == parent]


def runs(pid: int) -> bool:
    """Whether it runs; one that ended and that nobody has asked about yet does not."""
    return any(process.pid == pid and not process.is_zombie for process in _processes())


def _processes() -> list[Process]:
    return _from_proc() if PROC.exists() else _from_ps()


def _from_proc() -> list[Process]:
    """Linux; a small container has no `ps`."""
    found = []
    for path in PROC.parent.parent.glob("[0-9]*/stat"):
        try:
            text = path.read_text(errors="replace")
        except OSError:  # it ended meanwhile
            continue
        state, parent = text.rpartition(")")[2].split()[:2]
        found.append(Process(int(path.parent.name), int(parent), state in "ZX"))
    return found


def _from_ps() -> list[Process]:
    listed = subprocess.run(["ps", "-Ao", "pid=,ppid=,state="], capture_output=True, text=True, check=True)
    rows = [line.split() for line in listed.stdout.splitlines()]
    return [Process(int(pid), int(parent), state.startswith("Z")) for pid, parent, state in rows]
