"""The start of the screen in a real terminal, against the demo.

Measured in a pty, process start included, as multiples of what an empty Textual program needs for its first
frame.
"""

from __future__ import annotations

import os
import select
import statistics
import sys
import tempfile
import time

import ptyprocess
import pyte

from benchmarks.rows import Row

RUNS = 5
SECONDS = 60.0
_EMPTY = "from textual.app import App; from textual.widgets import Static\nclass A(App):\n def compose(self): yield Static('ready')\nA().run()"  # noqa: E501 - a program in one line
EMPTY: tuple[list[str], dict[str, str]] = ([sys.executable, "-c", _EMPTY], {"first frame": "ready"})
DEMO: tuple[list[str], dict[str, str]] = (
    [sys.executable, "-m", "tui", "--demo"],
    {"first frame": "iptui", "first rows": "Instance profiles", "all read": "s ago"},
)
"""A program, and what shows on its screen when it has come so far."""


def measure() -> list[Row]:
    (empty,) = _medians(*EMPTY).values()
    return [
        Row(
            what=f"{mark} of iptui --demo",
            ours=seconds,
            against="first frame of an empty Textual program",
            theirs=empty,
            at_most=1.3 if mark == "first frame" else None,
        )
        for mark, seconds in _medians(*DEMO).items()
    ]


def _medians(command: list[str], marks: dict[str, str]) -> dict[str, float]:
    runs = [_times(command, marks) for _ in range(RUNS)]
    return {mark: statistics.median(run[mark] for run in runs) for mark in marks}


def _times(command: list[str], marks: dict[str, str]) -> dict[str, float]:
    """Seconds from the start of the process until each mark is on the screen."""
    screen = pyte.Screen(120, 40)
    stream = pyte.ByteStream(screen)
    with tempfile.TemporaryDirectory() as folder:
        environ = {
            **os.environ,
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "IPTUI_STATE_DIR": folder,
        }
        start = time.monotonic()
        process = ptyprocess.PtyProcess.spawn(command, env=environ, dimensions=(40, 120))
        seen: dict[str, float] = {}
        try:
            while len(seen) < len(marks) and time.monotonic() - start < SECONDS:
                ready, _, _ = select.select([process.fd], [], [], 1)
                if ready:
                    stream.feed(os.read(process.fd, 65536))
                text = "\n".join(screen.display)
                for mark, words in marks.items():
                    if mark not in seen and words in text:
                        seen[mark] = time.monotonic() - start
        finally:
            process.terminate(force=True)
    return seen
