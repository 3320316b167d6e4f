"""What of an instance is told once for its region or account: those few are found without a search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from instance_profiles.inventory.model import Instance

Trait = Literal["hands-out-without-token", "managed-by-service", "in-passing", "hidden"]

GONE = frozenset({"shutting-down", "terminated"})
"""DescribeInstances drops the instance profile of an instance while it shuts down, so neither state says
anything about instance profiles."""
CHANGEABLE = frozenset({"running", "stopped"})
"""In other states EC2 refuses to change the instance profile."""


def traits_of(instance: Instance) -> tuple[Trait, ...]:
    """The traits of an instance; nearly all have none."""
    options, operator = instance.metadata_options, instance.operator
    found: tuple[Trait, ...] = ()
    if options is not None and options.http_tokens == "optional" and _hands_out(instance):
        found = ("hands-out-without-token",)
    if instance.state not in CHANGEABLE:
        found = (*found, "in-passing")
    if operator is not None:
        if operator.managed and instance.state not in GONE:
            found = (*found, "managed-by-service")
        if operator.hidden_by_default:
            found = (*found, "hidden")
    return found


def _hands_out(instance: Instance) -> bool:
    """Whether it has credentials, and a metadata service that answers."""
    options = instance.metadata_options
    is_on = options is not None and options.http_endpoint == "enabled"
    return is_on and instance.iam_instance_profile is not None and instance.state not in GONE
