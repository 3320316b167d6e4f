"""After a crash: did each call of an interrupted entry happen, and what can be done now?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from instance_profiles.fixes.currents import settle_version
from instance_profiles.fixes.holds import Held, all_hold
from instance_profiles.fixes.plan import Call, CannotPlan, Plan, Settles, Step, follower_of, permissions_of
from instance_profiles.fixes.probes import NothingUses, RoleTrustsEc2
from instance_profiles.fixes.undo import check_same_place, plan_back

if TYPE_CHECKING:
    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.fixes.conditions import AnyCondition
    from instance_profiles.fixes.journal_entry import JournalEntry, JournalledCall

Happened = Literal["happened", "not", "unknown"]


class RecoveredCall(msgspec.Struct, frozen=True):
    """One call of the entry; `sentence` says how it is known."""

    step: int
    call: Call
    happened: Happened
    sentence: str


class Recovery(msgspec.Struct, frozen=True):
    """What became of an interrupted entry, and the plans that end it; `why_not` where one is None."""

    entry: str
    calls: tuple[RecoveredCall, ...]
    finish: Plan | None
    roll_back: Plan | None
    why_not_finish: str = ""
    why_not_roll_back: str = ""


async def recover(entry: JournalEntry, account: AwsAccount) -> Recovery:
    """Read the objects of an interrupted entry again; changes nothing.

    Raises:
        CannotPlan: the entry is not interrupted, is being applied right now, or belongs to another place.
    """
    if entry.running:
        raise CannotPlan(f"{entry.id} is being applied by another iptui right now.")
    if entry.state != "interrupted":
        raise CannotPlan(f"{entry.id} is {entry.state}; only an interrupted entry needs recovering.")
    await check_same_place(entry, account)
    found = [await _look(call, entry, account) for call in entry.calls]
    calls = tuple(told for told, _ in found)
    happened = tuple(call for told, call in found if told.happened == "happened")
    unknown = [told for told in calls if told.happened == "unknown"]
    if unknown:
        why = f"Whether {unknown[0].call.operation} happened cannot be told. {unknown[0].sentence}"
        return Recovery(entry.id, calls, None, None, why, why)
    finish, why_not_finish = _finish(entry, calls, happened)
    taken = [told.step for told, call in found if told.happened == "not" and _was_taken_back(call)]
    back, why_not_back = _roll_back(entry, happened, taken)
    return Recovery(entry.id, calls, finish, back, why_not_finish, why_not_back)


async def _look(
    call: JournalledCall, entry: JournalEntry, account: AwsAccount
) -> tuple[RecoveredCall, JournalledCall]:
    if call.state == "done":
        return RecoveredCall(call.step, call.call, "happened", "The journal has its result."), call
    if call.state == "rolled-back":
        return RecoveredCall(call.step, call.call, "not", "It was taken back."), call
    if call.state != "unknown":
        return RecoveredCall(call.step, call.call, "not", "It was not sent, or AWS refused it."), call
    steps = entry.plan.steps
    follower = follower_of(steps, call.step, {c.step for c in entry.calls if c.state == "rolled-back"})
    left = follower.taken_back if follower else ()
    happened, held = await _found_out(call, steps[call.step], _group_start(steps, call.step), left, account)
    return RecoveredCall(call.step, call.call, happened, held.sentence), call


def _group_start(steps: tuple[Step, ...], number: int) -> Step:
    """The first of the steps of one group that stand together with this one."""
    while number and steps[number - 1].group == steps[number].group:
        number -= 1
    return steps[number]


async def _found_out(
    call: JournalledCall, step: Step, start: Step, left: tuple[AnyCondition, ...], account: AwsAccount
) -> tuple[Happened, Held]:
    """`start` is the first step of its group; `left` is what the steps after it left when they were taken
    back, empty where none was."""
    done = left or step.happened or step.after
    looks: tuple[tuple[Happened, tuple[AnyCondition, ...], str], ...] = (
        ("happened", done, "Its effect is there."),
        ("not", step.before, "Everything is as before it."),
    )
    if call.attempted_back:
        # This first: with a new association in its place the old one is gone as well.
        looks = (("not", step.taken_back, "It is taken back."), looks[0])
    if call.rehearsed:
        # This first: what is not touched yet may look like the end (detach and attach again).
        looks = (("not", start.before, "It was only asked about, and nothing was begun."), *looks)
    seen: list[Held] = []
    for happened, conditions, sentence in looks:
        held = await all_hold(conditions, account)
        if held.ok:
            return happened, msgspec.structs.replace(held, sentence=sentence)
        seen.append(held)
    return "unknown", next((held for held in seen if held.ok is None), seen[-1])


def _was_taken_back(call: JournalledCall) -> bool:
    return call.state == "rolled-back" or call.attempted_back


def _finish(
    entry: JournalEntry, calls: tuple[RecoveredCall, ...], happened: tuple[JournalledCall, ...]
) -> tuple[Plan | None, str]:
    """The rest of the plan; only where what happened is its beginning."""
    plan = entry.plan
    count = len(happened)
    if [call.step for call in happened] != list(range(count)):
        return None, "Calls in the middle are missing; roll it back and start again."
    steps = tuple(_numbered(step, happened) for step in plan.steps[count:])
    deletes = any(step.call.operation == "DeleteInstanceProfile" for step in steps)
    kept = tuple(
        probe
        for probe in plan.probes
        if isinstance(probe, RoleTrustsEc2) or (deletes and isinstance(probe, NothingUses))
    )
    return (
        msgspec.structs.replace(
            plan,
            title=f"Finish: {plan.title}",
            steps=steps,
            checks=(),
            probes=kept if steps else (),
            permissions=permissions_of(steps),
            typed_name=plan.typed_name if steps else None,
            settles=Settles(entry.id, "applied"),
        ),
        "",
    )


def _numbered(step: Step, happened: tuple[JournalledCall, ...]) -> Step:
    """The step with the number of a launch template version that was made before the crash."""
    made = next((call for call in happened if call.call.operation == "CreateLaunchTemplateVersion"), None)
    versions = made.inverse.parameters.get("Versions") if made and made.inverse else None
    if not versions or not isinstance(versions[0], str):
        return step
    replies = {"CreateLaunchTemplateVersion": {"LaunchTemplateVersion": {"VersionNumber": versions[0]}}}
    parameters = settle_version(step.call.parameters, replies)
    return msgspec.structs.replace(step, call=msgspec.structs.replace(step.call, parameters=parameters))


def _roll_back(
    entry: JournalEntry, happened: tuple[JournalledCall, ...], taken: list[int]
) -> tuple[Plan | None, str]:
    try:
        return plan_back(entry, happened, Settles(entry.id, "rolled-back"), "Roll back", taken), ""
    except CannotPlan as refusal:
        return None, str(refusal)
