"""What time decides, kept in the cache from one start to the next."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from instance_profiles.aws.errors import AwsError
from instance_profiles.inventory.sightings_file import SightingsFile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.inventory.inventory import Inventory

_log = logging.getLogger("iptui")
_OF_AWS = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws")


class Memory:
    """The sightings of an inventory in a file. What goes wrong with it is logged: only ages are lost."""

    def __init__(self, path: Path, clock: Callable[[], datetime]) -> None:
        self._path = path
        self._clock = clock
        self._file: SightingsFile | None = None
        self._kept = 0

    async def recall(self, accounts: Sequence[AwsAccount], inventory: Inventory) -> None:
        """Give the inventory what earlier runs saw at these addresses; a second call does nothing."""
        if self._file is None:
            endpoints = {address for account in accounts if (address := await _address(account))}
            self._file = SightingsFile(self._path, endpoints)
            inventory.sightings.recall(await asyncio.to_thread(self._file.read), self._clock())

    async def keep(self, inventory: Inventory) -> None:
        """Write down what changed since the last call."""
        sightings = inventory.sightings
        if self._file is None or sightings.revision == self._kept:
            return
        self._kept = sightings.revision
        known, places = sightings.known(), frozenset(sightings.places)
        try:
            await asyncio.to_thread(self._file.write, known, places, self._clock())
        except OSError as error:
            _log.warning("%s could not be written: %s", self._path, error)


async def _address(account: AwsAccount) -> str:
    """Where EC2 is asked, if that is not AWS itself."""
    try:
        address = await account.endpoint("ec2")
    except AwsError:
        return ""  # the load says it, and reads nothing that could be remembered
    return "" if (urlsplit(address).hostname or "").endswith(_OF_AWS) else address
