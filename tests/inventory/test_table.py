"""Tables: one primary key, indexes that follow every change."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from instance_profiles.inventory.table import Table


def test_a_replaced_object_leaves_its_old_index_keys():
    table: Table[tuple[str, str]] = Table(lambda row: row[0])
    by_second = table.index(lambda row: (row[1],))
    table.put(("a", "red"))
    table.put(("b", "red"))
    assert by_second.get("red") == (("a", "red"), ("b", "red"))
    table.put(("a", "blue"))
    assert by_second.get("red") == (("b", "red"),)
    assert by_second.first("blue") == ("a", "blue")


def test_putting_an_equal_object_changes_nothing():
    table: Table[tuple[str, str]] = Table(lambda row: row[0])
    assert table.put(("a", "red"))
    assert not table.put(("a", "red"))
    assert table.put(("a", "blue"))


def test_a_discarded_object_is_in_no_index():
    table: Table[tuple[str, str]] = Table(lambda row: row[0])
    by_second = table.index(lambda row: (row[1],))
    table.put(("a", "red"))
    assert table.discard("a") == ("a", "red")
    assert table.discard("a") is None
    assert by_second.get("red") == ()
    assert len(table) == 0


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), st.booleans())))
def test_an_index_is_always_what_a_scan_would_find(changes):
    table: Table[tuple[int, int]] = Table(lambda row: row[0])
    by_colour = table.index(lambda row: (row[1],))
    for key, colour, keep in changes:
        if keep:
            table.put((key, colour))
        else:
            table.discard(key)
    for colour in range(4):
        assert sorted(by_colour.get(colour)) == sorted(row for row in table if row[1] == colour)


def test_an_index_made_late_knows_what_is_there():
    table: Table[tuple[str, str]] = Table(lambda row: row[0])
    table.put(("a", "red"))
    assert table.index(lambda row: (row[1],)).first("red") == ("a", "red")
