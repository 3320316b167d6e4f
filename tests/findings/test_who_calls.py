"""Who calls, and what the environment says of it: read from a server and a shell as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from instance_profiles.aws.account import AwsAccount
from instance_profiles.aws.connection import Connection
from instance_profiles.emulator.fleet import build_world
from instance_profiles.emulator.server import serve
from instance_profiles.findings.evaluate import evaluate
from instance_profiles.inventory.inventory import Inventory
from instance_profiles.inventory.load import load
from tests.aws.surroundings import isolate
from tests.findings.estate import NOW

if TYPE_CHECKING:
    from pathlib import Path

FLEET = """
regions = ["us-east-1"]
account = { id = "123456789012" }

[[callers]]
who = "WHO"
access_key = "AKIAIOSFODNN7EXAMPLE"
"""


async def found(who: str) -> set[tuple[str, str]]:
    inventory = Inventory()
    async with (
        serve(build_world(FLEET.replace("WHO", who))) as url,
        AwsAccount(Connection(endpoint_url=url)) as account,
    ):
        async for event in load(account):
            inventory.take(event)
    return {(finding.rule, finding.object.name) for finding in evaluate(inventory, NOW)}


@pytest.fixture(autouse=True)
def shell(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """A shell with keys in its environment, and a config with one named profile."""
    isolate(monkeypatch, tmp_path)
    (tmp_path / "config").write_text("[profile prod]\nregion = us-east-1\n")
    return monkeypatch


async def test_a_user_with_keys_in_the_environment() -> None:
    assert await found("user/kim") == set()


async def test_the_root_user() -> None:
    assert {rule for rule, _ in await found("root")} == {"caller-is-root"}


async def test_keys_that_win_over_the_named_profile(shell: pytest.MonkeyPatch) -> None:
    shell.setenv("AWS_PROFILE", "prod")
    assert await found("user/kim") == {("env-shadows-profile", "prod")}
