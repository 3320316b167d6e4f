from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.arns import account_of
from instance_profiles.findings.references import launching_from, misplaced, who_cannot_launch
from instance_profiles.findings.rule import Draft, Present, Unsure, rule
from instance_profiles.findings.wording import listed, refs, sentences
from instance_profiles.inventory.sources import (
    AUTO_SCALING_GROUPS,
    EC2_FLEETS,
    INSTANCE_PROFILES,
    LAUNCH_TEMPLATE_VERSIONS,
    SPOT_FLEETS,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.subjects import Template
    from instance_profiles.findings.view import View
    from instance_profiles.inventory.model import InstanceProfile, LaunchTemplateVersion


def _templates(view: View) -> Iterable[Template]:
    return view.templates


@rule(
    id="lt-profile-missing",
    order=510,
    kind="launch-template",
    severity="error",
    title="Launch template that names an instance profile that does not exist",
    listings=(LAUNCH_TEMPLATE_VERSIONS,),
    needs=(INSTANCE_PROFILES, AUTO_SCALING_GROUPS, SPOT_FLEETS, EC2_FLEETS),
    subjects=_templates,
    ways={
        "repair-launch-template": "makes a new version with an instance profile that exists, and makes it "
        "the default",
        "create-instance-profile": "makes one of exactly that name and path; heals every template that "
        "names it",
    },
    meaning=(
        "EC2 does not check the instance profile when a launch template is written. At the next launch it is "
        "refused, and a scaling group cannot replace what it loses. It is an error where a scaling group or "
        "fleet launches from that version and a warning where none does."
    ),
    detection=(
        "The latest, the default or a version that a scaling group or fleet pins names an instance profile "
        "that is not in the complete list. Names compare with case, as EC2 does. Unknown where the "
        "list could not be read."
    ),
    error_texts=(
        "Value (…) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name",
        "Value (…) for parameter iamInstanceProfile.arn is invalid. Invalid IAM Instance Profile ARN",
        "You must use a valid fully-formed launch template.",
    ),
    false_positives=(
        "Older versions that nothing launches from are left out, and so are ARNs of other accounts. Right "
        "after an instance profile was created the same error is passing; here the list of IAM itself lacks "
        "it."
    ),
    source="https://github.com/hashicorp/terraform-provider-aws/issues/31282",
)
def lt_profile_missing(template: Template, view: View) -> Draft | None:
    account = template.ref.account
    missing = [version for version in template.versions if _is_missing(version, view)]
    state = view.state(account, None, INSTANCE_PROFILES)
    if not missing or state == "loading":
        return None
    if state != "complete":
        return Unsure(
            cause="instance profiles not read",
            detail=f"Whether {listed(_named(version) for version in missing)} exists is not known. "
            + view.trouble(account, None, INSTANCE_PROFILES),
        )
    launching = refs(ref for version in missing for ref in launching_from(version, view.inventory))
    near = [profile for version in missing if (profile := _near(version, view))]
    return Present(
        cause=f"no instance profile {listed((_name(version) for version in missing), 1)}",
        detail=sentences(
            " ".join(
                f"Version {version.version_number}{_standing(version)} names {_named(version)}, which does "
                f"not "
                "exist."
                for version in missing
            ),
            who_cannot_launch(launching)
            or "No scaling group or fleet launches from it; whoever does will be refused.",
            f"{listed(profile.arn for profile in near)} exists: perhaps that one is meant." if near else "",
        ),
        related=refs([*launching, *(profile.ref for profile in near)]),
        severity="error" if launching else "warning",
    )


def _is_missing(version: LaunchTemplateVersion, view: View) -> bool:
    arn = version.iam_instance_profile_arn
    if arn and account_of(arn) not in (None, version.account):
        return False
    known = view.inventory.instance_profile_named_by(version) or misplaced(version, view.inventory)
    return known is None


def _named(version: LaunchTemplateVersion) -> str:
    return version.iam_instance_profile_arn or version.iam_instance_profile_name or ""


def _name(version: LaunchTemplateVersion) -> str:
    return _named(version).rpartition("/")[2]


def _near(version: LaunchTemplateVersion, view: View) -> InstanceProfile | None:
    """One of the same name in other case or at another path: usually the one that was meant."""
    return view.inventory.instance_profile_by_name(version.account, _name(version))


def _standing(version: LaunchTemplateVersion) -> str:
    if version.default_version and version.latest_version:
        return " (default, latest)"
    return " (default)" if version.default_version else " (latest)" if version.latest_version else ""
