"""From AWS's answers to the model, for the sources beside the main listings."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from instance_profiles.inventory.from_aws import document, role_with_policies, specification, tags
from instance_profiles.inventory.model import (
    Fleet,
    LaunchTemplateSpecification,
    ManagedNode,
    ManagedPolicy,
    MetadataDefaults,
    ResourceTags,
    Role,
    RoleDuration,
    ScalingActivity,
)

Answer = dict[str, Any]

LAUNCHING_STATES: Final = frozenset({"submitted", "active", "modifying"})
"""Fleets in other states launch nothing any more."""

_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


def roles_and_policies(account: str, page: Answer) -> tuple[Role | ManagedPolicy, ...]:
    """From a page of iam:GetAccountAuthorizationDetails."""
    return (
        *(role_with_policies(account, one) for one in page["RoleDetailList"]),
        *(managed_policy(account, one) for one in page.get("Policies") or ()),
    )


def managed_policy(account: str, answer: Answer) -> ManagedPolicy:
    """From a ManagedPolicyDetail of GetAccountAuthorizationDetails, which holds every version."""
    versions: list[Answer] = answer.get("PolicyVersionList") or []
    default = next((one for one in versions if one.get("IsDefaultVersion")), None)
    return ManagedPolicy(
        account=account,
        arn=answer["Arn"],
        policy_name=answer.get("PolicyName", ""),
        document=document(default["Document"]) if default and "Document" in default else None,
        default_version_id=answer.get("DefaultVersionId"),
        versions=len(versions) or 1,
    )


def role_duration(account: str, answer: Answer) -> RoleDuration:
    """From iam:GetRole."""
    role = answer["Role"]
    return RoleDuration(account, role["Arn"], role.get("MaxSessionDuration", 3600))


def resource_tags(account: str, answer: Answer) -> ResourceTags:
    """From tag:GetResources."""
    return ResourceTags(account, answer["ResourceARN"], tags(answer.get("Tags")))


def scaling_activity(account: str, region: str, answer: Answer) -> ScalingActivity:
    """From autoscaling:DescribeScalingActivities."""
    started = answer.get("StartTime")
    return ScalingActivity(
        account=account,
        region=region,
        activity_id=answer["ActivityId"],
        auto_scaling_group_name=answer["AutoScalingGroupName"],
        status_code=answer.get("StatusCode", ""),
        start_time=started.astimezone(UTC) if isinstance(started, datetime) else _LONG_AGO,
        description=answer.get("Description", ""),
        status_message=answer.get("StatusMessage", ""),
    )


def spot_fleet(account: str, region: str, answer: Answer) -> Fleet:
    """From ec2:DescribeSpotFleetRequests."""
    config: Answer = answer.get("SpotFleetRequestConfig") or {}
    profiles = [one.get("IamInstanceProfile") or {} for one in config.get("LaunchSpecifications") or ()]
    named = [next(filter(None, (one.get("Arn"), one.get("Name"))), None) for one in profiles]
    return Fleet(
        account=account,
        region=region,
        kind="spot-fleet",
        fleet_id=answer["SpotFleetRequestId"],
        state=answer.get("SpotFleetRequestState", ""),
        launch_templates=_templates(config),
        iam_instance_profiles=tuple(dict.fromkeys(written for written in named if written)),
        tags=tags(answer.get("Tags")),
    )


def ec2_fleet(account: str, region: str, answer: Answer) -> Fleet:
    """From ec2:DescribeFleets."""
    return Fleet(
        account=account,
        region=region,
        kind="ec2-fleet",
        fleet_id=answer["FleetId"],
        state=answer.get("FleetState", ""),
        launch_templates=_templates(answer),
        tags=tags(answer.get("Tags")),
    )


def _templates(answer: Answer) -> tuple[LaunchTemplateSpecification, ...]:
    found = [
        specification(one["LaunchTemplateSpecification"])
        for one in answer.get("LaunchTemplateConfigs") or ()
        if one.get("LaunchTemplateSpecification")
    ]
    return tuple(dict.fromkeys(found))


def metadata_defaults(account: str, region: str, answer: Answer) -> MetadataDefaults:
    """From ec2:GetInstanceMetadataDefaults, which leaves out what nobody has set."""
    level: Answer = answer.get("AccountLevel") or {}
    return MetadataDefaults(
        account=account,
        region=region,
        managed_by=level.get("ManagedBy"),
        http_endpoint=level.get("HttpEndpoint"),
        http_tokens=level.get("HttpTokens"),
        http_put_response_hop_limit=level.get("HttpPutResponseHopLimit"),
        http_tokens_enforced=level.get("HttpTokensEnforced"),
    )


def managed_nodes(account: str, region: str, page: Answer) -> tuple[ManagedNode, ...]:
    """From ssm:DescribeInstanceInformation; machines outside EC2 have ids that begin with mi-."""
    return tuple(
        ManagedNode(account, region, one["InstanceId"], one.get("PingStatus", ""))
        for one in page["InstanceInformationList"]
        if one["InstanceId"].startswith("i-")
    )
