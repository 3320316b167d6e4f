"""Reading a text: every different error in it, what each says, and what looks like one and is not known."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final

import msgspec

from instance_profiles.denials.cleaning import cleaned, folded
from instance_profiles.denials.codes import DENIED, code_near, operation_near
from instance_profiles.denials.known import CODES, KNOWN, Known
from instance_profiles.denials.records import unfolded
from instance_profiles.denials.sentence import Denial, DeniedBy, Effect, denials_in
from instance_profiles.policies.principal import principal_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_RULES: Final[dict[DeniedBy, str]] = {
    "identity-policy": "caller-no-identity-allow",
    "permissions-boundary": "caller-permissions-boundary",
    "session-policy": "caller-session-policy",
    "service-control-policy": "caller-scp",
    "resource-control-policy": "caller-rcp",
    "vpc-endpoint-policy": "caller-vpce-policy",
    "resource-policy": "caller-resource-policy",
    "role-trust-policy": "caller-role-trust",
}
_TROUBLE: Final = re.compile(
    r"\b(?:error|exception|denied|unauthori[sz]ed|not authorized|forbidden|failed|failure|invalid)\b",
    re.IGNORECASE,
)
_LONGEST: Final = 500
_MOST_UNKNOWN: Final = 20
_REACH: Final = 0
_CODE_REACH: Final = 400
_FAR: Final = 1 << 62
_TELLING: Final = re.compile(
    r"(?<![\w.])(" + "|".join(map(re.escape, sorted(CODES, reverse=True))) + r")(?![\w.])"
)
_LOOKS_ALIKE: Final = {"InvalidAssociationID.NotFound": "eipassoc-"}
"""Codes that other objects have as well, and how these are called."""
_CODE: Final = re.compile(
    r"error occurred \(([A-Za-z.]+)\)"
    r"|[\"']?[cC]ode[\"']?\s*[:=]\s*[\"']?([A-Z][A-Za-z.]+)"
    r"|api error ([A-Z][A-Za-z.]+)"
)


_DENIED: Final = r"(AccessDenied(?:Exception)?|UnauthorizedOperation|UnauthorizedAccess)"
_DENIALS: Final = ("AccessDenied", "Unauthorized")
_DENIAL_ALONE: Final = re.compile(
    rf"error occurred \({_DENIED}\) when calling the \w+ operation[^\n]{{0,200}}"
    rf"|api error {_DENIED}[^\n]{{0,200}}"
    rf"|<Code>{_DENIED}</Code>|[\"']Code[\"']\s*[:=]>?\s*[\"']{_DENIED}[\"']"
)
"""A denial without the sentence: nothing but the form in which tools write codes tells it from prose."""


class ReadError(msgspec.Struct, frozen=True):
    """One error, however often it came. What the text does not say is None.

    `message` is the sentence as it was understood. `encoded` and `authorization_id` lead to more, with calls.
    """

    message: str
    rule: str | None
    code: str | None = None
    count: int = 1
    principal: str | None = None
    action: str | None = None
    resource: str | None = None
    denied_by: DeniedBy | None = None
    effect: Effect | None = None
    policy: str | None = None
    encoded: str | None = None
    authorization_id: str | None = None
    region: str | None = None


class Reading(msgspec.Struct, frozen=True):
    """All that was read: the errors in the order in which they first came, and lines that nobody knows."""

    errors: tuple[ReadError, ...]
    unrecognised: tuple[str, ...]


def read(text: str) -> Reading:
    """Read a message, a log or a record. Nothing in it makes this fail; time grows with its length."""
    text = cleaned(unfolded(text))
    spans: list[tuple[int, int]] = []
    found: list[tuple[int, ReadError]] = []
    least = 0
    for denial in denials_in(text):
        found.append((denial.begin, _denied(text, denial, least)))
        spans.append((denial.begin, denial.end))
        least = denial.end
    for begin, end, known, match in _known_in(text, spans):
        found.append((begin, _recognised(text, begin, end, known, match)))
        spans.append((begin, end))
    for begin, end, code in _codes_in(text, sorted(spans)):
        action = operation_near(text, begin, end)
        shown = _shown(text[begin : _line_end(text, begin)])
        found.append((begin, ReadError(shown, CODES.get(code, "caller-plain-denied"), code, action=action)))
        spans.append((begin, end))
    found.sort(key=lambda one: one[0])
    return Reading(_counted(error for _, error in found), tuple(_unknown_in(text, sorted(spans))))


def _denied(text: str, denial: Denial, least: int) -> ReadError:
    code = code_near(text, denial.begin, denial.end, DENIED, least)
    return ReadError(
        message=_shown(text[denial.begin : denial.end]),
        rule=rule_of(denial, code),
        code=code,
        principal=denial.principal,
        action=denial.action or operation_near(text, denial.begin, denial.end, least),
        resource=denial.resource,
        denied_by=denial.denied_by,
        effect=denial.effect,
        policy=denial.policy,
        encoded=denial.encoded,
        authorization_id=denial.authorization_id,
        region=denial.region,
    )


def rule_of(denial: Denial | ReadError, code: str | None) -> str:
    """The id of the fault in the catalogue that a denial belongs to."""
    if (denial.action or "").lower() == "iam:passrole":
        return "caller-passrole-denied"
    if denial.denied_by == "identity-policy" and denial.effect == "explicit":
        return "caller-identity-explicit-deny"
    if denial.denied_by is not None:
        return _RULES[denial.denied_by]
    if denial.encoded is not None:
        return "caller-encoded-message"
    if code == "ValidationError":
        return "caller-launch-denied"
    if _assumes_itself(denial):
        return "role-self-assume-denied"
    if denial.principal and principal_of(denial.principal).kind == "account":
        return "caller-admin-or-root-denied"
    return "caller-plain-denied"


def _assumes_itself(denial: Denial | ReadError) -> bool:
    if (denial.action or "").lower() != "sts:assumerole" or not (denial.principal and denial.resource):
        return False
    who, what = principal_of(denial.principal), principal_of(denial.resource)
    return (
        who.kind in ("session", "role")
        and what.kind == "role"
        and (who.account, who.name) == (what.account, what.name)
    )


def _recognised(text: str, begin: int, end: int, known: Known, match: re.Match[str]) -> ReadError:
    code = code_near(text, begin, end, known.codes) if known.codes else None
    encoded = None
    if known.rule == "caller-encoded-message":
        encoded = match[0].partition(":")[2].strip()
    return ReadError(
        message=_shown(text[begin:end]),
        rule=known.rule,
        code=code,
        action=operation_near(text, begin, end),
        resource=(match.groupdict().get("resource") or "").rstrip(".,;:") or None,
        encoded=encoded,
    )


def _known_in(text: str, taken: list[tuple[int, int]]) -> Iterator[tuple[int, int, Known, re.Match[str]]]:
    """The known texts outside of what was read already; of two at one place the earlier in the table."""
    small = folded(text)
    busy = sorted(taken)
    for known in KNOWN:
        place = small.find(known.needle)
        fresh: list[tuple[int, int]] = []
        least = 0
        while place >= 0:
            line = text.rfind("\n", max(0, place - _LONGEST), place) + 1 or max(0, place - _LONGEST)
            match = _match_around(known, text, max(line, least), place)
            least = place + len(known.needle)
            if match is not None and not _overlaps(busy, match.start(), match.end()):
                fresh.append((match.start(), match.end()))
                yield match.start(), match.end(), known, match
            place = small.find(known.needle, least)
        if fresh:
            busy = sorted([*busy, *fresh])


def _match_around(known: Known, text: str, begin: int, place: int) -> re.Match[str] | None:
    """The match that holds the needle at `place`."""
    for match in known.pattern.finditer(text, begin, min(len(text), place + _LONGEST)):
        if match.end() > place:
            return match if match.start() <= place else None
    return None


def _codes_in(text: str, taken: list[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    """Codes that tell a fault where nothing around them was understood."""
    for pattern, told in ((_TELLING, CODES), (_DENIAL_ALONE, _DENIALS)):
        if not any(code in text for code in told):
            continue
        for found in pattern.finditer(text):
            code = next(filter(None, found.groups()))
            if _LOOKS_ALIKE.get(code, "\n") in text[found.end() : _line_end(text, found.end())]:
                continue
            if not _near(taken, found.start(), found.end(), _CODE_REACH):
                yield found.start(), found.end(), code


def _overlaps(busy: list[tuple[int, int]], begin: int, end: int) -> bool:
    at = bisect_right(busy, (begin, _FAR))
    if at < len(busy) and busy[at][0] < end:
        return True
    return at > 0 and busy[at - 1][1] > begin


def _counted(errors: Iterable[ReadError]) -> tuple[ReadError, ...]:
    counted: dict[tuple[object, ...], ReadError] = {}
    for error in errors:
        key = (
            error.rule,
            error.principal,
            error.action,
            error.resource,
            error.denied_by,
            error.effect,
            error.policy,
            error.code if error.principal is None else None,
        )
        known = counted.get(key)
        if known is None:
            counted[key] = error
        else:
            counted[key] = msgspec.structs.replace(
                known,
                count=known.count + 1,
                code=known.code or error.code,
                encoded=known.encoded or error.encoded,
                authorization_id=known.authorization_id or error.authorization_id,
                region=known.region or error.region,
            )
    return tuple(counted.values())


def _unknown_in(text: str, spans: list[tuple[int, int]]) -> Iterator[str]:
    """Lines that speak of trouble and hold nothing that was understood; the whole of a text without any."""
    if not spans:
        shown = _shown(text)
        if shown and not _TROUBLE.search(text):
            yield shown
            return
    told: set[str] = set()
    begin = 0
    for line in text.split("\n"):
        end = begin + len(line)
        if _TROUBLE.search(line) and not _near(spans, begin, end):
            shown = _shown(line)
            if shown not in told:
                told.add(shown)
                yield shown
                if len(told) == _MOST_UNKNOWN:
                    return
        begin = end + 1


def _near(spans: list[tuple[int, int]], begin: int, end: int, reach: int = _REACH) -> bool:
    """Whether a place holds something that was understood, or stands right beside it."""
    at = bisect_right(spans, (end + reach, _FAR))
    return at > 0 and spans[at - 1][1] + reach > begin


def _line_end(text: str, begin: int) -> int:
    """Where the line ends, or so much further that there is more than is shown."""
    most = begin + 2 * _LONGEST
    end = text.find("\n", begin, most)
    return end if end >= 0 else most


def _shown(text: str) -> str:
    shown = " ".join(text.split())
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"


def understood_in(line: str) -> tuple[str, ...]:
    """What can be made out in a line that is not known: codes and ARNs."""
    codes = [next(filter(None, found.groups())) for found in _CODE.finditer(line)]
    arns = re.findall(r"arn:aws[\w-]*:[^\s\"'`<>,;)]+", line)
    return tuple(dict.fromkeys([*codes, *arns]))
