"""The instance profiles, roles and instances that a recorded call was about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instance_profiles.denials.trail.event import TrailEvent

ConcernedKind = Literal["instance-profile", "role", "instance"]

_ARN: Final = re.compile(
    r"arn:[\w-]+:(?:iam::\d{12}:(?P<kind>instance-profile|role)/(?:[^\s]*/)?(?P<name>[^\s/]+)"
    r"|ec2:[\w-]*:\d{12}:instance/(?P<id>i-[0-9a-f]+))"
)
_NAMED: Final = re.compile(r"(?P<kind>instance profile|role) (?:name )?(?P<name>[\w+=,.@-]+)")
_ID: Final = re.compile(r"i-[0-9a-f]{8,17}")
_DEEPEST: Final = 8


class Concerned(msgspec.Struct, frozen=True, order=True):
    """`name` is the name of an instance profile or role, the id of an instance; `arn` where it was told."""

    kind: ConcernedKind
    name: str
    arn: str = ""


def concerned_in(event: TrailEvent, resource: str | None) -> tuple[Concerned, ...]:
    """What the call was about: the resource that the denial names first, then the parameters of the call.

    EC2 wraps the parameters of its newer calls in one named for the request, so they are looked for at every
    depth and in any spelling.
    """
    found: dict[tuple[ConcernedKind, str], Concerned] = {}
    for one in (*concerned_of(resource or ""), *_of_parameters(event.parameters, 0)):
        known = found.get((one.kind, one.name))
        if known is None or (one.arn and not known.arn):
            found[one.kind, one.name] = one
    return tuple(found.values())


def concerned_of(text: str) -> Iterator[Concerned]:
    """What the resource of a denial names: an ARN, or words as in `instance profile web`."""
    arn = _ARN.fullmatch(text)
    if arn is not None and arn["id"]:
        yield Concerned("instance", arn["id"], text)
    elif arn is not None:
        yield Concerned("role" if arn["kind"] == "role" else "instance-profile", arn["name"], text)
    elif named := _NAMED.fullmatch(text):
        yield Concerned("role" if named["kind"] == "role" else "instance-profile", named["name"])


def _of_parameters(value: Any, depth: int) -> Iterator[Concerned]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for one in value:
            yield from _of_parameters(one, depth + 1)
    elif isinstance(value, dict):
        for key, one in value.items():
            if isinstance(one, str):
                yield from _of_parameter(key.lower(), one)
            elif key.lower() == "iaminstanceprofile" and isinstance(one, dict):
                yield from _instance_profile(one)
            else:
                yield from _of_parameters(one, depth + 1)


def _of_parameter(key: str, value: str) -> Iterator[Concerned]:
    if _ARN.fullmatch(value):
        yield from concerned_of(value)
    elif key == "instanceprofilename" or (key == "iaminstanceprofile" and value):
        yield Concerned("instance-profile", value)
    elif key == "rolename" and value:
        yield Concerned("role", value)
    elif key == "instanceid" and _ID.fullmatch(value):
        yield Concerned("instance", value)


def _instance_profile(value: dict[str, Any]) -> Iterator[Concerned]:
    """EC2 goes by the Arn where both are given and differ."""
    told = {key.lower(): one for key, one in value.items() if isinstance(one, str)}
    if told.get("arn"):
        yield from concerned_of(told["arn"])
    elif told.get("name"):
        yield Concerned("instance-profile", told["name"])
