"""Which objects are in a state that is normal in passing and becomes a fault when it lasts."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from instance_profiles.inventory.model import Association, Instance
from instance_profiles.inventory.sightings import Passing
from instance_profiles.inventory.sources import ASSOCIATIONS, INSTANCES, SCALING_ACTIVITIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import InstanceProfile, ObjectRef, ScalingActivity
    from instance_profiles.inventory.sightings import PassingState, Place

_GONE = ("shutting-down", "terminated")
_NOT_VISIBLE = re.compile(
    r"Value \((?P<named>[^)]+)\) for parameter iamInstanceProfile\.(?:name|arn) is invalid"
)


def look(inventory: Inventory, now: datetime) -> None:
    """Bring the sightings of the inventory up to date; `now` is when it was last read (UTC).

    Only regions that are completely read count: what is half read proves neither a state nor its end.
    """
    places = _places(inventory)
    present = {passing: seen or now for passing, seen in _present(inventory) if passing.place in places}
    inventory.sightings.look(present, places)


def look_at(
    inventory: Inventory,
    now: datetime,
    instances: Iterable[tuple[str, str, str]],
    associations: Iterable[tuple[str, str, str]],
) -> frozenset[Passing]:
    """The same as `look` for single objects by key; returns the stays that began or ended."""
    present: dict[Passing, datetime] = {}
    objects: list[tuple[str, str, str]] = []
    for table, keys in ((inventory.instances, instances), (inventory.associations, associations)):
        for key in _in_read_places(keys, inventory):
            objects.append(key)
            item = table.get(key)
            if item is not None:
                for passing, seen in _stays(item, inventory):
                    present[passing] = seen or now
    return inventory.sightings.look_at(present, objects)


def _in_read_places(
    keys: Iterable[tuple[str, str, str]], inventory: Inventory
) -> Iterator[tuple[str, str, str]]:
    account = region = None
    is_read = False
    for key in keys:
        if key[1] != region or key[0] != account:
            account, region, _ = key
            is_read = _is_read((account, region), inventory)
        if is_read:
            yield key


def looks(inventory: Inventory, now: datetime, place: Place, limit: int) -> Iterator[frozenset[Passing]]:
    """The same as `look` for one region, by at most `limit` objects at a time."""
    account, region = place
    known = inventory.sightings.known_in(place)
    yield look_at(inventory, now, [(account, region, one.id) for one in known], ())
    yield look_at_launches(inventory, now, (place,))
    instances = tuple(inventory.instances.by_id(account, region))
    for start in range(0, len(instances), limit):
        yield look_at(
            inventory, now, [(account, region, str(one)) for one in instances[start : start + limit]], ()
        )
    associations = tuple(inventory.associations.by_id(account, region))
    for start in range(0, len(associations), limit):
        yield look_at(
            inventory, now, (), [(account, region, str(one)) for one in associations[start : start + limit]]
        )


def look_at_launches(inventory: Inventory, now: datetime, places: Iterable[Place]) -> frozenset[Passing]:
    """The same as `look` for launches that EC2 refused in these places."""
    whole = {place for place in places if _is_read(place, inventory)}
    inventory.sightings.places.update(whole)
    before = [one for one in inventory.sightings.in_state("not-visible") if one.place in whole]
    present = {passing: now for passing in _refused_by_ec2(inventory) if passing.place in whole}
    return inventory.sightings.look_at(
        present, {(one.account, one.region, one.id) for one in (*before, *present)}
    )


def moving(association: Association) -> Passing | None:
    """The stay of an association on its way, None for one at rest."""
    match association.state:
        case "associated":
            return None
        case "associating" | "disassociating" as state:
            return Passing(association.account, association.region, association.association_id, state)
        case _:
            return None


def metadata_pending(instance: Instance) -> Passing | None:
    """The stay of a running instance whose metadata options are not applied yet, None where they are.

    In other states `pending` is normal, and was never seen on a running one.
    """
    options = instance.metadata_options
    if options is None or options.state != "pending" or instance.state != "running":
        return None
    wanted = f"{options.http_endpoint}/{options.http_tokens}/{options.http_put_response_hop_limit}"
    return Passing(instance.account, instance.region, instance.instance_id, "metadata-pending", wanted)


def unlike(instance: Instance, inventory: Inventory) -> Association | None:
    """The settled association of an instance that shows another instance profile, or none; else None.

    While an association is on its way the two may differ, so that then nothing is told.
    """
    if instance.state in _GONE:
        return None
    association = inventory.sole_association(instance)
    if association is None or association.state != "associated":
        return None
    shown = instance.iam_instance_profile
    settled = association.iam_instance_profile
    return None if shown is not None and shown.id == settled.id else association


def projection_mismatch(instance: Instance, inventory: Inventory) -> Passing | None:
    """The stay of an instance that shows another instance profile than its association has."""
    association = unlike(instance, inventory)
    if association is None:
        return None
    # A replacement makes a new association, so that a later mismatch is another one.
    return Passing(
        instance.account,
        instance.region,
        instance.instance_id,
        "projection-mismatch",
        association.association_id,
    )


def not_visible_since(profile: InstanceProfile, inventory: Inventory) -> datetime | None:
    """Since when EC2 refuses to launch with an instance profile that exists; None where it was not seen to.

    It is known by the last activities of scaling groups, as they were at the last `look`.
    """
    seen = inventory.sightings.known().items()
    wanted = (profile.account, profile.instance_profile_id, "not-visible")
    times = [since for passing, since in seen if (passing.account, passing.id, passing.state) == wanted]
    return min(times, default=None)


def refused_launches(inventory: Inventory) -> Iterator[tuple[ScalingActivity, InstanceProfile]]:
    """The last activities of scaling groups that EC2 refused for an instance profile that existed by then."""
    for group in inventory.groups_with_activities():
        if not inventory.is_complete(group.account, group.region, SCALING_ACTIVITIES):
            continue
        last = next(iter(inventory.activities_of(group)), None)
        profile = named_in(last, inventory) if last is not None else None
        if last is not None and profile is not None and last.start_time >= profile.create_date:
            yield last, profile


def says_invalid(activity: ScalingActivity) -> bool:
    """Whether EC2 refused a launch because it knows no instance profile of that name or ARN."""
    return activity.status_code == "Failed" and bool(_NOT_VISIBLE.search(activity.status_message))


def waiting_instances(inventory: Inventory) -> list[ObjectRef]:
    """Instances whose state only another look shows to last; those whose association moves are left out."""
    refs: dict[ObjectRef, None] = {}
    for passing in inventory.sightings.known():
        if passing.state in _OF_INSTANCES:
            instance = inventory.instance(passing.account, passing.region, passing.id)
            if instance is not None:
                refs[instance.ref] = None
    return list(refs)


_OF_INSTANCES: tuple[PassingState, ...] = ("metadata-pending", "projection-mismatch")


def _places(inventory: Inventory) -> set[Place]:
    return {
        (account, region)
        for account, region, source in inventory.coverage
        if source == INSTANCES and region is not None and _is_read((account, region), inventory)
    }


def _is_read(place: Place, inventory: Inventory) -> bool:
    return inventory.is_complete(*place, INSTANCES) and inventory.is_complete(*place, ASSOCIATIONS)


def _present(inventory: Inventory) -> Iterator[tuple[Passing, datetime | None]]:
    """Each stay, with when it was first seen where the object itself tells."""
    items: Iterable[Instance | Association] = chain(inventory.associations, inventory.instances)
    for item in items:
        stays = _stays(item, inventory)
        if stays:
            yield from stays
    for passing in _refused_by_ec2(inventory):
        yield passing, None


def _stays(item: Instance | Association, inventory: Inventory) -> Iterable[tuple[Passing, datetime | None]]:
    """Nearly all have none, and that has to be told fast."""
    if isinstance(item, Association):
        passing = moving(item)
        return ((passing, item.first_seen),) if passing is not None else ()
    pending, mismatch = metadata_pending(item), projection_mismatch(item, inventory)
    if pending is mismatch is None:
        return ()
    return [(found, None) for found in (pending, mismatch) if found is not None]


def _refused_by_ec2(inventory: Inventory) -> Iterator[Passing]:
    found = {
        Passing(last.account, last.region, profile.instance_profile_id, "not-visible"): None
        for last, profile in refused_launches(inventory)
    }
    yield from found


def named_in(activity: ScalingActivity, inventory: Inventory) -> InstanceProfile | None:
    """The instance profile that EC2 called invalid when it refused a launch; None where it did not."""
    told = _NOT_VISIBLE.search(activity.status_message) if activity.status_code == "Failed" else None
    if told is None:
        return None
    named = told["named"]
    if named.startswith("arn:"):
        return inventory.instance_profile_by_arn(named)
    profile = inventory.instance_profile_by_name(activity.account, named)
    # EC2 compares with case: one that differs in it is a wrong name, and stays invisible for ever.
    return profile if profile is not None and profile.instance_profile_name == named else None
