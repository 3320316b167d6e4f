"""The shape `iptui.scan/1`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from instance_profiles.findings.finding import Finding
    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import Caller


def scan_json(
    inventory: Inventory, findings: Iterable[Finding], requests: Mapping[str, int]
) -> dict[str, Any]:
    """One scan as plain data; `caller` is null where nobody could be asked who we are."""
    callers = [_caller(caller) for _, caller in sorted(inventory.callers.items())]
    several = {"accounts": callers} if len(callers) > 1 else {}
    return {
        "schema": "iptui.scan/1",
        "caller": callers[0] if callers else None,
        **several,
        "coverage": [
            msgspec.to_builtins(row)
            for row in sorted(
                inventory.coverage.values(), key=lambda row: (row.account, row.region or "", row.source)
            )
        ],
        "counts": inventory.counts(),
        "calls": dict(sorted(requests.items())),
        "findings": [msgspec.to_builtins(finding) for finding in findings],
    }


def _caller(caller: Caller) -> dict[str, str]:
    return {"account": caller.account, "arn": caller.arn, "partition": caller.partition}
