from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.transitions import Transition, in_state, transition, unsure_of_instance
from instance_profiles.findings.wording import sentences
from instance_profiles.inventory.sources import ASSOCIATIONS, INSTANCE_PROFILES, INSTANCES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.view import View
    from instance_profiles.inventory.model import Association


def _associating(view: View) -> Iterable[Association]:
    return in_state("associating", view)


@rule(
    id="association-stuck-associating",
    order=420,
    kind="association",
    severity="error",
    title="Association that does not come about",
    listings=(ASSOCIATIONS,),
    needs=(INSTANCES, INSTANCE_PROFILES),
    subjects=_associating,
    ways={
        "repair-trust": "the usual cause: EC2 may not assume the role; EC2 tries again by itself afterwards",
        "reattach": "makes EC2 start over, where the trust policy is in order",
    },
    meaning=(
        "EC2 calls an association associated once it could assume the role; a healthy one takes a second. "
        "One that stays `associating` while the instance runs has no credentials to give. There is no failed "
        "state, and the call that made it succeeded."
    ),
    detection=(
        "State `associating` while the instance runs: at once where the trust policy of its role certainly "
        "does not allow EC2; else a warning when first seen 15 seconds ago, an error after 60. An instance "
        "that was started less than two minutes ago is given the 60 seconds."
    ),
    error_texts=(
        '"Code" : "AssumeRoleUnauthorizedAccess", "Message" : "EC2 cannot assume the role …"',
        "Unable to locate credentials",
    ),
    false_positives=(
        "On a stopped instance `associating` is the resting state and never a fault. AWS sends no time, so "
        "the age counts from the first time it was seen."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_iam-ec2.html",
)
def association_stuck_associating(association: Association, view: View) -> Draft | None:
    found = transition(association, view)
    if found is None:
        return unsure_of_instance(association, view)
    if found.phase == "moving":
        return None
    if found.phase == "refused":
        return _refused(found)
    stuck = found.phase == "stuck"
    trusted = found.trust is not None and found.trust.decision == "allow"
    return Present(
        cause=f"attaching for over {60 if stuck else 15} s",
        detail=sentences(
            f"{association.iam_instance_profile.name} is still being attached to {found.instance.name}, "
            f"which "
            "is running; a healthy one takes a second.",
            "The trust policy of its role allows EC2, so start over with it; if that does not help, stop and "
            "start the instance."
            if trusted
            else "Usually EC2 cannot assume the role.",
            "Until then applications on it find no credentials.",
        ),
        related=found.related,
        severity="error" if stuck else "warning",
        fixes=("reattach",) if trusted else None,
    )


_REFUSED = {
    "explicit-deny": "attaching, but its role denies EC2",
    "no-statement": "attaching, but role does not trust EC2",
    "unknown": "attaching, but its role asks what EC2 never meets",
}


def _refused(found: Transition) -> Present:
    return Present(
        cause=_REFUSED[found.trust.decision] if found.trust else "attaching, but EC2 may not assume the role",
        detail=sentences(
            f"{found.association.iam_instance_profile.name} cannot be attached to {found.instance.name}: EC2 "
            "cannot assume the role.",
            found.refusal or "",
            'It stays associating, and IMDS says "AssumeRoleUnauthorizedAccess".',
        ),
        related=found.related,
    )
