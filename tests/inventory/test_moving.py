"""The associations on their way are found without walking all of them."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.large_inventory import NOW, LargeInventory
from instance_profiles.inventory.inventory import Inventory

ASSOCIATIONS = [one for some in LargeInventory(30, 5, faults=0).associations.values() for one in some]
STATES = st.sampled_from(["associating", "associated", "disassociating", "failed"])


@given(st.lists(st.tuples(st.integers(0, len(ASSOCIATIONS) - 1), st.one_of(STATES, st.none())), max_size=40))
def test_they_are_those_in_passing_states_whatever_comes_and_goes(changes) -> None:
    inventory = Inventory(lambda: NOW)
    for number, state in changes:
        one = ASSOCIATIONS[number]
        if state is not None:
            inventory.put(msgspec.structs.replace(one, state=state))
        elif inventory.associations.get(inventory.associations.key(one)) is not None:
            inventory.remove(one)
    moving = {one.association_id for one in inventory.moving_associations()}
    assert moving == {
        one.association_id for one in inventory.associations if one.state in ("associating", "disassociating")
    }


def test_no_more_are_looked_at_than_move() -> None:
    inventory = Inventory(lambda: NOW)
    for one in ASSOCIATIONS:
        inventory.put(one)
    moving = msgspec.structs.replace(ASSOCIATIONS[3], state="associating", first_seen=NOW)
    inventory.put(moving)
    inventory.associations._places = {}  # nothing but the index is left
    assert [one.association_id for one in inventory.moving_associations()] == [moving.association_id]
