from __future__ import annotations

import pytest

from tests.tui_cli.aws_place import served
from tests.tui_cli.running import Program


@pytest.fixture
def program(tmp_path):
    """iptui in folders of its own, with no AWS to go to."""
    return Program(tmp_path)


@pytest.fixture
def aws():
    """A small AWS of this test's own, served by this process: it outlives the program."""
    with served() as place:
        yield place


@pytest.fixture
def iptui(tmp_path, aws):
    """iptui whose environment leads to `aws`."""
    return Program(tmp_path, **aws.environment)
