"""The sightings on disk, so that what lasts keeps its age from one start to the next.

A file of the cache: what is lost with it is an age, nothing else. It holds account numbers, ids of objects,
states and times, and is readable by its owner alone.
"""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from instance_profiles.inventory.sightings import Passing, PassingState
from instance_profiles.inventory.whole_file import replace

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from instance_profiles.inventory.sightings import Place

FORGOTTEN_AFTER = timedelta(days=30)
"""What nobody looked at for so long is not written again."""
_log = logging.getLogger("iptui")


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    aws: str
    account: str
    region: str
    id: str
    state: PassingState
    of: str
    since: Annotated[datetime, msgspec.Meta(tz=True)]

    @property
    def passing(self) -> Passing:
        return Passing(self.account, self.region, self.id, self.state, self.of)


class _Content(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: Literal["iptui.first-seen/1"]
    entries: tuple[_Entry, ...]


class SightingsFile:
    """The sightings of all accounts in one file. `endpoints` are the addresses that are not AWS's own.

    At a test server the same account numbers are other accounts.
    """

    def __init__(self, path: Path, endpoints: Collection[str] = ()) -> None:
        self._path = path
        # An address may hold a password.
        self._aws = (
            hashlib.sha256(" ".join(sorted(endpoints)).encode()).hexdigest()[:16] if endpoints else "aws"
        )

    def read(self) -> dict[Passing, datetime]:
        """What earlier runs saw; nothing where the file is damaged, of another version or not readable."""
        return {entry.passing: entry.since for entry in self._entries() if entry.aws == self._aws}

    def write(self, known: Mapping[Passing, datetime], places: Iterable[Place], now: datetime) -> None:
        """Replace what the file says of these places, and keep the rest. Raises OSError."""
        looked_at = set(places)
        kept = [
            entry
            for entry in self._entries()
            if (entry.aws != self._aws or entry.passing.place not in looked_at)
            and timedelta(0) <= now - entry.since < FORGOTTEN_AFTER
        ]
        ours = [
            _Entry(self._aws, one.account, one.region, one.id, one.state, one.of, since)
            for one, since in known.items()
            if one.place in looked_at
        ]
        ordered = sorted([*kept, *ours], key=msgspec.structs.astuple)
        replace(self._path, msgspec.json.encode(_Content("iptui.first-seen/1", tuple(ordered))))

    def _entries(self) -> tuple[_Entry, ...]:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=_Content).entries
        except FileNotFoundError:
            return ()
        except (OSError, msgspec.MsgspecError) as error:
            _log.warning("%s is not used and will be written anew: %s", self._path, error)
            return ()
