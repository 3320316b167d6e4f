"""The two lines on top: who and where, how old the data is, what is wrong, which view is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.held_up import held_up, ways_to_say
from tui.words import ASKING, ago, as_of, counted
from widgets.status_strip import StatusFacts
from widgets.title_line import TitleFacts

if TYPE_CHECKING:
    from instance_profiles.inventory.inventory import Inventory
    from tui.store import Mark, Store


def identity_of(arn: str) -> str:
    """What people call a caller: the user's name, or the role and its session."""
    resource = arn.rpartition(":")[2]
    kind, _, rest = resource.partition("/")
    return rest if kind == "assumed-role" else rest.rpartition("/")[2] or resource


def progress(inventory: Inventory) -> tuple[int, int]:
    """Sources that have ended, and sources in all."""
    states = [coverage.state for coverage in inventory.coverage.values()]
    return sum(1 for state in states if state != "loading"), len(states)


def size_of(inventory: Inventory) -> tuple[str, ...]:
    """How much was read, in words: regions and instances."""
    regions = {region for asked in inventory.asked_regions.values() for region in asked}
    facts = [counted(len(regions), "region")] if regions else []
    facts += [counted(len(inventory.instances), "instance")] if len(inventory.instances) else []
    return tuple(facts)


def title_of(store: Store, *, read_only: bool) -> TitleFacts:
    """The first line; with several accounts it counts them instead of naming one."""
    if store.picture is not None:
        live = TitleFacts(progress=_progress_of(store), waiting=_waiting(store), read_only=read_only)
        return store.picture.title(store.clock(), live)
    callers = list(store.inventory.callers.values())
    one = callers[0] if len(callers) == 1 else None
    name = (one.account_alias or one.named_profile or "") if one else ""
    return TitleFacts(
        account=name if one or not callers else counted(len(callers), "account"),
        account_id=one.account if one else "",
        identity=identity_of(one.arn) if one else "",
        facts=(*size_of(store.inventory), *_age_of(store)),
        progress=_progress_of(store),
        waiting=_waiting(store),
        read_only=read_only,
    )


def status_of(store: Store, view: int, shown: Mark | None) -> StatusFacts:
    """The second line."""
    if store.picture is not None:
        return store.picture.status(view)
    return StatusFacts(store.counts(), view, shown, len(store.muted), muted_shown=store.show_muted)


def _progress_of(store: Store) -> tuple[int, int] | None:
    """What is still being taken in of the last time is no progress of this reading."""
    if not store.loading or store.is_unasked:
        return None
    return (0, 0) if store.as_of is not None and store.loaded_at is None else progress(store.inventory)


def _waiting(store: Store) -> tuple[str, ...]:
    if store.is_unasked:
        return ASKING
    return ways_to_say(held_up(store.inventory)) if store.loading else ()


def _age_of(store: Store) -> tuple[str, ...]:
    if store.loaded_at is not None and not store.loading:
        return (ago(store.clock(), store.loaded_at),)
    return (as_of(store.clock(), store.as_of),) if store.as_of is not None else ()
