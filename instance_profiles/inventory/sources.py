"""The sources an inventory is read from, by the names that coverage and rules use."""

from __future__ import annotations

from typing import Final

CALLER_IDENTITY: Final = "sts:GetCallerIdentity"
LOCAL_CONFIG: Final = "local:aws-config"
REGIONS: Final = "ec2:DescribeRegions"

INSTANCE_PROFILES: Final = "iam:ListInstanceProfiles"
AUTHORIZATION_DETAILS: Final = "iam:GetAccountAuthorizationDetails"
ROLES: Final = "iam:ListRoles"
"""Read only where GetAccountAuthorizationDetails is denied; gives no policies, boundary, tags, last use."""
ACCOUNT_SUMMARY: Final = "iam:GetAccountSummary"

INSTANCES: Final = "ec2:DescribeInstances"
ASSOCIATIONS: Final = "ec2:DescribeIamInstanceProfileAssociations"
LAUNCH_TEMPLATE_VERSIONS: Final = "ec2:DescribeLaunchTemplateVersions"
AUTO_SCALING_GROUPS: Final = "autoscaling:DescribeAutoScalingGroups"
LAUNCH_CONFIGURATIONS: Final = "autoscaling:DescribeLaunchConfigurations"
SCALING_ACTIVITIES: Final = "autoscaling:DescribeScalingActivities"
"""Read only for groups that have fewer instances in service than they want."""
SPOT_FLEETS: Final = "ec2:DescribeSpotFleetRequests"
EC2_FLEETS: Final = "ec2:DescribeFleets"
METADATA_DEFAULTS: Final = "ec2:GetInstanceMetadataDefaults"
MANAGED_NODES: Final = "ssm:DescribeInstanceInformation"
INSTANCE_PROFILE_TAGS: Final = "tag:GetResources"
ROLE_DURATIONS: Final = "iam:GetRole"
"""Read only for roles that a named profile asks more than an hour of; no listing with policies gives it."""

GLOBAL_SOURCES: Final = (
    INSTANCE_PROFILES,
    AUTHORIZATION_DETAILS,
    ACCOUNT_SUMMARY,
    INSTANCE_PROFILE_TAGS,
    ROLE_DURATIONS,
)
"""Read once per account; their coverage has no region."""

USE_SOURCES: Final = (
    INSTANCES,
    ASSOCIATIONS,
    LAUNCH_TEMPLATE_VERSIONS,
    AUTO_SCALING_GROUPS,
    LAUNCH_CONFIGURATIONS,
    SPOT_FLEETS,
    EC2_FLEETS,
)
"""Regional sources of what may use an instance profile."""

REGIONAL_SOURCES: Final = (*USE_SOURCES, SCALING_ACTIVITIES, METADATA_DEFAULTS, MANAGED_NODES)
"""Read once per account and region."""

EXTRA_SOURCES: Final = frozenset(
    {
        SPOT_FLEETS,
        EC2_FLEETS,
        SCALING_ACTIVITIES,
        METADATA_DEFAULTS,
        MANAGED_NODES,
        INSTANCE_PROFILE_TAGS,
        ROLE_DURATIONS,
    }
)
"""Not every region and endpoint offers these; there they end `disabled`, and there is nothing to find."""

SOURCES: Final = (
    CALLER_IDENTITY,
    LOCAL_CONFIG,
    REGIONS,
    INSTANCE_PROFILES,
    AUTHORIZATION_DETAILS,
    ROLES,
    ACCOUNT_SUMMARY,
    INSTANCE_PROFILE_TAGS,
    ROLE_DURATIONS,
    *REGIONAL_SOURCES,
)
