from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

import pytest

from instance_profiles.aws.account import AwsAccount
from instance_profiles.aws.connection import Connection
from instance_profiles.emulator.fleet import build_world
from instance_profiles.emulator.server import serve
from instance_profiles.inventory.load import load
from instance_profiles.inventory.model import Batch
from instance_profiles.inventory.sources import INSTANCES
from tests.aws.surroundings import isolate
from tests.tui.seeing import seen
from tests.widgets.quickly import lose_no_time

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from instance_profiles.emulator.world import World
    from instance_profiles.inventory.model import LoadEvent
    from tests.tui.seeing import Seen

ACCOUNT = "210987654321"
FLEET = f"""
regions = ["eu-west-1", "us-east-1"]
default_region = "us-east-1"
account = {{ id = "{ACCOUNT}", alias = "acme-test" }}

[[roles]]
name = "web"
inline = {{ logs = ["logs:PutLogEvents"] }}
used_hours = 1.0
instance_profile = true
tags = {{ team = "storefront" }}

[[roles]]
name = "batch"                     # fault: EC2 may not assume it
trust = ["rds"]
inline = {{ logs = ["logs:PutLogEvents"] }}
instance_profile = true

[[roles]]
name = "worker"
inline = {{ logs = ["logs:PutLogEvents"] }}

[[roles]]
name = "spare"
inline = {{ logs = ["logs:PutLogEvents"] }}

[[instance_profiles]]
name = "worker"                    # fault: no role, and a running instance uses it

[[instance_profiles]]
name = "left-over"                 # faults: no role, and nothing uses it

[[instances]]
region = "eu-west-1"
name = "shop"
count = 2
instance_profile = "web"

[[instances]]
region = "eu-west-1"
name = "night"
instance_profile = "batch"

[[instances]]
region = "us-east-1"
name = "digger"
instance_profile = "worker"

[[instances]]
region = "us-east-1"
name = "bare"                      # fault: no instance profile
"""

ORPHANS = ("old-1", "old-2", "old-3")
WORKERS = ("worker-a", "worker-b")
CROWD = (
    f"""
regions = ["eu-west-1", "us-east-1"]
default_region = "us-east-1"
account = {{ id = "{ACCOUNT}", alias = "acme-test" }}

[[roles]]
name = "web"
inline = {{ logs = ["logs:PutLogEvents"] }}
used_hours = 1.0
instance_profile = true

[[instances]]
region = "eu-west-1"
name = "shop"
instance_profile = "web"
"""
    + "".join(
        f"""
[[roles]]
name = "{name}"
inline = {{ logs = ["logs:PutLogEvents"] }}

[[instance_profiles]]
name = "{name}"

[[instances]]
region = "us-east-1"
name = "{name}-1"
instance_profile = "{name}"
"""
        for name in WORKERS
    )
    + "".join(f'\n[[instance_profiles]]\nname = "{name}"\nrole = "web"\n' for name in ORPHANS)
)


@pytest.fixture(autouse=True)
def apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An environment without the person's own AWS, desktop and colours."""
    isolate(monkeypatch, tmp_path)
    for name in ("NO_COLOR", "TEXTUAL_THEME"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    lose_no_time(monkeypatch)


@pytest.fixture
async def world(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """A small AWS of this test's own, where the environment leads to."""
    made = build_world(FLEET)
    async with serve(made) as url:
        for name, value in made.environment(url).items():
            monkeypatch.setenv(name, value)
        yield made


@pytest.fixture
async def crowd(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """A small AWS with the same faults several times over."""
    made = build_world(CROWD)
    async with serve(made) as url:
        for name, value in made.environment(url).items():
            monkeypatch.setenv(name, value)
        yield made


@pytest.fixture
async def recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same small AWS, read over HTTP once; each load then yields what was read. It answers no calls."""
    if not FIRST_EVENTS:
        made = build_world(FLEET)
        async with serve(made) as url, AwsAccount(Connection(endpoint_url=url)) as account:
            FIRST_EVENTS.extend([event async for event in load(account)])
    monkeypatch.setattr("tui.workspace.load", _replay)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")


async def _replay(*_account_and_regions: object) -> AsyncIterator[LoadEvent]:
    for event in FIRST_EVENTS:
        yield event


FIRST_EVENTS: list[LoadEvent] = []


@pytest.fixture
def instances_later(recorded: None, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Loads bring everything at once but the instances, which come when the event is set."""
    later = asyncio.Event()

    async def load_in_parts(*_account_and_regions: object) -> AsyncIterator[LoadEvent]:
        held = [
            event for event in FIRST_EVENTS if isinstance(event, Batch) and event.coverage.source == INSTANCES
        ]
        for event in FIRST_EVENTS:
            if event not in held:
                yield event
        await later.wait()
        for event in held:
            yield event

    monkeypatch.setattr("tui.workspace.load", load_in_parts)
    return later


@pytest.fixture
def iptui(tmp_path: Path) -> Callable[..., AbstractAsyncContextManager[Seen]]:
    """The program with settings of its own: `async with iptui(size=..., read_only=True) as at`."""
    return partial(seen, tmp_path)


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was put on the desktop's clipboard."""
    texts: list[str] = []
    monkeypatch.setattr("pyperclip.copy", texts.append)
    return texts
