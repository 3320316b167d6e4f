"""A few of AWS's own managed policies, cut down to what they are about."""

from __future__ import annotations

import json
from functools import cache

from instance_profiles.emulator.identifiers import iam_id
from instance_profiles.emulator.resources import ManagedPolicy

_CREATED = 1_423_200_000.0  # February 2015, when managed policies came

_ACTIONS = {
    "AdministratorAccess": ["*"],
    "AmazonEC2ReadOnlyAccess": ["ec2:Describe*"],
    "AmazonEC2ContainerRegistryReadOnly": ["ecr:GetAuthorizationToken", "ecr:BatchGetImage"],
    "AmazonEKSWorkerNodePolicy": ["ec2:DescribeInstances", "eks:DescribeCluster"],
    "AmazonEKS_CNI_Policy": ["ec2:AssignPrivateIpAddresses", "ec2:AttachNetworkInterface"],
    "AmazonS3ReadOnlyAccess": ["s3:Get*", "s3:List*"],
    "AmazonSQSFullAccess": ["sqs:*"],
    "AmazonSSMManagedInstanceCore": ["ssm:UpdateInstanceInformation", "ssmmessages:*", "ec2messages:*"],
    "CloudWatchAgentServerPolicy": ["cloudwatch:PutMetricData", "logs:PutLogEvents"],
    "ReadOnlyAccess": ["*:Describe*", "*:Get*", "*:List*"],
    "service-role/AWSLambdaBasicExecutionRole": ["logs:CreateLogStream", "logs:PutLogEvents"],
    "service-role/AmazonECSTaskExecutionRolePolicy": ["ecr:BatchGetImage", "logs:PutLogEvents"],
    "service-role/AmazonRDSEnhancedMonitoringRole": ["logs:PutLogEvents"],
    "service-role/AWSGlueServiceRole": ["glue:*"],
    "aws-service-role/AutoScalingServiceRolePolicy": ["ec2:RunInstances", "iam:PassRole"],
    "aws-service-role/AmazonRDSServiceRolePolicy": ["rds:CrossRegionCommunication"],
    "job-function/ViewOnlyAccess": ["*:Describe*", "*:List*"],
    "AWSDenyAll": ["*"],
    "AWSCompromisedKeyQuarantineV2": ["iam:AttachUserPolicy", "ec2:RunInstances", "s3:DeleteObject"],
}
_DENYING = frozenset({"AWSDenyAll", "AWSCompromisedKeyQuarantineV2"})


def aws_managed_arn(name: str, partition: str = "aws") -> str:
    """Return the ARN of one of AWS's policies, by its name with or without path; raises KeyError."""
    for path in _ACTIONS:
        if name in (path, path.rpartition("/")[2]):
            return f"arn:{partition}:iam::aws:policy/{path}"
    raise KeyError(name)


@cache
def aws_managed_policy(arn: str) -> ManagedPolicy | None:
    """Return the policy with this ARN, None where AWS has none (or the emulator does not know it)."""
    path = arn.partition("::aws:policy/")[2]
    if path not in _ACTIONS:
        return None
    effect = "Deny" if path in _DENYING else "Allow"
    statement = {"Effect": effect, "Action": _ACTIONS[path], "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return ManagedPolicy(path.rpartition("/")[2], arn, iam_id("ANPA", arn), _CREATED, document)
