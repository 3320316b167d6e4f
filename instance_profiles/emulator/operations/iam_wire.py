"""IAM's objects as its answers show them; which members appear differs by operation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from instance_profiles.emulator.resources import InstanceProfile, Role


def encoded(document: str) -> str:
    """Return a policy document as IAM sends it, URL-encoded after RFC 3986."""
    return quote(document, safe="-_.~")


def tag_list(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def basic_role(role: Role) -> dict[str, Any]:
    """The six members that a role has inside an instance profile."""
    return {
        "Path": role.path,
        "RoleName": role.name,
        "RoleId": role.id,
        "Arn": role.arn,
        "CreateDate": role.created,
        "AssumeRolePolicyDocument": encoded(role.trust),
    }


def listed_role(role: Role) -> dict[str, Any]:
    """ListRoles: no boundary, no tags, no last use."""
    wire = basic_role(role) | {"MaxSessionDuration": role.max_session_duration}
    return wire | ({"Description": role.description} if role.description else {})


def full_role(role: Role) -> dict[str, Any]:
    """GetRole: everything; RoleLastUsed is there but empty for a role that was never used."""
    wire = listed_role(role) | {"RoleLastUsed": last_used(role)}
    if role.tags:
        wire["Tags"] = tag_list(role.tags)
    return wire | boundary(role)


def boundary(role: Role) -> dict[str, Any]:
    if role.boundary is None:
        return {}
    return {
        "PermissionsBoundary": {
            "PermissionsBoundaryType": "Policy",
            "PermissionsBoundaryArn": role.boundary,
        }
    }


def last_used(role: Role) -> dict[str, Any]:
    if role.last_used is None:
        return {}
    return {"LastUsedDate": role.last_used, "Region": role.last_used_region}


def attached_policies(role: Role) -> list[dict[str, str]]:
    return [{"PolicyName": name, "PolicyArn": arn} for arn, name in sorted(role.attached.items())]


def listed_profile(profile: InstanceProfile) -> dict[str, Any]:
    """ListInstanceProfiles and ...ForRole: never tags; Roles is there even when empty."""
    return {
        "Path": profile.path,
        "InstanceProfileName": profile.name,
        "InstanceProfileId": profile.id,
        "Arn": profile.arn,
        "CreateDate": profile.created,
        "Roles": [basic_role(profile.role)] if profile.role else [],
    }


def full_profile(profile: InstanceProfile) -> dict[str, Any]:
    wire = listed_profile(profile)
    return wire | ({"Tags": tag_list(profile.tags)} if profile.tags else {})
