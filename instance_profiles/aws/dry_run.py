"""Asking EC2 whether a call would be allowed, without making it.

No model gives the four association calls a DryRun member, yet the service honours one in the query body
(recorded in us-east-1). Where a place ignored it the call would be made: a success is never taken for a yes.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any, Final

import msgspec

INJECTED: Final = frozenset(
    {
        "AssociateIamInstanceProfile",
        "DisassociateIamInstanceProfile",
        "ReplaceIamInstanceProfileAssociation",
        "DescribeIamInstanceProfileAssociations",
    }
)

asking: ContextVar[bool] = ContextVar("asking", default=False)
"""Set in the task that makes a dry run, so that the same call of another task is not touched."""

WOULD_SUCCEED: Final = "DryRunOperation"
"""The error code that is a yes."""


class DryRun(msgspec.Struct, frozen=True):
    """What came of a dry run: `executed` is False where AWS says that the call would be allowed.

    True means that the place ignored the dry run and made the call: `response` is its answer.
    """

    executed: bool
    response: dict[str, Any] | None = None


def inject(operation: str, request: dict[str, Any]) -> None:
    """Put DryRun into the query body of a call whose model has no such member, while a task asks for it."""
    if asking.get() and operation in INJECTED and isinstance(request.get("body"), dict):
        request["body"]["DryRun"] = "true"
