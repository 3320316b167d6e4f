from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.wording import count, refs, sentences
from instance_profiles.inventory.sources import INSTANCE_PROFILES, INSTANCES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.view import View
    from instance_profiles.inventory.model import Instance


def _attached_to_another_id(view: View) -> Iterable[Instance]:
    for ref, instances in view.attached_to_unlisted:
        if view.inventory.instance_profile_by_arn(ref.arn) is not None:
            yield from instances


@rule(
    id="instance-profile-stale-id",
    order=330,
    kind="instance",
    severity="error",
    title="Instance that holds the id of a deleted instance profile",
    listings=(INSTANCES, INSTANCE_PROFILES),
    subjects=_attached_to_another_id,
    ways={
        "rebind-stale-instances": "detaches and attaches all instances of this instance profile that are "
        "stale",
        "reattach": "does so for this instance alone",
    },
    meaning=(
        "The instance profile was deleted and made again under the same name. Every console shows the same "
        "ARN, so all looks well, but the instance is bound to the id of the old one and gets no new "
        "credentials. A hot replacement with the same ARN may be taken for no change; detach and attach."
    ),
    detection="The ARN that the instance holds exists, with another unique id (AIPA…) than the one it holds.",
    error_texts=('"Code" : "InstanceProfileNotFound"', "Unable to locate credentials"),
    false_positives="Ids are never used twice, so a different one is proof.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_iam-ec2.html",
)
def instance_profile_stale_id(instance: Instance, view: View) -> Draft | None:
    ref = instance.iam_instance_profile
    profile = view.inventory.instance_profile_by_arn(ref.arn) if ref else None
    if ref is None or profile is None:
        return None
    others = len(view.inventory.instances_with_stale_id(profile)) - 1
    return Present(
        cause="holds a deleted id",
        detail=sentences(
            f"It holds {ref.id}, while {profile.instance_profile_name} is now {profile.instance_profile_id}: "
            "the instance profile was deleted and made again. IMDS answers InstanceProfileNotFound once the "
            "credentials it has expire.",
            f"{count(others, 'more instance')} {'is' if others == 1 else 'are'} in the same state."
            if others > 0
            else "",
        ),
        related=refs([profile.ref]),
    )
