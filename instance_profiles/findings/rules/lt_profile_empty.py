from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.references import launching_from, who_cannot_launch
from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.wording import listed, names, refs, sentences
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


def _templates(view: View) -> Iterable[Template]:
    return view.templates


@rule(
    id="lt-profile-empty",
    order=520,
    kind="launch-template",
    severity="error",
    title="Launch template that names an instance profile without a role",
    listings=(LAUNCH_TEMPLATE_VERSIONS, INSTANCE_PROFILES),
    needs=(AUTO_SCALING_GROUPS, SPOT_FLEETS, EC2_FLEETS),
    subjects=_templates,
    ways={
        "add-role": "puts a role into the instance profile; heals every template and instance that uses it",
        "repair-launch-template": "makes a new version with another instance profile, and makes it the "
        "default",
    },
    meaning=(
        "Attaching an empty instance profile works, launching with one does not: EC2 refuses it. A scaling "
        "group that launches from the template cannot replace what it loses."
    ),
    detection=(
        "The latest, the default or a version that a scaling group or fleet pins names an instance profile "
        "whose `Roles` is empty."
    ),
    error_texts=(
        'IAM Instance Profile "arn:aws:iam::…:instance-profile/…" has no associated IAM Roles',
        "ValidationError: You are not authorized to perform this operation.",
    ),
    false_positives="Older versions that nothing launches from are left out.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_iam-ec2.html",
)
def lt_profile_empty(template: Template, view: View) -> Draft | None:
    inventory = view.inventory
    empty = [
        (version, profile)
        for version in template.versions
        if (profile := inventory.instance_profile_named_by(version)) and profile.role is None
    ]
    if not empty:
        return None
    launching = refs(ref for version, _ in empty for ref in launching_from(version, inventory))
    profiles = {profile.ref for _, profile in empty}
    numbers = listed(str(version.version_number) for version, _ in empty)
    return Present(
        cause=f"{min(profiles).name} has no role",
        detail=sentences(
            f"Version {numbers} names {names(profiles)}, which holds no role. EC2 refuses to launch with it: "
            '"has no associated IAM Roles".',
            who_cannot_launch(launching),
        ),
        related=refs([*profiles, *launching]),
    )
