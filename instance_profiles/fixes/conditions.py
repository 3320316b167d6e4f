"""What must hold in AWS before a call and after it, as data that can be journalled and asked again."""

from __future__ import annotations

import msgspec


class Condition(msgspec.Struct, frozen=True, tag=True):
    """Base of all conditions."""
