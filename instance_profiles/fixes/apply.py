"""Applying a confirmed plan, one call at a time: look again, journal, send, journal, wait, and verify.

Where a later step fails the earlier ones are taken back. Nothing is sent whose intent is not on disk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from instance_profiles.aws.errors import AwsError
from instance_profiles.fixes.currents import NothingCurrent, settle, settle_lost, settle_version
from instance_profiles.fixes.holds import all_hold
from instance_profiles.fixes.journal import JournalUnwritable, resumed
from instance_profiles.fixes.outcome import CallOutcome, Outcome, Progress
from instance_profiles.fixes.rehearsal import rehearse
from instance_profiles.fixes.running import Done, Pacer, Run, at_once, error_fields
from instance_profiles.fixes.sending import Sent, send
from instance_profiles.fixes.taking_back import take_back
from instance_profiles.fixes.timing import REAL, Timing, wait_until

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.fixes.journal import Journal
    from instance_profiles.fixes.journal_lines import BatchPart
    from instance_profiles.fixes.plan import Plan, Step

__all__ = ["CallOutcome", "Outcome", "Progress", "apply", "roll_back"]


def _unseen(progress: Progress) -> None:
    """Nobody watches."""


async def apply(
    plan: Plan,
    account: AwsAccount,
    journal: Journal,
    *,
    observe: Callable[[Progress], None] = _unseen,
    stop: asyncio.Event | None = None,
    timing: Timing = REAL,
    part: BatchPart | None = None,
    pace: Pacer = at_once,
) -> Outcome:
    """Carry out a plan that a person has confirmed; `stop` ends it after the current call.

    `part` says which batch the plan belongs to, `pace` is awaited before each call.

    Trouble with AWS or the journal is an outcome, not an exception. Cancelling leaves the entry interrupted.
    """
    failed = [check for check in plan.checks if check.state == "failed"]
    if failed:
        return _refusal(plan, f"A check failed: {failed[0].name}. {failed[0].detail}")
    if account.connection.read_only and plan.steps:
        return _refusal(plan, "iptui was started to read only; nothing was sent.")
    run = Run(plan, account, journal, observe, timing, stop, part=part, pace=pace)
    try:
        return await _carry_out(run)
    except JournalUnwritable as unwritable:
        return _without_journal(run, unwritable)
    finally:
        if run.entry is not None:
            run.entry.release()


async def roll_back(
    plan: Plan,
    outcome: Outcome,
    account: AwsAccount,
    journal: Journal,
    *,
    observe: Callable[[Progress], None] = _unseen,
    timing: Timing = REAL,
    pace: Pacer = at_once,
) -> Outcome:
    """Take back what a stopped or failed run of the plan has done, in reverse order."""
    entry = journal.entry(outcome.journal) if outcome.journal else None
    if entry is None:
        return msgspec.structs.replace(outcome, result="rolled-back", message="Nothing was done.")
    run = Run(plan, account, journal, observe, timing, pace=pace)
    run.outcomes = {call.step: call for call in outcome.calls}
    run.done = [Done(call.step, call.inverse, call.request_id) for call in entry.done]
    try:
        with resumed(journal, entry.id) as writer:
            run.take_up(writer)
            return await _rolled_back(run, "Stopped.")
    except JournalUnwritable as unwritable:
        return _without_journal(run, unwritable)


async def _carry_out(run: Run) -> Outcome:
    steps = run.plan.steps
    if not steps:
        await run.begun()
    for number, step in enumerate(steps):
        if run.stopping():
            return run.ended("stopped", _stopped_message(run))
        problem = await _group_begins(run, number) or await _carry_out_step(run, number, step)
        if problem is not None:
            return problem
    last = len(steps) - 1
    if steps:
        run.tell(last, "waiting", "verifying")
    held = await wait_until(
        run.plan.verify, run.account, run.timing, timeout=run.plan.verify_timeout, interval=2.0, stop=run.stop
    )
    if steps:
        run.tell(last, "done")
    if held.ok:
        return run.ended("applied", "Applied and verified.")
    return run.ended("unverified", f"All calls are done, but the result does not show yet. {held.sentence}")


async def _group_begins(run: Run, number: int) -> Outcome | None:
    """Before the first step of a group: is the world as planned, and would EC2 allow what comes?"""
    steps = run.plan.steps
    if number and steps[number - 1].group == steps[number].group:
        return None
    run.tell(number, "checking")
    held = await all_hold(steps[number].before, run.account)
    if not held.ok:
        return await _not_as_planned(run, number, held.sentence)
    same = [n for n, step in enumerate(steps) if step.group == steps[number].group and n >= number]
    refusal = await rehearse(run, same)
    if refusal is None:
        return None
    if run.stopping():
        return run.ended("stopped", _stopped_message(run))
    if run.done:
        return await _rolled_back(run, refusal)
    return run.ended("refused", f"{refusal} Nothing was changed.")


async def _carry_out_step(run: Run, number: int, step: Step) -> Outcome | None:
    """One step to its end; an outcome where that ends everything."""
    if not any(done.step == number for done in run.done):
        run.tell(number, "checking")
        held = await all_hold(step.before, run.account)
        if not held.ok:
            return await _not_as_planned(run, number, held.sentence)
        sent = await _send(run, number, step, held.image)
        if sent.state == "unknown":
            return run.ended("unverified", f"{sent.detail} Run `iptui journal recover` to look again.")
        if sent.state == "failed" and run.stopping():
            return run.ended("stopped", _stopped_message(run))
        if sent.state == "failed":
            return await _failed(run, sent.detail)
    run.tell(number, "waiting", "until it shows")
    held = await wait_until(
        step.after, run.account, run.timing, timeout=step.timeout, interval=step.interval, stop=run.stop
    )
    if run.entry is not None and held.image is not None:
        run.entry.outcome(
            step=number,
            direction="forward",
            state="done",
            request_id=run.outcomes[number].request_id,
            after_image=held.image,
        )
    builds_on_it = number + 1 < len(run.plan.steps) and run.plan.steps[number + 1].group == step.group
    if not held.ok and builds_on_it and not run.stopping():
        return await _rolled_back(run, f"{step.call.operation} does not show its effect. {held.sentence}")
    run.tell(number, "done")
    return None


async def _send(run: Run, number: int, step: Step, before_image: object) -> Sent:
    """Journal, send, journal; what is done is kept for taking back."""
    call = step.call
    try:
        parameters = await settle(call.parameters, run.account, run.replies)
        inverse = call.inverse
        if inverse is not None:
            kept = await settle_lost(inverse.parameters, run.account)
            inverse = msgspec.structs.replace(inverse, parameters=kept)
    except (NothingCurrent, AwsError) as error:
        return Sent("failed", f"{error} Nothing was sent.")
    await run.pace(call)
    entry = await run.begun()
    entry.intent(
        step=number,
        direction="forward",
        service=call.service,
        operation=call.operation,
        region=call.region,
        parameters=parameters,
        inverse=inverse,
        before_image=before_image,
    )
    run.tell(number, "sending")
    sent = await send(
        call,
        parameters,
        run.account,
        run.timing,
        step,
        happened=step.happened or step.after,
        before=step.before,
        told=lambda why: run.tell(number, "waiting", why),
        enough=run.stopping,
    )
    if sent.state == "done":
        run.replies[call.operation] = sent.response
        if inverse is not None:
            settled = settle_version(inverse.parameters, run.replies)
            inverse = msgspec.structs.replace(inverse, parameters=settled)
        run.done.append(Done(number, inverse, sent.request_id))
    run.note(number, sent)
    entry.outcome(step=number, direction="forward", inverse=inverse, **error_fields(sent))
    return sent


async def _not_as_planned(run: Run, number: int, sentence: str) -> Outcome:
    """The world changed since the plan was made: nothing more is sent."""
    run.tell(number, "not-sent", sentence)
    if run.done:
        return await _rolled_back(run, f"Not as planned any more: {sentence}")
    message = f"Not as planned any more: {sentence} Nothing was changed; look again and make a new plan."
    return run.ended("refused", message)


async def _failed(run: Run, detail: str) -> Outcome:
    if run.done:
        return await _rolled_back(run, detail)
    return run.ended("failed", f"{detail} Nothing was changed.")


async def _rolled_back(run: Run, why: str) -> Outcome:
    left = await take_back(run)
    if left:
        return run.ended("failed", f"{why} {' '.join(left)}")
    return run.ended("rolled-back", f"{why} What was done is taken back.")


def _stopped_message(run: Run) -> str:
    if not run.done:
        return "Stopped before anything was changed."
    count = len(run.done)
    return f"Stopped after {count} of {len(run.plan.steps)} calls; what is done stays until it is taken back."


def _refusal(plan: Plan, message: str) -> Outcome:
    calls = tuple(CallOutcome(number, "not-sent") for number in range(len(plan.steps)))
    return Outcome("refused", None, calls, message)


def _without_journal(run: Run, unwritable: JournalUnwritable) -> Outcome:
    """Without its journal nothing more is sent, not even to take back."""
    if not run.done:
        return run.outcome("refused", f"{unwritable} Nothing was changed.")
    names = ", ".join(run.plan.steps[done.step].call.operation for done in run.done)
    return run.outcome("failed", f"{unwritable} Done and not taken back: {names}.")
