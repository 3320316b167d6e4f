"""Finding the error code that belongs to a message, in the many ways in which tools write it."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

DENIED: Final = (
    "AccessDeniedException",
    "AccessDenied",
    "UnauthorizedOperation",
    "UnauthorizedAccess",
    "AuthFailure",
    "NotAuthorized",
    "Forbidden",
    "ValidationError",
)
"""The codes under which AWS denies; launch configurations are denied as ValidationError."""

_BEFORE: Final = 420
_AFTER: Final = 320
_OPERATION: Final = re.compile(
    r"when calling the ([A-Z][A-Za-z]{2,60}) operation"
    r"|operation error ([A-Za-z0-9 ]{2,30}): ([A-Z][A-Za-z]{2,60})"
    r"|\b[Ee]rror calling ([A-Z][A-Za-z]{2,60})"
)
_CALLS: Final = ("when calling", "operation error", "rror calling")
_SERVICES: Final = {
    "ec2": re.compile(
        r"(?:Dis)?[Aa]ssociateIamInstanceProfile|(?:Replace|Describe)IamInstanceProfileAssociations?|RunInstances|CreateFleet"
        r"|RequestSpotFleet|Describe(?:Instances|Regions)|\w*LaunchTemplate\w*|ModifyInstance\w+|St(?:art|op)Instances"
    ),
    "sts": re.compile(r"AssumeRole\w*|Get(?:CallerIdentity|SessionToken|FederationToken)|Decode\w+"),
    "autoscaling": re.compile(r"\w*(?:AutoScalingGroup|LaunchConfiguration|InstanceRefresh)\w*"),
    "iam": re.compile(r"\w*(?:Role|InstanceProfile|Policy|Policies|User|Account)\w*"),
}


def code_near(text: str, begin: int, end: int, codes: tuple[str, ...], least: int = 0) -> str | None:
    """The code nearest before a message, or right after it; `least` is where the message before it ended.

    Its own text is looked into as well: some tools write the code into it.
    """
    first, last = max(least, begin - _BEFORE), min(len(text), end + _AFTER)
    around = text[first:last]
    if not any(code in around for code in codes):
        return None
    known = _pattern(codes)
    before = list(known.finditer(text, first, begin))
    if before:
        return before[-1][1]
    after = known.search(text, begin, last)
    return after[1] if after is not None and "\n\n" not in text[end : after.start()] else None


def operation_near(text: str, begin: int, end: int, least: int = 0) -> str | None:
    """The action of the call that failed, service:Operation, where the text names the call."""
    first = max(least, begin - _BEFORE)
    around = text[first:end]
    if not any(words in around for words in _CALLS):
        return None
    calls = list(_OPERATION.finditer(text, first, end))
    if not calls:
        return None
    found = calls[-1]
    operation = found[1] or found[3] or found[4]
    service = next((name for name, ours in _SERVICES.items() if ours.fullmatch(operation)), None)
    return f"{service}:{operation}" if service else None


@cache
def _pattern(codes: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"(?<![\w-])(?:Client\.|Server\.)?(" + "|".join(map(re.escape, codes)) + r")(?![\w-])")
