"""One TLS context for all clients that trust the same certificates.

Making one reads and parses every certificate of the bundle, which takes longer than most answers do, and the
SDK makes one for each client: for each service in each region.
"""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


@cache
def shared_contexts() -> Callable[[Any, Any], Any]:
    """The `_build_ssl_contexts` of the SDK's HTTP session, asked once for each bundle and client certificate.

    A proxy has a context of its own, with certificates of its own; that stays the SDK's business. Imports
    the SDK.
    """
    from aiobotocore.httpsession import AIOHTTPSession

    stock: Any = AIOHTTPSession
    made: dict[tuple[Any, Any, Any], Any] = {}
    making = Lock()

    def build(session: Any, proxy_url: Any) -> Any:
        if proxy_url:
            return stock._build_ssl_contexts(session, proxy_url)
        # The SDK calls this in threads, for all clients that are new at the same moment.
        with making:
            key = (session._verify, session._cert_file, session._key_file)
            if key not in made:
                made[key] = stock._build_ssl_contexts(session, None)
            return made[key]

    return build
