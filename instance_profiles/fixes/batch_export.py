"""Writing down what a batch is about to delete, before anything is sent: a JSON file of its owner's alone."""

from __future__ import annotations

import asyncio
import json
import os
from typing import TYPE_CHECKING, Any

import msgspec

from instance_profiles.aws.errors import AwsError
from instance_profiles.fixes.plan_json import call_json
from instance_profiles.fixes.several import DELETING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.fixes.plan import Call
    from instance_profiles.fixes.several import Batch, Item

SCHEMA = "iptui.export/1"
_MODE = 0o600
_AT_ONCE = 8
_READING = {
    "DeleteInstanceProfile": ("GetInstanceProfile", "InstanceProfileName"),
    "DeleteRole": ("GetRole", "RoleName"),
}


class ExportFailed(Exception):
    """The list could not be written, so nothing may be deleted; the text says why."""


async def export(
    batch: Batch, path: Path, account_of: Callable[[str], AwsAccount], now: datetime
) -> Path | None:
    """Write every object that the batch deletes to the file, as AWS has it now; None where it deletes none.

    Raises:
        ExportFailed: the file could not be written to its end.
    """
    deleting = [item for item in batch.items if item.deletes]
    if not deleting:
        return None
    limit = asyncio.Semaphore(_AT_ONCE)

    async def limited(item: Item) -> dict[str, Any]:
        async with limit:
            return await _deleted(item, account_of(item.plan.account))

    objects = await asyncio.gather(*(limited(item) for item in deleting))
    text = json.dumps(
        {"schema": SCHEMA, "written": now.isoformat(), "title": batch.title, "objects": objects},
        indent=2,
        default=str,
    )
    try:
        _write(path, text)
    except OSError as error:
        raise ExportFailed(
            f"The list of what would be deleted cannot be written to {path}: {error.strerror or error}. "
            "Nothing was sent."
        ) from error
    return path


async def _deleted(item: Item, account: AwsAccount) -> dict[str, Any]:
    """One object with what AWS says of it and the calls that would make it again."""
    calls = [call for call in item.plan.calls if call.operation in DELETING]
    return {
        "object": msgspec.to_builtins(item.plan.subject),
        "as_it_is": [await _read(call, account) for call in calls],
        "calls": [call_json(call) for call in item.plan.calls],
    }


async def _read(call: Call, account: AwsAccount) -> Any:
    operation, key = _READING[call.operation]
    try:
        answer = await account.call(call.service, operation, {key: call.parameters[key]})
    except AwsError as error:
        # What cannot be read is not deleted either: the same reading comes right before the call.
        return {"error": str(error)}
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
