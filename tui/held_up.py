"""What holds the reading up: listings that wait for AWS, in words that fit the space there is, and accounts
that nobody could be asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.inventory.sources import CALLER_IDENTITY
from tui.words import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import Coverage

_WHY = "for AWS's request limit"


def held_up(inventory: Inventory) -> list[Coverage]:
    """The listings that wait at the moment; a row that loads and has a cause is one (`Batch`)."""
    rows = [row for row in inventory.coverage.values() if row.state == "loading" and row.cause]
    return sorted(rows, key=lambda row: (row.source, row.place, row.region or ""))


def ways_to_say(rows: Sequence[Coverage]) -> tuple[str, ...]:
    """That these wait, from the whole sentence to the fewest words; nothing where none does."""
    if not rows:
        return ()
    number = len(rows)
    shortest = f"{counted(number, 'listing')} {'waits' if number == 1 else 'wait'}"
    if len({row.source for row in rows}) > 1:
        return f"{shortest} {_WHY}", shortest
    place, operation = _place(rows), rows[0].source.rpartition(":")[2]
    return f"{place} waits {_WHY}", f"{place} waits", f"{operation} waits", shortest


def places_by_cause(rows: Sequence[Coverage]) -> dict[str, list[str]]:
    """The listings in words, by why they wait."""
    places: dict[str, list[str]] = {}
    for row in rows:
        places.setdefault(row.cause or "", []).append(_place([row]))
    return places


def not_identified(inventory: Inventory) -> list[str]:
    """One sentence for each named profile whose account could not be found out."""
    rows = (
        row
        for row in inventory.coverage.values()
        if row.source == CALLER_IDENTITY and not row.account and row.state in ("denied", "failed")
    )
    found = {row.named_profile: row.cause or "" for row in sorted(rows, key=lambda row: row.place)}
    return [f"{name}: {cause}" if name and name not in cause else cause for name, cause in found.items()]


def _place(rows: Sequence[Coverage]) -> str:
    return f"{rows[0].source} {_where(rows)}".rstrip()


def _where(rows: Sequence[Coverage]) -> str:
    regions = {row.region for row in rows if row.region}
    if len(rows) > 1:
        return f"in {counted(len(regions), 'region')}" if len(regions) == len(rows) else "in several accounts"
    return f"in {rows[0].region}" if rows[0].region else ""
