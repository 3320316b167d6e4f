"""What a plan changes behind the back of a tool or service that owns it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from instance_profiles.findings.owner import Owner, belongs
from instance_profiles.findings.ownership import owner_of, owner_of_ref
from instance_profiles.fixes.drift import taking_over, told
from instance_profiles.inventory.model import Instance, ObjectRef

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.ownership import Ownable
    from instance_profiles.fixes.plan import Call, Step
    from instance_profiles.inventory.inventory import Inventory

_WARNED = 4
_PUTS_IN_OR_OUT = frozenset({"AddRoleToInstanceProfile", "RemoveRoleFromInstanceProfile"})


class Touched(msgspec.Struct, frozen=True):
    """An object that calls of a plan change, who owns it, and the operations in their order."""

    ref: ObjectRef
    owner: Owner
    operations: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.ref.name


def owners_touched(steps: Iterable[Step], account: str, inventory: Inventory) -> tuple[Touched, ...]:
    """The owned objects that the calls change, each once, in the order of the calls.

    An instance that ends with the instance profile it had is not changed: its owner finds what it made.
    """
    found: dict[ObjectRef, tuple[Ownable, list[Call]]] = {}
    for step in steps:
        changed = _changed_by(step, account, inventory)
        if changed is not None:
            found.setdefault(changed.ref, (changed, []))[1].append(step.call)
    return tuple(
        Touched(ref, owner, tuple(call.operation for call in calls))
        for ref, (changed, calls) in found.items()
        if not _ends_as_it_was(changed, calls) and (owner := owner_of(changed, inventory)) is not None
    )


def owner_warnings(touched: Iterable[Touched], said: Iterable[str] = ()) -> tuple[str, ...]:
    """One warning for each owner, place and kind; what `said` names already as the manager is left out."""
    groups: dict[tuple[Owner, str], list[Touched]] = {}
    for one in touched:
        if one.owner.id != "aws-service" or not any(one.owner.tool in text for text in said):
            groups.setdefault((one.owner, one.ref.kind), []).append(one)
    warnings = [told(own[0].owner, own[0].ref, own[0].operations, _called(own)) for own in groups.values()]
    if len(warnings) <= _WARNED:
        return tuple(warnings)
    rest = [own[0] for own in groups.values()][_WARNED:]
    several = f"{belongs(rest[0].owner, rest[0].name)} It and {len(rest) - 1} more have owners of their own."
    return (*warnings[:_WARNED], several)


def take_over_notes(
    steps: Iterable[Step], subject: ObjectRef, touched: Iterable[Touched], inventory: Inventory
) -> tuple[str, ...]:
    """How the tool that owns what a plan is about takes over the instance profiles that the plan makes.

    Without that its next run makes one of the same name, and fails because there is one.
    """
    operations = [(step.call.operation, step.call.parameters.get("InstanceProfileName")) for step in steps]
    deleted = {name for operation, name in operations if operation == "DeleteInstanceProfile"}
    made = [name for operation, name in operations if operation == "CreateInstanceProfile"]
    owner = owner_of_ref(subject, inventory)
    owners = dict.fromkeys((*((owner,) if owner else ()), *(one.owner for one in touched)))
    notes = (
        taking_over(one, str(name))
        for one in owners
        if one.certainty == "tag"
        for name in made
        if name not in deleted
    )
    return tuple(dict.fromkeys(note for note in notes if note))


def _called(own: list[Touched]) -> str:
    return own[0].name if len(own) == 1 else f"{own[0].name} (and {len(own) - 1} more)"


def _changed_by(step: Step, account: str, inventory: Inventory) -> Ownable | None:
    call, parameters = step.call, step.call.parameters
    if call.service == "iam":
        profile, role = parameters.get("InstanceProfileName"), parameters.get("RoleName")
        if isinstance(profile, str):
            return inventory.instance_profile_by_name(account, profile)
        if isinstance(role, str) and call.operation not in _PUTS_IN_OR_OUT:
            return inventory.role_by_name(account, role)
        return None
    region = call.region
    if region is None:
        return None
    template, group = parameters.get("LaunchTemplateId"), parameters.get("AutoScalingGroupName")
    if isinstance(group, str):
        return inventory.auto_scaling_groups.get((account, region, group))
    if isinstance(template, str):
        return next(
            (
                version
                for version in inventory.launch_template_versions
                if (version.account, version.region, version.launch_template_id)
                == (account, region, template)
            ),
            None,
        )
    return _instance_changed_by(step, account, region, inventory)


def _instance_changed_by(step: Step, account: str, region: str, inventory: Inventory) -> Instance | None:
    parameters = step.call.parameters
    instance_id, association_id = parameters.get("InstanceId"), parameters.get("AssociationId")
    if isinstance(association_id, str):
        association = inventory.associations.get((account, region, association_id))
        instance_id = association.instance_id if association else None
    elif association_id is not None:
        # An association that an earlier step makes has no id yet; its steps are grouped by the instance.
        instance_id = step.group.partition("/")[2]
    return inventory.instance(account, region, instance_id) if isinstance(instance_id, str) else None


def _ends_as_it_was(changed: Ownable, calls: list[Call]) -> bool:
    if not isinstance(changed, Instance) or changed.iam_instance_profile is None:
        return False
    if not all("IamInstanceProfile" in call.operation for call in calls):
        return False
    named = calls[-1].parameters.get("IamInstanceProfile")
    return isinstance(named, dict) and named.get("Arn") == changed.iam_instance_profile.arn
