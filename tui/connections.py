"""From settings to connections: which accounts are opened, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.aws.connection import Connection

if TYPE_CHECKING:
    from config.settings import ResolvedSettings

_CONNECT_SECONDS = 5.0


def connections(resolved: ResolvedSettings) -> list[Connection]:
    """One connection for each named profile that was chosen, in plain values for the engine."""
    settings = resolved.settings
    return [
        Connection(
            named_profile=name,
            regions=settings.regions,
            endpoint_url=resolved.endpoint_url_to_set,
            read_only=settings.read_only,
            connect_timeout=min(_CONNECT_SECONDS, settings.timeout),
            read_timeout=settings.timeout,
        )
        for name in dict.fromkeys(resolved.named_profiles_to_open)
    ]
