"""While a load lasts, and until all of it is judged, nobody looks for garbage among what it brought."""

from __future__ import annotations

import asyncio
import gc

from instance_profiles.inventory import collecting
from instance_profiles.inventory.inventory import Inventory
from tui.messages import LoadEnded
from tui.session import Session


class Empty:
    """A workspace of nothing."""

    def __init__(self):
        self.inventory = Inventory()

    async def load(self):
        for _ in ():
            yield _


async def test_garbage_is_looked_for_as_usual_only_when_all_is_judged():
    posted = []
    session = Session(lambda: None, posted.append, Inventory())
    loading = asyncio.create_task(session._load_for_ever(Empty(), set()))
    try:
        for _ in range(2):
            while not any(isinstance(message, LoadEnded) for message in posted):
                await asyncio.sleep(0)
            for _ in range(10):
                await asyncio.sleep(0)
            assert collecting._set_aside in gc.callbacks
            session.judged()
            for _ in range(10):
                await asyncio.sleep(0)
            assert collecting._set_aside not in gc.callbacks
            posted.clear()
            session.reload()
    finally:
        loading.cancel()
