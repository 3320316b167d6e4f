"""The table of operations, and the decorator that puts a function into it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from instance_profiles.emulator.request import Request

Handler = Callable[[Request], dict[str, Any]]

_READS = ("Decode", "Describe", "Get", "List", "Lookup", "Simulate", "Validate")


@dataclass(frozen=True, slots=True)
class Operation:
    """`own_checks`: the function itself authorizes, and ends a dry run, where AWS does so in its order.

    `passing`: answers depend on the moment, and nothing of what exists changes: they are never kept.
    """

    service: str
    name: str
    run: Handler
    own_checks: bool
    passing: bool = False

    @property
    def reads(self) -> bool:
        return self.name.startswith(_READS)


OPERATIONS: dict[tuple[str, str], Operation] = {}


def operation(
    service: str, name: str, *, own_checks: bool = False, passing: bool = False
) -> Callable[[Handler], Handler]:
    """Register a function as an operation of a service."""

    def register(run: Handler) -> Handler:
        OPERATIONS[service, name] = Operation(service, name, run, own_checks, passing)
        return run

    return register
