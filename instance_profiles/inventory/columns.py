"""Objects of one kind as columns, each value written once: small on disk, and quick to read again.

Some thousand objects go into one piece, so that a program that has other things to do can read piece by
piece. Nothing that may be secret is written: of tags only `Name` and those that AWS and iptui set.
"""

from __future__ import annotations

import zlib
from array import array
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated, Any, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from instance_profiles.inventory.model import Object

AT_ONCE: Final = 1_000
"""Objects in one piece; read again and taken in they cost some milliseconds."""
_MOST_BYTES: Final = 1 << 28
"""A piece that unpacks to more is damaged, or was made to do harm."""
_PREFIXES: Final = ("aws:", "iptui:")
_FEW: Final = 256
"""So many different values have places of one byte."""


class _Column(msgspec.Struct, frozen=True):
    """The values of one field: each different one once with `places`, or all in order where they differ."""

    values: msgspec.Raw
    places: bytes | None = None


class _Table(msgspec.Struct, frozen=True):
    count: Annotated[int, msgspec.Meta(ge=0, le=AT_ONCE)]
    columns: dict[str, _Column]


def packed(objects: Sequence[Object]) -> bytes:
    """Objects of one kind, at most `AT_ONCE`, without what may be secret."""
    columns = {name: _column(_public(name, objects)) for name in _fields(type(objects[0]))}
    return zlib.compress(msgspec.msgpack.encode(_Table(len(objects), columns)), 1)


def unpacked(piece: bytes, kind: type[Object]) -> tuple[Object, ...]:
    """The objects again. Raises ValueError, zlib.error or MsgspecError for what is no such piece."""
    unpacker = zlib.decompressobj()
    table = msgspec.msgpack.decode(unpacker.decompress(piece, _MOST_BYTES), type=_Table)
    if unpacker.unconsumed_tail or not unpacker.eof:
        raise ValueError("a piece of it is cut off or too large")
    fields = _fields(kind)
    if table.columns.keys() != fields.keys():
        raise ValueError("it has other columns")
    return tuple(map(kind, *(_values(table.columns[name], fields[name], table.count) for name in fields)))


def _public(name: str, objects: Sequence[Object]) -> list[Any]:
    """The values of one field without what may be secret."""
    if name == "inline_policies":
        return [None] * len(objects)
    values = list(map(attrgetter(name), objects))
    return [tags and _public_tags(tags) for tags in values] if name == "tags" else values


def _public_tags(tags: dict[str, str]) -> dict[str, str]:
    return {key: text for key, text in tags.items() if key == "Name" or key.startswith(_PREFIXES)}


def _column(values: list[Any]) -> _Column:
    try:
        places = {value: place for place, value in enumerate(dict.fromkeys(values))}
    except TypeError:  # tags cannot be told apart by a dict
        return _Column(msgspec.Raw(msgspec.msgpack.encode(values)))
    if len(places) * 2 > len(values):
        return _Column(msgspec.Raw(msgspec.msgpack.encode(values)))
    raw = msgspec.Raw(msgspec.msgpack.encode(list(places)))
    numbers = map(places.__getitem__, values)
    return _Column(raw, bytes(numbers) if len(places) <= _FEW else array("H", numbers).tobytes())


def _values(column: _Column, kind: Any, count: int) -> list[Any]:
    values: list[Any] = _decoder(kind).decode(column.values)
    if column.places is not None:
        places: Sequence[int] = column.places
        if len(values) > _FEW:
            places = array("H", column.places)
        if max(places, default=-1) >= len(values):
            raise ValueError("a place in it has no value")
        values = list(map(values.__getitem__, places))
    if len(values) != count:
        raise ValueError("its columns are not of one length")
    return values


@lru_cache(maxsize=64)
def _decoder(kind: Any) -> msgspec.msgpack.Decoder[list[Any]]:
    return msgspec.msgpack.Decoder(list[kind])


@lru_cache(maxsize=64)
def _fields(kind: type[Object]) -> dict[str, Any]:
    """The fields of a kind in order, with their types."""
    return {field.name: field.type for field in msgspec.structs.fields(kind)}
