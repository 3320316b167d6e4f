from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from instance_profiles.emulator.server import serve
from instance_profiles.fixes.journal import Journal
from tests.aws.surroundings import isolate
from tests.fixes.bench import Bench, connected
from tests.fixes.estate import make_world

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def aws_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where the test's own AWS config and credentials files go."""
    isolate(monkeypatch, tmp_path)
    return tmp_path


@pytest.fixture
async def bench(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[Bench]:
    """The small company being served, read once, with an empty journal."""
    world = make_world()
    async with serve(world) as url:
        for name, value in world.environment(url).items():
            monkeypatch.setenv(name, value)
        async with connected() as account:
            made = Bench(world, account, Journal(tmp_path / "state" / "journal.jsonl"))
            await made.load()
            world.requests.clear()
            yield made
