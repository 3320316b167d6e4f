"""The program in a process that is forked off one which has imported it: what it says and how it ends."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import sys
import termios
from multiprocessing import reduction
from pathlib import Path
from typing import TYPE_CHECKING

from tests.forking import forking

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

ROWS, COLUMNS = 60, 140


def run_forked(
    arguments: tuple[str, ...], given: str, environment: Mapping[str, str], folder: Path, papers: Path
) -> tuple[int, str, str]:
    """Run to the end, without a terminal; its exit code, standard output and standard error.

    `papers` is a folder where nothing is yet: the three streams are files in it.
    """
    (papers / "in").write_text(given, encoding="utf-8")
    process = forking().Process(
        target=_run_with_papers, args=(arguments, dict(environment), str(folder), str(papers)), daemon=False
    )
    process.start()
    process.join(120)
    if process.exitcode is None:
        process.kill()
        raise AssertionError(f"iptui {' '.join(arguments)} did not end.")
    out, err = ((papers / name).read_text(encoding="utf-8") for name in ("out", "err"))
    return process.exitcode, out, err


class Terminal:
    """The program on a terminal, read up to what is waited for."""

    def __init__(self, arguments: tuple[str, ...], environment: Mapping[str, str], folder: Path) -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self._process = forking().Process(
            target=_run_on_terminal,
            args=(arguments, {**environment, "TERM": "xterm"}, str(folder), _Handed(theirs)),
            daemon=True,
        )
        self._process.start()
        os.close(theirs)
        self.seen = ""

    def until(self, text: str) -> None:
        while text not in self.seen:
            assert self._read(), self.seen

    def type(self, text: str) -> None:
        os.write(self._ours, text.encode())

    def end(self) -> int | None:
        """Read until the program ends; its exit code."""
        while self._read():
            pass
        self._process.join()
        os.close(self._ours)
        return self._process.exitcode

    def _read(self) -> bool:
        try:
            piece = os.read(self._ours, 4096)
        except OSError:  # Linux says so when the other end is closed
            return False
        self.seen += piece.decode(errors="replace")
        return bool(piece)


class _Handed:
    """A file descriptor on its way to another process."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __reduce__(self) -> tuple[object, ...]:
        return _taken, (reduction.DupFd(self.number),)


def _taken(duplicate: reduction.DupFd) -> _Handed:
    return _Handed(duplicate.detach())


def _run_with_papers(
    arguments: tuple[str, ...], environment: dict[str, str], folder: str, papers: str
) -> None:
    for number, (name, mode) in enumerate((("in", "r"), ("out", "w"), ("err", "w"))):
        with Path(papers, name).open(mode) as stream:
            os.dup2(stream.fileno(), number)
    _run(arguments, environment, folder)


def _run_on_terminal(
    arguments: tuple[str, ...], environment: dict[str, str], folder: str, terminal: _Handed
) -> None:
    os.setsid()
    fcntl.ioctl(terminal.number, termios.TIOCSCTTY, 0)
    for number in range(3):
        os.dup2(terminal.number, number)
    os.close(terminal.number)
    _run(arguments, environment, folder)


def _run(arguments: tuple[str, ...], environment: dict[str, str], folder: str) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.stdin, sys.stdout, sys.stderr = _stream(0, "r"), _stream(1, "w"), _stream(2, "w")
    sys.argv = ["iptui", *arguments]

    from tui.cli import main

    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    sys.exit(code)


def _stream(number: int, mode: str) -> TextIO:
    return os.fdopen(number, mode, encoding="utf-8", closefd=False)
