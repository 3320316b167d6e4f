"""The last line: whatever ends a command becomes one sentence and an exit code, never a traceback."""

from __future__ import annotations

import logging
import os
import sys
from io import TextIOWrapper
from typing import TYPE_CHECKING, TextIO

from tui.commands.exits import CommandError, Exit
from tui.commands.output import clear_progress, forget, say

if TYPE_CHECKING:
    from collections.abc import Callable

_CHANGING = ("fix", "journal")


def guarded(command: Callable[[], int], words: list[str]) -> int:
    """Run the command and return its exit code; errors go to standard error, faults of ours to the log."""
    _with_streams()
    try:
        code = command()
        sys.stdout.flush()
    except CommandError as error:
        clear_progress()
        say(str(error))
        return error.code
    except KeyboardInterrupt:
        clear_progress()
        say("Stopped.")
        return Exit.INTERRUPTED
    except BrokenPipeError:
        forget(sys.stdout)
        return Exit.DONE
    except Exception as error:
        where = _log_opened()
        logging.getLogger("iptui").exception("fault in `iptui %s`", " ".join(words[:1]))
        clear_progress()
        say(f"iptui made a mistake of its own ({type(error).__name__}); {where}.")
        return Exit.FIX_FAILED if set(words) & set(_CHANGING) else Exit.NOTHING_LOADED
    return code


def _log_opened() -> str:
    """Open the log file, and say where the details of a fault will be found."""
    from config.paths import paths
    from tui.log_file import open_log

    log = paths(os.environ).log
    trouble = open_log(log)
    return f"the details are in {log}" if trouble is None else trouble.rstrip(".")


def _with_streams() -> None:
    """A caller may have closed standard output or error, and names hold what a C locale cannot print."""
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _nowhere() -> TextIO:
    return os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")
