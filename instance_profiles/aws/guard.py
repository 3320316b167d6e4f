"""The read-only guard: what is not known to read does not leave the machine.

It sits in the SDK's own events, so that a client taken from the pool is held to it as well.
"""

from __future__ import annotations

from typing import Final

from instance_profiles.aws.errors import RefusedReadOnly

_READING_PREFIXES: Final = ("Get", "List", "Describe")
_PREFIXED_SERVICES: Final = frozenset(
    {
        "accessanalyzer",
        "autoscaling",
        "batch",
        "bedrock-agentcore-control",
        "cloudtrail",
        "config",
        "ec2",
        "ecs",
        "eks",
        "elasticbeanstalk",
        "emr",
        "iam",
        "iam-toolbox",
        "imagebuilder",
        "organizations",
        "pcs",
        "rds",
        "resource-explorer-2",
        "resourcegroupstaggingapi",
        "service-quotas",
        "ssm",
    }
)
"""Services whose Get-, List- and Describe-calls only read; STS is not one (GetSessionToken)."""

_READS: Final = frozenset(
    {
        ("accessanalyzer", "CheckAccessNotGranted"),
        ("accessanalyzer", "CheckNoNewAccess"),
        ("accessanalyzer", "ValidatePolicy"),
        # A query reads what a trail has recorded; ending one only spares its cost. What it leaves behind is
        # its result, in the place that the owner of the table has set aside for that.
        ("athena", "GetQueryExecution"),
        ("athena", "GetQueryResults"),
        ("athena", "GetTableMetadata"),
        ("athena", "GetWorkGroup"),
        ("athena", "StartQueryExecution"),
        ("athena", "StopQueryExecution"),
        ("cloudtrail", "CancelQuery"),
        ("cloudtrail", "LookupEvents"),
        ("cloudtrail", "StartQuery"),
        ("config", "BatchGetAggregateResourceConfig"),
        ("config", "BatchGetResourceConfig"),
        ("config", "SelectAggregateResourceConfig"),
        ("config", "SelectResourceConfig"),
        ("iam", "SimulateCustomPolicy"),
        ("iam", "SimulatePrincipalPolicy"),
        ("resource-explorer-2", "Search"),
        ("sts", "DecodeAuthorizationMessage"),
        ("sts", "GetAccessKeyInfo"),
        ("sts", "GetCallerIdentity"),
    }
)


def is_read(service: str, operation: str) -> bool:
    """Whether an operation is known to change nothing; what is not known counts as writing."""
    if (service, operation) in _READS:
        return True
    return service in _PREFIXED_SERVICES and operation.startswith(_READING_PREFIXES)


def refuse_unless_read(service: str, operation: str, region: str | None = None) -> None:
    """Raise `RefusedReadOnly` for an operation that is not known to read, also as a dry run."""
    if is_read(service, operation):
        return
    advice = "start without --read-only to allow changes"
    raise RefusedReadOnly(
        f"{service}:{operation} was not sent, because this run only reads: {advice}.",
        advice=advice,
        service=service,
        operation=operation,
        region=region,
    )
