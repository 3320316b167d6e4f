"""The HTTP side: one aiohttp application on a loopback port."""

from __future__ import annotations

import asyncio
import re
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from aiohttp import web

from instance_profiles.emulator import imds
from instance_profiles.emulator.dispatch import Asked, Dispatcher
from instance_profiles.emulator.json_wire import read_request, speaks_json
from instance_profiles.emulator.service_models import SERVICES, action_prefix

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from instance_profiles.emulator.world import World

HOST = "127.0.0.1"

_CREDENTIAL = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")
_LARGEST_REQUEST = 16 * 2**20
_WEB_PAGE = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in to continue</body></html>"
_SHORTEST_TO_COMPRESS = 1400


@asynccontextmanager
async def serve(world: World, port: int = 0) -> AsyncIterator[str]:
    """Answer for the world on 127.0.0.1 while the context lasts; yields the address.

    Raises OSError where the port is taken.
    """
    closing = asyncio.Event()
    application = web.Application(client_max_size=_LARGEST_REQUEST)
    application.router.add_route("*", "/{path:.*}", _Handler(world, closing).handle)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, HOST, port)
        await site.start()
        yield f"http://{HOST}:{runner.addresses[0][1]}"
    finally:
        closing.set()
        await runner.cleanup()


class _Handler:
    def __init__(self, world: World, closing: asyncio.Event) -> None:
        self._world = world
        self._closing = closing
        self._dispatcher = Dispatcher(world)

    async def handle(self, incoming: web.Request) -> web.Response:
        metadata = imds.PATH.fullmatch(incoming.path)
        if metadata is not None:
            told = imds.document(self._world, metadata["instance"], metadata["rest"] or "")
            return web.Response(status=told.status, text=told.text)
        asked = _asked(incoming, await incoming.read())
        place = (action_prefix(asked.service), asked.operation, asked.region)
        self._world.requests.append(place)
        faults = self._world.faults
        if faults.is_silent(*place):
            await self._closing.wait()
        if delay := faults.delay(*place):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), delay)
        if status := faults.html_status(*place):
            return web.Response(status=status, text=_WEB_PAGE, content_type="text/html")
        answer = self._dispatcher.answer(asked)
        headers = {"Content-Type": answer.content_type, "x-amzn-RequestId": answer.request_id}
        if len(answer.body) > _SHORTEST_TO_COMPRESS and "gzip" in incoming.headers.get("Accept-Encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return web.Response(status=answer.status, body=answer.packed(), headers=headers)
        return web.Response(status=answer.status, body=answer.body, headers=headers)


def _asked(incoming: web.Request, body: bytes) -> Asked:
    scope = _CREDENTIAL.search(incoming.headers.get("Authorization", ""))
    access_key, region, service = scope.groups() if scope else ("", "", "iam")
    form: dict[str, Any]
    json = speaks_json(service) or (service not in SERVICES and not body.startswith(b"Action="))
    if service in SERVICES and json:
        target = incoming.headers.get("X-Amz-Target", "")
        operation, form = read_request(service, incoming.method, incoming.path, incoming.query, target, body)
    elif json:
        form, operation = {}, f"{incoming.method} {incoming.path}"
    else:
        form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)) or dict(
            incoming.query
        )
        operation = form.get("Action", "")
    return Asked(
        service=service,
        region=region,
        operation=operation,
        access_key=access_key,
        token=incoming.headers.get("X-Amz-Security-Token", ""),
        form=form,
        json=json,
    )
