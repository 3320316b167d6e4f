from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.wording import refs
from instance_profiles.inventory.passing import projection_mismatch
from instance_profiles.inventory.sources import ASSOCIATIONS, INSTANCES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.view import View
    from instance_profiles.inventory.model import Association

PATIENCE = timedelta(seconds=60)


def _settled_otherwise(view: View) -> Iterable[Association]:
    """Those whose instance was seen to show something else, at whatever age."""
    for passing in view.inventory.sightings.in_state("projection-mismatch"):
        association = view.inventory.associations.get((passing.account, passing.region, passing.of))
        if association is not None:
            yield association


@rule(
    id="association-projection-mismatch",
    order=450,
    kind="association",
    severity="warning",
    title="Instance that shows another instance profile than it is associated with",
    listings=(ASSOCIATIONS, INSTANCES),
    subjects=_settled_otherwise,
    ways={"reattach": "detaches and attaches, after which EC2 shows what is attached"},
    meaning=(
        "EC2 keeps the association and the description of the instance apart; after a change they differ for "
        "a moment. When they still do after a minute, tools that read one of them are wrong about it, and it "
        "is not certain which credentials the instance gets. It is a warning, for one of them works. Reload "
        "first."
    ),
    detection=(
        "The one association of an instance is `associated`, DescribeInstances shows another unique id or "
        "none, and that was first seen more than 60 seconds ago."
    ),
    false_positives=(
        "While an association is on its way, and for a minute after, they may differ: then nothing is told. "
        "The clock is that of this machine and begins at first sight. Several associations of one instance "
        "are `association-multiple-active`."
    ),
    source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IamInstanceProfileAssociation.html",
)
def association_projection_mismatch(association: Association, view: View) -> Draft | None:
    inventory = view.inventory
    instance = inventory.instance(association.account, association.region, association.instance_id)
    passing = projection_mismatch(instance, inventory) if instance else None
    since = inventory.sightings.since(passing) if passing else None
    if instance is None or since is None or view.now - since <= PATIENCE:
        return None
    shown, settled = instance.iam_instance_profile, association.iam_instance_profile
    seconds = int((view.now - since).total_seconds())
    profiles = (inventory.instance_profile_of(instance), inventory.instance_profile_of(association))
    return Present(
        cause=f"instance shows {shown.name if shown else 'no instance profile'}",
        detail=(
            f"The association is with {settled.arn} ({settled.id}); DescribeInstances shows "
            f"{f'{shown.arn} ({shown.id})' if shown else 'none'} for {instance.name}, first seen {seconds:,} "
            "s ago. Reload; if it stays so, detach and attach."
        ),
        related=refs([instance.ref, *(profile.ref for profile in profiles if profile)]),
    )
