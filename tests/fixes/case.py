"""What a case of a recipe is: a fault, the calls against it, the cure, and what may come between."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from instance_profiles.emulator.world import World
    from instance_profiles.findings.finding import Finding
    from instance_profiles.fixes.plan import Plan
    from tests.fixes.bench import Bench


@dataclass(frozen=True)
class Case:
    """`change` is what somebody else does between plan and apply; `undoable` whether undo brings all back."""

    id: str
    recipe: str
    fault: Callable[[Bench], Finding]
    calls: tuple[str, ...]
    healthy: Callable[[World], bool]
    change: Callable[[World], None]
    answers: dict[str, str] = field(default_factory=dict)
    undoable: bool = True
    typed: str | None = None
    flawed: bool = False
    """The checks refuse it as it stands; only applying is looked at."""

    def finding(self, bench: Bench) -> Finding:
        return self.fault(bench)

    def plan(self, bench: Bench) -> Plan:
        return bench.plan(self.recipe, self.fault(bench), **self.answers)
