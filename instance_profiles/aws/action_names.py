"""How policies, denials and people name a service, where the SDK has another word for it."""

from __future__ import annotations

from typing import Final

_ACTION_PREFIXES: Final = {
    "accessanalyzer": "access-analyzer",
    "bedrock-agentcore-control": "bedrock-agentcore",
    "emr": "elasticmapreduce",
    "iam-toolbox": "iam",
    "resourcegroupstaggingapi": "tag",
    "service-quotas": "servicequotas",
}
_SDK_SERVICES: Final = {
    # Of the actions of IAM nearly all are those of its own service.
    prefix: service
    for service, prefix in _ACTION_PREFIXES.items()
    if prefix != "iam"
}


def action_name(service: str, operation: str) -> str:
    """The action of a call as policies write it: `tag:GetResources`, not resourcegroupstaggingapi."""
    return f"{_ACTION_PREFIXES.get(service, service)}:{operation}"


def sdk_call(action: str) -> tuple[str, str]:
    """The SDK's service and operation behind an action."""
    prefix, _, operation = action.partition(":")
    return _SDK_SERVICES.get(prefix, prefix), operation
