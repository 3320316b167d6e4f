"""Tree sources for tests: one from nested dicts, one of any size that is made while it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgets.tree_source import Row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Forest:
    """Keys are paths (`a/b`), labels the last name; `rows` may say more about a key."""

    def __init__(self, branches: Mapping[str, object], rows: Mapping[str, Row] | None = None) -> None:
        self.rows = dict(rows or {})
        self.below: dict[str, list[str]] = {}
        self.asked: list[str] = []
        self._grow("", branches)

    def _grow(self, path: str, branches: Mapping[str, object]) -> None:
        keys = []
        for name, further in branches.items():
            key = f"{path}/{name}" if path else name
            keys.append(key)
            self._grow(key, further if isinstance(further, dict) else {})
        self.below[path] = keys

    def roots(self) -> Sequence[str]:
        return self.below[""]

    def children(self, key: str) -> Sequence[str]:
        return self.below[key]

    def has_children(self, key: str) -> bool:
        return bool(self.below[key])

    def row(self, key: str) -> Row:
        self.asked.append(key)
        return self.rows.get(key) or Row(key.rpartition("/")[2])


class Plantation:
    """One root over `size` leaves; counts how many rows were asked for."""

    def __init__(self, size: int) -> None:
        self.leaves = [f"leaf-{number}" for number in range(size)]
        self.asked = 0

    def roots(self) -> Sequence[str]:
        return ("root",)

    def children(self, key: str) -> Sequence[str]:
        return self.leaves if key == "root" else ()

    def has_children(self, key: str) -> bool:
        return key == "root"

    def row(self, key: str) -> Row:
        self.asked += 1
        return Row(key)
