from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from tests.aws.surroundings import isolate
from tests.fixes.crowd import make_crowd
from tests.fixes.stage import open_stage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.fixes.bench import Bench
    from tests.fixes.stage import Stage


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests on the stage share a loop, as they share a server and an account."""
    for item in items:
        if isinstance(item, pytest.Function) and "stage" in item.fixturenames:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(autouse=True)
def aws_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where the test's own AWS config and credentials files go."""
    isolate(monkeypatch, tmp_path)
    return tmp_path


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stage() -> AsyncIterator[Stage]:
    async with open_stage() as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def bench(stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[Bench]:
    """The small company being served, read once, with an empty journal."""
    async with stage.bench(monkeypatch, tmp_path) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="session")
async def crowd(stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[Bench]:
    """The same with a company that has each fault many times over."""
    async with stage.bench(monkeypatch, tmp_path, make_crowd) as made:
        yield made
