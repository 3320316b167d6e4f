from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.references import launching_from, misplaced, who_cannot_launch
from instance_profiles.findings.rule import Draft, Present, Unsure, rule
from instance_profiles.findings.wording import refs, sentences
from instance_profiles.inventory.sources import AUTO_SCALING_GROUPS, INSTANCE_PROFILES, LAUNCH_CONFIGURATIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.view import View
    from instance_profiles.inventory.model import LaunchConfiguration


def _naming_what_is_not_there(view: View) -> Iterable[LaunchConfiguration]:
    return (
        configuration
        for configuration in view.launch_configurations
        if configuration.iam_instance_profile
        and view.inventory.instance_profile_named_by(configuration) is None
        and misplaced(configuration, view.inventory) is None
    )


@rule(
    id="lc-profile-missing",
    order=530,
    kind="launch-configuration",
    severity="error",
    title="Launch configuration that names an instance profile that does not exist",
    listings=(LAUNCH_CONFIGURATIONS,),
    needs=(INSTANCE_PROFILES, AUTO_SCALING_GROUPS),
    subjects=_naming_what_is_not_there,
    ways={
        "migrate-launch-configuration": "makes a launch template of it, and lets its groups launch from that",
        "create-instance-profile": "makes one of exactly that name; the configuration then works as it is",
    },
    meaning=(
        "Launches from this configuration are refused, and a scaling group cannot replace what it loses. "
        "Nobody can change a launch configuration: move to a launch template. It is an error where a scaling "
        "group uses it and a warning where none does."
    ),
    detection=(
        "Its `IamInstanceProfile`, a name or an ARN, is not in the complete list of instance profiles. Names "
        "compare with case. Unknown where the list could not be read."
    ),
    error_texts=("ValidationError: Invalid IamInstanceProfile: …",),
    false_positives=(
        "One that was created since the list was read is found at the next reload. An ARN of another account "
        "is never in the list, and never works either. A wrong path is `profile-reference-path-in-name`."
    ),
    source="https://docs.aws.amazon.com/autoscaling/ec2/userguide/migrate-to-launch-templates.html",
)
def lc_profile_missing(configuration: LaunchConfiguration, view: View) -> Draft | None:
    inventory = view.inventory
    written = configuration.iam_instance_profile or ""
    state = view.state(configuration.account, None, INSTANCE_PROFILES)
    if state == "loading":
        return None
    if state != "complete":
        return Unsure(
            cause="instance profiles not read",
            detail=f"Whether {written} exists is not known. "
            + view.trouble(configuration.account, None, INSTANCE_PROFILES),
        )
    launching = launching_from(configuration, inventory)
    name = written.rpartition("/")[2]
    near = inventory.instance_profile_by_name(configuration.account, name)
    return Present(
        cause=f"no instance profile {name}",
        detail=sentences(
            f"It names {written}, which does not exist.",
            who_cannot_launch(launching) or "No scaling group launches from it.",
            f"{near.arn} exists: perhaps that one is meant." if near else "",
        ),
        related=refs([*launching, near.ref if near else None]),
        severity="error" if launching else "warning",
    )
