from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.grouping import is_attached
from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.wording import refs
from instance_profiles.inventory.sources import INSTANCES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.view import View
    from instance_profiles.inventory.model import Instance


def _attached_without_imds(view: View) -> Iterable[Instance]:
    return (
        one
        for one, options in view.unusual_metadata
        if options.http_endpoint == "disabled" and is_attached(one)
    )


@rule(
    id="instance-imds-disabled",
    order=360,
    kind="instance",
    severity="error",
    title="Instance profile attached, metadata service off",
    listings=(INSTANCES,),
    subjects=_attached_without_imds,
    ways={"enable-imds": "turns the metadata service on again, without a restart; tokens stay as required"},
    meaning=(
        "Credentials reach an instance through its metadata service alone. It is turned off here, so the "
        "instance profile has no effect."
    ),
    detection="`MetadataOptions.HttpEndpoint` is `disabled` while an instance profile is attached.",
    error_texts=(
        "Unable to locate credentials",
        "403 - Forbidden at http://169.254.169.254/latest/meta-data/",
        "no EC2 IMDS role found",
    ),
    false_positives=(
        "Instances without an instance profile are left out: turning the service off is sound there. A "
        "declarative policy of the organisation may turn it off again."
    ),
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html",
)
def instance_imds_disabled(instance: Instance, view: View) -> Draft | None:
    ref = instance.iam_instance_profile
    if ref is None:
        return None
    profile = view.inventory.instance_profile_of(instance)
    return Present(
        cause="metadata service is off",
        detail=(
            f"It has the instance profile {ref.name}, but HttpEndpoint is disabled, so no credentials can "
            f"reach "
            'it. SDKs say "Unable to locate credentials".'
        ),
        related=refs([profile.ref if profile else None]),
    )
