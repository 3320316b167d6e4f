"""A process that applies a plan and is killed with SIGKILL at one of its calls.

It is forked off a process that has the SDK and its models in memory (`tests.warm`), so that a death
takes a tenth of a second. Journal and world are what is left.
"""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from instance_profiles.aws.connection import Connection
from instance_profiles.aws.errors import Denied
from instance_profiles.aws.guard import is_read
from instance_profiles.fixes.apply import apply
from instance_profiles.fixes.journal import Journal
from instance_profiles.fixes.timing import Timing
from tests.fixes.bench import TroubledAccount
from tests.forking import forking

if TYPE_CHECKING:
    from pathlib import Path

    from instance_profiles.aws.dry_run import DryRun
    from instance_profiles.fixes.plan import Plan


class Death(msgspec.Struct, frozen=True):
    """Right before or after the call of this number is sent, counted over all that change something.

    `denied` is the number of a call that is denied before, so that what was done is taken back. `asking`
    is the moment when the first injected dry run has been answered.
    """

    number: int
    when: Literal["before", "after", "asking"]
    denied: int | None = None

    def __str__(self) -> str:
        after = "" if self.denied is None else f"-denied-{self.denied}"
        return f"{self.when}-{self.number}{after}"


async def die(plan: Plan, journal: Path, death: Death) -> bool:
    """Let a process of its own apply the plan; returns whether it was killed, or came to its end before."""
    process = forking().Process(target=_apply, args=(plan, journal, death, dict(os.environ)), daemon=True)
    process.start()
    await asyncio.to_thread(process.join, 60)
    assert process.exitcode in (0, -signal.SIGKILL), f"the process ended with {process.exitcode}"
    return process.exitcode != 0


class DyingAccount(TroubledAccount):
    """Sends everything as it is until its time has come."""

    def __init__(self, death: Death) -> None:
        super().__init__(Connection())
        self._death = death
        self._sent = 0
        self._trying = False

    async def call(
        self, service: str, operation: str, parameters: Any = None, *, region: str | None = None
    ) -> dict[str, Any]:
        if self._trying or (parameters or {}).get("DryRun") or is_read(service, operation):
            return await super().call(service, operation, parameters, region=region)
        number, self._sent = self._sent, self._sent + 1
        if number == self._death.denied:
            raise Denied(f"{operation} is denied.", code="AccessDenied", http_status=403)
        if (number, "before") == (self._death.number, self._death.when):
            os.kill(os.getpid(), signal.SIGKILL)
        answer = await super().call(service, operation, parameters, region=region)
        if (number, "after") == (self._death.number, self._death.when):
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    async def dry_run(
        self, service: str, operation: str, parameters: Any, *, region: str | None = None
    ) -> DryRun:
        self._trying = True
        try:
            answer = await super().dry_run(service, operation, parameters, region=region)
            if self._death.when == "asking":
                os.kill(os.getpid(), signal.SIGKILL)
            return answer
        finally:
            self._trying = False


def _apply(plan: Plan, journal: Path, death: Death, environment: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    asyncio.run(_applied(plan, journal, death))


async def _applied(plan: Plan, journal: Path, death: Death) -> None:
    clock = iter(range(10**9))

    async def sleep(seconds: float) -> None:
        await asyncio.sleep(0)

    async with DyingAccount(death) as account:
        await apply(plan, account, Journal(journal), timing=Timing(lambda: float(next(clock)), sleep))
