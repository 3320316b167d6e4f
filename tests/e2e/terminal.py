"""A real terminal for tests: the program runs in a pty, pyte keeps the screen that a person would see."""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from pathlib import Path
from typing import Self

import ptyprocess
import pyte

ROOT = Path(__file__).resolve().parents[2]
KEYS = {
    "enter": "\r",
    "esc": "\x1b",
    "down": "\x1b[B",
    "up": "\x1b[A",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "tab": "\t",
    "ctrl+c": "\x03",
    "ctrl+p": "\x10",
    "backspace": "\x7f",
}


class Terminal:
    """Start `python -m tui ...` in a pty; `wait_for` reads until the screen shows what is wanted."""

    def __init__(self, *arguments: str, environ: dict[str, str], size: tuple[int, int] = (120, 40)) -> None:
        columns, rows = size
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "IPTUI_", "NO_COLOR"))}
        self.process = ptyprocess.PtyProcess.spawn(
            [sys.executable, "-m", "tui", *arguments],
            cwd=str(ROOT),
            env={**clean, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8", **environ},
            dimensions=(rows, columns),
        )

    def press(self, *keys: str) -> None:
        """Named keys, or the text itself."""
        for key in keys:
            self.process.write(KEYS.get(key, key).encode())

    def text(self) -> str:
        return "\n".join(self.screen.display)

    def row_with(self, words: str) -> str:
        return next((line for line in self.screen.display if words in line), "")

    def wait_for(self, *words: str, gone: str | None = None, seconds: float = 60) -> str:
        """Read until all the words are on the screen and `gone` is not; raises with the screen otherwise."""
        deadline = time.monotonic() + seconds
        while True:
            shown = self.text()
            if all(word in shown for word in words) and (gone is None or gone not in shown):
                return shown
            left = deadline - time.monotonic()
            if left <= 0 or not self._read(left):
                message = f"waited for {words!r} (gone: {gone!r}); the screen was:\n{self.text()}"
                raise AssertionError(message)

    def wait_exit(self, seconds: float = 30) -> int:
        """Read until the program ends; its exit status (negative for a signal)."""
        deadline = time.monotonic() + seconds
        while self._read(max(0.0, deadline - time.monotonic())):
            pass
        self.process.wait()
        return self.process.exitstatus if self.process.exitstatus is not None else -self.process.signalstatus

    def kill(self) -> None:
        if self.process.isalive():
            self.process.kill(signal.SIGKILL)
            self.process.wait()

    def _read(self, seconds: float) -> bool:
        """One read; False when the time is over or the program has ended."""
        ready, _, _ = select.select([self.process.fd], [], [], seconds)
        if not ready:
            return False
        try:
            self._stream.feed(os.read(self.process.fd, 65536))
        except OSError:
            return False
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self.process.close(force=True)
