from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.aws.place import Place, open_place
from tests.aws.surroundings import isolate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def aws_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where the test's own AWS config and credentials files go."""
    isolate(monkeypatch, tmp_path)
    return tmp_path


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    async with open_place() as opened:
        yield opened
