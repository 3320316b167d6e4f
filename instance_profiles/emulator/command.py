"""The emulator as a process of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

from instance_profiles.emulator.fleet import FleetError, load_fleet
from instance_profiles.emulator.server import HOST, serve

if TYPE_CHECKING:
    from instance_profiles.emulator.world import World


def run(port: int = 0, fleet: str = "demo", *, until_stdin_closes: bool = False) -> int:
    """Serve a fleet until interrupted, or until standard input ends; returns the exit code.

    A parent that holds the other end of standard input takes the emulator along even when it is killed.
    """
    try:
        world = load_fleet(fleet)
    except FleetError as error:
        print(error, file=sys.stderr)
        return 2
    return run_world(world, port, until_stdin_closes=until_stdin_closes)


def run_world(world: World, port: int = 0, *, until_stdin_closes: bool = False) -> int:
    """As `run`, for a world that is made already."""
    try:
        asyncio.run(_serve(world, port, until_stdin_closes=until_stdin_closes))
    except OSError as error:
        reason = error.strerror or error
        print(f"Cannot listen on {HOST}, port {port}: {reason}. Choose another --port.", file=sys.stderr)
        return 1
    return 0


async def _serve(world: World, port: int, *, until_stdin_closes: bool) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    if until_stdin_closes:
        watch = threading.Thread(target=_wait_for_end_of_input, args=(loop, stop), daemon=True)
        watch.start()
    async with serve(world, port) as url:
        print(f"iptui emulator listening on {url}", flush=True)
        await stop.wait()


def _wait_for_end_of_input(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    # Not sys.stdin: its lock, held by this thread, would stop the interpreter from ending.
    while os.read(0, 4096):
        pass
    if not loop.is_closed():
        loop.call_soon_threadsafe(stop.set)
