"""A table of frozen objects with a primary key and secondary indexes kept in step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

T = TypeVar("T")


class Index(Generic[T]):
    """Objects by a key that several may share; an object has any number of keys."""

    def __init__(self, keys_of: Callable[[T], Iterable[Hashable]]) -> None:
        self._keys_of = keys_of
        self._rows: dict[Hashable, dict[Hashable, T]] = {}

    def add(self, primary: Hashable, item: T) -> None:
        for key in self._keys_of(item):
            self._rows.setdefault(key, {})[primary] = item

    def remove(self, primary: Hashable, item: T) -> None:
        for key in self._keys_of(item):
            row = self._rows.get(key)
            if row is None:
                continue
            row.pop(primary, None)
            if not row:
                del self._rows[key]

    def get(self, key: Hashable) -> tuple[T, ...]:
        row = self._rows.get(key)
        return tuple(row.values()) if row else ()

    def first(self, key: Hashable) -> T | None:
        row = self._rows.get(key)
        return next(iter(row.values())) if row else None


class Table(Generic[T]):
    """Objects by their primary key; every index of the table sees each change."""

    def __init__(self, key_of: Callable[[T], Hashable]) -> None:
        self._key_of = key_of
        self._items: dict[Hashable, T] = {}
        self._indexes: list[Index[T]] = []

    def index(self, keys_of: Callable[[T], Iterable[Hashable]]) -> Index[T]:
        index = Index(keys_of)
        for primary, item in self._items.items():
            index.add(primary, item)
        self._indexes.append(index)
        return index

    def key(self, item: T) -> Hashable:
        return self._key_of(item)

    def put(self, item: T) -> bool:
        """Add or replace; False if an equal object was there already."""
        primary = self._key_of(item)
        old = self._items.get(primary)
        if old == item:
            return False
        if old is not None:
            for index in self._indexes:
                index.remove(primary, old)
        self._items[primary] = item
        for index in self._indexes:
            index.add(primary, item)
        return True

    def discard(self, primary: Hashable) -> T | None:
        item = self._items.pop(primary, None)
        if item is not None:
            for index in self._indexes:
                index.remove(primary, item)
        return item

    def get(self, primary: Hashable) -> T | None:
        return self._items.get(primary)

    def keys(self) -> Iterator[Hashable]:
        return iter(self._items)

    def __iter__(self) -> Iterator[T]:
        return iter(self._items.values())

    def __len__(self) -> int:
        return len(self._items)
