from __future__ import annotations

import pytest

from tests.tui_cli.running import Program


@pytest.fixture
def program(tmp_path):
    return Program(tmp_path)
