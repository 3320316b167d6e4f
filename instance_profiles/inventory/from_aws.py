"""From AWS's answers, as the SDK parses them, to the model. Only ids, names and states must be there."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from instance_profiles.aws.xml_values import Pairs
from instance_profiles.inventory.model import (
    AccountSummary,
    Association,
    AttachedPolicy,
    AutoScalingGroup,
    AutoScalingInstance,
    Caller,
    ContainedRole,
    InlinePolicy,
    Instance,
    InstanceProfile,
    InstanceProfileRef,
    LaunchConfiguration,
    LaunchTemplateSpecification,
    LaunchTemplateVersion,
    MetadataOptions,
    Operator,
    Role,
    RoleLastUsed,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Answer = dict[str, Any]

_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)

# Regions, zones, types and ARNs repeat a thousand times in a fleet: one object for each text.
_same = sys.intern


def caller(answer: Answer, named_profile: str | None) -> Caller:
    """From sts:GetCallerIdentity."""
    arn = str(answer["Arn"])
    return Caller(
        account=str(answer["Account"]),
        arn=arn,
        user_id=str(answer["UserId"]),
        partition=arn.split(":")[1],
        named_profile=named_profile,
    )


# -- IAM -------------------------------------------------------------------------------------------------


def instance_profiles(account: str, page: Answer) -> tuple[InstanceProfile, ...]:
    """From a page of iam:ListInstanceProfiles."""
    return tuple(instance_profile(account, one) for one in page["InstanceProfiles"])


def instance_profile(account: str, answer: Answer) -> InstanceProfile:
    """From ListInstanceProfiles and GetInstanceProfile; only the latter sends tags."""
    roles = answer.get("Roles") or ()
    return InstanceProfile(
        account=account,
        instance_profile_id=answer["InstanceProfileId"],
        instance_profile_name=answer["InstanceProfileName"],
        arn=_same(answer["Arn"]),
        path=answer.get("Path", "/"),
        create_date=_utc(answer.get("CreateDate")),
        role=_contained_role(roles[0]) if roles else None,
        tags=tags(answer["Tags"]) if "Tags" in answer else None,
    )


def _contained_role(answer: Answer) -> ContainedRole:
    return ContainedRole(
        role_id=answer["RoleId"],
        role_name=answer["RoleName"],
        arn=_same(answer["Arn"]),
        path=answer.get("Path", "/"),
        create_date=_utc(answer.get("CreateDate")),
        assume_role_policy_document=document(answer.get("AssumeRolePolicyDocument", "")),
    )


def role_with_policies(account: str, answer: Answer) -> Role:
    """From a RoleDetail of GetAccountAuthorizationDetails, which has all but the session duration."""
    boundary = answer.get("PermissionsBoundary") or {}
    last_used = answer.get("RoleLastUsed") or {}
    return Role(
        **_role_fields(account, answer),
        permissions_boundary_arn=boundary.get("PermissionsBoundaryArn"),
        last_used=_last_used(last_used),
        attached_policies=tuple(attached_policy(one) for one in answer.get("AttachedManagedPolicies") or ()),
        inline_policies=tuple(
            InlinePolicy(one["PolicyName"], document(one.get("PolicyDocument", "")))
            for one in answer.get("RolePolicyList") or ()
        ),
        tags=tags(answer.get("Tags")),
    )


def listed_roles(account: str, page: Answer) -> tuple[Role, ...]:
    """From a page of iam:ListRoles."""
    return tuple(listed_role(account, one) for one in page["Roles"])


def listed_role(account: str, answer: Answer) -> Role:
    """From ListRoles, which sends no policies, boundary, tags nor last use."""
    return Role(
        **_role_fields(account, answer),
        max_session_duration=answer.get("MaxSessionDuration"),
    )


def single_role(account: str, answer: Answer) -> Role:
    """From GetRole, which has all but the policies."""
    boundary = answer.get("PermissionsBoundary") or {}
    return Role(
        **_role_fields(account, answer),
        max_session_duration=answer.get("MaxSessionDuration"),
        permissions_boundary_arn=boundary.get("PermissionsBoundaryArn"),
        last_used=_last_used(answer.get("RoleLastUsed") or {}),
        tags=tags(answer.get("Tags")),
    )


def attached_policy(answer: Answer) -> AttachedPolicy:
    return AttachedPolicy(answer.get("PolicyName", ""), _same(answer["PolicyArn"]))


def _role_fields(account: str, answer: Answer) -> dict[str, Any]:
    return {
        "account": account,
        "role_id": answer["RoleId"],
        "role_name": answer["RoleName"],
        "arn": _same(answer["Arn"]),
        "path": answer.get("Path", "/"),
        "create_date": _utc(answer.get("CreateDate")),
        "assume_role_policy_document": document(answer.get("AssumeRolePolicyDocument", "")),
    }


def _last_used(answer: Answer) -> RoleLastUsed:
    when = answer.get("LastUsedDate")
    return RoleLastUsed(_utc(when) if when else None, answer.get("Region"))


def account_summary(account: str, answer: Answer) -> AccountSummary:
    """From iam:GetAccountSummary; quotas that are not sent are AWS's defaults."""
    counts: Mapping[str, int] = answer.get("SummaryMap") or {}
    return AccountSummary(
        account=account,
        instance_profiles=counts.get("InstanceProfiles", 0),
        instance_profiles_quota=counts.get("InstanceProfilesQuota", 1000),
        roles=counts.get("Roles", 0),
        roles_quota=counts.get("RolesQuota", 1000),
        assume_role_policy_size_quota=counts.get("AssumeRolePolicySizeQuota", 2048),
    )


# -- EC2 -------------------------------------------------------------------------------------------------


def instances(account: str, partition: str, region: str, page: Answer) -> tuple[Instance, ...]:
    """From a page of ec2:DescribeInstances."""
    return tuple(
        instance(account, partition, region, one)
        for reservation in page["Reservations"]
        for one in reservation.get("Instances") or ()
    )


def instance(account: str, partition: str, region: str, answer: Answer) -> Instance:
    instance_id = answer["InstanceId"]
    operator = answer.get("Operator")
    return Instance(
        account=account,
        region=region,
        instance_id=instance_id,
        arn=f"arn:{partition}:ec2:{region}:{account}:instance/{instance_id}",
        state=_same(answer["State"]["Name"]),
        instance_type=_same(answer.get("InstanceType", "")),
        availability_zone=_same((answer.get("Placement") or {}).get("AvailabilityZone", "")),
        launch_time=_utc(answer.get("LaunchTime")),
        iam_instance_profile=_profile_ref(answer.get("IamInstanceProfile")),
        metadata_options=_metadata_options(answer.get("MetadataOptions")),
        operator=_operator(operator) if operator else None,
        private_ip_address=answer.get("PrivateIpAddress"),
        tags=tags(answer.get("Tags")),
    )


def _profile_ref(answer: Answer | None) -> InstanceProfileRef | None:
    if not answer or "Arn" not in answer:
        return None
    return InstanceProfileRef(_same(answer["Arn"]), _same(answer.get("Id", "")))


def _metadata_options(answer: Answer | None) -> MetadataOptions | None:
    if not answer:
        return None
    return _same_options(
        answer.get("State", "applied"),
        answer.get("HttpEndpoint", "enabled"),
        answer.get("HttpTokens", "optional"),
        answer.get("HttpPutResponseHopLimit", 1),
    )


@lru_cache(maxsize=1024)
def _same_options(state: str, http_endpoint: str, http_tokens: str, hop_limit: int) -> MetadataOptions:
    """A fleet has a dozen of them: one object for each."""
    return MetadataOptions(
        state=state,
        http_endpoint=http_endpoint,
        http_tokens=http_tokens,
        http_put_response_hop_limit=hop_limit,
    )


def _operator(answer: Answer) -> Operator:
    return Operator(
        managed=bool(answer.get("Managed")),
        principal=answer.get("Principal"),
        hidden_by_default=bool(answer.get("HiddenByDefault")),
    )


def associations(account: str, region: str, page: Answer) -> tuple[Association, ...]:
    """From a page of ec2:DescribeIamInstanceProfileAssociations."""
    return tuple(association(account, region, one) for one in page["IamInstanceProfileAssociations"])


def association(account: str, region: str, answer: Answer) -> Association:
    profile = answer["IamInstanceProfile"]
    return Association(
        account=account,
        region=region,
        association_id=answer["AssociationId"],
        instance_id=answer["InstanceId"],
        iam_instance_profile=InstanceProfileRef(_same(profile["Arn"]), _same(profile.get("Id", ""))),
        state=_same(answer["State"]),
    )


def launch_template_version(account: str, region: str, answer: Answer) -> LaunchTemplateVersion:
    """From ec2:DescribeLaunchTemplateVersions, which does not say which version is the latest."""
    template_id: str = answer["LaunchTemplateId"]
    profile = (answer.get("LaunchTemplateData") or {}).get("IamInstanceProfile") or {}
    return LaunchTemplateVersion(
        account=account,
        region=region,
        launch_template_id=template_id,
        launch_template_name=answer.get("LaunchTemplateName") or template_id,
        version_number=answer["VersionNumber"],
        default_version=bool(answer.get("DefaultVersion")),
        latest_version=False,
        create_time=_utc(answer.get("CreateTime")),
        iam_instance_profile_arn=profile.get("Arn"),
        iam_instance_profile_name=profile.get("Name"),
    )


# -- Auto Scaling ----------------------------------------------------------------------------------------


def auto_scaling_group(account: str, region: str, answer: Answer) -> AutoScalingGroup:
    """From autoscaling:DescribeAutoScalingGroups."""
    return AutoScalingGroup(
        account=account,
        region=region,
        auto_scaling_group_name=answer["AutoScalingGroupName"],
        arn=answer.get("AutoScalingGroupARN", ""),
        desired_capacity=answer.get("DesiredCapacity", 0),
        launch_templates=_templates_of(answer),
        launch_configuration_name=answer.get("LaunchConfigurationName"),
        instances=tuple(_group_member(one) for one in answer.get("Instances") or ()),
        tags=tags(answer.get("Tags")),
    )


def _templates_of(answer: Answer) -> tuple[LaunchTemplateSpecification, ...]:
    mixed = (answer.get("MixedInstancesPolicy") or {}).get("LaunchTemplate") or {}
    written = (
        answer.get("LaunchTemplate"),
        mixed.get("LaunchTemplateSpecification"),
        *(override.get("LaunchTemplateSpecification") for override in mixed.get("Overrides") or ()),
    )
    found = [specification(one) for one in written if one]
    return tuple(dict.fromkeys(found))


def _group_member(answer: Answer) -> AutoScalingInstance:
    template = answer.get("LaunchTemplate")
    return AutoScalingInstance(
        instance_id=answer["InstanceId"],
        lifecycle_state=_same(answer.get("LifecycleState", "")),
        launch_template=specification(template) if template else None,
    )


def specification(answer: Answer) -> LaunchTemplateSpecification:
    return LaunchTemplateSpecification(
        launch_template_id=answer.get("LaunchTemplateId"),
        launch_template_name=answer.get("LaunchTemplateName"),
        version=answer.get("Version") or "$Default",
    )


def launch_configuration(account: str, region: str, answer: Answer) -> LaunchConfiguration:
    """From autoscaling:DescribeLaunchConfigurations."""
    return LaunchConfiguration(
        account=account,
        region=region,
        launch_configuration_name=answer["LaunchConfigurationName"],
        arn=answer.get("LaunchConfigurationARN", ""),
        iam_instance_profile=answer.get("IamInstanceProfile") or None,
    )


# -- parts -----------------------------------------------------------------------------------------------


def document(value: Any) -> str:
    """A policy document as JSON text, key order as AWS sent it, without the white space between.

    IAM sends the percent-encoded text, which the SDK parses where it reads the whole answer.
    """
    return _document(value) if isinstance(value, str) else _compact(value)


@lru_cache(maxsize=4096)
def _document(encoded: str) -> str:
    # Documents repeat: a thousand roles have a few dozen trust policies among them.
    text = unquote(encoded)
    try:
        return _compact(json.loads(text))
    except ValueError:
        return text


def _compact(parsed: Any) -> str:
    return json.dumps(parsed, separators=(",", ":"), ensure_ascii=False)


def tags(answer: Sequence[Answer] | None) -> dict[str, str]:
    """Keys and most values are those of many others: one object for each text here too."""
    if isinstance(answer, Pairs):
        return {_same(key): _same(value) for key, value in answer.texts}
    return {_same(tag["Key"]): _same(tag.get("Value", "")) for tag in answer or ()}


def _utc(when: Any) -> datetime:
    """A time in UTC; AWS has always sent these, an emulator may not."""
    return when.astimezone(UTC) if isinstance(when, datetime) else _LONG_AGO
