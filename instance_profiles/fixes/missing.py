"""What launches instances with an instance profile that does not exist, and how it names it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from instance_profiles.fixes.situation import (
    broken_versions,
    subject_configuration,
    subject_fleet,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instance_profiles.fixes.situation import Situation

LAUNCHING: Final = (
    "launch-template",
    "auto-scaling-group",
    "launch-configuration",
    "spot-fleet",
    "ec2-fleet",
)
"""The kinds of objects that launch instances."""


def missing_references(situation: Situation) -> Iterator[str]:
    """The names and ARNs, as written, that no instance profile has: those of templates first."""
    inventory = situation.inventory
    for version in broken_versions(situation):
        if inventory.instance_profile_named_by(version) is None:
            yield version.iam_instance_profile_arn or version.iam_instance_profile_name or ""
    yield from (written for written in _own(situation) if written and _is_missing(situation, written))


def _own(situation: Situation) -> Iterator[str]:
    """What a launch configuration or a fleet names by itself."""
    fleet = subject_fleet(situation)
    if fleet is not None:
        yield from fleet.iam_instance_profiles
        return
    configuration = subject_configuration(situation)
    if configuration is not None:
        yield configuration.iam_instance_profile or ""


def _is_missing(situation: Situation, written: str) -> bool:
    """Names compare with case, as EC2 does."""
    inventory = situation.inventory
    if written.startswith("arn:"):
        return inventory.instance_profile_by_arn(written) is None
    found = inventory.instance_profile_by_name(situation.account, written)
    return found is None or found.instance_profile_name != written
