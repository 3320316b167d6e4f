"""Many plans, and what came of them, in the JSON form that scripts read (iptui.plans/1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.fixes.outcome import Outcome
from instance_profiles.fixes.plan import Plan
from instance_profiles.fixes.plan_json import plan_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.fixes.batch_checks import Refused
    from instance_profiles.fixes.batch_outcome import BatchOutcome
    from instance_profiles.fixes.several import Batch, Item, LeftOut

SCHEMA = "iptui.plans/1"
_NOT_BEGUN = Outcome("refused", None, (), "Not begun, because the batch ended before.")


def batch_json(
    batch: Batch, refused: Iterable[Refused] = (), outcome: BatchOutcome | None = None
) -> dict[str, Any]:
    """The plans of a batch and what was refused, each in the form of one plan; with an outcome its results.

    `refused` holds plans that a check refused, and findings for which there is no plan, with no calls then.
    """
    shown: dict[str, Any] = {
        "schema": SCHEMA,
        "title": batch.title,
        "plans": [_item_json(number, item, outcome) for number, item in enumerate(batch.items)],
        "refused": [
            *(_refused_json(one.item.plan, one.item.findings, one.reason) for one in refused),
            *(_refused_json(_no_plan(left), (left.finding.id,), left.reason) for left in batch.left_out),
        ],
    }
    if outcome is not None:
        shown["result"] = "failed" if outcome.result == "stopped" else outcome.result
        shown["message"] = outcome.message
        shown["batch"] = outcome.batch
        shown["export"] = str(outcome.export) if outcome.export else None
    return shown


def _item_json(number: int, item: Item, outcome: BatchOutcome | None) -> dict[str, Any]:
    told = None if outcome is None else outcome.outcomes[number] or _NOT_BEGUN
    return {**plan_json(item.plan, told), "findings": list(item.findings)}


def _refused_json(plan: Plan, findings: tuple[str, ...], reason: str) -> dict[str, Any]:
    return {**plan_json(plan, Outcome("refused", None, (), reason)), "findings": list(findings)}


def _no_plan(left: LeftOut) -> Plan:
    subject = left.finding.object
    return Plan(left.finding.id, left.recipe or "", left.finding.cause, subject, subject.account, ())
