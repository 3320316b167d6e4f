from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.rule import Draft, Present, Unsure, rule
from instance_profiles.inventory.sources import ASSOCIATIONS, INSTANCES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.view import View
    from instance_profiles.inventory.model import Instance


def _without_instance_profile(view: View) -> Iterable[Instance]:
    for (_, ref), instances in view.attachments.items():
        if ref is None:
            yield from (instance for instance in instances if instance.state == "running")


@rule(
    id="instance-no-profile",
    order=310,
    kind="instance",
    severity="info",
    title="Running instance without an instance profile",
    listings=(INSTANCES,),
    needs=(ASSOCIATIONS,),
    subjects=_without_instance_profile,
    ways={"attach": "gives it an instance profile; credentials are there within seconds, without a restart"},
    meaning=(
        "Applications on it find no credentials unless they bring their own, and Systems Manager reaches it "
        "only where Default Host Management is on. That may be meant."
    ),
    detection=(
        "The instance is running, DescribeInstances shows no instance profile, and no association is listed "
        "for it. Unknown where the associations of its region could not be read."
    ),
    error_texts=(
        "Unable to locate credentials",
        "Missing credentials - please check if this instance was started with an IAM instance profile",
    ),
    false_positives=(
        "Stopped instances and those that an AWS service manages are left out, and so is an instance whose "
        "association is only just being made or undone."
    ),
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html",
)
def instance_no_profile(instance: Instance, view: View) -> Draft | None:
    if instance.operator is not None and instance.operator.managed:
        return None
    if view.inventory.associations_of(instance):
        return None
    state = view.state(instance.account, instance.region, ASSOCIATIONS)
    if state == "loading":
        return None
    if state != "complete":
        return Unsure(
            cause=f"associations of {instance.region} not read",
            detail="DescribeInstances shows no instance profile, but whether one is on its way is not known. "
            + view.trouble(instance.account, instance.region, ASSOCIATIONS),
        )
    return Present(
        cause="no instance profile",
        detail=(
            "It runs without an instance profile: IMDS has no credentials for it. Applications that rely on "
            'them say "Unable to locate credentials". If they bring their own, nothing has to be done.'
        ),
    )
