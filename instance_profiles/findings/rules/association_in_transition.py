from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.transitions import in_state, transition
from instance_profiles.inventory.sources import ASSOCIATIONS, INSTANCE_PROFILES, INSTANCES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.view import View
    from instance_profiles.inventory.model import Association


def _moving(view: View) -> Iterable[Association]:
    yield from in_state("associating", view)
    yield from in_state("disassociating", view)


@rule(
    id="association-in-transition",
    order=410,
    kind="association",
    severity="info",
    title="Association on its way",
    listings=(ASSOCIATIONS,),
    needs=(INSTANCES, INSTANCE_PROFILES),
    subjects=_moving,
    meaning=(
        "An instance profile is just being attached to a running instance, or detached. It takes about a "
        "second. After 15 seconds it is told as `association-stuck-associating` or "
        "`association-stuck-disassociating` instead; on an instance that was started less than two minutes "
        "ago, attaching has 60 seconds. During a replacement the instance has two associations, one each "
        "way. A change in the meantime may be refused."
    ),
    detection=(
        "State `associating` or `disassociating` on a running instance, first seen less than 15 seconds ago, "
        "or 60 while it attaches to one that was just started."
    ),
    error_texts=("IncorrectState: There is an existing association for instance i-…",),
    false_positives=(
        "On a stopped instance `associating` is the resting state and is not told. Where the role provably "
        "does not trust EC2 it is told as stuck at once."
    ),
    source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IamInstanceProfileAssociation.html",
)
def association_in_transition(association: Association, view: View) -> Draft | None:
    found = transition(association, view)
    if found is None or found.phase != "moving":
        return None
    way = "attached to" if association.state == "associating" else "detached from"
    return Present(
        cause="attaching" if association.state == "associating" else "detaching",
        detail=(
            f"{association.iam_instance_profile.name} is just being {way} {found.instance.name}. That takes "
            "about a second; reload to see it done."
        ),
        related=found.related,
    )
