"""A process that applies a plan and is killed at one of its calls; journal and world are what is left.

Arguments: journal file, case id, number of the call, `before` or `after` it is sent.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from instance_profiles.aws.connection import Connection
from instance_profiles.fixes.journal import Journal
from tests.fixes.bench import Bench, TroubledAccount
from tests.fixes.cases import CASES

if TYPE_CHECKING:
    from instance_profiles.emulator.world import World


class KilledAccount(TroubledAccount):
    """Sends everything as it is, and dies right before or after one call that changes something."""

    def __init__(self, operations: tuple[str, ...], number: int, *, after: bool) -> None:
        super().__init__(Connection())
        self._operations = list(operations)
        self._number = number
        self._after = after
        self._rehearsing = False

    async def call(
        self, service: str, operation: str, parameters: Any = None, *, region: str | None = None
    ) -> dict[str, Any]:
        fatal = False
        if not self._rehearsing and self._operations and operation == self._operations[0]:
            self._operations.pop(0)
            fatal = self._number == 0
            self._number -= 1
        if fatal and not self._after:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = await super().call(service, operation, parameters, region=region)
        if fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    async def dry_run(self, *asked: Any, **more: Any) -> Any:
        self._rehearsing = True
        try:
            return await super().dry_run(*asked, **more)
        finally:
            self._rehearsing = False


async def main(journal: str, case_id: str, number: str, when: str) -> None:
    case = next(found for found in CASES if found.id == case_id)
    account = KilledAccount(case.calls, int(number), after=when == "after")
    async with account:
        world: World | None = None
        bench = Bench(world, account, Journal(Path(journal)))  # the world is served by the test
        await bench.load()
        from instance_profiles.fixes.apply import apply
        from instance_profiles.fixes.timing import Timing

        async def sleep(seconds: float) -> None:
            await asyncio.sleep(0)

        clock = iter(range(10**9))
        await apply(
            case.plan(bench), account, bench.journal, timing=Timing(lambda: float(next(clock)), sleep)
        )


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
