"""Tables: one primary key, indexes that follow every change."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from instance_profiles.inventory.table import Aliases, Table


def test_a_replaced_object_leaves_its_old_index_keys():
    table: Table[tuple[str, str]] = Table(lambda row: row[0])
    by_second = table.index(lambda row: (row[1],))
    table.put(("a", "red"))
    table.put(("b", "red"))
    assert by_second.get("red") == (("a", "red"), ("b", "red"))
    table.put(("a", "blue"))
    assert by_second.get("red") == (("b", "red"),)
    assert by_second.first("blue") == ("a", "blue")


def test_a_key_that_many_had_and_one_has_left_is_not_one_of_several():
    table: Table[tuple[int, str]] = Table(lambda row: row[0])
    by_second = table.index(lambda row: (row[1],))
    table.put_all((number, "red") for number in range(20))
    assert [len(rows) for rows in by_second.several()] == [20]
    for number in range(19):
        table.discard(number)
    assert list(by_second.several()) == []
    assert by_second.get("red") == ((19, "red"),)


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


@given(st.lists(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)))))
def test_what_comes_together_is_as_what_comes_one_by_one(pages):
    together: Table[tuple[int, int]] = Table(lambda row: row[0])
    single: Table[tuple[int, int]] = Table(lambda row: row[0])
    by_colour, by_colour_singly = (table.index(lambda row: (row[1],)) for table in (together, single))
    told, told_singly = [], []
    together.watch(lambda old, new: told.append((old, new)))
    single.watch(lambda old, new: told_singly.append((old, new)))
    for page in pages:
        assert together.put_all(page) == sum(map(single.put, page))
        assert list(together) == list(single)
        assert told == told_singly
        for colour in range(4):
            assert sorted(by_colour.get(colour)) == sorted(by_colour_singly.get(colour))


def test_a_name_keeps_every_id_it_ever_had():
    first: Table[tuple[str, str]] = Table(lambda row: row[1])
    second: Table[tuple[str, str]] = Table(lambda row: row[1])
    ids = Aliases(lambda row: row if row[0] else None)
    first.put_all([("web", "1"), ("web", "2"), ("", "3")])
    first.name(ids)
    second.name(ids)
    second.put_all([("web", "4"), ("db", "5"), ("web", "1")])
    second.discard("5")
    assert (ids.get("web"), ids.get("db"), ids.get("mail")) == (("1", "2", "4"), ("5",), ())


def test_an_index_made_late_knows_what_is_there():
    table: Table[tuple[str, str]] = Table(lambda row: row[0])
    table.put(("a", "red"))
    assert table.index(lambda row: (row[1],)).first("red") == ("a", "red")
