"""The calls that change what a role may, each with its inverse and the permissions it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from instance_profiles.fixes.currents import CurrentPolicyVersion, CurrentRole
from instance_profiles.fixes.plan import Call, Permission

if TYPE_CHECKING:
    from instance_profiles.inventory.model import InstanceProfile, Role

# -- managed and inline policies -----------------------------------------------------------------------------


def attach_policy(role: Role, policy_arn: str) -> Call:
    return msgspec.structs.replace(
        _with_policy("AttachRolePolicy", role, policy_arn),
        inverse=_with_policy("DetachRolePolicy", role, policy_arn),
    )


def detach_policy(role: Role, policy_arn: str) -> Call:
    return msgspec.structs.replace(
        _with_policy("DetachRolePolicy", role, policy_arn),
        inverse=_with_policy("AttachRolePolicy", role, policy_arn),
    )


def put_inline_policy(role: Role, policy_name: str, document: str, old: str | None) -> Call:
    """`old` is the document that the policy has now, None where there is none of this name."""
    inverse = _delete_inline(role, policy_name) if old is None else _put_inline(role, policy_name, old)
    return msgspec.structs.replace(_put_inline(role, policy_name, document), inverse=inverse)


def delete_inline_policy(role: Role, policy_name: str, document: str) -> Call:
    """Its inverse puts the document back verbatim."""
    return msgspec.structs.replace(
        _delete_inline(role, policy_name), inverse=_put_inline(role, policy_name, document)
    )


# -- limits ------------------------------------------------------------------------------------------------


def set_boundary(role: Role, policy_arn: str | None) -> Call:
    """Set the permissions boundary, or (None) take it away; the inverse brings the present one back."""
    return msgspec.structs.replace(
        _boundary(role, policy_arn), inverse=_boundary(role, role.permissions_boundary_arn)
    )


def set_session_duration(role: Role, seconds: int, old: int) -> Call:
    def update(wanted: int) -> Call:
        return Call(
            "iam",
            "UpdateRole",
            None,
            {"RoleName": role.role_name, "MaxSessionDuration": wanted},
            permissions=(Permission("iam:UpdateRole", role.arn),),
        )

    return msgspec.structs.replace(update(seconds), inverse=update(old))


def create_policy_version(policy_arn: str, document: str) -> Call:
    """A version beside the one in force; the inverse deletes it again."""
    delete = Call(
        "iam",
        "DeletePolicyVersion",
        None,
        {"PolicyArn": policy_arn, "VersionId": CurrentPolicyVersion(policy_arn, document)},
        permissions=(Permission("iam:DeletePolicyVersion", policy_arn),),
    )
    return Call(
        "iam",
        "CreatePolicyVersion",
        None,
        {"PolicyArn": policy_arn, "PolicyDocument": document, "SetAsDefault": False},
        delete,
        permissions=(Permission("iam:CreatePolicyVersion", policy_arn),),
    )


def set_default_policy_version(policy_arn: str, document: str, old_version: str) -> Call:
    """Put the version that says this in force; the inverse puts the old one back."""

    def put(version: CurrentPolicyVersion | str) -> Call:
        return Call(
            "iam",
            "SetDefaultPolicyVersion",
            None,
            {"PolicyArn": policy_arn, "VersionId": version},
            permissions=(Permission("iam:SetDefaultPolicyVersion", policy_arn),),
        )

    new = CurrentPolicyVersion(policy_arn, document)
    return msgspec.structs.replace(put(new), inverse=put(old_version))


# -- tags of instance profiles -------------------------------------------------------------------------------


def tag_instance_profile(profile: InstanceProfile, key: str, value: str, old: str | None) -> Call:
    inverse = _untag(profile, key) if old is None else _tag(profile, key, old)
    return msgspec.structs.replace(_tag(profile, key, value), inverse=inverse)


# -- the role itself -----------------------------------------------------------------------------------------


def delete_role(role: Role) -> Call:
    """Its inverse makes the role again, with a new unique id; what no listing gives is read before."""
    parameters: dict[str, Any] = {
        "RoleName": role.role_name,
        "Path": role.path,
        "AssumeRolePolicyDocument": role.assume_role_policy_document,
        "Description": CurrentRole(role.role_name, "Description"),
        "MaxSessionDuration": CurrentRole(role.role_name, "MaxSessionDuration"),
    }
    context = {}
    if role.permissions_boundary_arn:
        # Part of making it, so that the role is never without its boundary.
        parameters["PermissionsBoundary"] = role.permissions_boundary_arn
        context["iam:PermissionsBoundary"] = role.permissions_boundary_arn
    needs = [Permission("iam:CreateRole", role.arn, context)]
    if role.tags:
        parameters["Tags"] = [{"Key": key, "Value": value} for key, value in role.tags.items()]
        needs.append(Permission("iam:TagRole", role.arn))
    return Call(
        "iam",
        "DeleteRole",
        None,
        {"RoleName": role.role_name},
        Call("iam", "CreateRole", None, parameters, permissions=tuple(needs)),
        permissions=(Permission("iam:DeleteRole", role.arn),),
    )


# -- without inverse -----------------------------------------------------------------------------------------


def _with_policy(operation: str, role: Role, policy_arn: str) -> Call:
    return Call(
        "iam",
        operation,
        None,
        {"RoleName": role.role_name, "PolicyArn": policy_arn},
        permissions=(Permission(f"iam:{operation}", role.arn, {"iam:PolicyARN": policy_arn}),),
    )


def _put_inline(role: Role, policy_name: str, document: str) -> Call:
    return Call(
        "iam",
        "PutRolePolicy",
        None,
        {"RoleName": role.role_name, "PolicyName": policy_name, "PolicyDocument": document},
        permissions=(Permission("iam:PutRolePolicy", role.arn),),
    )


def _delete_inline(role: Role, policy_name: str) -> Call:
    return Call(
        "iam",
        "DeleteRolePolicy",
        None,
        {"RoleName": role.role_name, "PolicyName": policy_name},
        permissions=(Permission("iam:DeleteRolePolicy", role.arn),),
    )


def _boundary(role: Role, policy_arn: str | None) -> Call:
    operation = "DeleteRolePermissionsBoundary" if policy_arn is None else "PutRolePermissionsBoundary"
    parameters: dict[str, Any] = {"RoleName": role.role_name}
    context: dict[str, str] = {}
    if policy_arn is not None:
        parameters["PermissionsBoundary"] = policy_arn
        context["iam:PermissionsBoundary"] = policy_arn
    return Call(
        "iam", operation, None, parameters, permissions=(Permission(f"iam:{operation}", role.arn, context),)
    )


def _tag(profile: InstanceProfile, key: str, value: str) -> Call:
    parameters = {
        "InstanceProfileName": profile.instance_profile_name,
        "Tags": [{"Key": key, "Value": value}],
    }
    return Call(
        "iam",
        "TagInstanceProfile",
        None,
        parameters,
        permissions=(Permission("iam:TagInstanceProfile", profile.arn, {f"aws:RequestTag/{key}": value}),),
    )


def _untag(profile: InstanceProfile, key: str) -> Call:
    return Call(
        "iam",
        "UntagInstanceProfile",
        None,
        {"InstanceProfileName": profile.instance_profile_name, "TagKeys": [key]},
        permissions=(Permission("iam:UntagInstanceProfile", profile.arn),),
    )
