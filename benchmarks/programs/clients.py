"""CPU milliseconds of the first EC2 client, of a further one, and of the first request of each."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Any

from benchmarks.fleets import REGIONS
from instance_profiles.aws.account import AwsAccount
from instance_profiles.aws.connection import Connection


async def stock() -> None:
    from aiobotocore.session import AioSession

    session = AioSession()
    clients: list[Any] = []

    async def make(region: str) -> None:
        clients.append(await session.create_client("ec2", region_name=region).__aenter__())

    made = [await _spent(make(region)) for region in REGIONS]
    asked = [await _spent(client.describe_regions()) for client in clients]
    for client in clients:
        await client.close()
    _tell(made, asked)


async def ours() -> None:
    async with AwsAccount(Connection()) as account:
        await account.ready()
        first = await _spent(account.warm(["ec2"]))
        made = [await _spent(account.endpoint("ec2", region)) for region in REGIONS]
        made[0] += first
        asked = [await _spent(account.call("ec2", "DescribeRegions", region=region)) for region in REGIONS]
    _tell(made, asked)


async def _spent(work: Any) -> float:
    begin = time.process_time()
    await work
    return (time.process_time() - begin) * 1000


def _tell(made: list[float], asked: list[float]) -> None:
    print(
        json.dumps(
            {
                "first": made[0],
                "further": sum(made[1:]) / len(made[1:]),
                "request": sum(asked) / len(asked),
            }
        )
    )


asyncio.run(stock() if "stock" in sys.argv else ours())
