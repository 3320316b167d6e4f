from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.wording import refs
from instance_profiles.inventory.sources import ASSOCIATIONS, INSTANCES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.view import View
    from instance_profiles.inventory.model import Association

PATIENCE = timedelta(seconds=60)


def _without_instance(view: View) -> Iterable[Association]:
    for account, region, associations in view.associations_by_region:
        listed = view.inventory.instances.by_id(account, region)
        yield from (one for one in associations if one.instance_id not in listed)


@rule(
    id="association-orphan",
    order=455,
    kind="association",
    severity="info",
    title="Association of an instance that is not listed",
    listings=(ASSOCIATIONS, INSTANCES),
    subjects=_without_instance,
    meaning=(
        "EC2 lists an association and not its instance: it is hidden even from those who ask for managed "
        "resources, or was terminated this moment. The instance profile is in use by something that is not "
        "seen; do not delete it. It is a note, as there is nothing to put right."
    ),
    detection=(
        "The instance id of an association is in no complete list of the region, managed resources "
        "included, and the association was first seen more than 60 seconds ago."
    ),
    false_positives=(
        "The two lists are read side by side, so an instance that was launched in between is missing from "
        "one: hence the minute. A reload tells. Terminated instances are listed, and have no association."
    ),
    source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html",
)
def association_orphan(association: Association, view: View) -> Draft | None:
    place = (association.account, association.region)
    if any(view.state(*place, source) != "complete" for source in (INSTANCES, ASSOCIATIONS)):
        return None
    seen = association.first_seen
    if seen is None or view.now - seen <= PATIENCE:
        return None
    profile = view.inventory.instance_profile_of(association)
    return Present(
        cause=f"instance {association.instance_id} is not listed",
        detail=(
            f"{association.iam_instance_profile.arn} is {association.state} with {association.instance_id} "
            f"of {association.region}, which DescribeInstances does not list. It counts as a use of the "
            "instance profile."
        ),
        related=refs([profile.ref if profile else None]),
    )
