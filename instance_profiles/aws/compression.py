"""Asking for compressed answers: a page of instances is twenty times smaller on its way.

The SDK insists on uncompressed ones, because it may have to verify checksums of what it stores for people;
listings have none. `parsing` unpacks what comes.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from instance_profiles.aws.tls import shared_contexts


@cache
def compressed_session() -> Any:
    """The SDK's HTTP session class, asking for gzip; for AioConfig's http_session_cls. Imports the SDK."""
    from aiobotocore.httpsession import AIOHTTPSession

    stock: Any = AIOHTTPSession

    async def get_session(self: Any, proxy_url: Any) -> Any:
        return _Asking(await stock._get_session(self, proxy_url))  # the SDK has no public way

    own = {"_get_session": get_session, "_build_ssl_contexts": shared_contexts(stock)}
    return type("CompressedSession", (stock,), own)


class _Asking:
    """A session of aiohttp that asks for gzip. The header is added after signing: proxies may change it."""

    def __init__(self, session: Any) -> None:
        self._session = session

    async def request(self, method: str, *, headers: Any, **options: Any) -> Any:
        headers["Accept-Encoding"] = "gzip"
        return await self._session.request(method, headers=headers, **options)
