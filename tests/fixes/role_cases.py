"""The cases of recipes that change what a role may."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from tests.fixes.case import Case
from tests.fixes.estate import ACCOUNT, REVOKED, profile

if TYPE_CHECKING:
    from collections.abc import Callable

    from instance_profiles.emulator.resources import Role
    from instance_profiles.emulator.world import World
    from instance_profiles.inventory.model import ObjectRef
    from tests.fixes.bench import Bench


def role(world: World, name: str) -> Role:
    return world.account.roles[name]


def put_inline(name: str, policy: str, document: str) -> Callable[[World], None]:
    def change(world: World) -> None:
        role(world, name).inline[policy] = document
        world.changed()

    return change


def detach(name: str, policy_arn: str) -> Callable[[World], None]:
    def change(world: World) -> None:
        del role(world, name).attached[policy_arn]
        world.changed()

    return change


def role_of_known_duration(bench: Bench, name: str) -> ObjectRef:
    """The role as it is read where a named profile asks for a long session: no listing tells how long."""
    found = bench.inventory.role_by_name(ACCOUNT, name)
    assert found is not None
    seconds = role(bench.world, name).max_session_duration
    bench.inventory.put(msgspec.structs.replace(found, max_session_duration=seconds))
    return found.ref


def _longer(name: str, seconds: int) -> Callable[[World], None]:
    def change(world: World) -> None:
        role(world, name).max_session_duration = seconds
        world.changed()

    return change


def _tagged(world: World) -> None:
    profile(world, "unused").tags["iptui:keep"] = "for the auditors"
    world.changed()


DENY_ARN = "arn:aws:iam::aws:policy/AWSDenyAll"

ROLE_CASES = (
    Case(
        "set-max-session-duration",
        "set-max-session-duration",
        lambda b: b.finding(
            "duration-over-role-max", role_of_known_duration(b, "web"), "set-max-session-duration"
        ),
        ("UpdateRole",),
        lambda w: role(w, "web").max_session_duration == 7200,
        _longer("web", 14400),
        {"duration": "7200"},
    ),
    Case(
        "keep-instance-profile",
        "keep-instance-profile",
        lambda b: b.finding("profile-orphaned", b.profile_ref("unused"), "keep-instance-profile"),
        ("TagInstanceProfile",),
        lambda w: profile(w, "unused").tags.get("iptui:keep") == "true",
        _tagged,
    ),
    Case(
        "unrevoke-sessions",
        "unrevoke-sessions",
        lambda b: b.finding("role-sessions-revoked", b.role_ref("revoked"), "unrevoke-sessions"),
        ("DeleteRolePolicy",),
        lambda w: "AWSRevokeOlderSessions" not in role(w, "revoked").inline,
        put_inline("revoked", "AWSRevokeOlderSessions", REVOKED.replace("2026", "2027")),
        typed="revoked",
    ),
    Case(
        "lift-quarantine",
        "lift-quarantine",
        lambda b: b.finding("role-quarantined", b.role_ref("quarantined"), "lift-quarantine"),
        ("DetachRolePolicy", "DeleteRolePolicy"),
        lambda w: (
            DENY_ARN not in role(w, "quarantined").attached and set(role(w, "quarantined").inline) == {"work"}
        ),
        detach("quarantined", DENY_ARN),
        typed="quarantined",
    ),
)
