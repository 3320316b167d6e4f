"""What the process that others are forked off has in memory: the program, the SDK, what a load makes once."""

from __future__ import annotations

import asyncio
import gc
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from tempfile import TemporaryDirectory

import pytest

import tests.fixes.dying
import tests.tui_cli.forked
import tui.cli
import tui.commands
import tui.keymap
from instance_profiles.aws.account import AwsAccount
from instance_profiles.aws.connection import Connection
from instance_profiles.findings.evaluate import evaluate
from instance_profiles.inventory.inventory import Inventory
from instance_profiles.inventory.load import load
from tests.aws.surroundings import isolate
from tests.tui_cli.aws_place import served


async def _warm(url: str) -> None:
    """Make models, clients, scanners and the TLS context once. No thread may stay: it would not be forked."""
    inventory = Inventory()
    async with AwsAccount(Connection(endpoint_url=url)) as account:
        async for event in load(account):
            inventory.take(event)
        for service, operation in (
            ("iam", "AddRoleToInstanceProfile"),
            ("ec2", "RunInstances"),
            ("autoscaling", "UpdateAutoScalingGroup"),
        ):
            await account.knows_parameter(service, operation, "DryRun")
    assert evaluate(inventory, datetime.now(UTC))


for module in iter_modules(tui.commands.__path__, "tui.commands."):
    import_module(module.name)
with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch, served() as place:
    isolate(patch, Path(folder))
    for name, value in place.environment.items():
        patch.setenv(name, value)
    asyncio.run(_warm(place.url))
assert tests.fixes.dying, tests.tui_cli.forked
assert tui.cli, tui.keymap
gc.collect()
gc.freeze()  # what is collected later would be copied for each process
