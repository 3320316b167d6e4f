from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.patching import patch_tag
from instance_profiles.findings.references import launch_sources, written
from instance_profiles.findings.rule import Draft, Present, Unsure, rule
from instance_profiles.findings.wording import refs, sentences
from instance_profiles.inventory.sources import (
    ASSOCIATIONS,
    AUTO_SCALING_GROUPS,
    INSTANCES,
    LAUNCH_CONFIGURATIONS,
    LAUNCH_TEMPLATE_VERSIONS,
    MANAGED_NODES,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.view import View
    from instance_profiles.inventory.model import AutoScalingGroup, Instance


def _without_instance_profile(view: View) -> Iterable[Instance]:
    return (instance for instance in view.unattached if instance.state == "running")


@rule(
    id="instance-no-profile",
    order=310,
    kind="instance",
    severity="info",
    title="Running instance without an instance profile",
    listings=(INSTANCES,),
    needs=(ASSOCIATIONS, MANAGED_NODES, AUTO_SCALING_GROUPS, LAUNCH_TEMPLATE_VERSIONS, LAUNCH_CONFIGURATIONS),
    subjects=_without_instance_profile,
    ways={"attach": "gives it an instance profile; credentials are there within seconds, without a restart"},
    meaning=(
        "Applications on it find no credentials unless they bring their own, and Systems Manager reaches it "
        "only where Default Host Management is on. That may be meant, so it is a note; it is a warning where "
        "something says that the instance should have one: its scaling group launches with one, or it is "
        "in a patch group and Systems Manager does not list it."
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
    group = view.inventory.group_of(instance)
    wanted = _launched_with(group, view) if group else ""
    tag = _unpatched(instance, view)
    return Present(
        cause="no instance profile",
        detail=sentences(
            "It runs without an instance profile: IMDS has no credentials for it. Applications that rely on "
            'them say "Unable to locate credentials".',
            f"Scaling group {group.auto_scaling_group_name} launches with {wanted}."
            if group and wanted
            else "",
            f"Its tag {tag} puts it into a patch group, and Systems Manager does not list it." if tag else "",
            "" if wanted or tag else "If they bring their own, nothing has to be done.",
        ),
        related=refs([group.ref if group and wanted else None]),
        severity="warning" if wanted or tag else "info",
    )


def _launched_with(group: AutoScalingGroup, view: View) -> str:
    """The instance profile that the group launches with by now, as it is written; empty for none."""
    sources = launch_sources(group, view.inventory)
    return next((reference for source in sources if (reference := written(source))), "")


def _unpatched(instance: Instance, view: View) -> str | None:
    listed = view.state(instance.account, instance.region, MANAGED_NODES) == "complete"
    return patch_tag(instance) if listed and view.inventory.managed_node(instance) is None else None
