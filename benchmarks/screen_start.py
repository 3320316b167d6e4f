"""The start of the screen in a real terminal.

Process start included, against the first frame of an empty Textual program; the runs of all programs take
turns. `iptui` alone reads the stand-in with 3,400 instances, the demo starts its own AWS.
"""

from __future__ import annotations

import os
import queue
import statistics
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import ptyprocess
import pyte

from benchmarks.loading import run
from benchmarks.rows import Row
from benchmarks.stand_in import stand_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Marks = Mapping[str, Callable[[list[str]], bool]]

RUNS = 15
SECONDS = 240.0
INSTANCES, INSTANCE_PROFILES = 3_400, 340
_EMPTY = "from textual.app import App; from textual.widgets import Static\nclass A(App):\n def compose(self): yield Static('ready')\nA().run()"  # noqa: E501 - a program in one line
_FRAME = "first frame"
EMPTY: Marks = {_FRAME: lambda lines: "ready" in lines[0]}
IPTUI: Marks = {
    _FRAME: lambda lines: "iptui" in lines[0],
    "first rows": lambda lines: any("Instance profiles" in line for line in lines),
    "all read": lambda lines: lines[0].rstrip().endswith("s ago"),
}
"""What the screen shows when a program has come so far, by its lines."""
PROGRAMS: Mapping[str, tuple[list[str], Marks]] = {
    "empty": ([sys.executable, "-c", _EMPTY], EMPTY),
    "iptui": ([sys.executable, "-m", "tui"], IPTUI),
    "iptui --demo": ([sys.executable, "-m", "tui", "--demo"], IPTUI),
}


def measure() -> list[Row]:
    found: dict[tuple[str, str], list[float]] = {}
    with stand_in(INSTANCES, INSTANCE_PROFILES) as environ:
        run("benchmarks.programs.load", environ)  # lets the stand-in write its pages
        for _ in range(RUNS):
            for name, (command, marks) in PROGRAMS.items():
                for mark, seconds in _fresh(command, environ, marks).items():
                    found.setdefault((name, mark), []).append(seconds)
        for name in ("iptui", "iptui --demo"):
            found[f"{name}, started again", _FRAME] = _again(PROGRAMS[name][0], environ)
    medians = {key: statistics.median(seconds) for key, seconds in found.items()}
    empty = medians.pop(("empty", _FRAME))
    return [
        Row(
            what=f"{mark} of {name}",
            ours=seconds,
            against="first frame of an empty Textual program",
            theirs=empty,
            at_most=1.3 if mark == _FRAME else None,
        )
        for (name, mark), seconds in medians.items()
    ]


def _fresh(command: list[str], environ: Mapping[str, str], marks: Marks) -> dict[str, float]:
    """`appearances` of a program that remembers nothing."""
    with tempfile.TemporaryDirectory() as folder:
        return appearances(command, {**environ, "IPTUI_STATE_DIR": folder, "IPTUI_CACHE_DIR": folder}, marks)


def _again(command: list[str], environ: Mapping[str, str]) -> list[float]:
    """Seconds until the first frame where a start before left what that looks like, and nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        frames = Path(folder) / "frames"
        surroundings = {
            **environ,
            "IPTUI_STATE_DIR": folder,
            "IPTUI_CACHE_DIR": folder,
            "IPTUI_SNAPSHOT": "0",
        }
        appearances(command, surroundings, {"kept": lambda _lines: any(frames.glob("*.frame"))})
        return [appearances(command, surroundings, {_FRAME: IPTUI[_FRAME]})[_FRAME] for _ in range(RUNS)]


def appearances(command: list[str], environ: Mapping[str, str], marks: Marks) -> dict[str, float]:
    """Seconds from the start of the process until each mark is on the screen; ends the program then.

    What counts is when it was written: a thread reads, as to work out what a terminal would show takes long.
    """
    screen = pyte.Screen(120, 40)
    stream = pyte.ByteStream(screen)
    start = time.monotonic()
    process = ptyprocess.PtyProcess.spawn(
        command,
        env={**environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"},
        dimensions=(screen.lines, screen.columns),
    )
    written: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(process.fd, written), daemon=True).start()
    seen: dict[str, float] = {}
    try:
        while len(seen) < len(marks) and time.monotonic() - start < SECONDS:
            try:
                when, data = written.get(timeout=1)
            except queue.Empty:
                when, data = time.monotonic(), b""
            stream.feed(data)
            lines = screen.display
            for mark, is_there in marks.items():
                if mark not in seen and is_there(lines):
                    seen[mark] = when - start
    finally:
        process.terminate(force=True)
    return seen


def _read(descriptor: int, written: queue.SimpleQueue[tuple[float, bytes]]) -> None:
    """Until the program has ended."""
    with suppress(OSError):
        while data := os.read(descriptor, 65536):
            written.put((time.monotonic(), data))
