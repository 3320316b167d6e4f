"""The shape `iptui.scan/1`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from instance_profiles.findings.finding import Finding
    from instance_profiles.findings.muting import Muted
    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import Caller, Coverage


def scan_json(
    inventory: Inventory,
    findings: Iterable[Finding],
    requests: Mapping[str, int],
    muted: Sequence[Muted] = (),
) -> dict[str, Any]:
    """One scan as plain data; `caller` is null where nobody could be asked who we are.

    `accounts` is there only with several of them, and `muted` only where something is muted.
    """
    callers = [_caller(caller) for _, caller in sorted(inventory.callers.items())]
    several = {"accounts": callers} if len(callers) > 1 else {}
    return {
        "schema": "iptui.scan/1",
        "caller": callers[0] if callers else None,
        **several,
        "coverage": [
            _coverage(row)
            for row in sorted(
                inventory.coverage.values(), key=lambda row: (row.place, row.region or "", row.source)
            )
        ],
        "counts": inventory.counts(),
        "calls": dict(sorted(requests.items())),
        "findings": [msgspec.to_builtins(finding) for finding in findings],
        **({"muted": [_muted(one) for one in muted]} if muted else {}),
    }


def _coverage(row: Coverage) -> dict[str, Any]:
    """A row; the named profile is there only where no account is known."""
    return {
        name: value for name, value in msgspec.to_builtins(row).items() if value or name != "named_profile"
    }


def _muted(muted: Muted) -> dict[str, Any]:
    """The finding as it would stand among the others, with who muted it, why and until when."""
    mute = muted.mute
    until = mute.until.isoformat() if mute.until else None
    return {
        **msgspec.to_builtins(muted.finding),
        "mute": {"by": mute.by, "reason": mute.reason, "until": until},
    }


def _caller(caller: Caller) -> dict[str, str]:
    return {"account": caller.account, "arn": caller.arn, "partition": caller.partition}
