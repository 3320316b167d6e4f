"""Of a long list those with some names, in the order of the list."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.listings import Keys, Listing

NAMES = [f"id-{number:03}" for number in range(60)]


def order_of(name: str) -> str | None:
    """In another order than the names."""
    return f"{name[::-1]}\0{name}" if name in NAMES else None


@given(st.sets(st.sampled_from([*NAMES, "id-gone", "id-new"]), max_size=60))
def test_few_names_and_many_are_kept_alike(names: set[str]) -> None:
    keys = Keys("under", sorted(map(str, map(order_of, NAMES))), order_of)
    assert list(keys.kept(names)) == [key for key in keys if key.rpartition("/")[2] in names]
    assert keys.keeps_any(names) == bool(names & set(NAMES))


def test_what_was_renamed_is_kept_where_it_stood() -> None:
    orders = {name: f"{name}\0{name}" for name in NAMES}
    listing = Listing(orders.get, orders.values())
    keys = listing.keys("under")
    for order in (orders[NAMES[2]], "zzz\0id-002"):
        orders[NAMES[2]] = order
        assert list(keys.kept({NAMES[2], NAMES[7]})) == ["under/id-002", "under/id-007"]


def test_the_names_at_some_places() -> None:
    keys = Keys("under", sorted(map(str, map(order_of, NAMES))), order_of)
    assert [f"under/{name}" for name in keys.names(range(3, 9))] == list(keys[3:9])
