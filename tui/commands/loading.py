"""Opening the workspace for a command, reading everything into it, and saying how far that went."""

from __future__ import annotations

import asyncio
import time
from contextlib import nullcontext
from typing import TYPE_CHECKING

import msgspec

from instance_profiles.aws.config_files import read_sections
from instance_profiles.aws.errors import AwsError, WrongNamedProfile
from instance_profiles.aws.regions import enabled_regions, known_regions, misspelt
from instance_profiles.inventory import sources
from tui.commands import muting
from tui.commands.exits import CommandError, Exit
from tui.commands.nearest import nearest
from tui.commands.output import clear_progress, progress, say
from tui.demo import start_demo
from tui.held_up import not_identified
from tui.log_file import open_log
from tui.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from config.settings import ResolvedSettings
    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import Coverage
    from tui.demo import Demo
    from tui.workspace import Workspace

_NO_OBJECTS = (sources.CALLER_IDENTITY, sources.LOCAL_CONFIG, sources.REGIONS)
_PROGRESS_SECONDS = 0.1


def with_workspace(
    resolved: ResolvedSettings, use: Callable[[Workspace], Awaitable[int]], *, demo: bool
) -> int:
    """Run `use` with an open workspace, in the demo if asked; returns its exit code."""
    muting.checked(resolved)
    unlogged = open_log(resolved.paths.log)
    if unlogged is not None:
        say(unlogged)
    try:
        with start_demo() if demo else nullcontext() as process:
            return asyncio.run(_opened(resolved, use, process))
    except AwsError as error:
        raise CommandError(str(error), Exit.NOTHING_LOADED) from error


def read_only(resolved: ResolvedSettings) -> ResolvedSettings:
    """The same settings, for a command that has no business to change anything."""
    return msgspec.structs.replace(
        resolved, settings=msgspec.structs.replace(resolved.settings, read_only=True)
    )


async def load(workspace: Workspace) -> None:
    """Read everything; says how far it is on a terminal.

    Raises CommandError for a named profile or a region that does not exist.
    """
    await _check_named_profiles(workspace)
    await _check_regions(workspace)
    await workspace.load_all(_ProgressLine().show)
    clear_progress()


async def settle(workspace: Workspace) -> None:
    """Look again at what is in transition, for some 20 seconds if there is any; says so on a terminal."""
    await workspace.settle(
        observe=lambda waiting: progress(f"waiting for {waiting} associations in transition ...")
    )
    clear_progress()


def nothing_loaded(inventory: Inventory) -> bool:
    """Whether no listing of any account could be read."""
    return not any(
        row.state == "complete" for row in inventory.coverage.values() if row.source not in _NO_OBJECTS
    )


def troubles(inventory: Inventory) -> list[Coverage]:
    """What could not be read, in a fixed order."""
    rows = (row for row in inventory.coverage.values() if row.state in ("denied", "failed"))
    return sorted(rows, key=lambda row: (row.account, row.region or "", row.source))


def not_read(row: Coverage) -> str:
    """One of the `troubles` as part of a report."""
    where = f" in {row.region}" if row.region else ""
    return f"{row.source}{where} ({row.state}): {row.cause or ''}"


def say_troubles(inventory: Inventory) -> None:
    """Tell on standard error, in one sentence, what could not be read."""
    rows = troubles(inventory)
    if nothing_loaded(inventory):
        rows = rows or [row for row in inventory.coverage.values() if row.state != "complete"]
        why = " ".join(not_identified(inventory)) or (rows[0].cause if rows else None)
        say(why or "Nothing could be read; see the log file.")
        return
    if not rows:
        return
    first = rows[0]
    cause = first.cause or f"it {first.state}."
    where = f"{first.source} in {first.region}" if first.region else first.source
    more = f" (and {len(rows) - 1} more)" if len(rows) > 1 else ""
    say(f"Loaded in part, without {where}{more}: {cause}")


async def _opened(
    resolved: ResolvedSettings, use: Callable[[Workspace], Awaitable[int]], demo: Demo | None
) -> int:
    async with open_workspace(resolved, demo=demo) as workspace:
        return await use(workspace)


async def _check_named_profiles(workspace: Workspace) -> None:
    """A named profile that is not there is a slip of the pen; one that cannot work is told as coverage."""
    for account in workspace.accounts:
        try:
            await account.ready()
        except WrongNamedProfile as error:
            name = account.connection.named_profile
            known = await asyncio.to_thread(read_sections)
            if name is None or name not in known:
                close = nearest(name, known) if name else None
                hint = f" ({close})" if close else ""
                raise CommandError(f"{error}{hint}", Exit.USAGE) from error
        except AwsError:
            continue  # the load says it, with all else that it finds


async def _check_regions(workspace: Workspace) -> None:
    """A misspelt region is refused before anything is read; one that is only disabled is told as coverage."""
    asked = [region for region in workspace.settings.regions if region != "all"]
    if not asked or not workspace.accounts:
        return
    account = workspace.accounts[0]
    try:
        known = await known_regions(account)
        if all(region in known for region in asked):
            return
        known = tuple(dict.fromkeys((*known, *await enabled_regions(account))))
    except AwsError:
        return  # the load says it
    for region in asked:
        if region not in known:
            raise CommandError(misspelt(region, known), Exit.USAGE)


class _ProgressLine:
    """How much was read so far, at most ten times a second."""

    def __init__(self) -> None:
        self._shown_at = 0.0

    def show(self, inventory: Inventory) -> None:
        now = time.monotonic()
        if now - self._shown_at < _PROGRESS_SECONDS:
            return
        self._shown_at = now
        read = sum(inventory.counts().values())
        open_rows = sum(row.state == "loading" for row in inventory.coverage.values())
        progress(f"reading: {read:,} objects, {open_rows} listings open ...")
