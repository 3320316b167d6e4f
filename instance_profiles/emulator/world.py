"""The emulated world: accounts, who may call, time, and the trouble a test asks for."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

from instance_profiles.emulator.clock import Clock
from instance_profiles.emulator.faults import Delay, Denial, Faults, Html, Place, Throttle
from instance_profiles.emulator.timing import Timing
from instance_profiles.emulator.trail import Trail

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.emulator.authorizations import Authorization
    from instance_profiles.emulator.limits import Limits
    from instance_profiles.emulator.resources import Account, Caller
    from instance_profiles.emulator.trail_queries import TrailQuery

Event = Callable[[float], bool | None]
"""Is given its moment; returns False where it changed nothing that anyone can see."""


class World:
    """State in plain objects. `revision` grows with every change, so that written pages can be kept.

    Nothing runs in the background: what falls due happens when `settle` is called, at every request.
    """

    def __init__(self, clock: Clock | None = None, timing: Timing | None = None) -> None:
        self.clock = clock or Clock()
        self.timing = timing or Timing()
        self.faults = Faults()
        self.limits: Limits | None = None
        self.accounts: dict[str, Account] = {}
        self.callers: dict[str, Caller] = {}
        """By access key; the first is the one that `environment` gives away."""
        self.regions: list[str] = []
        """The enabled regions."""
        self.disabled_regions: list[str] = []
        self.default_region = "us-east-1"
        self.requests: list[tuple[str, str, str]] = []
        """(service, operation, region) of every request received."""
        self.authorizations: dict[str, Authorization] = {}
        """What IAM keeps of denials, by authorization id, oldest first."""
        self.trail = Trail()
        """What CloudTrail recorded."""
        self.queries: dict[str, TrailQuery] = {}
        """Those of Athena and of CloudTrail Lake, by id."""
        self.revision = 0
        self._numbers = 0
        self._events: list[tuple[float, int, Event]] = []
        self._beginnings: list[Event] = []

    @property
    def account(self) -> Account:
        """The first account, and the only one of most worlds."""
        return next(iter(self.accounts.values()))

    @property
    def caller(self) -> Caller:
        """The first caller."""
        return next(iter(self.callers.values()))

    def environment(self, url: str) -> dict[str, str]:
        """Return the environment variables that send an SDK to `url` as the first caller."""
        caller = self.caller
        variables = {
            "AWS_ENDPOINT_URL": url,
            "AWS_ACCESS_KEY_ID": caller.access_key,
            "AWS_SECRET_ACCESS_KEY": caller.secret_key,
            "AWS_REGION": self.default_region,
            "AWS_DEFAULT_REGION": self.default_region,
        }
        return variables | ({"AWS_SESSION_TOKEN": caller.session_token} if caller.session_token else {})

    # Time

    def settle(self) -> None:
        """Let everything happen that fell due since the last call, in its order."""
        now = self.clock.now()
        beginnings, self._beginnings = self._beginnings, []
        for begin in beginnings:
            begin(now)
        while self._events and self._events[0][0] <= now:
            due, _, event = heapq.heappop(self._events)
            if event(due) is not False:
                self.changed()

    def at(self, due: float, event: Event) -> None:
        """Have `event` called with `due` once that moment (seconds since the epoch) has passed."""
        heapq.heappush(self._events, (due, self.next_number(), event))

    def at_first_request(self, event: Event) -> None:
        """Have `event` called with the moment of the first request: until then a fleet stands still."""
        self._beginnings.append(event)

    def next_number(self) -> int:
        """Return a number that is larger than all before."""
        self._numbers += 1
        return self._numbers

    def changed(self) -> None:
        """Say that the state changed, so that pages written before are out of date."""
        self.revision += 1

    # Trouble

    def deny(
        self,
        action: str,
        region: str | None = None,
        *,
        resource: str | None = None,
        effect: Literal["implicit", "explicit"] = "implicit",
        by: str = "identity-based policy",
        policy: str | None = None,
    ) -> None:
        """Deny an action (`ec2:DescribeInstances`; `*` and `?` are wildcards) with AWS's own texts."""
        self.faults.denials.append(Denial(action, region, resource, effect, by, policy))
        self.changed()

    def allow(self, action: str) -> None:
        """Take back every denial of exactly this action."""
        self.faults.denials = [d for d in self.faults.denials if d.action != action]
        self.changed()

    def delay(self, seconds: float, *, region: str | None = None, operation: str = "*") -> None:
        """Answer so much later (real seconds)."""
        self.faults.delays.append(Delay(operation, region, seconds))

    def hang(self, region: str | None = None, *, operation: str = "*") -> None:
        """Never answer."""
        self.faults.silent.append(Place(operation, region))

    def html(self, operation: str = "*", *, region: str | None = None, status: int = 200) -> None:
        """Answer with a web page, as a proxy or a hotel's network does."""
        self.faults.html.append(Html(operation, region, status))

    def throttle(self, operation: str = "*", *, times: int = 1, region: str | None = None) -> None:
        """Refuse the next requests for coming too fast."""
        self.faults.throttles.append(Throttle(operation, region, times))

    def recover(self) -> None:
        """End all trouble but disabled regions and expired credentials."""
        self.faults = Faults()
        self.changed()

    def disable_region(self, region: str) -> None:
        """Opt out of a region: it is no longer listed, and refuses everything."""
        self.regions = [name for name in self.regions if name != region]
        if region not in self.disabled_regions:
            self.disabled_regions.append(region)
        self.changed()

    def expire_credentials(self, access_keys: Iterable[str] = ()) -> None:
        """Let the credentials of all callers, or of these, be out of date from now on."""
        for key in access_keys or self.callers:
            self.callers[key].expires = self.clock.now()

    # Building

    def add_account(self, account: Account) -> Account:
        self.accounts[account.id] = account
        return account

    def add_caller(self, caller: Caller) -> Caller:
        self.callers[caller.access_key] = caller
        return caller

    def snapshot(self) -> dict[str, Any]:
        """Return a deep copy of the accounts as plain data, to see in a test that nothing changed."""
        from copy import deepcopy

        return deepcopy(self.accounts)
