"""The pool of SDK clients, one per service and region, made when first needed, watched by our hooks.

Plain reads go past them (`quick_reads`): a service needs one client, and more where something is not plain.
"""

from __future__ import annotations

import asyncio
import contextvars
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any, Final

from instance_profiles.aws import dry_run
from instance_profiles.aws.action_names import action_name
from instance_profiles.aws.answers import refuse_foreign
from instance_profiles.aws.guard import is_read, refuse_unless_read
from instance_profiles.aws.http_pool import CONNECTIONS, HttpPool
from instance_profiles.aws.quick_reads import QuickReads, Unsettled
from instance_profiles.aws.replies import THROTTLED
from instance_profiles.aws.translation import translate
from instance_profiles.aws.waiting import SLOWED_DOWN, waits

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping

    from instance_profiles.aws.connection import Connection
    from instance_profiles.aws.ground import Ground
    from instance_profiles.aws.pacing import Pace
    from instance_profiles.aws.page_reader import Cursor


GLOBAL_SERVICES: Final = frozenset({"iam", "sts"})
"""Services that are the same in all regions, and are asked in one."""

_begun: Final[contextvars.ContextVar[list[Unsettled] | None]] = contextvars.ContextVar("begun", default=None)
"""What came of the request that the task at work has sent already, for the SDK to take up."""


class ClientPool:
    """Clients of one session. Close it to close them all."""

    def __init__(self, ground: Ground, connection: Connection, pace: Pace, requests: Counter[str]) -> None:
        self._ground = ground
        self._connection = connection
        self._pace = pace
        self._requests = requests
        self._clients: dict[tuple[str, str], Any] = {}
        self._quick: dict[str, QuickReads] = {}
        self._cursors: dict[tuple[str, str], Cursor] = {}
        self._measured: dict[tuple[str, str], Any] = {}
        """The SDK's measure of the requests a second to a place, from which it slows down."""
        self._slowed: set[tuple[str, str]] = set()
        """Where AWS asked to slow down: the SDK's clients measure and hold back what is sent there."""
        self._making = asyncio.Lock()
        self._open = AsyncExitStack()
        self._connections = HttpPool()

    async def client(self, service: str, region: str) -> Any:
        """The client of a service and region; global services have one for all regions."""
        place = self._place(service, region)
        client = self._clients.get((service, place))
        if client is None:
            # One at a time: the first finds the credentials (which may assume roles), the others share them.
            async with self._making:
                client = await self._kept(service, place)
        return client

    async def cursor(self, service: str, operation: str) -> Cursor:
        """How a listing goes on from page to page, as the SDK knows it."""
        key = (service, operation)
        if key not in self._cursors:
            self._cursors[key] = await asyncio.to_thread(self._ground.cursor, service, operation)
        return self._cursors[key]

    async def ask(
        self, service: str, operation: str, parameters: Mapping[str, Any], region: str
    ) -> dict[str, Any]:
        """The SDK's answer to one call, or what it raises."""
        place = self._place(service, region)
        begun = await self._sent_quickly(service, operation, parameters, place)
        if isinstance(begun, dict):
            return begun
        client = await self.client(service, region)
        token = _begun.set([begun] if begun else None)
        try:
            answer = await getattr(client, method_of(client, operation))(**parameters)
        finally:
            _begun.reset(token)
        return dict(answer)

    async def close(self) -> None:
        self._clients.clear()
        self._quick.clear()
        await self._open.aclose()
        await self._connections.close()

    def _place(self, service: str, region: str) -> str:
        return self._ground.default_region if service in GLOBAL_SERVICES else region

    async def _kept(self, service: str, place: str) -> Any:
        client = self._clients.get((service, place))
        if client is None:
            client = self._clients[service, place] = await self._make(service, place)
            self._quick.setdefault(service, QuickReads(client, place, self._ground))
        return client

    async def _sent_quickly(
        self, service: str, operation: str, parameters: Mapping[str, Any], place: str
    ) -> dict[str, Any] | Unsettled | None:
        """The answer to a plain read, or what the SDK has to take up; None where nothing was sent."""
        if not is_read(service, operation) or dry_run.asking.get() or (service, place) in self._slowed:
            return None
        quick = self._quick.get(service)
        if quick is None:
            async with self._making:
                if service not in self._quick:
                    await self._kept(service, place)
            quick = self._quick[service]
        way = await quick.way(operation, place)
        if way is None:
            return None
        await self._admit(service, operation, place)
        came = await quick.send(way, parameters)
        if isinstance(came, dict):
            self._measure(service, place).record()
        return came

    def _measure(self, service: str, place: str) -> Any:
        from botocore.retries.adaptive import RateClocker  # the SDK: imported with the session already
        from botocore.retries.bucket import Clock

        key = (service, place)
        if key not in self._measured:
            self._measured[key] = RateClocker(Clock())
        return self._measured[key]

    async def _admit(self, service: str, operation: str, place: str) -> None:
        """Return when one request may be sent; every request to AWS passes here, and is counted.

        Raises:
            RefusedReadOnly: it is not known to read, and this run only reads.
        """
        shown = None if service in GLOBAL_SERVICES else place
        if self._connection.read_only:
            refuse_unless_read(service, operation, shown)
        await self._pace.wait(service, operation, shown)
        self._requests[action_name(service, operation)] += 1

    async def _make(self, service: str, region: str) -> Any:
        # The SDK: imported on first use, in `Ground`.
        from aiobotocore import __version__ as sdk
        from aiobotocore.config import AioConfig
        from botocore import __version__ as botocore

        config = AioConfig(
            connect_timeout=self._connection.connect_timeout,
            read_timeout=self._connection.read_timeout,
            max_pool_connections=CONNECTIONS,
            retries={"mode": "adaptive"},
            http_session_cls=self._connections.session_class(),
            # Said whole: the SDK would put its own together for every request, a seventh of what one costs.
            user_agent=f"iptui aiobotocore/{sdk} Botocore/{botocore}",
        )
        await asyncio.to_thread(self._ground.warm, (service,))
        making = self._ground.session.create_client(
            service, region_name=region, endpoint_url=self._connection.endpoint_url, config=config
        )
        try:
            client = await self._open.enter_async_context(making)
        except ValueError as exc:
            # What the SDK says of an endpoint or a number in the settings that it cannot read.
            raise translate(exc, service, None, region) from exc
        client.pace_keeper._rate_clocker = self._measure(service, region)  # the SDK has no public way
        self._watch(client, service, region)
        return client

    def _watch(self, client: Any, service: str, region: str) -> None:
        """Hang the guard, the pace, the count and the look at answers into the client's own events."""
        shown_region = None if service in GLOBAL_SERVICES else region
        read_only = self._connection.read_only

        def before_call(event_name: str, params: dict[str, Any], **_: Any) -> None:
            operation = event_name.rpartition(".")[2]
            if read_only:
                refuse_unless_read(service, operation, shown_region)
            dry_run.inject(operation, params)

        async def before_send(event_name: str, **_: Any) -> Any:
            begun = _begun.get()
            if begun:
                # Sent already: the SDK goes on as if it had sent it itself.
                first = begun.pop()
                if first.failure is not None:
                    raise first.failure
                return first.answer
            await self._admit(service, event_name.rpartition(".")[2], region)
            return None

        def before_parse(
            event_name: str, operation_model: Any, response_dict: dict[str, Any], **_: Any
        ) -> None:
            protocol = operation_model.service_model.resolved_protocol
            refuse_foreign(service, event_name.rpartition(".")[2], shown_region, protocol, response_dict)

        def needs_retry(event_name: str, response: Any, caught_exception: Exception | None, **_: Any) -> None:
            operation = event_name.rpartition(".")[2]
            if response is not None and response[1].get("Error", {}).get("Code") in THROTTLED:
                self._slowed.add((service, region))
                waits(SLOWED_DOWN)
            if caught_exception is not None and not _worth_retrying(caught_exception, service, operation):
                raise caught_exception

        events, prefix = client.meta.events, client.meta.service_model.service_id.hyphenize()
        events.register_first(f"before-call.{prefix}", before_call)
        events.register_first(f"before-send.{prefix}", before_send)
        events.register_first(f"before-parse.{prefix}", before_parse)
        events.register_first(f"needs-retry.{prefix}", needs_retry)


def _worth_retrying(exc: Exception, service: str, operation: str) -> bool:
    """Whether to leave the decision to the SDK.

    A place that does not answer has had its whole timeout already. A write whose connection broke may have
    been made: repeating it blindly would hide that.
    """
    names = {kind.__name__ for kind in type(exc).__mro__}
    if names & {"ConnectTimeoutError", "ReadTimeoutError", "AwsError"}:
        return False
    return is_read(service, operation) or "ConnectionError" in names


def method_of(client: Any, operation: str) -> str:
    """The SDK's name of an operation, get_role for GetRole."""
    for method, name in client.meta.method_to_api_mapping.items():
        if name == operation:
            return str(method)
    raise ValueError(f"{client.meta.service_model.service_name} has no operation {operation}")
