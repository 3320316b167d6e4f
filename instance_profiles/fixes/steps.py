"""The steps that recipes are made of: a call with what must hold before it and after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.fixes import calls
from instance_profiles.fixes.conditions import (
    AnyCondition,
    AssociationGone,
    AssociationIs,
    AssociationListed,
    AssociationMade,
    InstanceIn,
    InstanceProfileGone,
    InstanceProfileHolds,
    InstanceShows,
    NoAssociation,
    RoleUnchanged,
)
from instance_profiles.fixes.plan import Step
from instance_profiles.fixes.situation import CHANGEABLE

if TYPE_CHECKING:
    from instance_profiles.fixes.calls import Target
    from instance_profiles.inventory.model import Association, ContainedRole, Instance, Role

NOT_SEEN_YET = ("Invalid IAM Instance Profile", "InstanceIdentityProfileNotFound")
"""What EC2 says of an instance profile that IAM made seconds to minutes ago."""
NOT_GONE_YET = ("existing association",)
"""What EC2 says while an association that was just taken off is still on its way out."""

_SETTLED = ("associated",)
_ON_THE_WAY = ("associating", "associated")


# -- IAM ---------------------------------------------------------------------------------------------------


def add_role(target: Target, role: Role | ContainedRole, *, group: str = "") -> Step:
    """Put a role into an instance profile that is empty."""
    holds = InstanceProfileHolds(target.name, target.instance_profile_id, role.role_id)
    empty = InstanceProfileHolds(target.name, target.instance_profile_id, None)
    return Step(
        calls.add_role(target, role),
        before=(empty, role_there(role)),
        after=(holds,),
        taken_back=(empty,),
        timeout=40.0,
        interval=1.0,
        group=group,
        waits_for=("cannot be found",) if target.instance_profile_id is None else (),
    )


def remove_role(target: Target, role: Role | ContainedRole, *also: AnyCondition, group: str = "") -> Step:
    """Take the role out of an instance profile; `also` must hold before as well."""
    empty = InstanceProfileHolds(target.name, target.instance_profile_id, None)
    return Step(
        calls.remove_role(target, role),
        before=(
            InstanceProfileHolds(target.name, target.instance_profile_id, role.role_id),
            role_there(role),
            *also,
        ),
        after=(empty,),
        # Any id: taking back a deletion makes the instance profile anew, and then this is taken back.
        taken_back=(InstanceProfileHolds(target.name, None, role.role_id),),
        timeout=40.0,
        interval=1.0,
        group=group,
    )


def create_instance_profile(target: Target, *, group: str = "", tags: dict[str, str] | None = None) -> Step:
    return Step(
        calls.create_instance_profile(target, tags),
        before=(InstanceProfileGone(target.name),),
        after=(InstanceProfileHolds(target.name, None, None),),
        taken_back=(InstanceProfileGone(target.name),),
        timeout=40.0,
        interval=1.0,
        group=group,
    )


def delete_instance_profile(
    target: Target, tags: dict[str, str] | None, *also: AnyCondition, group: str = ""
) -> Step:
    """Delete an instance profile that is empty; `also` must hold before as well."""
    return Step(
        calls.delete_instance_profile(target, tags),
        before=(InstanceProfileHolds(target.name, target.instance_profile_id, None), *also),
        after=(InstanceProfileGone(target.name),),
        taken_back=(InstanceProfileHolds(target.name, None, None),),
        timeout=40.0,
        interval=1.0,
        group=group,
    )


def role_there(role: Role | ContainedRole) -> RoleUnchanged:
    """The role still exists and is the one that the plan means."""
    return RoleUnchanged(role.role_name, role.role_id)


# -- associations --------------------------------------------------------------------------------------------


def attach(instance: Instance, target: Target) -> Step:
    """Associate an instance that has no association."""
    return Step(
        calls.associate(instance, target),
        before=(_changeable(instance), _none(instance), _holds(target)),
        after=(_associated(instance, target),),
        happened=(_made(instance, target),),
        taken_back=(_none(instance),),
        timeout=120.0,
        group=_group(instance),
        waits_for=NOT_SEEN_YET,
    )


def detach(instance: Instance, association: Association, old: Target | None, *, alone: bool) -> Step:
    """Take one association off; others of the instance (not `alone`) stay."""
    gone = AssociationGone(instance.region, instance.instance_id, association.association_id)
    return Step(
        calls.disassociate(instance, association.association_id, old),
        before=(
            AssociationListed(
                instance.region,
                instance.instance_id,
                association.association_id,
                ("associating", "associated", "disassociating"),
            ),
        ),
        after=(_none(instance) if alone else gone,),
        taken_back=(_associated(instance, old, _ON_THE_WAY),) if old else (),
        group=_group(instance),
    )


def replace(instance: Instance, association: Association, target: Target, old: Target | None) -> Step:
    """Put another instance profile in the place of the one a running instance has, without a gap."""
    return Step(
        calls.replace_association(instance, association.association_id, target, old),
        before=(
            InstanceIn(instance.region, instance.instance_id, ("running",)),
            _just(association, _SETTLED),
            _holds(target),
        ),
        after=(_associated(instance, target, _SETTLED),),
        happened=(_made(instance, target),),
        taken_back=(_associated(instance, old, _SETTLED),) if old else (),
        timeout=120.0,
        group=_group(instance),
        waits_for=NOT_SEEN_YET,
    )


def reattach(
    instance: Instance, association: Association, target: Target, old: Target | None
) -> tuple[Step, Step]:
    """Take the association off and make a new one, on a running or stopped instance.

    `old` None: what the instance points to is gone, so that nothing can bring it back.
    """
    off = Step(
        calls.disassociate(instance, association.association_id, old),
        before=(_changeable(instance), _just(association, _ON_THE_WAY), _holds(target)),
        after=(_none(instance),),
        happened=(_leaving(association),),
        taken_back=(_associated(instance, old, _ON_THE_WAY),) if old else (),
        group=_group(instance),
    )
    on = Step(
        calls.associate(instance, target, inverse=old is not None),
        before=(_changeable(instance), _none(instance), _holds(target)),
        after=(_associated(instance, target),),
        happened=(_made(instance, target),),
        taken_back=(_none(instance),) if old else (),
        timeout=120.0,
        group=_group(instance),
        waits_for=(*NOT_SEEN_YET, *NOT_GONE_YET),
    )
    return off, on


def attached_well(instance: Instance, target: Target) -> tuple[AnyCondition, ...]:
    """What proves at the end that the instance has the instance profile."""
    shows = InstanceShows(instance.region, instance.instance_id, target.arn, target.instance_profile_id)
    return (_associated(instance, target), shows)


def _group(instance: Instance) -> str:
    return f"{instance.region}/{instance.instance_id}"


def _changeable(instance: Instance) -> InstanceIn:
    # The state at the time of the plan: what settles and how fast depends on it.
    states = (instance.state,) if instance.state in CHANGEABLE else CHANGEABLE
    return InstanceIn(instance.region, instance.instance_id, states)


def _none(instance: Instance) -> NoAssociation:
    return NoAssociation(instance.region, instance.instance_id)


def _holds(target: Target) -> InstanceProfileHolds:
    return InstanceProfileHolds(
        target.name, target.instance_profile_id, target.role.role_id if target.role else None
    )


def _just(association: Association, states: tuple[str, ...]) -> AssociationIs:
    """The association of the plan and no other."""
    ref = association.iam_instance_profile
    return AssociationIs(
        association.region, association.instance_id, association.association_id, ref.arn, ref.id, states
    )


def _associated(instance: Instance, target: Target, states: tuple[str, ...] | None = None) -> AssociationIs:
    # On a stopped instance `associating` is where an association rests until the start.
    settled = _ON_THE_WAY if instance.state == "stopped" else _SETTLED
    return AssociationIs(
        instance.region,
        instance.instance_id,
        None,
        target.arn,
        target.instance_profile_id,
        states or settled,
    )


def _made(instance: Instance, target: Target) -> AssociationMade:
    return AssociationMade(instance.region, instance.instance_id, target.arn, target.instance_profile_id)


def _leaving(association: Association) -> AssociationGone:
    return AssociationGone(
        association.region, association.instance_id, association.association_id, or_leaving=True
    )
