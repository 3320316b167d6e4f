"""A plan, and what came of it, in the JSON form that scripts read (iptui.plan/1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from instance_profiles.fixes.command_line import aws_command
from instance_profiles.fixes.currents import in_words, is_current

if TYPE_CHECKING:
    from instance_profiles.fixes.outcome import Outcome
    from instance_profiles.fixes.plan import Call, Plan

SCHEMA = "iptui.plan/1"
_RESULTS = {"stopped": "failed"}
"""Results that only a person at the screen tells apart."""


def plan_json(plan: Plan, outcome: Outcome | None = None) -> dict[str, Any]:
    """The plan as plain data; with an outcome also its result, journal id and what became of each call."""
    shown: dict[str, Any] = {
        "schema": SCHEMA,
        "finding": plan.finding,
        "recipe": plan.recipe,
        "title": plan.title,
        "account": plan.account,
        "object": msgspec.to_builtins(plan.subject),
        "calls": [call_json(call) for call in plan.calls],
        "checks": [msgspec.to_builtins(check) for check in plan.checks],
        "blast_radius": {
            "instances": msgspec.to_builtins(plan.blast_radius.instances),
            "launch_templates": msgspec.to_builtins(plan.blast_radius.launch_templates),
            "auto_scaling_groups": msgspec.to_builtins(plan.blast_radius.auto_scaling_groups),
        },
        "delay": plan.delay,
        "undo": plan.undo,
        "permissions": list(plan.permissions),
        "typed_name": plan.typed_name,
        "owners": list(plan.owners),
        "warnings": list(plan.warnings),
        "notes": list(plan.notes),
        "diffs": [msgspec.to_builtins(diff) for diff in plan.diffs],
        "guessed": list(plan.guessed),
    }
    if outcome is not None:
        _add_outcome(shown, outcome)
    return shown


def call_json(call: Call) -> dict[str, Any]:
    """A call with its command line and its inverse."""
    return {
        "service": call.service,
        "operation": call.operation,
        "region": call.region,
        "parameters": _words(call.parameters),
        "cli": aws_command(call),
        "inverse": call_json(call.inverse) if call.inverse else None,
    }


def _add_outcome(shown: dict[str, Any], outcome: Outcome) -> None:
    shown["result"] = _RESULTS.get(outcome.result, outcome.result)
    shown["journal"] = outcome.journal
    shown["message"] = outcome.message
    for call in shown["calls"]:
        call["outcome"] = {"state": "not-sent", "detail": ""}
    for done in outcome.calls:
        shown["calls"][done.step]["outcome"] = {
            "state": done.state,
            "detail": done.detail,
            "request_id": done.request_id,
        }


def _words(value: Any) -> Any:
    if is_current(value):
        return in_words(value)
    if isinstance(value, dict):
        return {key: _words(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_words(item) for item in value]
    return value
