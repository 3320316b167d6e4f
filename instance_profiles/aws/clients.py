"""The pool of SDK clients: one per service and region, made when first needed, watched by our hooks."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

from instance_profiles.aws import dry_run
from instance_profiles.aws.action_names import action_name
from instance_profiles.aws.answers import refuse_foreign
from instance_profiles.aws.guard import is_read, refuse_unless_read
from instance_profiles.aws.http_pool import CONNECTIONS, HttpPool
from instance_profiles.aws.replies import THROTTLED
from instance_profiles.aws.translation import translate
from instance_profiles.aws.waiting import SLOWED_DOWN, waits

if TYPE_CHECKING:
    from collections import Counter

    from instance_profiles.aws.connection import Connection
    from instance_profiles.aws.ground import Ground
    from instance_profiles.aws.pacing import Pace


class ClientPool:
    """Clients of one session. Close it to close them all."""

    def __init__(self, ground: Ground, connection: Connection, pace: Pace, requests: Counter[str]) -> None:
        self._ground = ground
        self._connection = connection
        self._pace = pace
        self._requests = requests
        self._clients: dict[tuple[str, str], Any] = {}
        self._making = asyncio.Lock()
        self._open = AsyncExitStack()
        self._connections = HttpPool()

    async def client(self, service: str, region: str) -> Any:
        """The client of a service and region; global services have one for all regions."""
        key = (service, self._ground.default_region if service in ("iam", "sts") else region)
        client = self._clients.get(key)
        if client is None:
            # One at a time: the first finds the credentials (which may assume roles), the others share them.
            async with self._making:
                client = self._clients.get(key) or await self._make(*key)
                self._clients[key] = client
        return client

    async def close(self) -> None:
        self._clients.clear()
        await self._open.aclose()
        await self._connections.close()

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
            warm_up_loader_caches=True,
            http_session_cls=self._connections.session_class(),
            # Said whole: the SDK would put its own together for every request, a seventh of what one costs.
            user_agent=f"iptui aiobotocore/{sdk} Botocore/{botocore}",
        )
        making = self._ground.session.create_client(
            service, region_name=region, endpoint_url=self._connection.endpoint_url, config=config
        )
        try:
            client = await self._open.enter_async_context(making)
        except ValueError as exc:
            # What the SDK says of an endpoint or a number in the settings that it cannot read.
            raise translate(exc, service, None, region) from exc
        self._watch(client, service, region)
        return client

    def _watch(self, client: Any, service: str, region: str) -> None:
        """Hang the guard, the pace, the count and the look at answers into the client's own events."""
        shown_region = None if service in ("iam", "sts") else region
        read_only = self._connection.read_only

        def before_call(event_name: str, params: dict[str, Any], **_: Any) -> None:
            operation = event_name.rpartition(".")[2]
            if read_only:
                refuse_unless_read(service, operation, shown_region)
            dry_run.inject(operation, params)

        async def before_send(event_name: str, **_: Any) -> None:
            operation = event_name.rpartition(".")[2]
            if read_only:
                refuse_unless_read(service, operation, shown_region)
            await self._pace.wait(service, operation, shown_region)
            self._requests[action_name(service, operation)] += 1

        def before_parse(
            event_name: str, operation_model: Any, response_dict: dict[str, Any], **_: Any
        ) -> None:
            protocol = operation_model.service_model.resolved_protocol
            refuse_foreign(service, event_name.rpartition(".")[2], shown_region, protocol, response_dict)

        def needs_retry(event_name: str, response: Any, caught_exception: Exception | None, **_: Any) -> None:
            operation = event_name.rpartition(".")[2]
            if response is not None and response[1].get("Error", {}).get("Code") in THROTTLED:
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
