"""A terminal that goes away takes the program with it.

A lost connection sends SIGHUP, but not to everybody: under make or nohup it never arrives, and the screen
would go on for ever, drawing for nobody. The journal knows of a call that is under way.
"""

from __future__ import annotations

import os
import select
import threading
from typing import Final

from tui.commands.exits import Exit

_GONE: Final = select.POLLHUP | select.POLLERR


def end_with_terminal(fd: int) -> None:
    """Watch the terminal behind a file descriptor; a thread does it, because the screen waits for a write."""
    threading.Thread(target=_watch, args=(fd,), name="hangup", daemon=True).start()


def _watch(fd: int) -> None:
    poll = select.poll()
    poll.register(fd, 0)  # what is always told: that the other end is gone
    if any(events & _GONE for _, events in poll.poll()):
        os._exit(Exit.HUNG_UP)
