"""What a world was asked for that is no mere look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.aws.guard import is_read

if TYPE_CHECKING:
    from instance_profiles.emulator.world import World

SIGNED_AS = {
    "access-analyzer": "accessanalyzer",
    "elasticmapreduce": "emr",
    "tag": "resourcegroupstaggingapi",
    "servicequotas": "service-quotas",
}
"""Services whose requests are signed with another name than the SDK's."""


def writes(world: World) -> list[str]:
    """The operations received so far that change something, dry runs included.

    A service that the place does not offer has no operations, only paths.
    """
    return [
        operation
        for service, operation, _ in world.requests
        if " /" not in operation and not is_read(SIGNED_AS.get(service, service), operation)
    ]


def actions_in(document: dict[str, list[dict[str, list[str]]]]) -> set[str]:
    """The actions that a policy document names."""
    return {action for statement in document["Statement"] for action in statement["Action"]}
