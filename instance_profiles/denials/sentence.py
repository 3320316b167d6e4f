"""The grammar of AWS's denials: who is not authorized to do what, on what, and because of which policy.

Rests on https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html and on messages as
they were received.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from instance_profiles.denials.cleaning import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

DeniedBy = Literal[
    "identity-policy",
    "resource-policy",
    "permissions-boundary",
    "session-policy",
    "service-control-policy",
    "resource-control-policy",
    "vpc-endpoint-policy",
    "role-trust-policy",
]
Effect = Literal["implicit", "explicit"]

_KINDS: Final[tuple[tuple[str, DeniedBy], ...]] = (
    ("identity", "identity-policy"),
    ("resource control", "resource-control-policy"),
    ("resource", "resource-policy"),
    ("permission", "permissions-boundary"),
    ("session", "session-policy"),
    ("service control", "service-control-policy"),
    ("vpc endpoint", "vpc-endpoint-policy"),
    ("role trust", "role-trust-policy"),
)
_KIND: Final = (
    r"(?:identity[ -]based polic(?:y|ies)|resource[ -]based polic(?:y|ies)|permissions? boundary"
    r"|sessions? policy|service control policy|resource control policy|VPC endpoint policy|role trust policy)"
)
_ANCHOR: Final = re.compile(
    r"(?<!You )\b(?:is|are) not authorized to perform:?\s*[\"'`]?(?P<action>[A-Za-z][\w-]*:[A-Za-z*]+)?",
    re.IGNORECASE,
)
_PRINCIPAL: Final = re.compile(r"(?:User|Principal|Role):?\s+(?P<principal>[^\n]{1,600}?)\s*$")
_BARE_PRINCIPAL: Final = re.compile(r"(?P<principal>arn:[^\s\"'<>]{1,400})[\"'`]?\s*$")
_RESOURCE: Final = re.compile(
    r"[\"'`]?\s+on(?: the)? resources?:?\s*(?P<quote>[\"'`]?)"
    r"(?P<resource>(?:instance profile|policy path|role|user|group|policy|mfa device) [^\s\"'`<>]+"
    r"|(?!because\b|with\b|Encoded\b)[^\s\"'`<>]+)?[\"'`]?",
    re.IGNORECASE,
)
_REASON: Final = re.compile(
    r"[\s.,:;\"']{0,4}(?:"
    rf"because no (?P<none>{_KIND}) allows the (?P<named>[^\s]+) action"
    r"|(?P<trust>because the role trust policy allows)[^\n.]{0,200}"
    rf"|with an explicit deny(?: in (?:an?|the) (?P<deny>{_KIND}))?"
    r")"
    rf"(?:,? transitively through (?:an?|the) (?P<through>{_KIND}))?"
    r"(?:,? ?(?:with policy ARN)?:? ?(?P<policy>arn:aws[\w-]*:[^\s\"'`<>,;()]+))?",
    re.IGNORECASE,
)
_ENCODED: Final = re.compile(r"Encoded authorization failure message:?[\s\"']*(?P<message>[\w+/=-]{16,})?")
_AUTHORIZATION: Final = re.compile(
    r"(?:authorization-details/|following authorization id:? ?)(?P<id>[\w-]{8,})[^\n]{0,300}", re.IGNORECASE
)
_REGION: Final = re.compile(r"https://([a-z]{2}(?:-[a-z]{1,12}){1,4}-\d)\.console")
_MARK: Final = "not authorized to perform"
_BARE: Final = re.compile(r"You are not authorized to perform this operation\b\.?", re.IGNORECASE)
_BEFORE: Final = 620
_AFTER: Final = 12_000
"""An encoded message has up to 10,240 characters."""


class Denial(msgspec.Struct, frozen=True):
    """One denial as the text tells it; None where it does not say. `begin` and `end` are its place.

    `authorization_id` is for iam-toolbox:GetRequestAuthorizationDetails in `region`, `encoded` for
    sts:DecodeAuthorizationMessage ("" where the text had one that was cut off).
    """

    begin: int
    end: int
    principal: str | None = None
    action: str | None = None
    resource: str | None = None
    denied_by: DeniedBy | None = None
    effect: Effect | None = None
    policy: str | None = None
    encoded: str | None = None
    authorization_id: str | None = None
    region: str | None = None


def denials_in(text: str) -> Iterator[Denial]:
    """The denials in a cleaned text, in its order."""
    places = list(_places(text))
    least = 0
    for number, found in enumerate(places):
        most = places[number + 1].start() if number + 1 < len(places) else len(text)
        sentence = _sentence(text, found, least, most)
        if sentence is None:
            continue
        least = sentence.end
        yield sentence


def _places(text: str) -> Iterator[re.Match[str]]:
    """Where denials say so: the words that all have, and what stands around them."""
    small = folded(text)
    place = small.find(_MARK)
    while place >= 0:
        found = _place(text, place)
        if found is not None:
            yield found
        place = small.find(_MARK, place + len(_MARK))


def _place(text: str, place: int) -> re.Match[str] | None:
    bare = _BARE.match(text, max(0, place - len("You are ")))
    if bare is not None:
        return None if _says_more(text, bare.end()) else bare
    for verb in ("is ", "are "):
        anchor = _ANCHOR.match(text, max(0, place - len(verb)))
        if anchor is not None:
            return anchor
    return None


def _says_more(text: str, place: int) -> bool:
    """Whether the sentence that names the user follows at once: then the two are one message."""
    return re.match(r"[\s\"']{0,4}(?:User|Principal|Role):?\s", text[place : place + 12]) is not None


def _sentence(text: str, found: re.Match[str], least: int, most: int) -> Denial | None:
    is_bare = "action" not in found.re.groupindex
    end = found.end()
    told: dict[str, str | None] = {}
    begin = found.start()
    if not is_bare:
        action = found["action"]
        principal, begin = _principal(text, found.start(), least)
        if action is None and principal is None:
            return None
        resource = _RESOURCE.match(text, end, most)
        if resource is not None:
            end = resource.end()
            told["resource"] = _trimmed(resource["resource"])
            if resource["resource"] and resource["resource"] != told["resource"]:
                end = resource.start("resource") + len(told["resource"] or "")
        told |= {"principal": principal, "action": action}
    reason = _REASON.match(text, end, most)
    if reason is not None:
        end = reason.end()
        told |= _reason(reason)
    after, end = _after(text, end, min(most, end + _AFTER))
    return msgspec.convert({"begin": begin, "end": end, **told, **after}, Denial)


def _principal(text: str, anchor: int, least: int) -> tuple[str | None, int]:
    begin = max(least, anchor - _BEFORE)
    before = text[begin:anchor]
    last = max(before.rfind("User: "), before.rfind("User "), before.rfind("\n") + 1, 0)
    for pattern in (_PRINCIPAL, _BARE_PRINCIPAL):
        found = pattern.search(before, last)
        if found is not None:
            return found["principal"].strip("\"'` ") or None, begin + found.start()
    return None, anchor


def _reason(found: re.Match[str]) -> dict[str, str | None]:
    explicit = not (found["none"] or found["trust"])
    named = found["through"] or found["none"] or found["deny"] or ("role trust" if found["trust"] else None)
    return {
        "effect": "explicit" if explicit else "implicit",
        "denied_by": _kind(named) if named else None,
        "policy": found["policy"].rstrip(".:") if found["policy"] else None,
    }


def _kind(words: str) -> DeniedBy:
    folded = words.lower()
    return next(kind for begin, kind in _KINDS if folded.startswith(begin))


def _after(text: str, end: int, most: int) -> tuple[dict[str, str], int]:
    """What follows the sentence and belongs to it."""
    told: dict[str, str] = {}
    within = text[end:most]
    stop = within.find("\n\n")
    within = within[:stop] if stop >= 0 else within
    reached = 0
    details = _AUTHORIZATION.search(within, 0, 1500)
    if details is not None:
        told["authorization_id"] = details["id"]
        reached = details.end()
        region = _REGION.search(within, 0, 1500)
        if region is not None:
            told["region"] = region[1]
    encoded = _ENCODED.search(within, 0, 1500)
    if encoded is not None:
        told["encoded"] = encoded["message"] or ""
        reached = max(reached, encoded.end())
    return told, end + reached


def _trimmed(resource: str | None) -> str | None:
    """Without the punctuation of the sentence around it; an ARN may end in a colon of its own."""
    if not resource:
        return None
    trimmed = resource.rstrip(".,;)")
    if trimmed.endswith(":") and trimmed.count(":") > 5:
        trimmed = trimmed.rstrip(":")
    return trimmed or None
