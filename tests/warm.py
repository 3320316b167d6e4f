"""What is imported by the process that others are forked off: the SDK, its models and its client classes."""

from __future__ import annotations

import asyncio

import tests.fixes.dying
import tests.tui_cli.forked
import tui.cli
import tui.commands.fix
import tui.commands.journal
import tui.commands.scan
from instance_profiles.aws.account import AwsAccount
from instance_profiles.aws.connection import Connection
from instance_profiles.aws.http_pool import HttpPool


async def _warm() -> None:
    """Make the clients and their TLS context once; nothing is sent."""
    async with AwsAccount(Connection(endpoint_url="http://127.0.0.1:9")) as account:
        for service, operation in (
            ("iam", "AddRoleToInstanceProfile"),
            ("ec2", "RunInstances"),
            ("autoscaling", "UpdateAutoScalingGroup"),
            ("sts", "GetCallerIdentity"),
        ):
            await account.knows_parameter(service, operation, "DryRun")


asyncio.run(_warm())
HttpPool().session_class()()._build_ssl_contexts(None)
assert tests.fixes.dying, tests.tui_cli.forked
assert tui.cli, (tui.commands.fix, tui.commands.journal, tui.commands.scan)
