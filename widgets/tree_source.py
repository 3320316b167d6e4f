"""What a tree shows, and where it gets that from: keys, what is below each, and the row of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from widgets.severity import Severity

RowKind: TypeAlias = Literal["group", "object", "field"]


@dataclass(frozen=True, slots=True)
class Row:
    """What one row shows; plain data, made safe when it is drawn.

    `match` are positions in `label` that a filter hit. `counts` are problems below, `total` the objects
    of a group, `facts` the dim words after a name, `value` what a field holds, `cause` the fault in words.
    """

    label: str
    kind: RowKind = "object"
    facts: str = ""
    value: str = ""
    severity: Severity | None = None
    cause: str = ""
    counts: Mapping[Severity, int] = field(default_factory=dict)
    total: int | None = None
    marked: bool = False
    match: tuple[int, ...] = ()


class TreeSource(Protocol):
    """Where a tree gets its rows from; keys are strings, unique for each place in the tree.

    A list that was given must not change any more; a long one should be `SiblingKeys`.
    """

    def roots(self) -> Sequence[str]: ...

    def children(self, key: str) -> Sequence[str]: ...

    def has_children(self, key: str) -> bool: ...

    def row(self, key: str) -> Row: ...


class Part:
    """A source that has only the first rows of another one, which is shown as soon as more are wanted."""

    whole: TreeSource


class SiblingKeys(Sequence[str]):
    """A long list of keys that are made when they are looked at: all are `under`, a slash and a name."""

    __slots__ = ()

    @property
    def under(self) -> str:
        raise NotImplementedError

    def find(self, key: str) -> int | None:
        """Where a key stands, found without going through the list; None where it is not there."""
        raise NotImplementedError


class NoRows:
    """The source of a tree that has not got one yet."""

    def roots(self) -> Sequence[str]:
        return ()

    def children(self, key: str) -> Sequence[str]:
        return ()

    def has_children(self, key: str) -> bool:
        return False

    def row(self, key: str) -> Row:
        raise KeyError(key)
