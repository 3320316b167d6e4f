"""A table of frozen objects with a primary key and secondary indexes kept in step, small in memory."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence

T = TypeVar("T")
Named_contra = TypeVar("Named_contra", contravariant=True)

_FEW = 16
"""Up to here a plain list of the objects that share a key is smaller than a dict and as fast."""


class Index(Generic[T]):
    """Objects by a key that several may share; an object has any number of keys.

    Most keys have one object, or a few: those stand as they are or in a list, and only many in a dict.
    """

    def __init__(self, keys_of: Callable[[T], Iterable[Hashable]]) -> None:
        self._keys_of = keys_of
        self._rows: dict[Hashable, Any] = {}
        """By key an object, a list of objects, or a dict of them by identity."""

    def add(self, items: Iterable[T]) -> None:
        rows, keys_of = self._rows, self._keys_of
        for item in items:
            for key in keys_of(item):
                row = rows.get(key)
                if row is None:
                    rows[key] = item
                elif type(row) is dict:
                    row[id(item)] = item
                elif type(row) is not list:
                    rows[key] = [row, item] if row is not item else row
                elif len(row) < _FEW:
                    if row[-1] is not item:  # an object may have a key twice
                        row.append(item)
                else:
                    rows[key] = {id(one): one for one in (*row, item)}

    def remove(self, item: T) -> None:
        rows = self._rows
        for key in self._keys_of(item):
            row = rows.get(key)
            if type(row) is dict:
                row.pop(id(item), None)
            elif type(row) is list:
                row[:] = [one for one in row if one is not item]
            elif row is item:
                del rows[key]
                continue
            if type(row) in (list, dict) and not row:
                del rows[key]

    def get(self, key: Hashable) -> tuple[T, ...]:
        row = self._rows.get(key)
        if row is None:
            return ()
        if type(row) is dict:
            return tuple(row.values())
        return tuple(row) if type(row) is list else (row,)

    def groups(self) -> Iterator[Sequence[T]]:
        """The objects of each key."""
        for row in self._rows.values():
            if type(row) is dict:
                yield tuple(row.values())
            else:
                yield row if type(row) is list else (row,)

    def several(self) -> Iterator[tuple[T, ...]]:
        """The objects of each key that has more than one."""
        for row in self._rows.values():
            if type(row) in (list, dict) and len(row) > 1:
                yield tuple(row.values() if type(row) is dict else row)

    def only(self, key: Hashable) -> T | None:
        """The object of a key that one alone has, None where several have it or none has."""
        row = self._rows.get(key)
        return None if type(row) in (list, dict) else row

    def has_several(self, key: Hashable) -> bool:
        """Whether more than one object may have a key."""
        return type(self._rows.get(key)) in (list, dict)

    def first(self, key: Hashable) -> T | None:
        row = self._rows.get(key)
        if type(row) is dict:
            row = next(iter(row.values()))
        elif type(row) is list:
            row = row[0]
        found: T | None = row
        return found


class Aliases(Generic[Named_contra]):
    """The ids that objects hold under a name: one, or a few where what had the name was made anew.

    An id that nobody holds any more stays, so whoever asks looks at what is there under each.
    """

    def __init__(self, name_and_id_of: Callable[[Named_contra], tuple[str, str] | None]) -> None:
        self._name_and_id_of = name_and_id_of
        self._ids: dict[str, str | tuple[str, ...]] = {}

    def add(self, items: Iterable[Named_contra]) -> None:
        ids = self._ids
        for item in items:
            pair = self._name_and_id_of(item)
            if pair is not None:
                name, one = pair
                known = ids.setdefault(name, one)
                if known != one and one not in (several := _tuple(known)):
                    ids[name] = (*several, one)

    def remove(self, item: Named_contra) -> None:
        """Its id stays."""

    def get(self, name: str) -> tuple[str, ...]:
        return _tuple(self._ids.get(name, ()))


def _tuple(ids: str | tuple[str, ...]) -> tuple[str, ...]:
    return (ids,) if isinstance(ids, str) else ids


class Table(Generic[T]):
    """Objects by their primary key; every index of the table sees each change.

    `place_of` gives the account, or account and region, that `id_of` is unique in: the primary key is both
    together, and the objects of one place can be had by themselves.
    """

    def __init__(
        self, id_of: Callable[[T], Hashable], place_of: Callable[[T], tuple[Hashable, ...]] | None = None
    ) -> None:
        self.id_of = id_of
        self._place_of = place_of
        self._places: dict[tuple[Hashable, ...], dict[Hashable, T]] = {}
        self._indexes: list[Index[T] | Aliases[T]] = []
        self._watchers: list[Callable[[T | None, T | None], None]] = []

    def index(self, keys_of: Callable[[T], Iterable[Hashable]]) -> Index[T]:
        index = Index(keys_of)
        index.add(self)
        self._indexes.append(index)
        return index

    def name(self, aliases: Aliases[T]) -> None:
        """Keep the ids under a name in step with the table; several tables may share one."""
        aliases.add(self)
        self._indexes.append(aliases)

    def watch(self, told: Callable[[T | None, T | None], None]) -> None:
        """Tell each change: what was there before and what is there now, None for nothing."""
        self._watchers.append(told)

    def key(self, item: T) -> Hashable:
        return self.id_of(item) if self._place_of is None else (*self._place_of(item), self.id_of(item))

    def put(self, item: T) -> bool:
        """Add or replace; False if an equal object was there already."""
        return self.put_all((item,)) == 1

    def put_all(self, items: Iterable[T]) -> int:
        """Add or replace many; how many were not there just so. Who watches is told when all are there."""
        id_of, place_of, places = self.id_of, self._place_of, self._places
        changed: list[tuple[T | None, T]] = []
        indexed = 0
        for item in items:
            place: tuple[Hashable, ...] = () if place_of is None else place_of(item)
            known = places.get(place)
            if known is None:
                known = places[place] = {}
            name = id_of(item)
            old = known.get(name)
            if old is not None:
                if old is item or old == item:
                    continue
                # It may have come with these, so that the indexes do not know it yet.
                indexed = self._index(changed, indexed)
                for index in self._indexes:
                    index.remove(old)
            known[name] = item
            changed.append((old, item))
        self._index(changed, indexed)
        for told in self._watchers:
            for before, now in changed:
                told(before, now)
        return len(changed)

    def _index(self, changed: list[tuple[T | None, T]], indexed: int) -> int:
        """Put the changed objects from this one on into every index; how many are in them now."""
        new = [item for _, item in changed[indexed:]]
        for index in self._indexes:
            index.add(new)
        return len(changed)

    def discard(self, primary: Hashable) -> T | None:
        place, name = self._split(primary)
        items = self._places.get(place)
        item = items.pop(name, None) if items is not None else None
        if item is not None:
            for index in self._indexes:
                index.remove(item)
            for told in self._watchers:
                told(item, None)
        return item

    def get(self, primary: Hashable) -> T | None:
        # Asked some hundred thousand times when everything is judged: no call of another function.
        if self._place_of is None or not isinstance(primary, tuple):
            place, name = (), primary
        else:
            place, name = primary[:-1], primary[-1]
        items = self._places.get(place)
        return items.get(name) if items is not None else None

    def at(self, *place: Hashable) -> Collection[T]:
        """The objects of one place."""
        return self._places.get(place, {}).values()

    def by_id(self, *place: Hashable) -> Mapping[Any, T]:
        """The objects of one place by their id, as they are at any time; not to be changed."""
        return self._places.get(place, {})

    def places(self) -> list[tuple[Hashable, ...]]:
        """The places that have objects."""
        return [place for place, items in self._places.items() if items]

    def __iter__(self) -> Iterator[T]:
        return chain.from_iterable(items.values() for items in self._places.values())

    def __len__(self) -> int:
        return sum(map(len, self._places.values()))

    def _split(self, primary: Hashable) -> tuple[tuple[Hashable, ...], Hashable]:
        if self._place_of is None or not isinstance(primary, tuple):
            return (), primary
        return primary[:-1], primary[-1]
