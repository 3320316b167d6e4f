"""Asking on the terminal: the default is always no."""

from __future__ import annotations

import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tui.commands.exits import CommandError, Exit

if TYPE_CHECKING:
    from collections.abc import Iterator


def must_be_able_to_ask(*, yes: bool, as_json: bool) -> None:
    """Raises CommandError where neither consent was given nor anybody is there to give it."""
    if yes:
        return
    if as_json:
        raise CommandError("With --format json nobody can be asked: add --yes or --dry-run.", Exit.USAGE)
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise CommandError(
            "Without a terminal nobody can be asked: add --yes to apply or --dry-run to look.", Exit.USAGE
        )


def yes_to(question: str) -> bool:
    return ask_for(f"{question} [y/N] ").casefold() in ("y", "yes")


def ask_for(prompt: str) -> str:
    """One line from the terminal, empty at its end; ctrl+c raises KeyboardInterrupt."""
    with _ctrl_c_raises():
        sys.stderr.write(f"\n{prompt}")
        sys.stderr.flush()
        return sys.stdin.readline().strip()


@contextmanager
def _ctrl_c_raises() -> Iterator[None]:
    """While a person is asked, ctrl+c ends the question: the event loop's own handler would wait for it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
