"""Instances, associations, and the services that launch with instance profiles."""

from __future__ import annotations

from typing import Final

from instance_profiles.denials.known.text import NAME, QUOTE, Known, known

INSTANCES: Final[tuple[Known, ...]] = (
    known(
        "instance-state-blocks-change",
        "is not in the 'running' or 'stopped' states",
        rf"The instance {QUOTE}{NAME}{QUOTE} is not in the 'running' or 'stopped' states",
        "IncorrectInstanceState",
        "IncorrectState",
    ),
    known(
        "association-replace-on-stopped",
        "is not the active association",
        rf"The association {NAME} is not the active association",
        "IncorrectState",
    ),
    known(
        "association-id-stale",
        "invalid association-id of",
        rf"An invalid association-id of {QUOTE}{NAME}{QUOTE} was given",
        "InvalidAssociationID.NotFound",
    ),
    known(
        "association-id-stale",
        "invalid value for association-id",
        r"Invalid value for association-id",
        "InvalidParameterValue",
    ),
    known(
        "association-id-stale",
        "invalid id: ",
        rf"Invalid Id: {QUOTE}(?P<resource>iip-assoc[\w-]*){QUOTE}",
        "InvalidParameterValue",
    ),
    known(
        "association-already-exists",
        "there is an existing association for instance",
        rf"There is an existing association for instance {NAME}",
        "IncorrectState",
    ),
    known(
        "instance-imds-hop-limit",
        "no valid providers in chain",
        r"no valid providers in chain\b[^\n]{0,60}",
        "NoCredentialProviders",
    ),
    known(
        "instance-imds-hop-limit",
        "no ec2 instance role found",
        r"no EC2 instance role found",
        "EC2RoleRequestError",
    ),
    known(
        "instance-ssm-unmanaged",
        "is not connected",
        r"(?P<resource>m?i-[0-9a-z]+) is not connected",
        "TargetNotConnected",
    ),
    known(
        "instance-ssm-unmanaged",
        "not in a valid state for account",
        r"Instances \[\[(?P<resource>[^\]\s]{1,200})\]\] not in a valid state for account",
        "InvalidInstanceId",
    ),
    known(
        "instance-ssm-unmanaged",
        "skipping default host management fallback",
        r"Skipping default host management fallback",
    ),
    known("instance-imds-disabled", "no ec2 imds role found", r"no EC2 IMDS role found"),
    known("instance-imds-disabled", "403 - forbidden", r"403 - Forbidden(?= at http://169\.254)"),
    known(
        "instance-no-profile",
        "please check if this instance was started with an iam instance profile",
        r"Missing credentials - please check if this instance was started with an IAM instance profile",
    ),
    known(
        "service-reference-broken",
        "find the instance profile associated with your managed node group",
        r"(?:We )?(?:couldn't|could not) find the instance profile associated with your managed node group",
    ),
)
