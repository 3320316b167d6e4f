"""What a command and the screen work with: the accounts, what was read of them, the journal.

Whoever drives it takes the events of `load` into `inventory`; the screen does so once a frame, a command at
once (`load_all`).
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections import Counter
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from instance_profiles.aws.account import AwsAccount
from instance_profiles.aws.errors import AwsError
from instance_profiles.aws.readers import Readers
from instance_profiles.aws.way_in import tells_account, way_in
from instance_profiles.findings.evaluate import evaluate
from instance_profiles.findings.muting import sort_out
from instance_profiles.fixes.journal import Journal
from instance_profiles.fixes.role_changes import role_changes
from instance_profiles.fixes.running import endpoints
from instance_profiles.inventory import from_aws
from instance_profiles.inventory.inventory import Inventory
from instance_profiles.inventory.load import load
from instance_profiles.inventory.model import Caller, ObjectRef
from instance_profiles.inventory.passing import look, waiting_instances
from instance_profiles.inventory.reread import reread
from instance_profiles.inventory.snapshot import places_of
from tui.connections import connections
from tui.last_time import LastTime, in_thread, note
from tui.memory import Memory
from tui.mutes import mutes_of
from tui.starting import started
from tui.transitions import undecided

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable
    from datetime import date

    from config.settings import ResolvedSettings, Settings
    from instance_profiles.aws.pacing import Buckets
    from instance_profiles.findings.finding import Finding
    from instance_profiles.findings.muting import Sorted
    from instance_profiles.fixes.journal_entry import JournalEntry
    from instance_profiles.inventory.model import LoadEvent
    from instance_profiles.inventory.snapshot import Place
    from tui.demo import Demo

_log = logging.getLogger("iptui")
_LOOKS = 2
_REST_SECONDS = 0.02
"""Between two pieces of what is kept for the next start, each of which takes some milliseconds."""


class Workspace:
    """Open accounts and everything known about them; one event loop owns it.

    `clock` gives the time in UTC; `sleep` takes seconds and is what waits for transitions. `memory` keeps
    from one start to the next what time decides; without it every start begins anew.
    """

    def __init__(
        self,
        resolved: ResolvedSettings,
        accounts: list[AwsAccount],
        *,
        memory: Memory | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.resolved = resolved
        self.accounts = accounts
        self.inventory = Inventory(clock)
        self.mutes = mutes_of(resolved.settings)
        self.journal = Journal(resolved.paths.journal)
        self._memory = memory
        self.read_at = clock()
        """When objects were last read: what is not finished is judged as of then."""
        self._clock = clock
        self._sleep = sleep
        self._by_id: dict[str, AwsAccount] = {}
        self._ways = {account: way_in(account.connection, os.environ) for account in accounts}
        self._journal_read = 0
        self._is_left = threading.Event()

    @property
    def settings(self) -> Settings:
        return self.resolved.settings

    async def load(self) -> AsyncIterator[LoadEvent]:
        """Read all accounts side by side; the events are not yet taken into the inventory.

        Trouble with AWS never raises, it is told as coverage. Two named profiles that lead to the same
        account are read once.
        """
        events: asyncio.Queue[LoadEvent | None] = asyncio.Queue()
        readers = [asyncio.create_task(self._read(account, events)) for account in self.accounts]
        try:
            if self._memory is not None:  # while it is asked who calls
                await self._memory.recall(self.accounts, self.inventory)
            for _ in readers:
                while (event := await events.get()) is not None:
                    yield event
            await asyncio.gather(*readers)
            await self._note_role_changes()
            self.read_at = self._clock()
        finally:
            for reader in readers:
                reader.cancel()
            await asyncio.gather(*readers, return_exceptions=True)

    async def load_all(self, observe: Callable[[Inventory], None] = lambda _: None) -> None:
        """Read all accounts into the inventory."""
        async for event in self.load():
            self.inventory.take(event)
            observe(self.inventory)

    async def settle(self, wait: float = 10.0, observe: Callable[[int], None] = lambda _: None) -> None:
        """Look twice more, `wait` seconds apart, at associations in transition that nothing explains yet.

        AWS tells no times, so one look cannot say whether an association is stuck. `observe` is told how
        many are being waited for. What else is normal in passing is looked at again on the way.
        """
        for _ in range(_LOOKS):
            refs = undecided(self.inventory, self._all_findings())
            if not refs:
                return
            observe(len(refs))
            await self._sleep(wait)
            await self.reread(dict.fromkeys((*refs, *waiting_instances(self.inventory))))

    async def keep(self) -> None:
        """Put on disk what the next start should know of the time; only what changed."""
        if self._memory is not None:
            await self._memory.keep(self.inventory)

    def leave(self) -> None:
        """Hold nothing up any more."""
        self._is_left.set()

    async def recall(self, caller: Caller) -> AsyncIterator[Place]:
        """What the last time left of an account, as far as this run reads the same; the screen alone asks.

        The global objects come first, while the regions are still being read from disk.
        """
        last = await self._last_time(caller)
        if last is not None:
            async for place in in_thread(last.places(self.resolved)):
                yield place

    async def is_as(self, last_times: Iterable[LastTime]) -> bool:
        """Ask AWS who calls: whether it is still those of the last time."""
        with suppress(AwsError):
            await self.identify()
        for last in last_times:
            account = self._by_id.get(last.caller.account)
            if account is None:
                return False
            caller = from_aws.caller(await account.identity(), account.connection.named_profile)
            now = await self._last_time(caller)
            if now is None or now.owner != last.owner:
                return False
        return True

    @property
    def ways(self) -> tuple[str, ...]:
        """The way that led to each account, open or not, as it was when they were opened (`way_in`)."""
        return tuple(self._ways.values())

    async def keep_snapshot(self) -> bool:
        """Put on disk what was read, for the next start; a run that was narrowed leaves the last one's.

        Whether that start will know whose all of it is before AWS tells it.
        """
        is_known = bool(self.inventory.callers)
        for caller in tuple(self.inventory.callers.values()):
            last = await self._last_time(caller) if not self.settings.regions else None
            if last is None:
                is_known = False
                continue
            places = places_of(self.inventory, caller.account, self.read_at)
            try:
                await asyncio.to_thread(last.snapshots(self.resolved).write, places, self._rest)
                is_known = await self._note_way_in(last) and is_known
            except OSError as error:
                _log.warning("The snapshot of %s could not be written: %s", caller.account, error)
                is_known = False
        return is_known

    def _rest(self) -> None:
        """Let whoever is at the keys have the processor, unless nobody is any more."""
        self._is_left.wait(_REST_SECONDS)

    async def _note_way_in(self, last: LastTime) -> bool:
        """Remember who calls this way, unless it changed since the SDK went it, or leads to anybody; whether
        it is remembered."""
        account = self._by_id[last.caller.account]
        way = await asyncio.to_thread(way_in, account.connection, os.environ)
        if way != self._ways[account]:
            return False
        try:
            is_told = tells_account(await account.credentials_method())
        except AwsError as error:
            _log.info("it is not known where the credentials come from: %s", type(error).__name__)
            is_told = False
        await asyncio.to_thread(note, self.resolved, way, last if is_told else None)
        return is_told

    async def _last_time(self, caller: Caller) -> LastTime | None:
        """This caller at these addresses, as the next start is to find it; None where nothing is kept.

        A session's name is no part of who calls: the unique id before it is.
        """
        account = self._by_id.get(caller.account)
        if self._memory is None or not self.settings.snapshot or account is None:
            return None
        try:
            addresses = [await account.endpoint(service) for service in ("iam", "ec2")]
        except AwsError:
            return None  # the load says it, and reads nothing that could be kept
        who = caller.user_id.partition(":")[0]
        return LastTime(caller, (caller.account, who, *addresses))

    async def reread(self, refs: Iterable[ObjectRef]) -> frozenset[ObjectRef]:
        """Read single objects again; returns those that changed. Raises AwsError as the reading does."""
        by_account: dict[AwsAccount, list[ObjectRef]] = {}
        for ref in refs:
            by_account.setdefault(self.account_for(ref), []).append(ref)
        changed = [await reread(account, self.inventory, asked) for account, asked in by_account.items()]
        await self._note_role_changes()
        self.read_at = self._clock()
        return frozenset().union(*changed)

    def findings(self) -> tuple[Finding, ...]:
        """What is wrong and not muted."""
        return self.judged().shown

    def judged(self) -> Sorted:
        """What is wrong, and apart from it what is muted."""
        return sort_out(self._all_findings(), self.mutes, self.inventory, self.today())

    def today(self) -> date:
        """The day where the person is: mutes end there."""
        return self._clock().astimezone().date()

    def _all_findings(self) -> tuple[Finding, ...]:
        look(self.inventory, self.read_at)
        return evaluate(self.inventory, self.read_at)

    async def identify(self) -> None:
        """Ask each account who we are there, so that `account_for` works without a load.

        Raises AwsError where none could be asked.
        """
        trouble: AwsError | None = None
        answers = (account.identity() for account in self.accounts)
        for account, answer in zip(
            self.accounts, await asyncio.gather(*answers, return_exceptions=True), strict=True
        ):
            if isinstance(answer, AwsError):
                trouble = trouble or answer
            elif isinstance(answer, BaseException):
                raise answer
            else:
                self._by_id.setdefault(str(answer["Account"]), account)
        if trouble is not None and not self._by_id:
            raise trouble

    def account_for(self, of: ObjectRef | str) -> AwsAccount:
        """The connection to the account of an object, or to an account by id; the first for local objects.

        Raises KeyError for an account that is not open.
        """
        account_id = of if isinstance(of, str) else of.account
        return self._by_id[account_id] if account_id else self.accounts[0]

    def requests(self) -> Counter[str]:
        """Requests sent to all accounts, retries included, by service:Operation."""
        return sum((account.requests for account in self.accounts), Counter())

    async def _note_role_changes(self) -> None:
        """Tell the inventory of roles that were exchanged lately, from the journal where that has grown."""
        try:
            size = self.journal.size()
            if size == self._journal_read:
                return
            entries = await asyncio.to_thread(self.journal.entries)
        except OSError as error:
            _log.warning("The journal %s cannot be read: %s", self.journal.path, error)
            return
        self._journal_read = size
        self.inventory.take_role_changes(role_changes(entries, self._is_here, self._clock()))

    def _is_here(self, entry: JournalEntry) -> bool:
        """Whether an entry is about an open account at the address where that is read now."""
        account = self._by_id.get(entry.account)
        return account is not None and endpoints(account) == entry.endpoints

    async def _read(self, account: AwsAccount, events: asyncio.Queue[LoadEvent | None]) -> None:
        reading = cast("AsyncGenerator[LoadEvent, None]", load(account, self.settings.regions))
        try:
            async for event in reading:
                if isinstance(event, Caller) and not self._is_first_of(event.account, account):
                    return
                events.put_nowait(event)
        finally:
            await reading.aclose()
            events.put_nowait(None)

    def _is_first_of(self, account_id: str, account: AwsAccount) -> bool:
        return self._by_id.setdefault(account_id, account) is account


@asynccontextmanager
async def open_workspace(
    resolved: ResolvedSettings,
    *,
    demo: Demo | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> AsyncIterator[Workspace]:
    """A workspace with one account for each chosen named profile, closed on leaving; no network yet.

    With a demo, waits until that is ready. Raises DemoError where it does not start.
    """
    if demo is not None:
        await demo.wait_ready()
    started()
    buckets: Buckets = {}
    readers = Readers()
    async with AsyncExitStack() as stack:
        accounts = [
            await stack.enter_async_context(AwsAccount(connection, buckets=buckets, readers=readers))
            for connection in connections(resolved)
        ]
        # Each demo is a world of its own, which ends with it.
        memory = None if demo else Memory(resolved.paths.first_seen, clock)
        workspace = Workspace(resolved, accounts, memory=memory, clock=clock, sleep=sleep)
        try:
            yield workspace
        finally:
            workspace.leave()
            await workspace.keep()
