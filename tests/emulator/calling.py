"""Calls to an emulator as the SDK makes them, with nothing checked or retried on the client's side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from contextlib import AsyncExitStack

    from instance_profiles.emulator.resources import Caller
    from instance_profiles.emulator.world import World

# Read once: the models are what takes time.
SESSION = get_session()
CONFIG = AioConfig(parameter_validation=False, retries={"total_max_attempts": 1})


class Refused(NamedTuple):
    status: int
    code: str
    message: str


class Aws:
    """`await aws("ec2", "DescribeRegions", ...)` is the reply, `await aws.refused(...)` the error reply."""

    def __init__(self, world: World, url: str, stack: AsyncExitStack) -> None:
        self.world = world
        self.url = url
        self.region = world.default_region
        self._stack = stack
        self._clients: dict[Any, Any] = {}

    async def __call__(
        self,
        service: str,
        operation: str,
        *,
        region: str | None = None,
        caller: Caller | None = None,
        dry_run: bool = False,
        **parameters: Any,
    ) -> dict[str, Any]:
        client = await self._client(service, region or self.region, caller or self.world.caller, dry_run)
        names = {api: method for method, api in client.meta.method_to_api_mapping.items()}
        reply = await getattr(client, names[operation])(**parameters)
        del reply["ResponseMetadata"]["HTTPHeaders"]
        return reply

    async def refused(self, service: str, operation: str, **rest: Any) -> Refused:
        with pytest.raises(ClientError) as caught:
            await self(service, operation, **rest)
        reply = caught.value.response
        return Refused(
            reply["ResponseMetadata"]["HTTPStatusCode"], reply["Error"]["Code"], reply["Error"]["Message"]
        )

    async def _client(self, service: str, region: str, caller: Caller, dry_run: bool) -> Any:
        key = (service, region, caller.access_key, dry_run)
        if key not in self._clients:
            made = SESSION.create_client(
                service,
                region_name=region,
                endpoint_url=self.url,
                aws_access_key_id=caller.access_key,
                aws_secret_access_key=caller.secret_key,
                aws_session_token=caller.session_token or None,
                config=CONFIG,
            )
            client = await self._stack.enter_async_context(made)
            if dry_run:
                client.meta.events.register_last("before-call.ec2", _with_dry_run)
            self._clients[key] = client
        return self._clients[key]


def _with_dry_run(params: dict[str, Any], **_: Any) -> None:
    params["body"]["DryRun"] = "true"
