"""One pool of connections for all clients of an account, which asks for compressed answers.

The SDK gives each client a pool of its own: for each region and service the certificates of this machine
would be read anew, 35 ms a time in which nothing else runs. It also insists on uncompressed answers, because
it may have to verify checksums of what it stores for people; listings have none, and a page of instances is
twenty times smaller on its way when compressed. `parsing` unpacks what comes.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Any, Final

CONNECTIONS: Final = 128
"""At once, to all hosts. Requests to one API and region are paced, so that no host gets more than a few."""


class HttpPool:
    """Connections of one account. Close it after its clients."""

    def __init__(self) -> None:
        self._sessions: dict[Any, Any] = {}
        self._opening = asyncio.Lock()
        self._open = AsyncExitStack()

    async def close(self) -> None:
        self._sessions.clear()
        await self._open.aclose()

    def session_class(self) -> Any:
        """The SDK's HTTP session class on this pool; for AioConfig's http_session_cls. Imports the SDK."""
        from aiobotocore.httpsession import AIOHTTPSession

        stock: Any = AIOHTTPSession
        pool = self

        async def get_session(self: Any, proxy_url: Any) -> Any:
            # The SDK has no public way. What differs between clients of one session is nothing but this.
            key = (proxy_url, self._verify, self._cert_file, self._key_file)
            return await pool._session(key, self)

        return type("PooledSession", (stock,), {"_get_session": get_session})

    async def _session(self, key: Any, asking: Any) -> Any:
        session = self._sessions.get(key)
        if session is None:
            async with self._opening:
                session = self._sessions.get(key)
                if session is None:
                    session = self._sessions[key] = await self._open_session(asking, key[0])
        return session

    async def _open_session(self, asking: Any, proxy_url: Any) -> Any:
        import aiohttp  # the SDK has imported it

        connector = await asking._create_connector(proxy_url)
        return _Asking(
            await self._open.enter_async_context(
                aiohttp.ClientSession(
                    connector=connector,
                    timeout=asking._timeout,
                    skip_auto_headers={"Content-Type"},
                    auto_decompress=False,
                )
            )
        )


class _Asking:
    """A session of aiohttp that asks for gzip. The header is added after signing: proxies may change it."""

    def __init__(self, session: Any) -> None:
        self._session = session

    async def request(self, method: str, *, headers: Any, **options: Any) -> Any:
        headers["Accept-Encoding"] = "gzip"
        return await self._session.request(method, headers=headers, **options)
