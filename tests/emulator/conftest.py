from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest

from instance_profiles.emulator.fleet import build_world
from instance_profiles.emulator.server import serve
from tests.emulator.calling import Aws

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from instance_profiles.emulator.world import World

FLEET = """
regions = ["us-east-1", "eu-west-1"]
disabled_regions = ["ap-east-1"]
account = { id = "123456789012", alias = "acme-test", instance_profiles_quota = 5 }

[[roles]]
name = "web"
policies = ["AmazonSSMManagedInstanceCore"]
instance_profile = true

[[roles]]
name = "loader"
path = "/data/"

[[roles]]
name = "ops"
trust = ["account"]
max_session_duration = 43200

[[instance_profiles]]
name = "spare"

[[instances]]
region = "us-east-1"
name = "web"
count = 2
instance_profile = "web"

[[instances]]
region = "us-east-1"
name = "bare"

[[launch_templates]]
region = "us-east-1"
name = "web"
instance_profile = "web"
versions = 3
default = 2

[[scaling_groups]]
region = "us-east-1"
name = "web"
desired = 2
launch_template = "web"
"""


@pytest.fixture
def world() -> World:
    made = build_world(FLEET)
    made.clock.freeze()
    return made


@pytest.fixture
async def aws(world: World) -> AsyncIterator[Aws]:
    async with serve(world) as url, AsyncExitStack() as stack:
        yield Aws(world, url, stack)
