from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.transitions import in_state, transition, unsure_of_instance
from instance_profiles.inventory.sources import ASSOCIATIONS, INSTANCES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.view import View
    from instance_profiles.inventory.model import Association


def _disassociating(view: View) -> Iterable[Association]:
    return in_state("disassociating", view)


@rule(
    id="association-stuck-disassociating",
    order=430,
    kind="association",
    severity="error",
    title="Association that does not go away",
    listings=(ASSOCIATIONS,),
    needs=(INSTANCES,),
    subjects=_disassociating,
    ways={
        "detach": "asks for it once more; asking twice does no harm, and an id that is gone counts as done",
        "attach": "gives the instance an instance profile again, once the old association is gone",
    },
    meaning=(
        "Detaching takes less than a second. While the association stays `disassociating`, nothing else can "
        "be attached. If asking again does not help, stop and start the instance; after that it is for AWS "
        "support."
    ),
    detection=(
        "State `disassociating`: on a running instance a warning when first seen 15 seconds ago; on any "
        "instance that is not gone an error after 60."
    ),
    error_texts=(
        "IncorrectState: The association iip-assoc-… is not the active association",
        "IncorrectState: There is an existing association for instance i-…",
    ),
    false_positives="AWS sends no time, so the age counts from the first time it was seen.",
    source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisassociateIamInstanceProfile.html",
)
def association_stuck_disassociating(association: Association, view: View) -> Draft | None:
    found = transition(association, view)
    if found is None:
        return unsure_of_instance(association, view)
    if found.phase == "moving":
        return None
    stuck = found.phase == "stuck"
    return Present(
        cause=f"detaching for over {60 if stuck else 15} s",
        detail=(
            f"{association.iam_instance_profile.name} is still being detached from {found.instance.name}; "
            f"that "
            "takes less than a second when all is well. Until it is gone, no other instance profile can be "
            "attached, and credentials come and go unreliably."
        ),
        related=found.related,
        severity="error" if stuck else "warning",
    )
