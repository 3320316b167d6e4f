from __future__ import annotations

import pytest

from config.settings import resolve
from tests.tui_cli.aws_place import served
from tests.tui_cli.running import Program


@pytest.fixture
def program(tmp_path):
    """iptui in folders of its own, with no AWS to go to."""
    return Program(tmp_path)


@pytest.fixture
def aws():
    """A small AWS of this test's own."""
    with served() as place:
        yield place


@pytest.fixture
def iptui(tmp_path, aws):
    """iptui whose environment leads to `aws`."""
    return Program(tmp_path, **aws.environment)


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """Settings of a person with nothing set, in an environment that leads to a given AWS."""

    def settings(aws, **flags):
        for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN"):
            monkeypatch.delenv(name, raising=False)
        environment = {
            **aws.environment,
            "AWS_CONFIG_FILE": str(tmp_path / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
        }
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        folders = {f"IPTUI_{name}_DIR": str(tmp_path / name) for name in ("CONFIG", "STATE", "CACHE")}
        return resolve(flags, folders)

    return settings
