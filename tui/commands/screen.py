"""`iptui` alone: the screen, if there is a terminal to draw it on."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tui.commands import keymap, muting
from tui.commands.exits import CommandError, Exit
from tui.still import last_frame, looks_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractAsyncContextManager, AbstractContextManager

    from config.settings import ResolvedSettings
    from tui.demo import Demo
    from tui.last_time import LastTime
    from tui.picture import Picture
    from tui.workspace import Workspace

FRAMES = "TEXTUAL_FPS"
FRAMES_A_SECOND = "240"
"""How often Textual looks whether anything is to be drawn. With its usual 60, an answer that comes right
behind another frame, as many do while everything is read, would wait for up to 33 milliseconds."""


def run(resolved: ResolvedSettings, *, demo: bool) -> int:
    """Open the screen and return its exit code; refuses where input or output is no terminal."""
    # Textual draws on standard error and reads standard input.
    terminals = all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))
    if not terminals or os.environ.get("TERM") == "dumb":
        raise CommandError(
            "The screen needs a terminal for input and output; `iptui scan` works without one.", Exit.USAGE
        )
    keymap.checked(resolved)
    muting.checked(resolved)
    from tui.curtain import curtain
    from tui.hangup import end_with_terminal
    from tui.log_file import open_log
    from tui.picture import last_picture

    os.environ.setdefault(FRAMES, FRAMES_A_SECOND)  # read when Textual is imported
    for frozen in ("COLUMNS", "LINES"):
        # Where they are exported, Textual would believe them and never see the terminal change its size.
        os.environ.pop(frozen, None)
    open_log(resolved.paths.log)
    end_with_terminal(sys.stdin.fileno())
    picture = None if demo else last_picture(resolved)
    with _demo() if demo else nullcontext() as process, curtain(_still(resolved, picture)) as shown:
        from tui import app  # Textual, 0.3 s

        def opened() -> AbstractAsyncContextManager[Workspace]:
            from tui.workspace import open_workspace  # the engine, not before the first frame

            return open_workspace(resolved, demo=process)

        if process is not None:
            return app.run(resolved, opened, process.start)

        def last_called() -> Sequence[LastTime]:
            from tui.last_time import last_times  # as above

            return last_times(resolved)

        return app.run(resolved, opened, last_times=last_called, picture=picture, curtain=shown)


def _still(resolved: ResolvedSettings, picture: Picture | None) -> str | None:
    """What the first frame looks like on this terminal, if one like it was here before."""
    looks = looks_of(resolved, os.environ)
    if looks is None:
        return None
    columns, lines = os.get_terminal_size(sys.stderr.fileno())
    size = (columns, lines)
    still = picture.still if picture is not None else last_frame(resolved, looks, size)
    return still.drawn(datetime.now(UTC)) if still is not None and still.fits(looks, size) else None


def _demo() -> AbstractContextManager[Demo]:
    from tui.demo import start_demo  # only the demo needs it

    return start_demo()
