"""`iptui emulator`: the local AWS alone."""

from __future__ import annotations

from tui.commands.exits import Exit
from tui.starting import started


def run(port: int, fleet: str, *, until_stdin_closes: bool) -> int:
    """Serve the fleet until a signal comes; a fleet or port that cannot be served is wrong usage."""
    from instance_profiles.emulator.command import run as serve  # only this command needs an HTTP server

    started()
    # It says itself what is wrong with a fleet or a port.
    return Exit.USAGE if serve(port, fleet, until_stdin_closes=until_stdin_closes) else Exit.DONE
