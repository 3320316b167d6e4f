"""One account, reached through one named profile: the only way from the engine to AWS.

The guard, the pace, the count of requests and the translation of errors sit here and in the client pool,
so that no caller can pass them by.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from contextlib import aclosing, contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeVar

from instance_profiles.aws import dry_run as dry_runs
from instance_profiles.aws.clients import GLOBAL_SERVICES, ClientPool, method_of
from instance_profiles.aws.dry_run import DryRun
from instance_profiles.aws.errors import (
    AwsError,
    CredentialsExpired,
    CredentialsInvalid,
    CredentialsMissing,
    WrongNamedProfile,
)
from instance_profiles.aws.ground import Ground
from instance_profiles.aws.guard import is_read
from instance_profiles.aws.listing import AT_ONCE, Reading, listed
from instance_profiles.aws.pacing import Pace
from instance_profiles.aws.parsing import only
from instance_profiles.aws.readers import Readers
from instance_profiles.aws.remembering import memory, question
from instance_profiles.aws.translation import translate
from instance_profiles.aws.unread import UNREAD
from instance_profiles.aws.waiting import telling

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
    from contextlib import AbstractAsyncContextManager
    from types import TracebackType
    from typing import Self

    from instance_profiles.aws.connection import Connection
    from instance_profiles.aws.pacing import Buckets
    from instance_profiles.aws.unread import Unread
    from instance_profiles.aws.xml_values import Wanted

T = TypeVar("T")

NO_PARAMETERS: Final[Mapping[str, Any]] = MappingProxyType({})


class AwsAccount:
    """Calls to one account. Nothing is imported or sent before the first call; close it when done.

    Give all accounts of a process the same `buckets`: named profiles may lead to the same account; and the
    same `readers`, without which large pages are read in a thread.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        buckets: Buckets | None = None,
        readers: Readers | None = None,
    ) -> None:
        self.connection = connection
        self.requests: Counter[str] = Counter()
        """Requests sent by service:Operation, retries included."""
        self._pace = Pace(clock, sleep, buckets)
        self._ground: Ground | None = None
        self._pool: ClientPool | None = None
        self._old_pools: list[ClientPool] = []
        self._starting = asyncio.Lock()
        self._readers = Readers(0) if readers is None else readers
        self._reading = Reading(self._readers, asyncio.Semaphore(AT_ONCE))
        self._turn = asyncio.Lock()
        self._credentials_failed = False
        self._identity: dict[str, Any] | None = None
        self.unidentified = False
        """Whether the last load could not find out who calls."""
        self.was_loaded = False
        """Whether a load rested on the identity that is known, so that the next one asks for it anew."""
        self._closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close every connection; no call is possible afterwards."""
        self._closed = True
        pools = [*self._old_pools, *([self._pool] if self._pool else [])]
        self._pool, self._old_pools = None, []
        for pool in pools:
            await pool.close()

    async def ready(self) -> None:
        """Import the SDK and read the local settings, off the event loop; no network.

        Raises:
            AwsError: the named profile does not exist, or the AWS config cannot be read.
        """
        await self._prepared()

    async def warm(self, services: Iterable[str]) -> None:
        """Read what the SDK needs to know of services, beside the event loop; no network.

        Raises:
            AwsError: as `ready`.
        """
        ground, _ = await self._prepared()
        await asyncio.to_thread(ground.warm, services)

    def start_over(self) -> None:
        """Let the next call read the AWS config and the credentials again."""
        if self._pool is not None:
            self._old_pools.append(self._pool)
        self._ground, self._pool, self._identity = None, None, None
        self._credentials_failed = False

    @property
    def credentials_failed(self) -> bool:
        """Whether a call failed for its credentials since the session was made: `start_over` may heal it."""
        return self._credentials_failed

    @property
    def partition(self) -> str:
        """`aws`, `aws-cn`, ...; known once `ready` was awaited or a call was made."""
        return self.ground.partition

    @property
    def default_region(self) -> str:
        """Where calls without a region go; known once `ready` was awaited or a call was made."""
        return self.ground.default_region

    @property
    def ground(self) -> Ground:
        if self._ground is None:
            raise RuntimeError("await AwsAccount.ready() first")
        return self._ground

    async def call(
        self,
        service: str,
        operation: str,
        parameters: Mapping[str, Any] = NO_PARAMETERS,
        *,
        region: str | None = None,
    ) -> dict[str, Any]:
        """Make one call; `operation` as AWS writes it, as in GetRole.

        Raises:
            AwsError: in all cases where AWS or the way to it is at fault.
        """
        known = memory() if is_read(service, operation) else None
        if known is None:
            return await self._called(service, operation, parameters, region)
        asked = question(self, service, operation, parameters, region, "call")
        return await known.recall(asked, lambda: self._called(service, operation, parameters, region))

    async def _called(
        self, service: str, operation: str, parameters: Mapping[str, Any], region: str | None
    ) -> dict[str, Any]:
        ground, pool = await self._prepared()
        with self._translating(ground, service, operation, region):
            await self._in_turn()
            return await pool.ask(service, operation, parameters, region or ground.default_region)

    async def _in_turn(self) -> None:
        """Wait for other requests and for all else that the event loop has to do.

        To write and sign a request takes milliseconds; the first requests of a load, some hundred, would
        otherwise follow upon each other without a key being answered in between.
        """
        async with self._turn:
            await asyncio.sleep(0)

    async def pages(
        self,
        service: str,
        operation: str,
        parameters: Mapping[str, Any] = NO_PARAMETERS,
        *,
        region: str | None = None,
    ) -> AsyncIterator[dict[str, Any]]:
        """The pages of a listing, one after the other; raises as `call` does."""
        known = memory() if is_read(service, operation) else None
        if known is None:
            async for page in self._paged(service, operation, parameters, region):
                yield page
            return

        async def all_pages() -> list[dict[str, Any]]:
            return [page async for page in self._paged(service, operation, parameters, region)]

        asked = question(self, service, operation, parameters, region, "pages")
        for page in await known.recall(asked, all_pages):
            yield page

    async def _paged(
        self, service: str, operation: str, parameters: Mapping[str, Any], region: str | None
    ) -> AsyncIterator[dict[str, Any]]:
        ground, pool = await self._prepared()
        with self._translating(ground, service, operation, region):
            client = await pool.client(service, region or ground.default_region)
            pages = aiter(client.get_paginator(method_of(client, operation)).paginate(**parameters))
        while True:
            with self._translating(ground, service, operation, region):
                page = await anext(pages, None)
            if page is None:
                return
            yield page

    async def listing(
        self,
        service: str,
        operation: str,
        members: Wanted,
        make: Callable[[dict[str, Any]], T],
        parameters: Mapping[str, Any] = NO_PARAMETERS,
        *,
        region: str | None = None,
        tell: Callable[[str], None] = lambda _: None,
    ) -> AsyncIterator[T]:
        """What `make` makes of each page of a large listing; raises as `call` does, and what `make` raises.

        Only `members` of the answers are read, and `make` runs where they are: in a thread or, while
        `at_work`, in a process if it is a function of a module or a `functools.partial` of one. The next page
        is asked for before one is read. `tell` gets a sentence when a request has to wait.
        """
        ground, pool = await self._prepared()
        with self._translating(ground, service, operation, region):
            cursor = await pool.cursor(service, operation)

        async def ask(further: Mapping[str, Any]) -> Unread:
            await self._in_turn()
            with self._translating(ground, service, operation, region), only(members), telling(tell):
                answer = await pool.ask(
                    service, operation, {**parameters, **further}, region or ground.default_region
                )
            unread: Unread = answer[UNREAD]
            return unread

        async with aclosing(listed(ask, cursor, make, self._reading)) as pages:
            while True:
                with self._translating(ground, service, operation, region):
                    try:
                        made = await anext(pages)
                    except StopAsyncIteration:
                        return
                yield made

    def at_work(self) -> AbstractAsyncContextManager[None]:
        """While it lasts, large pages of listings are read by processes of their own."""
        return self._readers.at_work()

    async def dry_run(
        self, service: str, operation: str, parameters: Mapping[str, Any], *, region: str | None = None
    ) -> DryRun:
        """Ask whether AWS would allow a call. It says nothing of the state of things, only of permissions.

        Raises:
            AwsError: AWS would refuse it.
        """
        modelled = operation not in dry_runs.INJECTED
        asked = {**parameters, "DryRun": True} if modelled else parameters
        token = dry_runs.asking.set(True)
        try:
            answer = await self.call(service, operation, asked, region=region)
        except AwsError as error:
            if error.code == dry_runs.WOULD_SUCCEED:
                return DryRun(executed=False)
            raise
        finally:
            dry_runs.asking.reset(token)
        return DryRun(executed=True, response=answer)

    async def credentials_method(self) -> str:
        """How the SDK found the credentials it signs with: `env`, `sso`, `iam-role`, ...; empty for none.

        Raises:
            AwsError: they cannot be had.
        """
        ground, _ = await self._prepared()
        with self._translating(ground, "sts", "GetCallerIdentity", None):
            found = await ground.session.get_credentials()
        return str(found.method) if found is not None else ""

    async def identity(self, *, fresh: bool = False) -> dict[str, Any]:
        """The answer of sts:GetCallerIdentity (Account, Arn, UserId), asked once unless `fresh`."""
        if self._identity is None or fresh:
            self._identity = await self.call("sts", "GetCallerIdentity")
            self._pace.account = self._identity.get("Account")
        return self._identity

    async def knows_parameter(self, service: str, operation: str, parameter: str) -> bool:
        """Whether the installed model of a service has this parameter."""
        ground, pool = await self._prepared()
        with self._translating(ground, service, operation, None):
            client = await pool.client(service, ground.default_region)
        shape = client.meta.service_model.operation_model(operation).input_shape
        return shape is not None and parameter in shape.members

    async def may_offer(self, service: str, region: str) -> bool:
        """Whether the SDK knows an endpoint of a service in a region, or knows of none in any; no network."""
        ground, _ = await self._prepared()
        return ground.may_offer(service, region)

    async def endpoint(self, service: str, region: str | None = None) -> str:
        """The address that calls to a service go to, as the settings or the SDK have it; no network."""
        ground, pool = await self._prepared()
        with self._translating(ground, service, "", region):
            client = await pool.client(service, region or ground.default_region)
        return str(client.meta.endpoint_url)

    async def _prepared(self) -> tuple[Ground, ClientPool]:
        if self._closed:
            raise RuntimeError("this account is closed")
        if self._ground is None or self._pool is None:
            async with self._starting:
                if self._ground is None:
                    self._ground = await asyncio.to_thread(Ground, self.connection)
                if self._pool is None:
                    self._pool = ClientPool(self._ground, self.connection, self._pace, self.requests)
                return self._ground, self._pool
        return self._ground, self._pool

    @contextmanager
    def _translating(
        self, ground: Ground, service: str, operation: str, region: str | None
    ) -> Iterator[None]:
        shown = None if service in GLOBAL_SERVICES else region or ground.default_region
        try:
            yield
        except AwsError as error:
            self._note(error)
            raise
        except ground.failures as exc:
            failure = translate(exc, service, operation, shown, named_profile=self.connection.named_profile)
            self._note(failure)
            raise failure from exc

    def _note(self, error: AwsError) -> None:
        if isinstance(
            error, CredentialsExpired | CredentialsInvalid | CredentialsMissing | WrongNamedProfile
        ):
            self._credentials_failed = True
