"""Walking the chain of roles behind a named profile, without any call, as botocore would.

The rules are those of botocore's AssumeRoleProvider, its texts included, because they are what people
search for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.inventory.model import NamedProfile

SESSION_LIMIT: Final = 3600
"""Seconds that a session of a chained role may last, whatever the role allows."""

Chained = Literal["yes", "no", "docs-say-no", "unknown"]
Origin = Literal[
    "static keys",
    "static keys with session token",
    "web identity",
    "SSO",
    "credential process",
    "login session",
    "environment",
    "EC2 instance metadata",
    "container",
    "none",
]
FaultId = Literal[
    "chain-loop",
    "chain-source-missing",
    "chain-both-sources",
    "chain-no-source",
    "chain-bad-credential-source",
    "chain-source-no-credentials",
]


class Hop(msgspec.Struct, frozen=True):
    """One AssumeRole call. `chained` says whether STS takes it for role chaining, and so caps it at 1 hour.

    It is decided by the credentials the call is made with: `docs-say-no` where the documentation and reports
    from the field differ (an EC2 instance's role), `unknown` where the config does not tell.
    `duration_seconds` is None where none is set, and for what is no whole number: botocore ignores it.
    """

    named_profile: str
    role_arn: str
    duration_seconds: int | None
    chained: Chained


class ChainFault(msgspec.Struct, frozen=True):
    """Why a chain cannot work: the rule's id, botocore's text, and the named profile to put right."""

    id: FaultId
    message: str
    at: str


class Chain(msgspec.Struct, frozen=True):
    """The hops from the chosen named profile towards the first credentials, and what those are."""

    hops: tuple[Hop, ...]
    origin: Origin
    fault: ChainFault | None = None


_CREDENTIAL_SOURCES: Final[Mapping[str, Origin]] = {
    "Environment": "environment",
    "Ec2InstanceMetadata": "EC2 instance metadata",
    "EcsContainer": "container",
}

_CHAINED_FROM: Final[Mapping[Origin, Chained]] = {
    "static keys": "no",
    "static keys with session token": "yes",
    "web identity": "yes",
    "SSO": "yes",
    "container": "yes",
    "EC2 instance metadata": "docs-say-no",
}


def walk(named_profiles: Mapping[str, NamedProfile], name: str) -> Chain:
    """The chain behind one named profile; raises KeyError if there is no such one."""
    profile = named_profiles[name]
    if not _assumes(profile):
        return Chain((), _origin(profile))
    visited = [name]
    roles: list[NamedProfile] = []
    while True:
        roles.append(profile)
        fault = _fault(named_profiles, profile, visited)
        if fault is not None:
            return _chain(roles, "none", fault)
        if profile.credential_source is not None:
            return _chain(roles, _CREDENTIAL_SOURCES[profile.credential_source], None)
        source = named_profiles[str(profile.source_profile)]
        visited.append(source.name)
        # Static keys end a chain, except in the profile it starts from.
        if source.has_static_keys or not _assumes(source):
            origin = _origin(source)
            lacking = _without_credentials(profile, source) if origin == "none" else None
            return _chain(roles, origin, lacking)
        profile = source


def whole_seconds(written: str | None) -> int | None:
    """`duration_seconds` as botocore takes it: None for what is no whole number."""
    try:
        return int(written) if written is not None else None
    except ValueError:
        return None


def _chain(roles: list[NamedProfile], origin: Origin, fault: ChainFault | None) -> Chain:
    last = len(roles) - 1
    return Chain(
        tuple(
            Hop(
                named_profile=profile.name,
                role_arn=str(profile.role_arn),
                duration_seconds=whole_seconds(profile.duration_seconds),
                chained="yes" if position < last else _CHAINED_FROM.get(origin, "unknown"),
            )
            for position, profile in enumerate(roles)
        ),
        origin,
        fault,
    )


def _assumes(profile: NamedProfile) -> bool:
    return profile.role_arn is not None and profile.web_identity_token_file is None


def _origin(profile: NamedProfile) -> Origin:
    """What a profile that assumes no role starts from, in botocore's order of providers."""
    if profile.web_identity_token_file:
        return "web identity"
    if profile.sso_account_id is not None or profile.sso_role_name is not None:
        return "SSO"
    if profile.has_static_keys:
        return "static keys with session token" if profile.has_session_token else "static keys"
    if profile.login_session is not None:
        return "login session"
    return "credential process" if profile.credential_process else "none"


def _fault(
    named_profiles: Mapping[str, NamedProfile], profile: NamedProfile, visited: list[str]
) -> ChainFault | None:
    source, credential_source = profile.source_profile, profile.credential_source
    if source is not None and credential_source is not None:
        text = f'The profile "{profile.name}" contains both source_profile and credential_source.'
        return ChainFault("chain-both-sources", text, profile.name)
    if credential_source is not None:
        if credential_source in _CREDENTIAL_SOURCES:
            return None
        text = (
            f'The credential source "{credential_source}" referenced in profile '
            f'"{profile.name}" is not valid.'
        )
        return ChainFault("chain-bad-credential-source", text, profile.name)
    if source is None:
        text = "Partial credentials found in assume-role, missing: source_profile or credential_source"
        return ChainFault("chain-no-source", text, profile.name)
    if source not in named_profiles:
        text = f'The source_profile "{source}" referenced in the profile "{profile.name}" does not exist.'
        return ChainFault("chain-source-missing", text, profile.name)
    if source in visited and not (source == profile.name and profile.has_static_keys):
        text = (
            "Infinite loop in credential configuration detected. Attempting to load from profile "
            f"{source} which has already been visited. Visited profiles: {visited}"
        )
        return ChainFault("chain-loop", text, profile.name)
    return None


def _without_credentials(profile: NamedProfile, source: NamedProfile) -> ChainFault:
    text = f'The source profile "{source.name}" must have credentials.'
    return ChainFault("chain-source-no-credentials", text, profile.name)
