from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.arns import account_of
from instance_profiles.findings.rule import Draft, Present, Unsure, rule
from instance_profiles.inventory.sources import INSTANCE_PROFILES, INSTANCES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.view import View
    from instance_profiles.inventory.model import Instance


def _attached_to_unlisted(view: View) -> Iterable[Instance]:
    for ref, instances in view.attached_to_unlisted:
        if view.inventory.instance_profile_by_arn(ref.arn) is None:
            yield from instances


@rule(
    id="instance-profile-deleted",
    order=320,
    kind="instance",
    severity="error",
    title="Instance attached to an instance profile that was deleted",
    listings=(INSTANCES,),
    needs=(INSTANCE_PROFILES,),
    subjects=_attached_to_unlisted,
    ways={
        "reattach": "detaches what is gone and attaches an instance profile that exists; running or stopped",
        "replace-association": "the same in one call on a running instance",
        "create-instance-profile": "makes one of that name again; each instance must then be attached to "
        "it anew",
    },
    meaning=(
        "IAM deletes an instance profile even while instances use it. They keep pointing to it, keep the "
        "credentials they have until these expire, and get no new ones. Creating one of the same name does "
        "not heal them: it has another id."
    ),
    detection=(
        "Neither the ARN nor the id that the instance holds is in the complete list of instance profiles of "
        "the account in that ARN. Unknown where that list could not be read."
    ),
    error_texts=('"Code" : "InstanceProfileNotFound"', "Unable to locate credentials"),
    false_positives=(
        "Judged only once the whole list has arrived. Where an instance profile of the same ARN exists, it "
        "is `instance-profile-stale-id` instead. Terminated instances are left out."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_iam-ec2.html",
)
def instance_profile_deleted(instance: Instance, view: View) -> Draft | None:
    ref = instance.iam_instance_profile
    if ref is None:
        return None
    owner = account_of(ref.arn) or instance.account
    if owner != instance.account and owner not in view.inventory.callers:
        return Unsure(
            cause=f"account {owner} is not loaded",
            detail=f"The instance holds {ref.arn}, which belongs to an account that this run does not read.",
        )
    state = view.state(owner, None, INSTANCE_PROFILES)
    if state == "loading":
        return None
    if state != "complete":
        return Unsure(
            cause="instance profiles not read",
            detail=f"Whether {ref.arn} exists is not known. {view.trouble(owner, None, INSTANCE_PROFILES)}",
        )
    return Present(
        cause=f"instance profile {ref.name} was deleted",
        detail=(
            f"It is attached to {ref.arn} ({ref.id}), and no instance profile of account {owner} has that "
            f"ARN. "
            "Credentials it already has work until they expire, some hours at most; then applications find "
            "none. A new instance profile of the same name has to be attached before it helps."
        ),
    )
