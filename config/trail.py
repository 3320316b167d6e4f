"""The `[trail]` table of the settings file: where Athena can query the records of CloudTrail."""

from __future__ import annotations

import re
from typing import Any

import msgspec

_NEEDED = ("database", "table")
_FORMS = {
    "database": (r"\w{1,255}", "letters, digits and underscores", 'database = "logs"'),
    "table": (r"\w{1,255}", "letters, digits and underscores", 'table = "cloudtrail"'),
    "workgroup": (r"[\w.-]{1,128}", "the name of a workgroup of Athena", 'workgroup = "primary"'),
    "output": (r"s3://[\w.-]+(/\S*)?", "an address in S3", 'output = "s3://query-results/iptui/"'),
    "region": (r"[a-z]{2,}(-[a-z]+)+-\d+", "the name of a region", 'region = "eu-west-1"'),
}


class TrailSetting(msgspec.Struct, frozen=True):
    """The table. `output` is only needed where the workgroup has no place for results of its own, `region`
    where it is not the one that the credentials start from.
    """

    database: str
    table: str
    workgroup: str = "primary"
    output: str | None = None
    region: str | None = None


DEMO_TRAIL = TrailSetting("acme_audit", "cloudtrail_logs")
"""What the company of the demo has."""


class TrailError(Exception):
    """What is wrong with `[trail]`; `key` is the entry at fault."""

    def __init__(self, sentence: str, key: str | None = None) -> None:
        super().__init__(sentence)
        self.key = key


def trail_from(value: Any) -> TrailSetting:
    """The checked table; raises TrailError for the first entry that cannot be understood."""
    if not isinstance(value, dict):
        raise TrailError("trail must be a table headed [trail]")
    for key, entry in value.items():
        if key not in _FORMS:
            raise TrailError(f"[trail] has no {key!r}; it has {', '.join(_FORMS)}", key)
        form, words, example = _FORMS[key]
        if not isinstance(entry, str) or not re.fullmatch(form, entry, re.ASCII):
            raise TrailError(f"{key} of [trail] must be {words}, as in {example}", key)
    for key in _NEEDED:
        if key not in value:
            raise TrailError(f"[trail] needs a {key}, as in {_FORMS[key][2]}")
    return TrailSetting(**value)
