from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.widgets.forest import Forest
from widgets.tree_rows import VisibleRows
from widgets.tree_source import NoRows, SiblingKeys

BRANCHES = {"a": {"b": {"c": {}, "d": {}}, "e": {}}, "f": {"g": {}}, "h": {}}


def visible(rows: VisibleRows) -> list[tuple[str, int]]:
    return [(key, rows.depth(index)) for index, key in enumerate(rows)]


def test_only_what_is_expanded_is_visible():
    rows = VisibleRows(Forest(BRANCHES), {"a"})
    assert visible(rows) == [("a", 0), ("a/b", 1), ("a/e", 1), ("f", 0), ("h", 0)]


def test_what_was_open_inside_opens_again():
    rows = VisibleRows(Forest(BRANCHES), {"a", "a/b"})
    assert rows.collapse(0) == 4
    assert rows.expand(0) == 4
    assert visible(rows)[1:4] == [("a/b", 1), ("a/b/c", 2), ("a/b/d", 2)]


def test_a_leaf_does_not_expand():
    rows = VisibleRows(Forest(BRANCHES))
    assert rows.expand(2) == 0
    assert rows.expanded == set()


@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), max_size=30))
def test_splicing_gives_what_reading_everything_again_gives(steps):
    source = Forest(BRANCHES)
    rows = VisibleRows(source)
    for index, opens in steps:
        index %= len(rows)
        change = rows.expand(index) if opens else rows.collapse(index)
        assert change >= 0
        fresh = VisibleRows(source, rows.expanded)
        assert visible(rows) == visible(fresh)


def test_parents_and_ends():
    rows = VisibleRows(Forest(BRANCHES), {"a", "a/b", "f"})
    assert rows.keys_above(list(rows).index("a/b/d")) == ["a/b", "a"]
    assert rows.parent_of(0) is None
    assert rows.end_of(0) == list(rows).index("f")
    assert rows.index_of("nowhere") is None


def test_everything_opens_level_by_level_below_the_limit():
    rows = VisibleRows(Forest(BRANCHES))
    assert sum(rows.opening_all(6)) == 1
    assert visible(rows) == [("a", 0), ("a/b", 1), ("a/e", 1), ("f", 0), ("f/g", 1), ("h", 0)]
    assert list(rows.opening_all(None))
    assert len(rows) == 8
    rows.collapse_all()
    assert list(rows) == ["a", "f", "h"]


def test_the_path_to_a_hidden_row_is_found():
    rows = VisibleRows(Forest(BRANCHES))
    assert rows.path_to("a/b/d") == ["a", "a/b"]
    assert rows.path_to("f/g") == ["f"]
    assert rows.path_to("h") == []
    assert rows.path_to("nowhere") is None


def test_no_rows_at_all():
    assert len(VisibleRows(NoRows())) == 0


def test_the_nearest_row_that_is_left():
    def nearest(now: list[str], index: int, old: tuple[str, ...] = ("a", "b", "c", "d")) -> int:
        rows = [VisibleRows(Forest({key: {} for key in keys})) for keys in (now, old)]
        return rows[0].nearest(index, rows[1])

    assert nearest(["x", "a", "b", "c", "d"], 2) == 3
    assert nearest(["a", "b", "d"], 2) == 2
    assert nearest(["a"], 3) == 0
    assert nearest([], 3) == -1
    assert nearest(["z"], 1) == 0
    assert nearest(["z"], -1, ()) == 0


class Numbers(SiblingKeys):
    """So many keys below one; counts how many were made."""

    def __init__(self, under: str, size: int) -> None:
        self._under, self._size, self.made = under, size, 0

    @property
    def under(self) -> str:
        return self._under

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, place):
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(self._size))]
        if not 0 <= place < self._size:
            raise IndexError(place)
        self.made += 1
        return f"{self._under}/{place}"

    def find(self, key: str) -> int | None:
        under, _, number = key.rpartition("/")
        return int(number) if under == self._under and int(number) < self._size else None


class Wood(Forest):
    """A root over a long list, each of which opens onto two leaves."""

    def __init__(self, size: int) -> None:
        super().__init__({"root": {}, "end": {}})
        self.numbers = Numbers("root", size)

    def children(self, key: str):
        if key == "root":
            return self.numbers
        return [f"{key}/a", f"{key}/b"] if self.has_children(key) else []

    def has_children(self, key: str) -> bool:
        return key == "root" or (key.startswith("root/") and key.count("/") == 1)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 400), st.booleans()), max_size=10))
def test_long_lists_are_cut_and_joined_as_they_would_be_read(steps):
    source = Wood(300)
    rows = VisibleRows(source, {"root"})
    for index, opens in steps:
        index %= len(rows)
        if opens:
            rows.expand(index)
        else:
            rows.collapse(index)
        assert visible(rows) == visible(VisibleRows(source, rows.expanded))
        assert all(rows.index_of(rows.key(place)) == place for place in range(0, len(rows), 97))


def test_of_a_long_list_no_more_keys_are_made_than_are_looked_at():
    source = Wood(100_000)
    rows = VisibleRows(source, {"root"})
    assert len(rows) == 100_002
    assert rows.expand(50_000) == 2
    assert rows.index_of("root/99999") == 100_002
    assert rows.end_of(0) == 100_003
    rows.rebuild()
    assert rows.nearest(50_001, rows.as_it_is()) == 50_001
    assert source.numbers.made < 20
