from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest

from instance_profiles.emulator.fleet import build_world
from instance_profiles.emulator.server import serve
from tests.conformance.recorded import Recorded

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from instance_profiles.emulator.world import World

# Named as in the recording: role and instance profile of the same name, one that never had a role, and one
# whose role denies EC2.
FLEET = """
regions = ["us-east-1"]
account = { id = "123456789012" }

[[callers]]
who = "assumed-role/LAUNCHER/probe"
access_key = "ASIAIOSFODNN7EXAMPLE"
session_token = "session"

[[roles]]
name = "LAUNCHER"
trust = ["account"]

[[roles]]
name = "PROFILE_A"
instance_profile = true

[[roles]]
name = "PROFILE_B"
instance_profile = true

[[roles]]
name = "PROFILE_DENIED"
instance_profile = true

[roles.trust_document]
Version = "2012-10-17"

[[roles.trust_document.Statement]]
Effect = "Allow"
Principal = { Service = "ec2.amazonaws.com" }
Action = "sts:AssumeRole"

[[roles.trust_document.Statement]]
Effect = "Deny"
Principal = { Service = "ec2.amazonaws.com" }
Action = "sts:AssumeRole"

[[instance_profiles]]
name = "PROFILE_EMPTY"

[[instances]]
region = "us-east-1"
name = "INSTANCE"

[[instances]]
region = "us-east-1"
name = "STOPPED"
state = "stopped"

[[instances]]
region = "us-east-1"
name = "ATTACHED"
instance_profile = "PROFILE_A"
"""


@pytest.fixture
def world() -> World:
    made = build_world(FLEET)
    made.clock.freeze()
    return made


@pytest.fixture
async def aws(world: World) -> AsyncIterator[Recorded]:
    async with serve(world) as url, AsyncExitStack() as stack:
        yield Recorded(world, url, stack)
