"""A real terminal for tests: the program runs in a pty, pyte keeps the screen that a person would see."""

from __future__ import annotations

import os
import re
import select
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

import ptyprocess
import pyte

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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
PATIENCE = 90
"""Seconds after which what a test waits for will not come any more."""
OTHER_SCREEN, FIRST_SCREEN = b"\x1b[?1049h", b"\x1b[?1049l"
HIDE_CURSOR, SHOW_CURSOR = b"\x1b[?25l", b"\x1b[?25h"


class Terminal:
    """Starts `python -m tui ...` in a pty; `wait_for` reads until the screen shows what is wanted."""

    def __init__(
        self,
        *arguments: str,
        environ: Mapping[str, str],
        size: tuple[int, int] = (120, 40),
        term: str = "xterm-256color",
        ignoring: signal.Signals | None = None,
        program: str | None = None,
    ) -> None:
        """`program` is Python to run in the place of iptui."""
        columns, rows = size
        self.screen = pyte.Screen(columns, rows)
        self.received = b""
        self._stream = pyte.ByteStream(self.screen)
        self.process = ptyprocess.PtyProcess.spawn(
            [sys.executable, *(("-m", "tui") if program is None else ("-c", program)), *arguments],
            cwd=str(ROOT),
            env={**environ, "TERM": term, "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"},
            dimensions=(rows, columns),
            preexec_fn=None if ignoring is None else lambda: signal.signal(ignoring, signal.SIG_IGN),
        )

    def press(self, *keys: str) -> None:
        """Named keys, or the text itself. Wait for an answer before and after `esc`: it begins sequences."""
        for key in keys:
            self.process.write(KEYS.get(key, key).encode())

    def resize(self, columns: int, rows: int) -> None:
        self.screen.resize(rows, columns)
        self.process.setwinsize(rows, columns)

    def text(self) -> str:
        return "\n".join(self.screen.display)

    def wait_for(self, *words: str, gone: str | None = None) -> str:
        """Read until all the words are on the screen and `gone` is not; raises with the screen otherwise."""
        return self._read_until(
            lambda shown: all(word in shown for word in words) and (gone is None or gone not in shown),
            f"waited for {words!r} (gone: {gone!r})",
        )

    def wait_match(self, pattern: str) -> re.Match[str]:
        """Read until the screen matches; its lines are separated by newlines."""
        self._read_until(lambda shown: re.search(pattern, shown) is not None, f"waited for {pattern}")
        found = re.search(pattern, self.text())
        assert found
        return found

    def _read_until(self, is_there: Callable[[str], bool], wanted: str) -> str:
        deadline = time.monotonic() + PATIENCE
        while True:
            shown = self.text()
            if is_there(shown):
                return shown
            left = deadline - time.monotonic()
            if left <= 0 or not self._read(left):
                raise AssertionError(f"{wanted}; the screen was:\n{self.text()}")

    def press_until(self, key: str, *words: str) -> None:
        """Press a key, again where nothing came of it; for keys that are harmless when pressed too often."""
        deadline = time.monotonic() + PATIENCE
        while not all(word in self.text() for word in words):
            if time.monotonic() > deadline:
                raise AssertionError(f"{key} did not lead to {words!r}; the screen was:\n{self.text()}")
            self.press(key)
            self._read(0.5)

    def wait_exit(self) -> int:
        """Read until the program ends; its exit status (negative for a signal)."""
        deadline = time.monotonic() + PATIENCE
        while self._read(max(0.0, deadline - time.monotonic())):
            pass
        if time.monotonic() >= deadline:
            raise AssertionError(f"still running; the screen was:\n{self.text()}")
        self.process.wait()
        return self.process.exitstatus if self.process.exitstatus is not None else -self.process.signalstatus

    @property
    def is_restored(self) -> bool:
        """Whether the program left the terminal on its first screen with the cursor shown."""
        return _last_is(self.received, FIRST_SCREEN, OTHER_SCREEN) and _last_is(
            self.received, SHOW_CURSOR, HIDE_CURSOR
        )

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
            piece = os.read(self.process.fd, 65536)
        except OSError:  # Linux says so when the other end is closed
            return False
        self.received += piece
        self._stream.feed(piece)
        return bool(piece)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self.process.close(force=True)


def _last_is(received: bytes, wanted: bytes, other: bytes) -> bool:
    return received.rfind(wanted) >= received.rfind(other)
