"""Answers come compressed: what they are unpacked, and never half of it without a word."""

from __future__ import annotations

import zlib
from typing import Any, Final

_LARGEST: Final = 1 << 28
"""Bytes that an answer may have when unpacked: a quarter of a gigabyte is no page of AWS."""


class TooLargeError(OSError):
    """The answer unpacks to more than any page of AWS."""


def is_packed(headers: Any) -> bool:
    return bool(headers.get("content-encoding", "").lower() == "gzip")


def unpacked(headers: Any, body: bytes, *, at_most: int = _LARGEST, whole: bool = True) -> bytes:
    """The body as it was before it was compressed; only its beginning, of `at_most` bytes, unless `whole`.

    Raises:
        OSError: it cannot be unpacked, or is larger than any answer of AWS.
    """
    if not is_packed(headers):
        return body if whole else body[:at_most]
    return gunzipped(body, at_most=at_most, whole=whole)


def gunzipped(body: bytes, *, at_most: int = _LARGEST, whole: bool = True) -> bytes:
    """As `unpacked`, of a body that is known to be compressed."""
    unpacking = zlib.decompressobj(wbits=31)
    try:
        begin = unpacking.decompress(body, at_most)
    except zlib.error as exc:
        raise OSError(f"the answer cannot be unpacked: {exc}") from exc
    if whole and unpacking.unconsumed_tail:
        raise TooLargeError("the answer is larger than any page of AWS")
    if whole and not unpacking.eof:
        raise OSError("the answer was cut off on its way")
    return begin
