"""Who called when iptui last ran with these settings, so that a start shows what it left before AWS answers.

Only where the same way in always leads to the same account (`way_in`), and only until AWS has said who calls.
"""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from instance_profiles.aws.way_in import way_in
from instance_profiles.inventory.model import Caller
from instance_profiles.inventory.snapshot import Snapshots
from instance_profiles.inventory.whole_file import decoded, forget_oldest, replace
from tui.connections import connections

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from config.settings import ResolvedSettings
    from instance_profiles.inventory.snapshot import Place

_SUFFIX: Final = ".caller"
_MOST: Final = 50
"""Files kept: keys that last an hour leave one for each hour."""


class LastTime(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who called, and what tells this caller's snapshot from all others: its `owner`."""

    caller: Caller
    owner: tuple[str, ...]

    def snapshots(self, resolved: ResolvedSettings) -> Snapshots:
        return Snapshots(resolved.paths.snapshots, self.owner)

    def places(self, resolved: ResolvedSettings) -> Iterator[Place]:
        """What it left, the global objects first, as far as this run reads the same. Blocking, by file."""
        asked = resolved.settings.regions
        for place in self.snapshots(resolved).read(self.caller.account):
            if place.region is None or not asked or place.region in asked:
                yield place


class _Content(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: Literal["iptui.last-time/1"]
    way: str
    last: LastTime


def last_times(resolved: ResolvedSettings) -> tuple[LastTime, ...]:
    """Of each account that is opened, as far as it is known whose it is. Blocking: use a thread."""
    if not resolved.settings.snapshot:
        return ()
    ways = (way_in(connection, os.environ) for connection in connections(resolved))
    found = [last for way in ways if (last := _read(_path(resolved, way), way)) is not None]
    # Two named profiles may lead to the same account, which is shown once.
    return tuple({last.caller.account: last for last in reversed(found)}.values())


async def in_thread(places: Iterator[Place]) -> AsyncIterator[Place]:
    """The same, each read beside the event loop."""
    while (place := await asyncio.to_thread(next, places, None)) is not None:
        yield place


def note(resolved: ResolvedSettings, way: str, last: LastTime | None) -> None:
    """Remember who calls this way, or forget it. Blocking. Raises OSError."""
    path = _path(resolved, way)
    if last is None:
        path.unlink(missing_ok=True)
        return
    replace(path, msgspec.json.encode(_Content("iptui.last-time/1", way, last)))
    forget_oldest(path.parent, _SUFFIX, _MOST)


def _read(path: Path, way: str) -> LastTime | None:
    content = decoded(path, _Content)
    return content.last if content is not None and content.way == way else None


def _path(resolved: ResolvedSettings, way: str) -> Path:
    return resolved.paths.snapshots / f"{way[:32]}{_SUFFIX}"
