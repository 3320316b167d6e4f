"""How long the screen takes to its first frame, its first rows and all rows, in a real terminal.

Measured in a pty against the demo, process start included, as multiples of what an empty Textual program
needs for its first frame on the same machine in the same run. `make bench` prints the table.
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

RUNS = 5
SECONDS = 60.0
EMPTY = "from textual.app import App; from textual.widgets import Static\nclass A(App):\n def compose(self): yield Static('ready')\nA().run()"  # noqa: E501 - a program in one line
PROGRAMS: dict[str, tuple[list[str], dict[str, str]]] = {
    "empty Textual program": ([sys.executable, "-c", EMPTY], {"first frame": "ready"}),
    "iptui --demo": (
        [sys.executable, "-m", "tui", "--demo"],
        {"first frame": "iptui", "first rows": "Instance profiles", "all read": "s ago"},
    ),
}


def main() -> None:
    rows: dict[tuple[str, str], float] = {}
    for name, (command, marks) in PROGRAMS.items():
        runs = [_times(command, marks) for _ in range(RUNS)]
        for mark in marks:
            rows[name, mark] = statistics.median(run[mark] for run in runs)
    base = rows["empty Textual program", "first frame"]
    print(f"{'program':<24}{'until':<14}{'median s':>9}{'ratio':>8}")
    for (name, mark), seconds in rows.items():
        print(f"{name:<24}{mark:<14}{seconds:>9.2f}{seconds / base:>8.2f}")


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


if __name__ == "__main__":
    main()
