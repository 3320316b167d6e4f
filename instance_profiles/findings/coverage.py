"""How far the sources were read, as rules need to know it: enough to judge, not yet, or never."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from instance_profiles.inventory.model import Coverage, NamedProfile, ObjectRef
from instance_profiles.inventory.sources import EXTRA_SOURCES, USE_SOURCES

if TYPE_CHECKING:
    from instance_profiles.inventory.inventory import Inventory

SourceState = Literal["complete", "loading", "broken", "disabled"]

THINGS = {
    "iam:ListInstanceProfiles": "instance profiles",
    "iam:GetAccountAuthorizationDetails": "role policies",
    "iam:ListRoles": "roles",
    "iam:GetAccountSummary": "account quotas",
    "ec2:DescribeRegions": "enabled regions",
    "ec2:DescribeInstances": "instances",
    "ec2:DescribeIamInstanceProfileAssociations": "associations",
    "ec2:DescribeLaunchTemplateVersions": "launch templates",
    "autoscaling:DescribeAutoScalingGroups": "scaling groups",
    "autoscaling:DescribeLaunchConfigurations": "launch configurations",
    "autoscaling:DescribeScalingActivities": "scaling activities",
    "ec2:DescribeSpotFleetRequests": "spot fleets",
    "ec2:DescribeFleets": "EC2 fleets",
    "ec2:GetInstanceMetadataDefaults": "metadata defaults",
    "ssm:DescribeInstanceInformation": "managed nodes",
    "tag:GetResources": "instance profile tags",
    "iam:GetRole": "role session lengths",
    "sts:GetCallerIdentity": "the caller",
    "local:aws-config": "the AWS config",
}


class UseCoverage(msgspec.Struct, frozen=True):
    """Whether everything that may use an instance profile was read: `partial` says what was not."""

    state: Literal["complete", "loading", "partial"]
    cause: str = ""
    detail: str = ""


def thing(source: str) -> str:
    """What a source lists, in words."""
    return THINGS.get(source, source)


def source_state(inventory: Inventory, account: str, region: str | None, source: str) -> SourceState:
    """A source that was not begun counts as loading: nothing is said about it yet."""
    return state_of(inventory.coverage_of(account, region, source))


def state_of(coverage: Coverage | None) -> SourceState:
    """The same of a coverage, None for a source that was not begun."""
    if coverage is None or coverage.state == "loading":
        return "loading"
    if coverage.state in ("denied", "failed"):
        return "broken"
    return "disabled" if coverage.state == "disabled" else "complete"


def trouble(inventory: Inventory, account: str, region: str | None, source: str) -> str:
    """One sentence on why a source could not be read."""
    coverage = inventory.coverage_of(account, region, source)
    return trouble_of(coverage) if coverage is not None else f"{source} was not read."


def trouble_of(coverage: Coverage) -> str:
    """One sentence on why a source could not be read, from its coverage."""
    verb = {"denied": "was denied", "disabled": "is not available"}.get(coverage.state, "failed")
    place = f" in {coverage.region}" if coverage.region else ""
    why = f": {coverage.cause.rstrip('.')}" if coverage.cause else ""
    return f"{coverage.source} {verb}{place}{why}."


def scope_ref(account: str, region: str | None) -> ObjectRef:
    """The region or account that a verdict is about where its objects could not be listed."""
    if region is not None:
        return ObjectRef("region", account, region, region, region)
    return ObjectRef("account", account, None, account, account or "this machine")


def scope_of(coverage: Coverage) -> ObjectRef:
    """What a coverage is about: a region, an account, or a named profile whose account is not known."""
    if coverage.named_profile is not None:
        return NamedProfile(coverage.named_profile).ref
    return scope_ref(coverage.account, coverage.region)


def use_coverage(inventory: Inventory, account: str) -> UseCoverage:
    """Whether all that may use the instance profiles of an account was read, in every enabled region.

    IAM is global and instances are not: a profile is unused only where no enabled region uses it. A region
    that is not enabled can use nothing.
    """
    if account not in inventory.enabled_regions:
        return UseCoverage("loading")
    enabled = inventory.enabled_regions[account]
    states = {
        (region, source): source_state(inventory, account, region, source)
        for region in inventory.asked_regions.get(account, ())
        for source in USE_SOURCES
    }
    if "loading" in states.values():
        return UseCoverage("loading")
    unread = [
        (region, source)
        for (region, source), state in states.items()
        if state == "broken"
        or (
            state == "disabled"
            # What a region does not offer uses nothing there.
            and source not in EXTRA_SOURCES
            and enabled is not None
            and region in enabled
        )
    ]
    if unread:
        region, source = unread[0]
        more = f" and {len(unread) - 1} more" if len(unread) > 1 else ""
        return UseCoverage(
            "partial",
            f"{thing(source)} of {region}{more} not read",
            " ".join(trouble(inventory, account, *missing) for missing in unread[:3]),
        )
    if enabled is None:
        return UseCoverage(
            "partial",
            "enabled regions could not be listed",
            "ec2:DescribeRegions gave no answer, so there may be regions that were not read.",
        )
    return _regions_left_out(inventory, account, enabled)


def _regions_left_out(inventory: Inventory, account: str, enabled: tuple[str, ...]) -> UseCoverage:
    left_out = inventory.regions_not_asked(account)
    if not left_out:
        return UseCoverage("complete")
    return UseCoverage(
        "partial",
        f"{len(left_out)} of {len(enabled)} enabled regions not read",
        f"This run was narrowed; not read: {', '.join(sorted(left_out))}.",
    )
