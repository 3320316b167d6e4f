"""iptui's engine reads a whole account once; says when all but one region was complete, and when all was."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time

from instance_profiles.aws.account import AwsAccount
from instance_profiles.aws.connection import Connection
from instance_profiles.aws.readers import Readers
from instance_profiles.inventory.inventory import Inventory
from instance_profiles.inventory.load import load


async def main(left_out: str, patience: float) -> None:
    """`patience` is how many seconds an answer is waited for."""
    inventory, begin, others = Inventory(), time.perf_counter(), 0.0
    connection = Connection(read_timeout=patience)
    async with AwsAccount(connection, readers=Readers()) as account:
        async for event in load(account):
            inventory.take(event)
            rows = [row for row in inventory.coverage.values() if row.region != left_out]
            if all(row.state == "complete" for row in rows):
                # Whatever comes later belongs to the region that is left out.
                others = others or time.perf_counter() - begin
            else:
                others = 0.0
    seconds, requests = time.perf_counter() - begin, sum(account.requests.values())
    print(json.dumps({"seconds": seconds, "others": others, "requests": requests}))


logging.disable()
asyncio.run(main(sys.argv[1], float(sys.argv[2])))
