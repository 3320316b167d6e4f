"""An AWS to run the program against: a small fleet, served in this process by a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager

from instance_profiles.emulator.fleet import build_world
from instance_profiles.emulator.server import serve
from tests.aws.sent import writes

ACCOUNT = "210987654321"
FLEET = f"""
regions = ["eu-west-1", "us-east-1"]
disabled_regions = ["ap-east-1"]
default_region = "us-east-1"
account = {{ id = "{ACCOUNT}" }}

[[roles]]
name = "web"
inline = {{ logs = ["logs:PutLogEvents"] }}
used_hours = 1.0
instance_profile = true

[[roles]]
name = "worker"
inline = {{ logs = ["logs:PutLogEvents"] }}

[[instance_profiles]]
name = "worker"                    # fault: no role

[[instance_profiles]]
name = "left-over"                 # faults: no role, and nothing uses it

[[instances]]
region = "eu-west-1"
name = "web"
count = 2
instance_profile = "web"

[[instances]]
region = "us-east-1"
name = "worker\\u009b31m\\u202eowned"   # XML can carry no ESC, but this does the same
instance_profile = "worker"
"""


class Served:
    """A world, the address it is served at, and the environment that leads there."""

    def __init__(self, world, url):
        self.world = world
        self.url = url

    @property
    def environment(self):
        return self.world.environment(self.url)

    def writes(self):
        """The operations received that change something."""
        return writes(self.world)

    def wait_for(self, operation):
        """Return once a request for this operation was received."""
        received = threading.Event()
        while not any(name == operation for _, name, _ in self.world.requests):
            received.wait(0.01)


@contextmanager
def served(fleet=FLEET):
    """Serve a fleet until the end of the block."""
    world = build_world(fleet)
    loop = asyncio.new_event_loop()
    ready = threading.Event()
    place = Served(world, "")

    async def run(stop):
        async with serve(world) as url:
            place.url = url
            ready.set()
            await stop.wait()

    stop = asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(run(stop),), daemon=True)
    thread.start()
    ready.wait()
    try:
        yield place
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()
