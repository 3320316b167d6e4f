from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.inventory.passing import metadata_pending
from instance_profiles.inventory.sources import ASSOCIATIONS, INSTANCES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.view import View
    from instance_profiles.inventory.model import Instance

PATIENCE = timedelta(minutes=2)


def _pending(view: View) -> Iterable[Instance]:
    return (one for one, options in view.unusual_metadata if options.state == "pending")


@rule(
    id="instance-imds-pending",
    order=366,
    kind="instance",
    severity="warning",
    title="Change of the metadata service that is not applied",
    listings=(INSTANCES, ASSOCIATIONS),
    subjects=_pending,
    meaning=(
        "Somebody changed the options of the metadata service, and EC2 has not applied them. Until then the "
        "instance has the old ones, whatever DescribeInstances shows. It is a warning: what the change was "
        "to put right may still be broken. Make the change again; if it stays so, stop and start."
    ),
    detection=(
        "`MetadataOptions.State` is `pending` on a running instance, and was first seen so more than two "
        "minutes ago. AWS sends no time; the clock is that of this machine, and runs for a region once its "
        "instances and associations are read."
    ),
    false_positives=(
        "On an instance that is starting, stopping or terminated `pending` is normal and never told. Other "
        "options count as another change, and their time begins anew."
    ),
    source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceMetadataOptionsResponse.html",
)
def instance_imds_pending(instance: Instance, view: View) -> Draft | None:
    passing = metadata_pending(instance)
    since = view.inventory.sightings.since(passing) if passing else None
    options = instance.metadata_options
    if since is None or options is None or view.now - since <= PATIENCE:
        return None
    seconds = int((view.now - since).total_seconds())
    return Present(
        cause="metadata options pending for over 2 min",
        detail=(
            f"It runs, and its metadata options were first seen pending {seconds:,} s ago. Wanted: "
            f"HttpEndpoint {options.http_endpoint}, HttpTokens {options.http_tokens}, hop limit "
            f"{options.http_put_response_hop_limit}. Make the change again, or stop and start the instance."
        ),
    )
