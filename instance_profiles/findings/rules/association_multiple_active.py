from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.transitions import STUCK
from instance_profiles.findings.wording import count, listed, refs, sentences
from instance_profiles.inventory.model import Association, Instance, ObjectRef
from instance_profiles.inventory.sources import ASSOCIATIONS, INSTANCES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.view import View


class _Crowded(msgspec.Struct, frozen=True):
    instance: Instance
    associations: tuple[Association, ...]

    @property
    def ref(self) -> ObjectRef:
        return self.instance.ref


def _crowded(view: View) -> Iterable[_Crowded]:
    """Instances with several associations, where the associations of their region are completely read."""
    for associations in view.crowds:
        found = [association for association in associations if association.state != "disassociated"]
        instance = view.instance_of(found[0]) if len(found) > 1 else None
        if instance and view.state(instance.account, instance.region, ASSOCIATIONS) == "complete":
            yield _Crowded(instance, tuple(sorted(found, key=lambda a: a.association_id)))


@rule(
    id="association-multiple-active",
    order=440,
    kind="instance",
    severity="error",
    title="Instance with several associations",
    listings=(ASSOCIATIONS, INSTANCES),
    subjects=_crowded,
    ways={
        "detach": "takes away all but the one that the instance shows",
        "attach": "gives it an instance profile again, if none is left",
    },
    meaning=(
        "An instance has one instance profile. With two associations it is a matter of chance which role's "
        "credentials an application gets, and EC2 refuses further changes."
    ),
    detection=(
        "Two or more associations of one instance are `associated` at once, or two or more in any state have "
        "been seen for 60 seconds."
    ),
    error_texts=(
        "IncorrectState: There is an existing association for instance i-…",
        "IncorrectState: The association iip-assoc-… is not the active association",
    ),
    false_positives=(
        "During a replacement an instance has two for a moment, one `associating` and one `disassociating`: "
        "that is `association-in-transition`. Nothing is told while the associations are being read, since a "
        "page read before a replacement and one after it may show both."
    ),
    source="https://repost.aws/knowledge-center/attach-replace-ec2-instance-profile",
)
def association_multiple_active(crowded: _Crowded, view: View) -> Draft | None:
    associations = crowded.associations
    associated = [association for association in associations if association.state == "associated"]
    newest = max(association.first_seen or view.now for association in associations)
    if len(associated) < 2 and view.now - newest < STUCK:
        return None
    profiles = [view.inventory.instance_profile_of(association) for association in associations]
    shown = crowded.instance.iam_instance_profile
    return Present(
        cause=f"{count(len(associations), 'association')} at once",
        detail=sentences(
            f"It has {count(len(associations), 'association')}: "
            + ", ".join(f"{a.iam_instance_profile.name} ({a.state})" for a in associations)
            + ".",
            f"The instance itself shows {shown.name}." if shown else "The instance itself shows none.",
            "Which role's credentials applications get is a matter of chance. Keep one and detach the "
            "others:",
            f"{listed(a.association_id for a in associations)}.",
        ),
        related=refs(
            [
                *(association.ref for association in associations),
                *(profile.ref if profile else None for profile in profiles),
            ]
        ),
    )
