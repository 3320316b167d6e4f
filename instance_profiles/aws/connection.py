"""What is needed to reach one account: plain values, chosen by a person or a test."""

from __future__ import annotations

import msgspec


class Connection(msgspec.Struct, frozen=True):
    """Which credentials, where to, and how patiently.

    `named_profile` is one of the local AWS config, None for the SDK's default chain. `regions` () or
    ("all",) stands for every enabled region. `endpoint_url` goes to every service; where it is None the
    SDK's own settings (AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_EC2, ...) hold. Timeouts are seconds.
    """

    named_profile: str | None = None
    regions: tuple[str, ...] = ()
    endpoint_url: str | None = None
    read_only: bool = False
    connect_timeout: float = 5.0
    read_timeout: float = 30.0
