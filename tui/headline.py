"""The two lines on top: who and where, how old the data is, what is wrong, which view is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.words import ago, counted

if TYPE_CHECKING:
    from instance_profiles.inventory.inventory import Inventory
    from tui.store import Store


def identity_of(arn: str) -> str:
    """What people call a caller: the user's name, or the role and its session."""
    resource = arn.rpartition(":")[2]
    kind, _, rest = resource.partition("/")
    return rest if kind == "assumed-role" else rest.rpartition("/")[2] or resource


def progress(inventory: Inventory) -> tuple[int, int]:
    """Sources that have ended, and sources in all."""
    states = [coverage.state for coverage in inventory.coverage.values()]
    return sum(1 for state in states if state != "loading"), len(states)


def facts_of(store: Store) -> str:
    """Regions, instances and the age of the data, or how far the reading is."""
    inventory = store.inventory
    regions = {region for asked in inventory.asked_regions.values() for region in asked}
    parts = [counted(len(regions), "region")] if regions else []
    parts += [counted(len(inventory.instances), "instance")] if len(inventory.instances) else []
    if store.loading:
        done, total = progress(inventory)
        parts.append(f"reading {done} of {total}" if total else "reading")
    elif store.loaded_at is not None:
        parts.append(ago(store.clock(), store.loaded_at))
    return " · ".join(parts)
