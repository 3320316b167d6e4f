"""Taking back what was done, in reverse order, each step only where the world is as that step left it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from instance_profiles.aws.errors import AwsError
from instance_profiles.fixes.currents import NothingCurrent, settle
from instance_profiles.fixes.holds import all_hold
from instance_profiles.fixes.plan import follower_of
from instance_profiles.fixes.running import error_fields
from instance_profiles.fixes.sending import Sent, send
from instance_profiles.fixes.steps import NOT_GONE_YET, NOT_SEEN_YET
from instance_profiles.fixes.timing import wait_until
from instance_profiles.fixes.touching import touched_by, written_by

if TYPE_CHECKING:
    from typing import Any

    from instance_profiles.fixes.conditions import AnyCondition
    from instance_profiles.fixes.plan import Call, Step
    from instance_profiles.fixes.running import Done, Run
    from instance_profiles.fixes.touching import Thing

_SETTLING = 20.0
"""Seconds to wait for the world to show what a step did before giving up on taking it back."""


async def take_back(run: Run) -> tuple[str, ...]:
    """Take back all steps that are done; a sentence for each that could not be.

    What a step that stays was built on stays as well: the steps before it in its group, and those that
    changed what it names. An instance must not lose the instance profile that it has by then.

    Raises:
        JournalUnwritable: nothing more was sent.
    """
    left: list[str] = []
    stuck: set[str] = set()
    built_on: set[Thing] = set()
    for done in reversed(list(run.done)):
        step = run.plan.steps[done.step]
        if step.group in stuck or not built_on.isdisjoint(written_by(run.plan, step)):
            problem: str | None = "what was built on it is still there."
        else:
            problem = await _one(run, done, step)
        if problem is None:
            run.done.remove(done)
            run.note_taken_back(done.step)
        else:
            stuck.add(step.group)
            built_on |= touched_by(run.plan, step)
            run.note_left(done.step, f"could not be taken back: {problem}")
            left.append(f"{_what(step)} could not be taken back: {problem}")
    return tuple(left)


def _what(step: Step) -> str:
    """The call and what it was about: `AssociateIamInstanceProfile (eu-west-1/i-0a)`."""
    named = step.group or next((v for v in step.call.parameters.values() if isinstance(v, str)), "")
    return f"{step.call.operation} ({named})" if named else step.call.operation


async def _one(run: Run, done: Done, step: Step) -> str | None:
    """None once it is taken back, otherwise why it is not."""
    inverse = done.inverse
    if inverse is None:
        return "there is no call that would."
    if step.taken_back and (await all_hold(step.taken_back, run.account)).ok:
        return None
    taken = {number for number, call in run.outcomes.items() if call.state == "rolled-back"}
    follower = follower_of(run.plan.steps, done.step, taken)
    expected = follower.taken_back if follower else step.happened or step.after
    held = await wait_until(expected, run.account, run.timing, timeout=_SETTLING, interval=step.interval)
    if not held.ok:
        return f"the world has moved on. {held.sentence}"
    try:
        parameters = await settle(inverse.parameters, run.account, run.replies)
    except (NothingCurrent, AwsError) as error:
        return str(error)
    sent = await _send(run, done.step, step, inverse, parameters, expected)
    if sent.state != "done":
        return sent.detail
    held = await wait_until(
        step.taken_back, run.account, run.timing, timeout=step.timeout, interval=step.interval
    )
    return None if held.ok is not False else f"it was sent, but does not show. {held.sentence}"


async def _send(
    run: Run,
    number: int,
    step: Step,
    inverse: Call,
    parameters: dict[str, Any],
    before: tuple[AnyCondition, ...],
) -> Sent:
    await run.pace(inverse)
    entry = await run.begun()
    entry.intent(
        step=number,
        direction="back",
        service=inverse.service,
        operation=inverse.operation,
        region=inverse.region,
        parameters=parameters,
    )
    run.tell(number, "sending", "taking it back")
    sent = await send(
        inverse,
        parameters,
        run.account,
        run.timing,
        msgspec.structs.replace(step, waits_for=(*step.waits_for, *NOT_SEEN_YET, *NOT_GONE_YET)),
        happened=step.taken_back,
        before=before,
        told=lambda why: run.tell(number, "waiting", why),
    )
    entry.outcome(step=number, direction="back", **error_fields(sent))
    return sent
