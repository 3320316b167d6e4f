from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from instance_profiles.emulator.fleet import load_fleet
from instance_profiles.emulator.server import serve
from tests.aws.place import Place, open_place
from tests.aws.surroundings import isolate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from instance_profiles.emulator.world import World


@pytest.fixture(autouse=True)
def aws_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where the test's own AWS config and credentials files go."""
    isolate(monkeypatch, tmp_path)
    return tmp_path


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    async with open_place() as opened:
        yield opened


@pytest.fixture
def world() -> World:
    """The demo company, fresh for each test."""
    return load_fleet("demo")


@pytest.fixture
async def demo(world: World, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """The demo company being served; this process is its first caller."""
    async with serve(world) as url:
        for name, value in world.environment(url).items():
            monkeypatch.setenv(name, value)
        yield world
