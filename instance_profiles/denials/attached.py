"""The policies of a user or role, all of them from one listing (iam:GetAccountAuthorizationDetails)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import unquote

import msgspec

from instance_profiles.aws.errors import AwsError
from instance_profiles.policies.decide import Grants
from instance_profiles.policies.principal import principal_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.policies.decide import Decision

Detail = dict[str, Any]
HolderKind = Literal["user", "role", "group"]
PolicyType = Literal["inline", "user-managed", "aws-managed", "permission-boundary"]
"""As IAM names the types of policies."""

_HOLDERS: Final[tuple[tuple[HolderKind, str], ...]] = (("user", "UserName"), ("role", "RoleName"))
_INLINE: Final = ("UserPolicyList", "RolePolicyList", "GroupPolicyList")


class HeldPolicy(msgspec.Struct, frozen=True):
    """One policy that bears on a principal, and who holds it: itself, or a group that it is in.

    `arn` is None for an inline policy, `document` None where it could not be read.
    """

    type: PolicyType
    name: str
    arn: str | None
    holder_kind: HolderKind
    holder: str
    document: Any = None

    @property
    def title(self) -> str:
        kind = {
            "inline": "inline policy",
            "user-managed": "policy",
            "aws-managed": "AWS managed policy",
            "permission-boundary": "permissions boundary",
        }[self.type]
        return f"{kind} {self.name} of {self.holder_kind} {self.holder}"

    def is_called(self, source: str) -> bool:
        """Whether this is the policy that IAM or a message calls so: by ARN, by name, or as simulation does.

        A simulation calls an inline policy `role_<role>_<policy>`; an address names holder and policy.
        """
        if source in (self.arn or self.name, self.name, f"{self.holder_kind}_{self.holder}_{self.name}"):
            return True
        parts = re.split(r"[:/]", source)
        return self.type == "inline" and parts[-1] == self.name and self.holder in parts[:-1]

    @property
    def exclusion(self) -> dict[str, Any]:
        """What leaves it aside in a simulation: one of the three members that a PolicyIdentifier has."""
        if self.type == "inline":
            told = {
                "PolicyName": self.name,
                "AttachmentType": self.holder_kind,
                "AttachmentName": self.holder,
            }
            return {"InlinePolicyIdentifier": told}
        return {"PolicyType": self.type} if self.type == "permission-boundary" else {"PolicyArn": self.arn}


class Held(msgspec.Struct, frozen=True):
    """All policies of a principal; `limit` is its permissions boundary."""

    policies: tuple[HeldPolicy, ...]
    limit: HeldPolicy | None = None

    @property
    def grants(self) -> Grants:
        """The documents for the local judgement; `identity` None where one of them could not be read."""
        known = all(one.document is not None for one in self.policies)
        boundary = None
        if self.limit is not None:
            boundary = "unreadable" if self.limit.document is None else self.limit.document
        return Grants([one.document for one in self.policies] if known else None, boundary)

    def names_of(self, decision: Decision) -> tuple[str, ...]:
        """The policy that decides, an ARN or an inline policy's name; empty where none was named."""
        if decision.decided_by == "permissions-boundary" and self.limit is not None:
            return (self.limit.arn or self.limit.name,)
        if decision.decided_by == "identity-policy" and decision.policy:
            return tuple(
                one.arn or one.name for one in self.policies[decision.policy[0] : decision.policy[0] + 1]
            )
        return ()


class _Listed(msgspec.Struct):
    """What the listing holds of one principal."""

    own: Detail | None = None
    groups: dict[str, Detail] = {}
    managed: dict[str, Any] = {}


async def held_by(account: AwsAccount, principal: str) -> Held:
    """The policies that IAM shows of a principal: its own, its groups', its boundary.

    Raises:
        AwsError: IAM does not show them.
    """
    listed = _Listed()
    wanted = {"Filter": ["User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy"], "MaxItems": 1000}
    async for page in account.pages("iam", "GetAccountAuthorizationDetails", wanted):
        _take(listed, page, principal)
    if listed.own is None:
        raise AwsError(f"IAM does not list {principal}; check the ARN.", advice="check the ARN")
    groups = [listed.groups[name] for name in listed.own.get("GroupList") or () if name in listed.groups]
    holders = [listed.own, *groups]
    inline = [policy for holder in holders for policy in _inline(holder)]
    attached = [policy for holder in holders for policy in _attached(holder, listed.managed)]
    return Held((*inline, *attached), _boundary(listed.own, listed.managed))


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


def _inline(holder: Detail) -> Iterator[HeldPolicy]:
    kind, name = _holder(holder)
    for listing in _INLINE:
        for one in holder.get(listing) or ():
            document = _parsed(one.get("PolicyDocument", ""))
            yield HeldPolicy("inline", str(one.get("PolicyName", "")), None, kind, name, document)


def _attached(holder: Detail, managed: Mapping[str, Any]) -> Iterator[HeldPolicy]:
    kind, name = _holder(holder)
    for one in holder.get("AttachedManagedPolicies") or ():
        arn = str(one["PolicyArn"])
        yield HeldPolicy(_managed_type(arn), arn.rpartition("/")[2], arn, kind, name, managed.get(arn))


def _boundary(own: Detail, managed: Mapping[str, Any]) -> HeldPolicy | None:
    arn = (own.get("PermissionsBoundary") or {}).get("PermissionsBoundaryArn")
    if not arn:
        return None
    kind, name = _holder(own)
    return HeldPolicy("permission-boundary", arn.rpartition("/")[2], arn, kind, name, managed.get(arn))


def _holder(detail: Detail) -> tuple[HolderKind, str]:
    for kind, key in _HOLDERS:
        if key in detail:
            return kind, str(detail[key])
    return "group", str(detail.get("GroupName", ""))


def _managed_type(arn: str) -> PolicyType:
    return "aws-managed" if arn.split(":")[4:5] == ["aws"] else "user-managed"


def _parsed(document: Any) -> Any:
    """As the SDK hands it over: parsed, or percent-encoded text where it could not."""
    if not isinstance(document, str):
        return document
    try:
        return json.loads(unquote(document))
    except ValueError:
        return document
