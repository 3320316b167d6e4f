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
    from instance_profiles.policies.decide import Decision

Detail = dict[str, Any]


class Held(msgspec.Struct, frozen=True):
    """The documents of a principal with their names: of a managed policy its ARN, of an inline one its name.

    `names` are in the order of the documents in `grants.identity`, and empty where these could not be read.
    """

    grants: Grants
    names: tuple[str, ...] = ()
    boundary: str | None = None

    def names_of(self, decision: Decision) -> tuple[str, ...]:
        """The name of the policy that decides; empty where none was named, or where one is missing."""
        if decision.decided_by == "permissions-boundary" and self.boundary:
            return (self.boundary,)
        if decision.decided_by == "identity-policy" and decision.policy:
            return self.names[decision.policy[0] : decision.policy[0] + 1]
        return ()


class _Listed(msgspec.Struct):
    """What the listing holds of one principal."""

    own: Detail | None = None
    groups: dict[str, Detail] = {}
    managed: dict[str, Any] = {}


async def held_by(account: AwsAccount, principal: str) -> Held:
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
    inline = _inline(holders)
    grants = Grants(
        identity=[*inline.values(), *(listed.managed[arn] for arn in attached)] if known else None,
        boundary=listed.managed.get(boundary, "unreadable") if boundary else None,
    )
    return Held(grants, (*(name for _, name in inline), *attached) if known else (), boundary)


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


def _inline(holders: Iterable[Detail]) -> dict[tuple[int, str], Any]:
    """The inline policies by holder and name; a user and its groups may use the same name."""
    lists = ("UserPolicyList", "RolePolicyList", "GroupPolicyList")
    return {
        (number, str(one.get("PolicyName", ""))): _parsed(one.get("PolicyDocument", ""))
        for number, holder in enumerate(holders)
        for name in lists
        for one in holder.get(name) or ()
    }


def _parsed(document: Any) -> Any:
    """As the SDK hands it over: parsed, or percent-encoded text where it could not."""
    if not isinstance(document, str):
        return document
    try:
        return json.loads(unquote(document))
    except ValueError:
        return document
