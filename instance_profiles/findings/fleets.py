"""Fleets that cannot launch, as what they name does not exist: by their own words, or by their template's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.arns import account_of
from instance_profiles.findings.rule import Draft, Present, Unsure
from instance_profiles.findings.wording import listed, refs, sentences
from instance_profiles.inventory.sources import INSTANCE_PROFILES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.view import View
    from instance_profiles.inventory.model import Fleet, InstanceProfile, LaunchTemplateVersion


def fleets_of(kind: str, view: View) -> Iterable[Fleet]:
    """The fleets of one kind that may still launch."""
    return (fleet for fleet in view.fleets if fleet.kind == kind)


def names_missing(fleet: Fleet, view: View) -> Draft | None:
    """What to say of a fleet that names an instance profile that does not exist, None where it names none."""
    versions = [version for version in _versions(fleet, view) if _is_missing(_written(version), fleet, view)]
    own = [written for written in fleet.iam_instance_profiles if _is_missing(written, fleet, view)]
    if not versions and not own:
        return None
    named = [*own, *(_written(version) for version in versions)]
    state = view.state(fleet.account, None, INSTANCE_PROFILES)
    if state == "loading":
        return None
    if state != "complete":
        return Unsure(
            cause="instance profiles not read",
            detail=f"Whether {listed(named)} exists is not known. "
            + view.trouble(fleet.account, None, INSTANCE_PROFILES),
        )
    near = [profile for written in named if (profile := _near(written, fleet, view))]
    foreign = [written for written in named if account_of(written) not in (None, fleet.account)]
    return Present(
        cause=f"no instance profile {listed((written.rpartition('/')[2] for written in named), 1)}",
        detail=sentences(
            f"Its launch specifications name {listed(own)}, which does not exist." if own else "",
            " ".join(
                f"Version {version.version_number} of {version.launch_template_name} names "
                f"{_written(version)}, which does not exist."
                for version in versions
            ),
            f"{listed(foreign)} belongs to another account." if foreign else "",
            f"The fleet is {fleet.state} and cannot start an instance.",
            f"{listed(profile.arn for profile in near)} exists: perhaps that one is meant." if near else "",
        ),
        related=refs([*(version.ref for version in versions), *(profile.ref for profile in near)]),
    )


def _versions(fleet: Fleet, view: View) -> list[LaunchTemplateVersion]:
    found = (view.inventory.resolve(fleet.account, fleet.region, one) for one in fleet.launch_templates)
    return list(dict.fromkeys(version for version in found if version is not None and _written(version)))


def _written(version: LaunchTemplateVersion) -> str:
    return version.iam_instance_profile_arn or version.iam_instance_profile_name or ""


def _is_missing(written: str, fleet: Fleet, view: View) -> bool:
    """Names compare with case, as EC2 does."""
    if written.startswith("arn:"):
        return view.inventory.instance_profile_by_arn(written) is None
    found = view.inventory.instance_profile_by_name(fleet.account, written)
    return found is None or found.instance_profile_name != written


def _near(written: str, fleet: Fleet, view: View) -> InstanceProfile | None:
    return view.inventory.instance_profile_by_name(fleet.account, written.rpartition("/")[2])
