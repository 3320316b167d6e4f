"""The cases of recipes that change what a role may."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from instance_profiles.inventory.model import ManagedPolicy
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


def role_within_known_policy(bench: Bench, name: str) -> ObjectRef:
    """The role with its boundary's policy as it stands, read or not."""
    arn = role(bench.world, name).boundary or ""
    policy = bench.world.account.policies[arn]
    known = ManagedPolicy(ACCOUNT, arn, policy.name, policy.document, policy.default_version)
    bench.inventory.put(known)
    return bench.role_ref(name)


def _longer(name: str, seconds: int) -> Callable[[World], None]:
    def change(world: World) -> None:
        role(world, name).max_session_duration = seconds
        world.changed()

    return change


def _another_role(world: World) -> None:
    profile(world, "unused").role = role(world, "web")
    world.changed()


def _untrusting(name: str) -> Callable[[World], None]:
    def change(world: World) -> None:
        role(world, name).trust = '{"Version":"2012-10-17","Statement":[]}'
        world.changed()

    return change


def _tagged(world: World) -> None:
    profile(world, "unused").tags["iptui:keep"] = "for the auditors"
    world.changed()


def _another_boundary(name: str) -> Callable[[World], None]:
    def change(world: World) -> None:
        role(world, name).boundary = EVERYDAY
        world.changed()

    return change


def _new_version(world: World) -> None:
    policy = world.account.policies[LIMITS]
    policy.versions, policy.document = [policy.document], OTHER
    world.changed()


def _attach(name: str, policy_arn: str) -> Callable[[World], None]:
    def change(world: World) -> None:
        role(world, name).attached[policy_arn] = policy_arn.rpartition("/")[2]
        world.changed()

    return change


EVERYDAY, LIMITS = f"arn:aws:iam::{ACCOUNT}:policy/everyday", f"arn:aws:iam::{ACCOUNT}:policy/limits"
SSM_CORE = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
WIDER = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*","ssm:*"],"Resource":"*"}]}'
OTHER = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sqs:*"],"Resource":"*"}]}'
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
    Case(
        "grant-managed-policy",
        "grant-role-permissions",
        lambda b: b.finding("role-no-permissions", b.role_ref("web"), "grant-role-permissions"),
        ("AttachRolePolicy",),
        lambda w: SSM_CORE in role(w, "web").attached,
        _attach("web", SSM_CORE),
        {"policy": "AmazonSSMManagedInstanceCore"},
        typed="web",
    ),
    Case(
        "grant-inline-policy",
        "grant-role-permissions",
        lambda b: b.finding("role-no-permissions", b.role_ref("reporting"), "grant-role-permissions"),
        ("PutRolePolicy",),
        lambda w: "queue" in role(w, "reporting").inline,
        put_inline("reporting", "queue", WIDER),
        {"document": OTHER, "name": "queue"},
    ),
    Case(
        "replace-inline-policy",
        "grant-role-permissions",
        lambda b: b.finding("role-no-permissions", b.role_ref("worker"), "grant-role-permissions"),
        ("PutRolePolicy",),
        lambda w: "sqs" in role(w, "worker").inline["work"],
        put_inline("worker", "work", WIDER),
        {"document": OTHER, "name": "work"},
    ),
    Case(
        "set-boundary",
        "change-boundary",
        lambda b: b.finding("role-boundary-blocks", b.role_ref("reporting"), "change-boundary"),
        ("PutRolePermissionsBoundary",),
        lambda w: role(w, "reporting").boundary == LIMITS,
        _another_boundary("reporting"),
        {"policy": LIMITS},
    ),
    Case(
        "remove-boundary",
        "change-boundary",
        lambda b: b.finding("role-boundary-blocks", b.role_ref("fenced"), "change-boundary"),
        ("DeleteRolePermissionsBoundary",),
        lambda w: role(w, "fenced").boundary is None,
        _another_boundary("fenced"),
        {"policy": "none"},
        typed="fenced",
    ),
    Case(
        "new-boundary-version",
        "change-boundary",
        lambda b: b.finding("role-boundary-blocks", role_within_known_policy(b, "fenced"), "change-boundary"),
        ("CreatePolicyVersion", "SetDefaultPolicyVersion"),
        lambda w: "ssm:*" in w.account.policies[LIMITS].document,
        _new_version,
        {"document": WIDER},
        typed="fenced",
    ),
    Case(
        "delete-role",
        "delete-role",
        lambda b: b.finding("role-delete-blocked", b.role_ref("leftover"), "delete-role"),
        ("DetachRolePolicy", "DeleteRolePolicy", "RemoveRoleFromInstanceProfile", "DeleteRole"),
        lambda w: "leftover" not in w.account.roles,
        _attach("leftover", SSM_CORE),
        typed="leftover",
    ),
    Case(
        "clean-up-orphans",
        "clean-up-orphans",
        lambda b: b.finding("profile-orphaned", b.profile_ref("unused"), "clean-up-orphans"),
        ("RemoveRoleFromInstanceProfile", "DeleteInstanceProfile"),
        lambda w: "unused" not in w.account.instance_profiles,
        _another_role,
        typed="unused",
    ),
    Case(
        "repair-trust-dead-principal",
        "repair-trust",
        lambda b: b.finding("role-trust-dead-principal", b.role_ref("haunted"), "repair-trust"),
        ("UpdateAssumeRolePolicy",),
        lambda w: "AROA" not in role(w, "haunted").trust and "lambda" in role(w, "haunted").trust,
        _untrusting("haunted"),
        undoable=False,
    ),
    Case(
        "repair-trust-condition",
        "repair-trust",
        lambda b: b.finding("role-trust-condition", b.role_ref("guarded"), "repair-trust"),
        ("UpdateAssumeRolePolicy",),
        lambda w: "ExternalId" not in role(w, "guarded").trust,
        _untrusting("guarded"),
    ),
    Case(
        "repair-trust-self",
        "repair-trust",
        lambda b: b.finding("role-self-assume-denied", b.role_ref("worker"), "repair-trust"),
        ("UpdateAssumeRolePolicy",),
        lambda w: role(w, "worker").arn in role(w, "worker").trust,
        _untrusting("worker"),
    ),
)
