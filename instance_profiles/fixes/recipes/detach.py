"""R6: take an instance profile off an instance, or the superfluous ones of several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.fixes import moving, steps
from instance_profiles.fixes.assemble import assemble, counted, managed_warnings
from instance_profiles.fixes.blast_radius import reach
from instance_profiles.fixes.conditions import AssociationGone
from instance_profiles.fixes.plan import CannotPlan, Plan
from instance_profiles.fixes.recipe import Recipe
from instance_profiles.fixes.situation import Situation, nothing_there, subject_instance

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.fixes.calls import Target
    from instance_profiles.inventory.model import Association, Instance


def build(situation: Situation, answers: Mapping[str, str]) -> Plan:
    instance = subject_instance(situation)
    if instance is None:
        raise nothing_there(situation)
    moving.check_changeable(instance)
    unwanted = _unwanted(situation, instance)
    alone = len(situation.inventory.associations_of(instance)) == 1
    made = [
        steps.detach(instance, association, _old(situation, association) if alone else None, alone=alone)
        for association in unwanted
    ]
    loses = alone and unwanted[0].state != "disassociating"
    return assemble(
        RECIPE,
        situation,
        title=f"Detach {_what(unwanted)} from {instance.name}",
        steps=made,
        reaches=reach(situation.inventory, instances=(instance,)),
        verify=tuple(
            AssociationGone(instance.region, instance.instance_id, association.association_id)
            for association in unwanted
        ),
        warnings=(
            *(
                ("The instance loses its credentials within seconds, and Systems Manager its way in.",)
                if loses
                else ()
            ),
            *managed_warnings((instance,)),
        ),
        delay="Gone within seconds; credentials already handed out stay valid until they expire.",
        undo="Attaches the same instance profile again."
        if made[0].call.inverse
        else "Cannot be undone: the association was on its way out or one too many.",
    )


def _unwanted(situation: Situation, instance: Instance) -> tuple[Association, ...]:
    """The associations to take off: the one in question, all but the one in force, or the only one."""
    there = situation.inventory.associations_of(instance)
    if not there:
        raise CannotPlan(f"{instance.name} has no association to take off; reload and look again.")
    if situation.subject.kind == "association":
        return tuple(a for a in there if a.association_id == situation.subject.id)
    if len(there) == 1:
        return there
    shown = instance.iam_instance_profile
    in_force = [a for a in there if shown and a.iam_instance_profile.id == shown.id]
    if not in_force:
        raise CannotPlan(
            f"None of the {len(there)} associations of {instance.name} is the one that EC2 shows; "
            "start the fix from the association that is not wanted."
        )
    keep = next((a for a in in_force if a.state == "associated"), in_force[0])
    return tuple(a for a in there if a.association_id != keep.association_id)


def _old(situation: Situation, association: Association) -> Target | None:
    return None if association.state == "disassociating" else moving.old_target(situation, association)


def _what(unwanted: tuple[Association, ...]) -> str:
    if len(unwanted) == 1:
        return unwanted[0].iam_instance_profile.name
    return counted(len(unwanted), "superfluous association")


RECIPE = Recipe(
    name="detach",
    number="R6",
    title="Detach the instance profile",
    summary="Takes the association off; the instance gets no more credentials from it.",
    actions=(
        "ec2:AssociateIamInstanceProfile",
        "ec2:DisassociateIamInstanceProfile",
        "iam:PassRole",
    ),
    build=build,
)
