from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.fleets import fleets_of, names_missing
from instance_profiles.findings.rule import Draft, rule
from instance_profiles.inventory.sources import INSTANCE_PROFILES, LAUNCH_TEMPLATE_VERSIONS, SPOT_FLEETS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.view import View
    from instance_profiles.inventory.model import Fleet


def _fleets(view: View) -> Iterable[Fleet]:
    return fleets_of("spot-fleet", view)


@rule(
    id="spot-fleet-profile-missing",
    order=550,
    kind="spot-fleet",
    severity="error",
    title="Spot fleet that names an instance profile that does not exist",
    listings=(SPOT_FLEETS, LAUNCH_TEMPLATE_VERSIONS),
    needs=(INSTANCE_PROFILES,),
    subjects=_fleets,
    ways={
        "create-instance-profile": "makes one of exactly that name and path; the fleet then launches again"
    },
    meaning=(
        "EC2 does not check the instance profile when a fleet is asked for. Every launch is refused, the "
        "fleet stays below its target, and only its history tells why. It is an error, for the fleet is "
        "active. A spot fleet request cannot be changed: make the instance profile that it names, or cancel "
        "it and ask anew; where a launch template names it, a new version helps."
    ),
    detection=(
        "A launch specification of a fleet that may still launch, or the version of the launch template that "
        "it uses, names an instance profile that is not in the complete list. Unknown where the list could "
        "not be read."
    ),
    error_texts=(
        "Value (…) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name",
        "Value (…) for parameter iamInstanceProfile.arn is invalid. Invalid IAM Instance Profile ARN",
    ),
    false_positives=(
        "Fleets that are cancelled or have ended are left out. Right after an instance profile was created "
        "the same error is passing; here the list of IAM itself lacks it."
    ),
    source="https://github.com/hashicorp/packer/issues/9516",
)
def spot_fleet_profile_missing(fleet: Fleet, view: View) -> Draft | None:
    return names_missing(fleet, view)
