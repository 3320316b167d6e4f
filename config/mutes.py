"""The `[[mute]]` tables of the settings file: what not to show, why, and until when."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec

_NAMES = ("rule", "object", "reason", "until")


class MuteSetting(msgspec.Struct, frozen=True):
    """One `[[mute]]`: a rule id, an object (id, name or ARN, globs) or both; `until` is the last day."""

    reason: str
    rule: str | None = None
    object: str | None = None
    until: dt.date | None = None


class MuteError(Exception):
    """What is wrong with one `[[mute]]`; `number` counts from 1, `key` is the entry at fault."""

    def __init__(self, number: int, sentence: str, key: str | None = None) -> None:
        super().__init__(sentence)
        self.number = number
        self.key = key


def mutes_from(value: Any) -> tuple[MuteSetting, ...]:
    """The checked tables; raises MuteError for the first that cannot be understood."""
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise MuteError(1, "mute must be written as tables, each headed [[mute]]")
    return tuple(_mute(number, entry) for number, entry in enumerate(value, start=1))


def _mute(number: int, entry: dict[str, Any]) -> MuteSetting:
    for key in entry:
        if key not in _NAMES:
            raise MuteError(number, f"a mute has no {key!r}; it has rule, object, reason and until", key)
    for key in ("rule", "object", "reason"):
        if key in entry and not (isinstance(entry[key], str) and entry[key].strip()):
            raise MuteError(number, f"{key} must be text, as in {_EXAMPLES[key]}", key)
    until = entry.get("until")
    # TOML's date-time is a date to Python, and to the minute is more than a mute can be.
    if until is not None and (not isinstance(until, dt.date) or isinstance(until, dt.datetime)):
        raise MuteError(number, "until must be a date without quotes, as in until = 2027-01-31", "until")
    if "reason" not in entry:
        raise MuteError(number, 'every mute needs a reason, as in reason = "accepted until the move"')
    if "rule" not in entry and "object" not in entry:
        raise MuteError(number, "a mute needs a rule, an object or both")
    return MuteSetting(entry["reason"].strip(), entry.get("rule"), entry.get("object"), until)


_EXAMPLES = {
    "rule": 'rule = "profile-orphaned"',
    "object": 'object = "sandbox-*"',
    "reason": 'reason = "accepted until the move"',
}
