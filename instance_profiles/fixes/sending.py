"""Sending one call: again where AWS asks for time, and finding out what happened where no answer came."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import msgspec

from instance_profiles.aws.errors import (
    AwsError,
    Denied,
    NotAnAwsAnswer,
    NotFound,
    Rejected,
    Throttled,
    TimedOut,
    Unreachable,
)
from instance_profiles.fixes import config_edit
from instance_profiles.fixes.calls import LOCAL
from instance_profiles.fixes.holds import all_hold
from instance_profiles.fixes.timing import wait_until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.fixes.conditions import AnyCondition
    from instance_profiles.fixes.plan import Call, Step
    from instance_profiles.fixes.timing import Timing

T = TypeVar("T")

LOST_PATIENCE = 15.0
"""Seconds to look for the effect of a call whose answer was lost: EC2's descriptions lag behind."""
_FIRST_PAUSE, _LONGEST_PAUSE = 2.0, 15.0
_COME_BACK_LATER = frozenset({"ConcurrentModification", "ConcurrentModificationException"})


class Sent(msgspec.Struct, frozen=True):
    """What came of a call. `unknown`: nobody can tell whether it took effect."""

    state: Literal["done", "failed", "unknown"]
    detail: str = ""
    response: dict[str, Any] = {}
    error: AwsError | None = None

    @property
    def request_id(self) -> str | None:
        told = self.response.get("ResponseMetadata", {}).get("RequestId")
        return told or (self.error.request_id if self.error else None)

    @property
    def http_status(self) -> int | None:
        told: int | None = self.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        return told or (self.error.http_status if self.error else None)


async def send(
    call: Call,
    parameters: Mapping[str, Any],
    account: AwsAccount,
    timing: Timing,
    step: Step,
    *,
    happened: tuple[AnyCondition, ...],
    before: tuple[AnyCondition, ...],
    told: Callable[[str], None],
    enough: Callable[[], bool] = lambda: False,
) -> Sent:
    """Send a call and say what came of it; `told` hears why it has to wait. Raises nothing of AWS's.

    Once `enough` says so, it is not sent again.

    `happened` tells that the call took effect and `before` that it did not: they decide where the answer was
    lost, and where the SDK's own second try of a call met the effect of the first.
    """
    if call.service == LOCAL:
        return await _edit_locally(parameters)
    try:
        response = await persist(
            lambda: account.call(call.service, call.operation, parameters, region=call.region),
            step,
            timing,
            told,
            enough,
        )
    except AwsError as error:
        return await _after_error(error, account, timing, happened, before)
    return Sent("done", response=response)


async def persist(
    attempt: Callable[[], Awaitable[T]],
    step: Step,
    timing: Timing,
    told: Callable[[str], None],
    enough: Callable[[], bool] = lambda: False,
) -> T:
    """Try again, with growing pauses, while AWS asks for time; raises AwsError when patience ends."""
    end, pause = timing.now() + step.patience, _FIRST_PAUSE
    while True:
        try:
            return await attempt()
        except AwsError as error:
            if not asks_for_time(error, step) or timing.now() + pause > end or enough():
                raise
            told(f"waiting: {error.message}")
        await timing.sleep(pause)
        pause = min(pause * 1.5, _LONGEST_PAUSE)


def asks_for_time(error: AwsError, step: Step) -> bool:
    """Whether the same call may well succeed a little later."""
    if isinstance(error, Throttled) or error.code in _COME_BACK_LATER:
        return True
    # EC2 says either name or ARN, and was seen to deny in the same window; a denial is taken at its word.
    return not isinstance(error, Denied) and any(phrase in error.message for phrase in step.waits_for)


def is_lost(error: AwsError) -> bool:
    """Whether the call may have taken effect although no good answer came."""
    if isinstance(error, Unreachable | TimedOut | NotAnAwsAnswer):
        return True
    return error.http_status is not None and error.http_status >= 500


async def _after_error(
    error: AwsError,
    account: AwsAccount,
    timing: Timing,
    happened: tuple[AnyCondition, ...],
    before: tuple[AnyCondition, ...],
) -> Sent:
    if isinstance(error, Rejected | NotFound) and not is_lost(error):
        if happened and (await all_hold(happened, account)).ok:
            return Sent("done", f"The change is there, although AWS answered: {error.message}", error=error)
        return Sent("failed", str(error), error=error)
    if not is_lost(error):
        return Sent("failed", str(error), error=error)
    held = await wait_until(happened, account, timing, timeout=LOST_PATIENCE, interval=1.0)
    if held.ok and happened:
        return Sent("done", "The answer was lost, but the change is there.", error=error)
    if held.ok is False and before and (await all_hold(before, account)).ok:
        return Sent("failed", f"{error} It did not take effect.", error=error)
    return Sent("unknown", f"{error} Whether it took effect cannot be told.", error=error)


async def _edit_locally(parameters: Mapping[str, Any]) -> Sent:
    try:
        return Sent("done", response=await asyncio.to_thread(config_edit.edit, parameters))
    except config_edit.EditFailed as failed:
        return Sent("failed", str(failed))
