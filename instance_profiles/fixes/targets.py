"""Which instance profiles suit the instances in question."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from instance_profiles.fixes.choices import instance_profile_choices
from instance_profiles.fixes.situation import attached, subject_instance, subject_role, users

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instance_profiles.fixes.recipe import Candidate
    from instance_profiles.fixes.situation import Situation
    from instance_profiles.inventory.model import Instance, InstanceProfile


def targets_besides(situation: Situation) -> tuple[Candidate, ...]:
    """Instance profiles to move to: what the template of its group names first, then those of a like name."""
    instance = subject_instance(situation)
    present = {ref_id for ref_id, _ in _present(situation)}
    named = [p for p in _of_template(situation, instance) if p.instance_profile_id not in present]
    like = [p.instance_profile_name for p in named] or _names(situation)
    return instance_profile_choices(situation, like=like, without=present)


def targets_same_first(situation: Situation) -> tuple[Candidate, ...]:
    """Instance profiles to attach again: the present one first, also where its role needs repair."""
    present = {ref_id for ref_id, _ in _present(situation)}
    inventory = situation.inventory
    arns = {p.arn for p in inventory.instance_profiles if p.instance_profile_id in present}
    found = instance_profile_choices(situation, like=_names(situation))
    return tuple(
        sorted(
            (
                msgspec.structs.replace(candidate, fit=True) if candidate.value in arns else candidate
                for candidate in found
            ),
            key=lambda candidate: candidate.value not in arns,
        )
    )


def targets_for_bare(situation: Situation) -> tuple[Candidate, ...]:
    """Instance profiles for an instance without: what its scaling group and its namesakes have first."""
    instance = subject_instance(situation)
    if instance is None:
        return ()
    like = [instance.name]
    inventory = situation.inventory
    like += [profile.instance_profile_name for profile in _of_template(situation, instance)]
    siblings = Counter(
        other.iam_instance_profile.name
        for other in inventory.instances
        if other.account == instance.account
        and other.iam_instance_profile
        and _stem(other.name) == _stem(instance.name)
    )
    like += [name for name, _ in siblings.most_common(1)]
    return instance_profile_choices(situation, like=like)


def _of_template(situation: Situation, instance: Instance | None) -> Iterator[InstanceProfile]:
    """What the launch template of an instance's scaling group names now."""
    inventory = situation.inventory
    group = inventory.group_of(instance) if instance else None
    for specification in group.launch_templates if group else ():
        version = inventory.resolve(group.account, group.region, specification) if group else None
        named = inventory.instance_profile_named_by(version) if version else None
        if named is not None:
            yield named


def _present(situation: Situation) -> Iterator[tuple[str, str]]:
    """Id and name of what the instances point to now."""
    for instance in users(situation):
        ref = attached(situation, instance)
        if ref is not None:
            yield ref.id, ref.name


def _names(situation: Situation) -> list[str]:
    role = subject_role(situation)
    names = [name for _, name in _present(situation)]
    return list(dict.fromkeys([*names, *((role.role_name,) if role else ())]))


def _stem(name: str) -> str:
    """The name without what numbers the machines of one kind: web-01 and web-02 are alike."""
    return name.rstrip("0123456789").rstrip("-_.")
