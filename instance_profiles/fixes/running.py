"""One plan being applied: what is done so far, what the journal was told, and who watches."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import msgspec

from instance_profiles.aws.errors import AwsError
from instance_profiles.fixes.calls import LOCAL
from instance_profiles.fixes.journal_lines import Opened
from instance_profiles.fixes.outcome import CallOutcome, Outcome, Progress
from instance_profiles.fixes.plan import Call

if TYPE_CHECKING:
    import asyncio

    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.fixes.currents import Replies
    from instance_profiles.fixes.journal import Entry, Journal
    from instance_profiles.fixes.journal_lines import BatchPart
    from instance_profiles.fixes.outcome import ProgressState, Result
    from instance_profiles.fixes.plan import Plan
    from instance_profiles.fixes.sending import Sent
    from instance_profiles.fixes.timing import Timing


Pacer = Callable[[Call], Awaitable[None]]
"""Returns when a call may be sent, so that many fixes together stay below AWS's limits."""


async def at_once(_call: Call) -> None:
    """The pace of a single fix: the account's own."""


class Done(msgspec.Struct, frozen=True):
    """A step that took effect, with the call that takes it back as AWS's answers made it."""

    step: int
    inverse: Call | None
    request_id: str | None = None


class Run:
    """The state of applying one plan. The journal entry is begun by the first thing that is sent."""

    def __init__(
        self,
        plan: Plan,
        account: AwsAccount,
        journal: Journal,
        observe: Callable[[Progress], None],
        timing: Timing,
        stop: asyncio.Event | None = None,
        *,
        part: BatchPart | None = None,
        pace: Pacer = at_once,
    ) -> None:
        self.plan = plan
        self.pace = pace
        self._part = part
        self.stop = stop
        self.account = account
        self.timing = timing
        self.entry: Entry | None = None
        self.replies: Replies = {}
        self.done: list[Done] = []
        self.outcomes: dict[int, CallOutcome] = {}
        self._journal = journal
        self._observe = observe

    async def begun(self) -> Entry:
        """The journal entry; raises JournalUnwritable."""
        if self.entry is None:
            remote = any(call.service != LOCAL for call in self.plan.calls)
            self.entry = self._journal.open(
                Opened(
                    self.plan,
                    await _caller(self.account) if remote else None,
                    self.account.connection.named_profile,
                    endpoints(self.account),
                    batch=self._part,
                )
            )
        return self.entry

    def stopping(self) -> bool:
        """Whether the person asked to stop after the current call."""
        return self.stop is not None and self.stop.is_set()

    def take_up(self, entry: Entry) -> None:
        """Go on with an entry that was begun before."""
        self.entry = entry

    def tell(self, step: int, state: ProgressState, detail: str = "") -> None:
        self._observe(Progress(step, self.plan.steps[step].call, state, detail))

    def note(self, step: int, sent: Sent) -> None:
        """Keep what came of the call of a step, and tell it."""
        self.outcomes[step] = CallOutcome(step, sent.state, sent.detail, sent.request_id)
        self.tell(step, sent.state, sent.detail)

    def note_taken_back(self, step: int, detail: str = "") -> None:
        before = self.outcomes.get(step)
        self.outcomes[step] = CallOutcome(step, "rolled-back", detail, before.request_id if before else None)
        self.tell(step, "rolled-back", detail)

    def note_left(self, step: int, detail: str) -> None:
        """The call of a step stands, although it was to be taken back."""
        before = self.outcomes.get(step)
        self.outcomes[step] = CallOutcome(step, "done", detail, before.request_id if before else None)
        self.tell(step, "done", detail)

    def ended(self, result: Result, message: str) -> Outcome:
        """The outcome, the journal told of it; raises JournalUnwritable."""
        if self.entry is not None:
            # Nothing is interrupted where nothing was done.
            written = "refused" if result == "stopped" and not self.done else result
            self.entry.close(written, message)
            settles = self.plan.settles
            if settles is not None and result in ("applied", "unverified"):
                self.entry.settle(settles.entry, settles.state)
        return self.outcome(result, message)

    def outcome(self, result: Result, message: str) -> Outcome:
        told = tuple(
            self.outcomes.get(number) or CallOutcome(number, "not-sent")
            for number in range(len(self.plan.steps))
        )
        return Outcome(result, self.entry.id if self.entry else None, told, message)


def endpoints(account: AwsAccount) -> dict[str, str]:
    """Where the calls go if not to AWS itself: the demo, a test server, a private endpoint."""
    given = account.connection.endpoint_url
    found = {
        service: given
        or os.environ.get(f"AWS_ENDPOINT_URL_{service.upper().replace('AUTOSCALING', 'AUTO_SCALING')}")
        or os.environ.get("AWS_ENDPOINT_URL")
        for service in ("iam", "ec2", "autoscaling")
    }
    return {service: url for service, url in found.items() if url}


def error_fields(sent: Sent) -> dict[str, Any]:
    """What the journal keeps of an answer."""
    return {
        "state": sent.state,
        "http_status": sent.http_status,
        "request_id": sent.request_id,
        "code": sent.error.code if sent.error else None,
        "message": sent.error.message if sent.error else sent.detail or None,
    }


async def _caller(account: AwsAccount) -> str | None:
    try:
        return str((await account.identity())["Arn"])
    except AwsError:
        # Who called is a comfort for the reader of the journal, not a condition for the fix.
        return None
