"""What a test of a fix works with: a world being served, an account, what was read, a journal, its time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from instance_profiles.aws.account import AwsAccount
from instance_profiles.aws.connection import Connection
from instance_profiles.aws.errors import Denied
from instance_profiles.aws.guard import is_read
from instance_profiles.findings.finding import Finding, finding_id
from instance_profiles.fixes.apply import Outcome, Progress, apply
from instance_profiles.fixes.build import build_plan
from instance_profiles.fixes.preflight import preflight
from instance_profiles.fixes.timing import Timing
from instance_profiles.inventory.inventory import Inventory
from instance_profiles.inventory.load import load
from tests.aws.sent import writes
from tests.fixes import estate

if TYPE_CHECKING:
    import asyncio

    from instance_profiles.aws.dry_run import DryRun
    from instance_profiles.aws.errors import AwsError
    from instance_profiles.emulator.world import World
    from instance_profiles.fixes.journal import Journal
    from instance_profiles.fixes.plan import Check, Plan
    from instance_profiles.inventory.model import ObjectRef


@dataclass
class Trouble:
    """An error for one operation, raised instead of sending or (`after`) although it was carried out."""

    operation: str
    error: AwsError
    after: bool = False
    times: int = 1
    skip: int = 0


class TroubledAccount(AwsAccount):
    """An account whose connection breaks where a test says so; all else is the real thing."""

    def __init__(self, connection: Connection) -> None:
        self._slept = 0.0
        super().__init__(connection, clock=lambda: self._slept, sleep=self._sleep)
        self.troubles: list[Trouble] = []
        self.carried_out: list[str] = []
        """The operations that changed something, in their order."""
        self.denied_after: int | None = None
        """From this many changes on every further one is denied, taking back as well."""
        self._rehearsing = 0

    async def call(
        self, service: str, operation: str, parameters: Any = None, *, region: str | None = None
    ) -> dict[str, Any]:
        trouble = None if (parameters or {}).get("DryRun") else self._trouble(operation)
        if trouble is not None and not trouble.after:
            raise trouble.error
        changes = not (self._rehearsing or (parameters or {}).get("DryRun") or is_read(service, operation))
        if changes and self.denied_after is not None and len(self.carried_out) >= self.denied_after:
            raise Denied(f"{operation} is denied.", code="AccessDenied", http_status=403)
        answer = await super().call(service, operation, parameters or {}, region=region)
        if changes:
            self.carried_out.append(operation)
        if trouble is not None:
            raise trouble.error
        return answer

    async def dry_run(
        self, service: str, operation: str, parameters: Any, *, region: str | None = None
    ) -> DryRun:
        held, self.troubles = self.troubles, []
        self._rehearsing += 1
        try:
            return await super().dry_run(service, operation, parameters, region=region)
        finally:
            self.troubles = held
            self._rehearsing -= 1

    async def _sleep(self, seconds: float) -> None:
        """Pacing takes no time in tests."""
        self._slept += seconds

    def _trouble(self, operation: str) -> Trouble | None:
        for trouble in self.troubles:
            if trouble.operation == operation and trouble.times > 0:
                if trouble.skip > 0:
                    trouble.skip -= 1
                    return None
                trouble.times -= 1
                return trouble
        return None


@dataclass
class Bench:
    """Everything in one hand. `seen` is the progress of the last apply."""

    world: World
    account: TroubledAccount
    journal: Journal
    inventory: Inventory = field(default_factory=Inventory)
    seen: list[Progress] = field(default_factory=list)

    @property
    def timing(self) -> Timing:
        async def sleep(seconds: float) -> None:
            self.world.clock.advance(seconds)

        return Timing(self.world.clock.now, sleep)

    async def load(self) -> None:
        """Read everything anew."""
        self.inventory = Inventory()
        async for event in load(self.account):
            self.inventory.take(event)

    def finding(self, rule: str, subject: ObjectRef, *fixes: str) -> Finding:
        return Finding(
            finding_id(rule, subject), rule, "error", "present", subject, "cause", "detail", fixes=fixes
        )

    def profile_ref(self, name: str) -> ObjectRef:
        found = self.inventory.instance_profile_by_name(estate.ACCOUNT, name)
        assert found is not None
        return found.ref

    def role_ref(self, name: str) -> ObjectRef:
        found = self.inventory.role_by_name(estate.ACCOUNT, name)
        assert found is not None
        return found.ref

    def instance_ref(self, name: str) -> ObjectRef:
        return next(found.ref for found in self.inventory.instances if found.name == name)

    def template_ref(self, name: str) -> ObjectRef:
        return next(
            found.ref
            for found in self.inventory.launch_template_versions
            if found.launch_template_name == name
        )

    def plan(self, recipe: str, finding: Finding, **answers: str) -> Plan:
        told = {key.replace("_", "-"): value for key, value in answers.items()}
        return build_plan(recipe, finding, self.inventory, told)

    async def checks(self, plan: Plan) -> dict[str, Check]:
        return {check.name: check async for check in preflight(plan, self.account, self.inventory)}

    async def apply(self, plan: Plan, stop: asyncio.Event | None = None) -> Outcome:
        self.seen = []
        return await apply(
            plan, self.account, self.journal, observe=self.seen.append, stop=stop, timing=self.timing
        )

    def writes(self) -> list[str]:
        """The operations received so far that change something, dry runs included."""
        return writes(self.world)


def connected(**more: Any) -> TroubledAccount:
    return TroubledAccount(Connection(**more))
