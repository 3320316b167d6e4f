"""The members of listings that the model is made of; `from_aws` reads no others.

What is not named here is never parsed. The tests hold the tables to what `from_aws` asks for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from instance_profiles.inventory import sources

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.aws.xml_values import Wanted

_TAGS: Final[Wanted] = {"Key": None, "Value": None}
_INSTANCE: Final[Wanted] = {
    "InstanceId": None,
    "State": {"Name": None},
    "InstanceType": None,
    "Placement": {"AvailabilityZone": None},
    "LaunchTime": None,
    "IamInstanceProfile": {"Arn": None, "Id": None},
    "MetadataOptions": {
        "State": None,
        "HttpEndpoint": None,
        "HttpTokens": None,
        "HttpPutResponseHopLimit": None,
    },
    "Operator": {"Managed": None, "Principal": None, "HiddenByDefault": None},
    "PrivateIpAddress": None,
    "Tags": _TAGS,
}

_ROLE: Final[Wanted] = {
    "RoleId": None,
    "RoleName": None,
    "Arn": None,
    "Path": None,
    "CreateDate": None,
    "AssumeRolePolicyDocument": None,
}
_TEMPLATE: Final[Wanted] = {"LaunchTemplateId": None, "LaunchTemplateName": None, "Version": None}
_TEMPLATES: Final[Wanted] = {"LaunchTemplateSpecification": _TEMPLATE}

_IAM: Final[Mapping[str, Wanted]] = {
    sources.INSTANCE_PROFILES: {
        "InstanceProfiles": {
            "InstanceProfileId": None,
            "InstanceProfileName": None,
            "Arn": None,
            "Path": None,
            "CreateDate": None,
            "Roles": _ROLE,
            "Tags": _TAGS,
        },
        "IsTruncated": None,
        "Marker": None,
    },
    sources.AUTHORIZATION_DETAILS: {
        "RoleDetailList": {
            **_ROLE,
            "PermissionsBoundary": {"PermissionsBoundaryArn": None},
            "RoleLastUsed": {"LastUsedDate": None, "Region": None},
            "AttachedManagedPolicies": {"PolicyName": None, "PolicyArn": None},
            "RolePolicyList": {"PolicyName": None, "PolicyDocument": None},
            "Tags": _TAGS,
        },
        "Policies": {
            "Arn": None,
            "PolicyName": None,
            "DefaultVersionId": None,
            "PolicyVersionList": {"Document": None, "IsDefaultVersion": None},
        },
        "IsTruncated": None,
        "Marker": None,
    },
    sources.ROLES: {
        "Roles": {**_ROLE, "MaxSessionDuration": None},
        "IsTruncated": None,
        "Marker": None,
    },
}
_EC2: Final[Mapping[str, Wanted]] = {
    sources.INSTANCES: {"Reservations": {"Instances": _INSTANCE}, "NextToken": None},
    sources.ASSOCIATIONS: {
        "IamInstanceProfileAssociations": {
            "AssociationId": None,
            "InstanceId": None,
            "IamInstanceProfile": {"Arn": None, "Id": None},
            "State": None,
        },
        "NextToken": None,
    },
    sources.LAUNCH_TEMPLATE_VERSIONS: {
        "LaunchTemplateVersions": {
            "LaunchTemplateId": None,
            "LaunchTemplateName": None,
            "VersionNumber": None,
            "DefaultVersion": None,
            "CreateTime": None,
            "LaunchTemplateData": {"IamInstanceProfile": {"Arn": None, "Name": None}},
        },
        "NextToken": None,
    },
    sources.SPOT_FLEETS: {
        "SpotFleetRequestConfigs": {
            "SpotFleetRequestId": None,
            "SpotFleetRequestState": None,
            "SpotFleetRequestConfig": {
                "LaunchSpecifications": {"IamInstanceProfile": {"Arn": None, "Name": None}},
                "LaunchTemplateConfigs": _TEMPLATES,
            },
            "Tags": _TAGS,
        },
        "NextToken": None,
    },
    sources.EC2_FLEETS: {
        "Fleets": {
            "FleetId": None,
            "FleetState": None,
            "LaunchTemplateConfigs": _TEMPLATES,
            "Tags": _TAGS,
        },
        "NextToken": None,
    },
}
_OTHERS: Final[Mapping[str, Wanted]] = {
    sources.AUTO_SCALING_GROUPS: {
        "AutoScalingGroups": {
            "AutoScalingGroupName": None,
            "AutoScalingGroupARN": None,
            "DesiredCapacity": None,
            "LaunchTemplate": _TEMPLATE,
            "MixedInstancesPolicy": {"LaunchTemplate": {**_TEMPLATES, "Overrides": _TEMPLATES}},
            "LaunchConfigurationName": None,
            "Instances": {"InstanceId": None, "LifecycleState": None, "LaunchTemplate": _TEMPLATE},
            "Tags": _TAGS,
        },
        "NextToken": None,
    },
    sources.LAUNCH_CONFIGURATIONS: {
        "LaunchConfigurations": {
            "LaunchConfigurationName": None,
            "LaunchConfigurationARN": None,
            "IamInstanceProfile": None,
        },
        "NextToken": None,
    },
    sources.MANAGED_NODES: {
        "InstanceInformationList": {"InstanceId": None, "PingStatus": None},
        "NextToken": None,
    },
    sources.INSTANCE_PROFILE_TAGS: {
        "ResourceTagMappingList": {"ResourceARN": None, "Tags": _TAGS},
        "PaginationToken": None,
    },
}

WANTED: Final[Mapping[str, Wanted]] = {**_IAM, **_EC2, **_OTHERS}
"""By source: the members of its pages that are wanted."""
