"""What came of comparing one condition with the world, and the table of who compares which."""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from instance_profiles.aws.account import AwsAccount


class Held(msgspec.Struct, frozen=True):
    """Whether a condition holds; `ok` None: it could not be read. `sentence` says what was found.

    `image` is what was read, as plain data for the journal.
    """

    ok: bool | None
    sentence: str
    image: Any = None


@singledispatch
def compare(condition: Any, account: AwsAccount) -> Awaitable[Held]:
    """Read what a condition is about and compare; raises AwsError."""
    raise TypeError(f"no reading for {type(condition).__name__}")
