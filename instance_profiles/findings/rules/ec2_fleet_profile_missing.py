from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.fleets import fleets_of, names_missing
from instance_profiles.findings.rule import Draft, rule
from instance_profiles.inventory.sources import EC2_FLEETS, INSTANCE_PROFILES, LAUNCH_TEMPLATE_VERSIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.view import View
    from instance_profiles.inventory.model import Fleet


def _fleets(view: View) -> Iterable[Fleet]:
    return fleets_of("ec2-fleet", view)


@rule(
    id="ec2-fleet-profile-missing",
    order=555,
    kind="ec2-fleet",
    severity="error",
    title="EC2 fleet that names an instance profile that does not exist",
    listings=(EC2_FLEETS, LAUNCH_TEMPLATE_VERSIONS),
    needs=(INSTANCE_PROFILES,),
    subjects=_fleets,
    ways={
        "create-instance-profile": "makes one of exactly that name and path; the fleet then launches again"
    },
    meaning=(
        "The launch template of the fleet names an instance profile that is not there. Every launch is "
        "refused and the fleet stays below its target; only its history tells why. It is an error, for the "
        "fleet is active. Make the instance profile, or a version of the launch template that names another "
        "one and, where the fleet pins a number, let the fleet use it."
    ),
    detection=(
        "The version of a launch template that a fleet uses which may still launch names an instance profile "
        "that is not in the complete list; `$Latest` and `$Default` are resolved. Unknown where the list "
        "could not be read."
    ),
    error_texts=(
        "Value (…) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name",
        "Value (…) for parameter iamInstanceProfile.arn is invalid. Invalid IAM Instance Profile ARN",
    ),
    false_positives=(
        "Fleets that are deleted or have failed are left out, and so are versions that the fleet does not "
        "use. Right after an instance profile was created the same error is passing; here the list of IAM "
        "itself lacks it."
    ),
    source="https://github.com/hashicorp/packer/issues/9516",
)
def ec2_fleet_profile_missing(fleet: Fleet, view: View) -> Draft | None:
    return names_missing(fleet, view)
