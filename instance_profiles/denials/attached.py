"""The policies of a user or role, all of them from one listing (iam:GetAccountAuthorizationDetails)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import msgspec

from instance_profiles.aws.errors import AwsError
from instance_profiles.policies.decide import Grants
from instance_profiles.policies.principal import principal_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from instance_profiles.aws.account import AwsAccount

Detail = dict[str, Any]


class _Listed(msgspec.Struct):
    """What the listing holds of one principal."""

    own: Detail | None = None
    groups: dict[str, Detail] = {}
    managed: dict[str, Any] = {}


async def grants_of(account: AwsAccount, principal: str) -> Grants:
    """The documents that IAM shows of a principal: its own, its groups', its boundary.

    What cannot be read is unknown: `identity` None stands for it.

    Raises:
        AwsError: IAM does not show them.
    """
    listed = _Listed()
    wanted = {"Filter": ["User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy"], "MaxItems": 1000}
    async for page in account.pages("iam", "GetAccountAuthorizationDetails", wanted):
        _take(listed, page, principal)
    if listed.own is None:
        raise AwsError(f"IAM does not list {principal}; check the ARN.", advice="check the ARN")
    boundary = (listed.own.get("PermissionsBoundary") or {}).get("PermissionsBoundaryArn")
    groups = [listed.groups[name] for name in listed.own.get("GroupList") or () if name in listed.groups]
    holders = [listed.own, *groups]
    attached = [one["PolicyArn"] for holder in holders for one in holder.get("AttachedManagedPolicies") or ()]
    known = all(arn in listed.managed for arn in attached)
    return Grants(
        identity=[*_inline(holders), *(listed.managed[arn] for arn in attached)] if known else None,
        boundary=listed.managed.get(boundary, "unreadable") if boundary else None,
    )


def _take(listed: _Listed, page: Mapping[str, Any], principal: str) -> None:
    kind = "UserDetailList" if principal_of(principal).kind == "user" else "RoleDetailList"
    for one in page.get(kind) or ():
        if one.get("Arn") == principal:
            listed.own = one
    for group in page.get("GroupDetailList") or ():
        listed.groups[group["GroupName"]] = group
    for policy in page.get("Policies") or ():
        for version in policy.get("PolicyVersionList") or ():
            if version.get("IsDefaultVersion") and "Document" in version:
                listed.managed[policy["Arn"]] = _parsed(version["Document"])


def _inline(holders: Iterable[Detail]) -> list[Any]:
    lists = ("UserPolicyList", "RolePolicyList", "GroupPolicyList")
    return [
        _parsed(one.get("PolicyDocument", ""))
        for holder in holders
        for name in lists
        for one in holder.get(name) or ()
    ]


def _parsed(document: Any) -> Any:
    """As the SDK hands it over: parsed, or percent-encoded text where it could not."""
    if not isinstance(document, str):
        return document
    try:
        return json.loads(unquote(document))
    except ValueError:
        return document
