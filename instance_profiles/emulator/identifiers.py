"""Ids that look like AWS's and are the same at every start: each is made of a hash of what it names."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from instance_profiles.emulator.refusal import RefusalError

_MALFORMED_DIGITS = "0" * 17


def iam_id(prefix: str, *what: object) -> str:
    """Return an id such as AIPA..., AROA..., AIDA... with 17 further characters."""
    digest = base64.b32encode(_digest(prefix, *what)).decode()
    return prefix + digest[:17]


def ec2_id(prefix: str, *what: object) -> str:
    """Return an id such as i-... or iip-assoc-... with 17 hexadecimal digits."""
    return f"{prefix}-{_digest(prefix, *what).hex()[:17]}"


def number(limit: int, *what: object) -> int:
    """Return a number from 0 to limit - 1 that looks random and never changes."""
    return int.from_bytes(_digest("number", *what)[:8]) % limit


def request_id(count: int) -> str:
    """Return the id of the count-th answer, in the form of a UUID."""
    return uuid_of("request", count)


def uuid_of(*what: object) -> str:
    """Return an id in the form of a UUID."""
    digits = _digest(*what).hex()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}"


def check_ec2_id(value: str, prefix: str, refusal: RefusalError) -> None:
    """Raise `refusal` unless value is `prefix` and 8 or 17 hexadecimal digits, not all zero.

    AWS calls ids of zeros malformed, not absent.
    """
    digits = value.removeprefix(f"{prefix}-")
    well_formed = (
        value != digits
        and len(digits) in (8, 17)
        and all(digit in "0123456789abcdef" for digit in digits)
        and digits not in (_MALFORMED_DIGITS, "0" * 8)
    )
    if not well_formed:
        raise refusal


def _digest(*what: object) -> bytes:
    return hashlib.blake2b("\x1f".join(map(str, what)).encode(), digest_size=20).digest()
