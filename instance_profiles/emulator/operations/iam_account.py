"""IAM: what is asked of the account as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.emulator.operations.iam_users import user_wire, users_of
from instance_profiles.emulator.operations.iam_wire import (
    attached_policies,
    basic_role,
    boundary,
    encoded,
    last_used,
    listed_profile,
    tag_list,
)
from instance_profiles.emulator.operations.registry import operation
from instance_profiles.emulator.paging import iam_page
from instance_profiles.emulator.resources import Caller, ManagedPolicy, Role

if TYPE_CHECKING:
    from instance_profiles.emulator.request import Request
    from instance_profiles.emulator.resources import InstanceProfile

_FILTERS = ("User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy")


@operation("iam", "GetAccountSummary")
def get_account_summary(request: Request) -> dict[str, Any]:
    account = request.account
    return {
        "SummaryMap": {
            "Users": sum(":user/" in caller.arn for caller in request.world.callers.values()),
            "UsersQuota": 5000,
            "Groups": 4,
            "GroupsQuota": 300,
            "Roles": len(account.roles),
            "RolesQuota": account.quotas.roles,
            "InstanceProfiles": len(account.instance_profiles),
            "InstanceProfilesQuota": account.quotas.instance_profiles,
            "Policies": len(account.policies),
            "PoliciesQuota": 1500,
            "AssumeRolePolicySizeQuota": account.quotas.trust_policy_size,
            "AttachedPoliciesPerRoleQuota": account.quotas.attached_policies_per_role,
            "RolePolicySizeQuota": 10240,
            "PolicySizeQuota": 6144,
            "VersionsPerPolicyQuota": 5,
            "ServerCertificates": 0,
            "MFADevices": 3,
            "AccountMFAEnabled": 1,
            "AccountAccessKeysPresent": 0,
        }
    }


@operation("iam", "ListAccountAliases")
def list_account_aliases(request: Request) -> dict[str, Any]:
    alias = request.account.alias
    page, more = iam_page(request, [(alias, alias)] if alias else [])
    return {"AccountAliases": page, **more}


@operation("iam", "GetAccountAuthorizationDetails")
def get_account_authorization_details(request: Request) -> dict[str, Any]:
    """Instance profiles without a role do not appear."""
    account = request.account
    wanted = request.parameters.get("Filter") or _FILTERS
    profiles: dict[str, list[InstanceProfile]] = {}
    for profile in account.instance_profiles.values():
        if profile.role is not None:
            profiles.setdefault(profile.role.id, []).append(profile)
    items: list[tuple[str, Role | ManagedPolicy | Caller]] = []
    if "User" in wanted:
        items += [(f"0{user.arn}", user) for user in users_of(request)]
    if "Role" in wanted:
        items += [(f"1{key}", role) for key, role in account.roles.items()]
    if "LocalManagedPolicy" in wanted:
        items += [(f"2{arn}", policy) for arn, policy in account.policies.items()]
    page, more = iam_page(request, items)
    return {
        "UserDetailList": [_user_detail(request, user) for user in page if isinstance(user, Caller)],
        "GroupDetailList": [],
        "RoleDetailList": [
            _role_detail(role, profiles.get(role.id, [])) for role in page if isinstance(role, Role)
        ],
        "Policies": [_policy_detail(item) for item in page if isinstance(item, ManagedPolicy)],
        **more,
    }


def _user_detail(request: Request, user: Caller) -> dict[str, Any]:
    name = user.arn.rpartition("/")[2]
    inline = request.account.user_policies.get(name, {})
    return user_wire(user) | {
        "UserPolicyList": [
            {"PolicyName": policy, "PolicyDocument": encoded(text)} for policy, text in inline.items()
        ],
        "GroupList": [],
        "AttachedManagedPolicies": [],
        "Tags": [],
    }


def _role_detail(role: Role, profiles: list[InstanceProfile]) -> dict[str, Any]:
    """No MaxSessionDuration and no Description: RoleDetail has no such members."""
    return (
        basic_role(role)
        | {
            "InstanceProfileList": [listed_profile(profile) for profile in profiles],
            "RolePolicyList": [
                {"PolicyName": name, "PolicyDocument": encoded(text)} for name, text in role.inline.items()
            ],
            "AttachedManagedPolicies": attached_policies(role),
            "Tags": tag_list(role.tags),
            "RoleLastUsed": last_used(role),
        }
        | boundary(role)
    )


def _policy_detail(policy: ManagedPolicy) -> dict[str, Any]:
    versions = [
        {
            "Document": encoded(document),
            "VersionId": f"v{count}",
            "IsDefaultVersion": f"v{count}" == policy.default_version,
            "CreateDate": policy.created,
        }
        for count, document in enumerate(policy.documents, start=1)
    ]
    return {
        "PolicyName": policy.name,
        "PolicyId": policy.id,
        "Arn": policy.arn,
        "Path": policy.path,
        "DefaultVersionId": policy.default_version,
        "AttachmentCount": 0,
        "PermissionsBoundaryUsageCount": 0,
        "IsAttachable": True,
        "CreateDate": policy.created,
        "UpdateDate": policy.created,
        "PolicyVersionList": versions[::-1],
    }
