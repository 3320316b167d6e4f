"""Whose trouble the row of an object shows: its own, or what is wrong with the objects below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from instance_profiles.inventory.model import Instance, InstanceProfile
from tui.verdicts import MARKS, mark_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from instance_profiles.findings.finding import Finding
    from instance_profiles.findings.scope import Judged
    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import Object
    from tui.verdicts import Verdicts


class Shown(NamedTuple):
    """What a row shows: the finding, how many objects below have it, and whether it is from below."""

    finding: Finding
    number: int = 1
    is_below: bool = False


def below(inventory: Inventory, item: Object | None) -> Iterator[Judged]:
    """The objects whose trouble is shown on the row of this one."""
    if isinstance(item, Instance):
        for one in inventory.associations_of(item):
            yield "association", one.account, one.region, one.association_id
    elif isinstance(item, InstanceProfile):
        for instance in inventory.instances_naming(item):
            yield "instance", instance.account, instance.region, instance.instance_id
        for one in inventory.associations_naming(item):
            yield "association", one.account, one.region, one.association_id
        role = inventory.role_in(item)
        if role is not None:
            yield "role", role.account, None, role.role_id
        for version in inventory.template_versions_naming(item):
            yield "launch-template", version.account, version.region, version.launch_template_id


def worst_shown(verdicts: Verdicts, about: Judged, lower: Iterable[Judged]) -> Shown | None:
    """What the row of an object shows, None where nothing is wrong.

    A note stays where it is, so that what is healthy looks it; only that an association moves is worth a row.
    """
    own = verdicts.of(about)
    found = [
        findings[0]
        for one in lower
        if (findings := verdicts.of(one)) and (mark_of(findings[0]) != "info" or one[0] == "association")
    ]
    worst = min(found, key=_rank, default=None)
    if worst is None or (own and _rank(own[0]) <= _rank(worst)):
        return Shown(own[0]) if own else None
    alike = sum(1 for one in found if one.rule == worst.rule and mark_of(one) == mark_of(worst))
    return Shown(worst, alike, is_below=True)


def shown_on_row(verdicts: Verdicts, inventory: Inventory, profile: InstanceProfile) -> Shown | None:
    """What the row of an instance profile shows."""
    about: Judged = ("instance-profile", profile.account, None, profile.instance_profile_id)
    return worst_shown(verdicts, about, below(inventory, profile))


def profiles_above(inventory: Inventory, about: Judged) -> Iterator[InstanceProfile]:
    """The instance profiles whose rows show the trouble of an object."""
    kind, account, region, name = about
    found: Iterable[InstanceProfile | None] = ()
    match kind:
        case "instance-profile":
            found = (inventory.instance_profiles.get((account, name)),)
        case "role":
            found = inventory.profiles_holding(name)
        case "instance" | "association":
            table = inventory.instances if kind == "instance" else inventory.associations
            user = table.get((account, region, name))
            ref = user.iam_instance_profile if user is not None else None
            if ref is not None:
                by_id = inventory.instance_profiles.get((account, ref.id))
                found = (by_id, inventory.instance_profile_by_arn(ref.arn))
        case "launch-template":
            versions = inventory.versions_with(account, str(region), name)
            found = map(inventory.instance_profile_named_by, versions)
    return (profile for profile in found if profile is not None)


def _rank(finding: Finding) -> int:
    return MARKS.index(mark_of(finding))
