"""The injected dry run of association calls: the first step of applying, after confirmation only.

It asks EC2 for the permissions, iam:PassRole included, and whether EC2 sees the instance profile. The calls
that attach go first, so that nobody is detached who could not be attached again. A place that ignores the
dry run makes the call: then it counts as done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from instance_profiles.aws.errors import AwsError
from instance_profiles.fixes.currents import NothingCurrent, settle
from instance_profiles.fixes.holds import all_hold
from instance_profiles.fixes.running import Done, error_fields
from instance_profiles.fixes.sending import Sent, is_lost, persist
from instance_profiles.fixes.steps import NOT_SEEN_YET

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from instance_profiles.aws.dry_run import DryRun
    from instance_profiles.fixes.plan import Step
    from instance_profiles.fixes.running import Run

_REHEARSED = {
    "AssociateIamInstanceProfile": 0,
    "ReplaceIamInstanceProfileAssociation": 0,
    "DisassociateIamInstanceProfile": 1,
}
_STATE_CODES = frozenset({"IncorrectState", "IncorrectInstanceState"})
"""AWS answers a dry run before it looks at states; whoever looks has let the permissions pass."""


async def rehearse(run: Run, numbers: Iterable[int]) -> str | None:
    """Ask for each association call of these steps; a sentence where one would be refused, None if none.

    Raises:
        JournalUnwritable: nothing was asked then.
    """
    steps = run.plan.steps
    asked = [number for number in numbers if steps[number].call.operation in _REHEARSED]
    for number in sorted(asked, key=lambda number: _REHEARSED[steps[number].call.operation]):
        refusal, executed = await _one(run, number, steps[number])
        if refusal is not None or executed:
            return refusal
    return None


async def _one(run: Run, number: int, step: Step) -> tuple[str | None, bool]:
    call = step.call
    try:
        parameters = await settle(call.parameters, run.account, run.replies)
    except NothingCurrent:
        return None, False
    except AwsError as error:
        return str(error), False
    await run.pace(call)
    entry = await run.begun()
    run.tell(number, "checking", "asking EC2 whether it would allow the call")
    entry.intent(
        step=number,
        direction="forward",
        service=call.service,
        operation=call.operation,
        region=call.region,
        parameters=parameters,
        inverse=call.inverse,
        dry_run=True,
    )
    try:
        answer = await persist(
            lambda: run.account.dry_run(call.service, call.operation, parameters, region=call.region),
            # What is still attached is no reason to wait: it comes off in the step before.
            msgspec.structs.replace(step, waits_for=NOT_SEEN_YET),
            run.timing,
            lambda why: run.tell(number, "checking", why),
            run.stopping,
        )
    except AwsError as error:
        return await _refused(run, number, step, error)
    return None, _answered(run, number, step, answer)


def _answered(run: Run, number: int, step: Step, answer: DryRun) -> bool:
    entry = run.entry
    if entry is None or not answer.executed:
        _write(run, number, {"state": "would-succeed"})
        return False
    sent = Sent("done", "this place ignores dry runs and made the call", answer.response or {})
    _write(run, number, error_fields(sent))
    _done(run, number, step, sent)
    return True


async def _refused(run: Run, number: int, step: Step, error: AwsError) -> tuple[str | None, bool]:
    if error.code in _STATE_CODES:
        _write(run, number, {"state": "would-succeed", "code": error.code, "message": error.message})
        return None, False
    if is_lost(error) and (await all_hold(step.happened or step.after, run.account)).ok:
        sent = Sent("done", "the answer was lost, but the change is there", error=error)
        _write(run, number, error_fields(sent))
        _done(run, number, step, sent)
        return None, True
    sent = Sent("failed", str(error), error=error)
    _write(run, number, error_fields(sent))
    run.tell(number, "failed", str(error))
    return str(error), False


def _done(run: Run, number: int, step: Step, sent: Sent) -> None:
    run.done.append(Done(number, step.call.inverse, sent.request_id))
    run.replies[step.call.operation] = sent.response
    run.note(number, sent)


def _write(run: Run, number: int, fields: dict[str, Any]) -> None:
    if run.entry is not None:
        run.entry.outcome(step=number, direction="forward", dry_run=True, **fields)
