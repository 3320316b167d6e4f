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


def targets_besides(situation: Situation) -> tuple[Candidate, ...]:
    """Instance profiles to move to: another than the present one, those of a like name first."""
    return instance_profile_choices(
        situation, like=_names(situation), without={ref_id for ref_id, _ in _present(situation)}
    )


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
    group = inventory.group_of(instance)
    for specification in group.launch_templates if group else ():
        version = inventory.resolve(instance.account, instance.region, specification)
        named = inventory.instance_profile_named_by(version) if version else None
        if named is not None:
            like.append(named.instance_profile_name)
    siblings = Counter(
        other.iam_instance_profile.name
        for other in inventory.instances
        if other.account == instance.account
        and other.iam_instance_profile
        and _stem(other.name) == _stem(instance.name)
    )
    like += [name for name, _ in siblings.most_common(1)]
    return instance_profile_choices(situation, like=like)


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
