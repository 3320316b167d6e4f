"""Undoing an applied fix: a plan of its own, made of the inverse calls in the journal.

It is made only where the world still is as the fix left it; otherwise the person is told what is different.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from instance_profiles.aws.errors import AwsError
from instance_profiles.fixes.assemble import typeable
from instance_profiles.fixes.conditions import AssociationIs, InstanceIn
from instance_profiles.fixes.currents import CurrentAssociation
from instance_profiles.fixes.holds import all_hold
from instance_profiles.fixes.plan import CannotPlan, Plan, Settles, Step, follower_of, permissions_of
from instance_profiles.fixes.probes import NothingUses
from instance_profiles.fixes.running import endpoints
from instance_profiles.fixes.situation import CHANGEABLE
from instance_profiles.fixes.steps import NOT_GONE_YET, NOT_SEEN_YET

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.fixes.conditions import AnyCondition
    from instance_profiles.fixes.journal_entry import JournalEntry, JournalledCall
    from instance_profiles.fixes.plan import Call
    from instance_profiles.inventory.inventory import Inventory

_UNDO, _REDO = "Undo", "Redo"
_WHY_NOT = {
    "undone": "It was undone already.",
    "rolled-back": "It was taken back already; there is nothing to undo.",
    "interrupted": "It was interrupted; run `iptui journal recover` first.",
}


async def plan_undo(entry: JournalEntry, account: AwsAccount, inventory: Inventory | None = None) -> Plan:
    """The plan that takes an applied fix back; reads the world, changes nothing.

    Raises:
        CannotPlan: it was not applied, cannot be taken back, or the world has moved on since.
    """
    if entry.state in _WHY_NOT:
        raise CannotPlan(_WHY_NOT[entry.state])
    await check_same_place(entry, account)
    if not entry.done:
        raise CannotPlan("Nothing was changed by it, so there is nothing to undo.")
    taken = (call.step for call in entry.calls if call.state == "rolled-back")
    plan = plan_back(entry, entry.done, Settles(entry.id, "undone"), _UNDO, taken)
    await check_as_left(plan, account)
    return plan


def plan_back(
    entry: JournalEntry,
    calls: Iterable[JournalledCall],
    settles: Settles,
    word: str,
    taken: Iterable[int] = (),
) -> Plan:
    """The plan that takes these calls back, last first; raises CannotPlan where one has no inverse.

    `taken` are the numbers of steps that are taken back already.
    """
    steps = _back_steps(entry.plan, tuple(calls), frozenset(taken))
    deleting = [step.call for step in steps if step.call.operation == "DeleteInstanceProfile"]
    radius = entry.plan.blast_radius
    asks = bool(steps) and (bool(deleting) or radius.running > 0)
    return Plan(
        finding=entry.plan.finding,
        recipe=entry.plan.recipe,
        title=_titled(word, entry.plan.title),
        subject=entry.plan.subject,
        account=entry.plan.account,
        partition=entry.plan.partition,
        steps=steps,
        blast_radius=radius,
        delay=entry.plan.delay,
        undo="Makes the same changes again.",
        permissions=permissions_of(steps),
        verify=_last_of_each_group(steps),
        typed_name=entry.plan.typed_name or typeable(entry.plan.subject) if asks else None,
        warnings=(entry.plan.undo,) if entry.plan.undo else (),
        probes=tuple(
            NothingUses(str(call.parameters["InstanceProfileName"]), call.permissions[0].resource, "")
            for call in deleting
        ),
        settles=settles,
    )


async def check_same_place(entry: JournalEntry, account: AwsAccount) -> None:
    """Raise CannotPlan where these credentials or this endpoint are not those of the entry."""
    if not entry.account:
        return
    here, there = endpoints(account), entry.endpoints
    if here != there:
        raise CannotPlan(
            f"It was applied at {_places(there)} and this is {_places(here)}; go there to take it back."
        )
    try:
        owner = str((await account.identity())["Account"])
    except AwsError as error:
        raise CannotPlan(f"Which account this is could not be found out: {error}") from error
    if owner != entry.account:
        raise CannotPlan(
            f"It was applied in account {entry.account} and these credentials are of {owner}; "
            "choose the right --profile."
        )


async def check_as_left(plan: Plan, account: AwsAccount) -> None:
    """Raise CannotPlan where the world is not as the fix left it any more."""
    seen: set[str] = set()
    for step in plan.steps:
        if step.group in seen:
            continue
        seen.add(step.group)
        held = await all_hold(step.before, account)
        if held.ok is False:
            raise CannotPlan(f"The world has moved on since: {held.sentence} Nothing was changed.")


def _back_steps(plan: Plan, calls: tuple[JournalledCall, ...], taken: frozenset[int]) -> tuple[Step, ...]:
    made: list[Step] = []
    gone = set(taken)
    for call in reversed(calls):
        step = plan.steps[call.step]
        inverse = call.inverse
        if inverse is None:
            raise CannotPlan(f"{step.call.operation} cannot be taken back. {plan.undo}".strip())
        # The step after it is taken back by then, and that is the world this one starts from.
        follower = follower_of(plan.steps, call.step, gone)
        as_left = follower.taken_back if follower else step.after
        gone.add(call.step)
        made.append(
            Step(
                msgspec.structs.replace(inverse, inverse=_again(step)),
                before=(*_states(step, inverse), *(_relaxed(condition) for condition in as_left)),
                after=step.taken_back,
                taken_back=as_left,
                timeout=step.timeout,
                interval=step.interval,
                group=step.group,
                waits_for=tuple(dict.fromkeys((*step.waits_for, *NOT_SEEN_YET, *NOT_GONE_YET))),
            )
        )
    return tuple(made)


def _again(step: Step) -> Call:
    """The call of the fix once more: an association has another id by then."""
    call = step.call
    region, _, instance_id = step.group.partition("/")
    parameters = dict(call.parameters)
    if "AssociationId" in parameters and instance_id:
        parameters["AssociationId"] = CurrentAssociation(region, instance_id)
    return msgspec.structs.replace(call, parameters=parameters, inverse=None)


def _states(step: Step, inverse: Call) -> tuple[AnyCondition, ...]:
    """In which states the instance may be: replacing needs it running, the other calls do not care."""
    replacing = inverse.operation == "ReplaceIamInstanceProfileAssociation"
    return tuple(
        condition if replacing else msgspec.structs.replace(condition, states=CHANGEABLE)
        for condition in step.before
        if isinstance(condition, InstanceIn)
    )


def _relaxed(condition: AnyCondition) -> AnyCondition:
    """An instance may have been stopped or started since, which is no reason to refuse."""
    if isinstance(condition, AssociationIs):
        return msgspec.structs.replace(condition, states=("associating", "associated"))
    return condition


def _last_of_each_group(steps: tuple[Step, ...]) -> tuple[AnyCondition, ...]:
    last = {step.group: step for step in steps}
    return tuple(condition for step in last.values() for condition in step.after)


def _places(found: dict[str, str]) -> str:
    return ", ".join(sorted(set(found.values()))) or "AWS itself"


def _titled(word: str, title: str) -> str:
    """What is taken back and then taken back again is done again."""
    before, colon, rest = title.partition(": ")
    if word != _UNDO or not colon or before not in (_UNDO, _REDO):
        return f"{word}: {title}"
    return f"{_REDO if before == _UNDO else _UNDO}: {rest}"
