"""`iptui emulator`: the local AWS alone."""

from __future__ import annotations

from tui.commands.exits import Exit


def run(port: int, fleet: str, *, until_stdin_closes: bool) -> int:
    """Serve the fleet until a signal comes."""
    from instance_profiles.emulator.command import run as serve  # only this command needs an HTTP server

    serve(port, fleet, until_stdin_closes)
    return Exit.DONE
