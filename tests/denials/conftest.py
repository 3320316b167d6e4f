from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.aws.surroundings import isolate
from tests.denials.asking import company

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.denials.asking import Company


@pytest.fixture
async def acme(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[Company]:
    """A company in which an operator is denied things, and an administrator asks why."""
    isolate(monkeypatch, tmp_path)
    async with company(monkeypatch) as made:
        yield made
