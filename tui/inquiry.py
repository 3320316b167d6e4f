"""Asking AWS about an error that was read: which account, how far, and the answers as plain data.

The command and the screen ask the same questions.
"""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from instance_profiles.denials.inquiry.known import Scope
from instance_profiles.denials.trail.athena import TrailTable
from instance_profiles.policies.principal import principal_of
from tui.explanation import explain_error

if TYPE_CHECKING:
    from collections.abc import Iterable

    from config.settings import Settings
    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.denials.inquiry.step import Document, Ruling, Step
    from instance_profiles.denials.reading import ReadError
    from instance_profiles.denials.trail.event import TrailEvent
    from tui.explanation import Explained
    from tui.workspace import Workspace


def scope_of(settings: Settings, *, athena: bool = False, lake: bool = False) -> Scope:
    """What an inquiry may ask; what AWS bills only where it is wanted."""
    now = datetime.now(UTC)
    return Scope(now, asyncio.sleep, table_of(settings), athena, lake, settings.regions)


def table_of(settings: Settings) -> TrailTable | None:
    """The table of `[trail]`, as the engine takes it."""
    trail = settings.trail
    if trail is None:
        return None
    return TrailTable(trail.database, trail.table, trail.workgroup, trail.output, trail.region)


def account_to_ask(workspace: Workspace, error: ReadError) -> AwsAccount:
    """The open account that the caller of the error belongs to."""
    return account_with(workspace, principal_of(error.principal).account if error.principal else "")


def account_with(workspace: Workspace, account_id: str) -> AwsAccount:
    """The open account with this id, the first one where it is not open."""
    try:
        return workspace.account_for(account_id)
    except KeyError:
        return workspace.accounts[0]


def evidence_of(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """The steps in their last state, as `iptui explain --ask --format json` gives them."""
    return [
        {
            "step": step.name,
            "title": step.title,
            "call": step.call,
            "state": step.state,
            "words": step.words,
            "ruling": _ruling(step.ruling) if step.ruling else None,
            "facts": list(step.facts),
            "documents": [_document(one) for one in step.documents],
            "events": [_event(one) for one in step.events],
        }
        for step in latest(steps)
    ]


def latest(steps: Iterable[Step]) -> list[Step]:
    """Each step once, as it was last told, in the order in which they began."""
    by_name: dict[str, Step] = {}
    for step in steps:
        by_name[step.name] = step
    return list(by_name.values())


def better_known(one: Explained, steps: Iterable[Step]) -> Explained:
    """The same error with what AWS has added to it, and the advice for that."""
    errors = [step.error for step in steps if step.error is not None]
    return explain_error(errors[-1]) if errors and errors[-1] != one.error else one


def _ruling(ruling: Ruling) -> dict[str, Any]:
    return {
        "decision": ruling.decision,
        "effect": ruling.effect,
        "denied_by": ruling.denied_by,
        "policy": ruling.policy,
        "statement": dict(ruling.statement) if ruling.statement else None,
        "attached_to": list(ruling.attached_to),
    }


def _document(document: Document) -> dict[str, Any]:
    return {
        "title": document.title,
        "policy": document.policy,
        "document": json.loads(document.text),
        "statement": dict(document.statement) if document.statement else None,
        "note": document.note,
    }


def _event(event: TrailEvent) -> dict[str, Any]:
    return {
        "id": event.id,
        "time": event.time.isoformat(),
        "region": event.region,
        "action": event.action,
        "principal": event.who,
        "code": event.code or None,
    }
