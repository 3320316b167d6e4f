"""What a role may and how it is limited, read live right before a change and after it.

None stands for what AWS says does not exist; trouble raises `AwsError`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from instance_profiles.aws.errors import NotFound
from instance_profiles.inventory.from_aws import document
from instance_profiles.policies import same_document

if TYPE_CHECKING:
    from instance_profiles.aws.account import AwsAccount


class PolicyVersion(msgspec.Struct, frozen=True):
    """The default version of a managed policy."""

    version_id: str
    document: str


async def role_detail(account: AwsAccount, name: str) -> dict[str, Any] | None:
    """The role as iam:GetRole answers it."""
    try:
        answer = await account.call("iam", "GetRole", {"RoleName": name})
    except NotFound:
        return None
    found: dict[str, Any] = answer["Role"]
    return found


async def attached_policies(account: AwsAccount, role_name: str) -> tuple[str, ...] | None:
    """The ARNs of the managed policies of a role (iam:ListAttachedRolePolicies)."""
    found: list[str] = []
    try:
        async for page in account.pages("iam", "ListAttachedRolePolicies", {"RoleName": role_name}):
            found += [str(one["PolicyArn"]) for one in page.get("AttachedPolicies", [])]
    except NotFound:
        return None
    return tuple(found)


async def inline_policy_names(account: AwsAccount, role_name: str) -> tuple[str, ...] | None:
    """The names of the inline policies of a role (iam:ListRolePolicies)."""
    found: list[str] = []
    try:
        async for page in account.pages("iam", "ListRolePolicies", {"RoleName": role_name}):
            found += page.get("PolicyNames", [])
    except NotFound:
        return None
    return tuple(found)


async def inline_policy(account: AwsAccount, role_name: str, policy_name: str) -> str | None:
    """An inline policy of a role as JSON text (iam:GetRolePolicy)."""
    wanted = {"RoleName": role_name, "PolicyName": policy_name}
    try:
        answer = await account.call("iam", "GetRolePolicy", wanted)
    except NotFound:
        return None
    return document(answer.get("PolicyDocument", ""))


async def default_policy_version(account: AwsAccount, policy_arn: str) -> PolicyVersion | None:
    """The version of a managed policy that is in force (iam:GetPolicy, iam:GetPolicyVersion)."""
    try:
        policy = await account.call("iam", "GetPolicy", {"PolicyArn": policy_arn})
        version_id = str(policy["Policy"]["DefaultVersionId"])
        wanted = {"PolicyArn": policy_arn, "VersionId": version_id}
        answer = await account.call("iam", "GetPolicyVersion", wanted)
    except NotFound:
        return None
    return PolicyVersion(version_id, document(answer["PolicyVersion"].get("Document", "")))


async def version_saying(account: AwsAccount, policy_arn: str, wanted: str) -> str | None:
    """The id of the newest version of a managed policy that says this (iam:ListPolicyVersions)."""
    listed: list[dict[str, Any]] = []
    try:
        async for page in account.pages("iam", "ListPolicyVersions", {"PolicyArn": policy_arn}):
            listed += page.get("Versions", [])
    except NotFound:
        return None
    for version in sorted(listed, key=_number, reverse=True):
        asked = {"PolicyArn": policy_arn, "VersionId": version["VersionId"]}
        try:
            answer = await account.call("iam", "GetPolicyVersion", asked)
        except NotFound:
            continue  # deleted between the two calls: it says nothing any more
        if same_document(document(answer["PolicyVersion"].get("Document", "")), wanted):
            return str(version["VersionId"])
    return None


def _number(version: dict[str, Any]) -> int:
    digits = str(version["VersionId"]).lstrip("v")
    return int(digits) if digits.isdigit() else 0
