"""Which IAM policy is needed: to read everything, or to apply one fix and take it back. No call is made.

Listings know no resources, so that reading is allowed on all; fixes are scoped to the kind of object that
each action writes (AWS Service Authorization Reference).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from instance_profiles.aws.action_names import action_name
from instance_profiles.inventory import services, sources
from instance_profiles.policies.ec2_names import ec2_principals

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.fixes.recipe import Recipe

Document = dict[str, Any]

_NEEDS_NO_POLICY: Final = ("sts:GetCallerIdentity",)
_ON_SELECTION: Final = (
    "autoscaling:DescribeInstanceRefreshes",
    "ec2:DescribeLaunchTemplates",
    "iam:GetInstanceProfile",
    "iam:GetPolicy",
    "iam:GetPolicyVersion",
    "iam:GetRolePolicy",
    "iam:GetUser",
    "iam:GetUserPolicy",
    "iam:ListAccountAliases",
    "iam:ListAttachedRolePolicies",
    "iam:ListAttachedUserPolicies",
    "iam:ListPolicyVersions",
    "iam:ListRolePolicies",
    "iam:ListUserPolicies",
    "servicequotas:ListRequestedServiceQuotaChangeHistoryByQuota",
    "servicequotas:ListServiceQuotas",
)
"""Read for one object at a time: when it is selected, before it is changed, to see that a change came."""
_QUESTIONS: Final = (
    "access-analyzer:ValidatePolicy",
    "cloudtrail:ListEventDataStores",
    "cloudtrail:LookupEvents",
    "iam:GetRequestAuthorizationDetails",
    "iam:SimulatePrincipalPolicy",
    "sts:DecodeAuthorizationMessage",
)
"""Asked about a denial, a policy or a permission."""

_TRAIL_QUERIES: Final = (
    "athena:GetQueryExecution",
    "athena:GetQueryResults",
    "athena:GetTableMetadata",
    "athena:GetWorkGroup",
    "athena:StartQueryExecution",
    "athena:StopQueryExecution",
    "cloudtrail:CancelQuery",
    "cloudtrail:DescribeQuery",
    "cloudtrail:GetQueryResults",
    "cloudtrail:StartQuery",
    # Athena looks the table up in Glue with the rights of its caller, and reads the trail's bucket with them;
    # which bucket that is only its owner knows.
    "glue:GetDatabase",
    "glue:GetTable",
)
"""Queries of CloudTrail Lake or of a table of Athena, sent only where somebody wants them."""

_RESOURCES: Final = {
    "instance-profile": "arn:{partition}:iam::{account}:instance-profile/*",
    "role": "arn:{partition}:iam::{account}:role/*",
    "user": "arn:{partition}:iam::{account}:user/*",
    "policy": "arn:{partition}:iam::{account}:policy/*",
    "instance": "arn:{partition}:ec2:*:{account}:instance/*",
    "launch-template": "arn:{partition}:ec2:*:{account}:launch-template/*",
    "scaling-group": "arn:{partition}:autoscaling:*:{account}:autoScalingGroup:*:autoScalingGroupName/*",
    "quota": "arn:{partition}:servicequotas:*:{account}:iam/*",
    "everything": "*",
}
_WRITES: Final = {
    "autoscaling:StartInstanceRefresh": "scaling-group",
    "autoscaling:UpdateAutoScalingGroup": "scaling-group",
    "ec2:AssociateIamInstanceProfile": "instance",
    "ec2:CreateLaunchTemplate": "launch-template",
    "ec2:CreateLaunchTemplateVersion": "launch-template",
    "ec2:DeleteLaunchTemplate": "launch-template",
    "ec2:DeleteLaunchTemplateVersions": "launch-template",
    "ec2:DisassociateIamInstanceProfile": "instance",
    "ec2:ModifyInstanceMetadataOptions": "instance",
    "ec2:ModifyLaunchTemplate": "launch-template",
    "ec2:ReplaceIamInstanceProfileAssociation": "instance",
    # A launch is judged on its image, subnet, volumes and more; Auto Scaling checks it for its caller.
    "ec2:RunInstances": "everything",
    "ec2:StartInstances": "instance",
    "ec2:StopInstances": "instance",
    "iam:AddRoleToInstanceProfile": "instance-profile",
    "iam:AttachRolePolicy": "role",
    "iam:CreateInstanceProfile": "instance-profile",
    "iam:CreatePolicyVersion": "policy",
    "iam:CreateRole": "role",
    "iam:DeleteInstanceProfile": "instance-profile",
    "iam:DeletePolicyVersion": "policy",
    "iam:DeleteRole": "role",
    "iam:DeleteRolePermissionsBoundary": "role",
    "iam:DeleteRolePolicy": "role",
    "iam:DeleteUserPolicy": "user",
    "iam:DetachRolePolicy": "role",
    "iam:PassRole": "role",
    "iam:PutRolePermissionsBoundary": "role",
    "iam:PutRolePolicy": "role",
    "iam:PutUserPolicy": "user",
    "iam:RemoveRoleFromInstanceProfile": "instance-profile",
    "iam:SetDefaultPolicyVersion": "policy",
    "iam:TagInstanceProfile": "instance-profile",
    "iam:TagRole": "role",
    "iam:UntagInstanceProfile": "instance-profile",
    "iam:UpdateAssumeRolePolicy": "role",
    "iam:UpdateRole": "role",
    "servicequotas:RequestServiceQuotaIncrease": "quota",
}
_PASSING: Final = "iam:PassRole"


def browse_policy() -> Document:
    """What reading everything needs: the trees, the look before a fix, and the questions about a denial.

    Fits the 6,144 characters of a managed policy. Whatever of it is left out, iptui shows as unknown.
    """
    listed = [source for source in sources.SOURCES if source != sources.LOCAL_CONFIG]
    deep = [action_name(table.service, step.operation) for table in services.TABLES for step in table.steps]
    return _document(
        [
            _statement("Listings", _sorted(listed), "*"),
            _statement("SingleObjects", _sorted(_ON_SELECTION), "*"),
            _statement("OtherServices", sorted(set(deep) - {*listed, *_ON_SELECTION}), "*"),
            _statement("Questions", _sorted(_QUESTIONS), "*"),
            _statement("TrailQueries", _sorted(_TRAIL_QUERIES), "*"),
        ]
    )


def fix_policy(recipe: Recipe, *, partition: str = "aws", account: str = "*") -> Document:
    """What applying and undoing one fix needs beyond reading; no statements where nothing goes to AWS.

    Roles may be passed to EC2 only. Narrow the resources to what the caller should reach.
    """
    kinds: dict[str, list[str]] = {}
    for action in recipe.actions:
        if action != _PASSING:
            kinds.setdefault(_WRITES[action], []).append(action)
    place = {"partition": partition, "account": account}
    statements = [
        _statement(_sid(kind), sorted(actions), _RESOURCES[kind].format(**place))
        for kind, actions in kinds.items()
    ]
    if _PASSING in recipe.actions:
        passing = _statement("PassRoles", [_PASSING], _RESOURCES["role"].format(**place))
        condition = {"StringEquals": {"iam:PassedToService": list(ec2_principals(partition))}}
        statements.append({**passing, "Condition": condition})
    return _document(statements)


def _sorted(actions: Iterable[str]) -> list[str]:
    return sorted(action for action in set(actions) if action not in _NEEDS_NO_POLICY)


def _sid(kind: str) -> str:
    """A statement's id takes letters and digits only."""
    return f"Change{''.join(word.capitalize() for word in kind.split('-'))}"


def _statement(sid: str, actions: list[str], resource: str) -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resource}


def _document(statements: list[dict[str, Any]]) -> Document:
    return {"Version": "2012-10-17", "Statement": statements}
