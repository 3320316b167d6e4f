"""A person who presses keys in a real terminal while everything is read from the stand-in.

The time until the changed screen is that until the terminal has been sent the last byte of it. What `pyte`
then needs to make a screen of that is not counted: it is written in Python, and slower than all the rest.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING

import ptyprocess
import pyte

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PAUSE = 0.06
"""Seconds between an answer and the next key."""
_TABS = 3
"""The line with the tabs of the detail, which nothing but the key changes."""
_KEY = b"]"


def answers(environ: Mapping[str, str], limit: float) -> list[float]:
    """Seconds from each key to its changed screen, until everything is read.

    Raises TimeoutError after `limit` seconds, with what stands on the screen.
    """
    terminal = _Terminal(environ, limit)
    try:
        terminal.read_until(lambda: "Problem" in terminal.line(_TABS) and "instance" in terminal.line(0))
        found: list[float] = []
        while not terminal.line(0).rstrip().endswith("s ago"):
            terminal.read_for(PAUSE)
            before, begin = terminal.looks(_TABS), time.perf_counter()
            terminal.process.write(_KEY)
            terminal.read_until(lambda before=before: terminal.looks(_TABS) != before)
            found.append(terminal.sent_at - begin)
        return found
    finally:
        terminal.process.terminate(force=True)


class _Terminal:
    def __init__(self, environ: Mapping[str, str], limit: float) -> None:
        self._screen = pyte.Screen(120, 40)
        self._stream = pyte.ByteStream(self._screen)
        self.process = ptyprocess.PtyProcess.spawn(
            [sys.executable, "-m", "tui"],
            env={**environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"},
            dimensions=(40, 120),
        )
        self._end = time.monotonic() + limit
        self.sent_at = 0.0
        """When what was last put on the screen came out of the pty, by `time.perf_counter`."""
        self._sent: SimpleQueue[tuple[float, bytes]] = SimpleQueue()
        Thread(target=self._listen, daemon=True).start()

    def line(self, number: int) -> str:
        return str(self._screen.display[number])

    def looks(self, number: int) -> tuple[object, ...]:
        """What stands in a line, colours and all."""
        row = self._screen.buffer[number]
        return tuple(row[column] for column in range(self._screen.columns))

    def read_for(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._read(left)

    def read_until(self, is_so: Callable[[], bool]) -> None:
        while not is_so():
            if time.monotonic() > self._end:
                raise TimeoutError("the screen was:\n" + "\n".join(self._screen.display))
            self._read(1.0)

    def _read(self, seconds: float) -> None:
        with suppress(Empty):
            self.sent_at, piece = self._sent.get(timeout=seconds)
            self._stream.feed(piece)

    def _listen(self) -> None:
        """Note when each piece comes, whatever the screen is still busy with."""
        with suppress(OSError):  # the program has ended
            while piece := os.read(self.process.fd, 65536):
                self._sent.put((time.perf_counter(), piece))
