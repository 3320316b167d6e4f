"""The inventory of the last time on disk, so that the screen has something to show at once.

One file for the global objects of an account and one for each region: columns with each value written once,
msgpack, compressed. It holds what names and joins objects and nothing that may be secret: of tags only `Name`
and those that AWS and iptui set, of policies the trust policies only. Never used for a fix: that reads anew.
"""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
import zlib
from array import array
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import msgspec

from instance_profiles.inventory import sources
from instance_profiles.inventory.model import (
    Association,
    AutoScalingGroup,
    Batch,
    Coverage,
    Fleet,
    Instance,
    InstanceProfile,
    LaunchConfiguration,
    LaunchTemplateVersion,
    ManagedNode,
    MetadataDefaults,
    Object,
    Role,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from instance_profiles.inventory.inventory import Inventory

_log = logging.getLogger("iptui")
_SCHEMA: Final = "iptui.inventory/1"
_MAGIC: Final = b"iptui inventory 1\n"
_MOST_BYTES: Final = 1 << 30
"""A file that unpacks to more is damaged, or was made to do harm."""

_KEPT: Final[dict[str, tuple[type[Object], ...]]] = {
    sources.INSTANCE_PROFILES: (InstanceProfile,),
    sources.AUTHORIZATION_DETAILS: (Role,),
    sources.INSTANCES: (Instance,),
    sources.ASSOCIATIONS: (Association,),
    sources.LAUNCH_TEMPLATE_VERSIONS: (LaunchTemplateVersion,),
    sources.AUTO_SCALING_GROUPS: (AutoScalingGroup,),
    sources.LAUNCH_CONFIGURATIONS: (LaunchConfiguration,),
    sources.SPOT_FLEETS: (Fleet,),
    sources.EC2_FLEETS: (),
    sources.SCALING_ACTIVITIES: (),
    sources.METADATA_DEFAULTS: (MetadataDefaults,),
    sources.MANAGED_NODES: (ManagedNode,),
    sources.INSTANCE_PROFILE_TAGS: (),
    sources.REGIONS: (),
}
_UNTOLD: Final = frozenset(
    {sources.AUTHORIZATION_DETAILS, sources.SCALING_ACTIVITIES, sources.INSTANCE_PROFILE_TAGS}
)
"""Kept without all that rules look for in it, so that nothing may be told from it as if it had been read."""
_PREFIXES: Final = ("aws:", "iptui:")


class _Column(msgspec.Struct, frozen=True):
    """The values of one field: each different one once with `places`, or all in order where they differ."""

    values: msgspec.Raw
    places: bytes | None = None


class _Table(msgspec.Struct, frozen=True):
    kind: str
    count: Annotated[int, msgspec.Meta(ge=0, le=5_000_000)]
    columns: dict[str, _Column]


class _Content(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: str
    owner: str
    region: str | None
    read_at: datetime
    sources: tuple[str, ...]
    tables: tuple[_Table, ...]


class Place(msgspec.Struct, frozen=True):
    """What was read of a region, or of what has none (`region` None), at `read_at` (UTC)."""

    account: str
    region: str | None
    read_at: datetime
    sources: tuple[str, ...]
    objects: tuple[tuple[Object, ...], ...]

    def batches(self) -> Iterator[Batch]:
        """The events by which an inventory takes it in."""
        for objects in self.objects:
            source = next(name for name, kinds in _KEPT.items() if type(objects[0]) in kinds)
            for start in range(0, len(objects), 500):
                coverage = Coverage(self.account, self.region, source, "loading")
                yield Batch(coverage, objects[start : start + 500])
        for source in self.sources:
            if source not in _UNTOLD:
                yield Batch(Coverage(self.account, self.region, source, "complete"))


class Snapshots:
    """The files of one caller at one address. `owner` tells both from all others and is only kept hashed."""

    def __init__(self, folder: Path, owner: Sequence[str]) -> None:
        self._folder = folder
        self._owner = hashlib.sha256("\x1f".join(owner).encode()).hexdigest()

    def read(self, account: str) -> Iterator[Place]:
        """What the last time left, the global objects first; damaged files are refused and logged.

        Each file is read when it is asked for.
        """
        first = self._path(None)
        for path in sorted(self._paths(), key=lambda path: (path != first, path.name)):
            try:
                place = _decoded(path.read_bytes(), account, self._owner)
            except (OSError, ValueError, zlib.error, msgspec.MsgspecError) as error:
                _log.warning("%s is not used and will be written anew: %s", path, error)
            else:
                yield place

    def write(self, places: Iterable[Place]) -> None:
        """Put what was read in place of what the last time left. Raises OSError."""
        wanted = set()
        for place in places:
            path = self._path(place.region)
            wanted.add(path)
            _replace(path, _encoded(place, self._owner))
        for path in self._paths() - wanted:
            path.unlink(missing_ok=True)

    def _path(self, region: str | None) -> Path:
        name = hashlib.sha256((region or "").encode()).hexdigest()[:12]
        return self._folder / f"{self._owner[:16]}-{name}.snapshot"

    def _paths(self) -> set[Path]:
        return set(self._folder.glob(f"{self._owner[:16]}-*.snapshot"))


def places_of(inventory: Inventory, account: str, read_at: datetime) -> list[Place]:
    """What of an inventory is kept: of each place what was completely read. Cheap; the writing is not."""
    found: dict[str | None, list[str]] = {}
    for of_account, region, source in inventory.coverage:
        if of_account == account and source in _KEPT and inventory.is_complete(account, region, source):
            found.setdefault(region, []).append(source)
    tables: dict[type, Any] = {
        InstanceProfile: inventory.instance_profiles,
        Role: inventory.roles,
        Instance: inventory.instances,
        Association: inventory.associations,
        LaunchTemplateVersion: inventory.launch_template_versions,
        AutoScalingGroup: inventory.auto_scaling_groups,
        LaunchConfiguration: inventory.launch_configurations,
        Fleet: inventory.fleets,
        MetadataDefaults: inventory.metadata_defaults,
        ManagedNode: inventory.managed_nodes,
    }
    places = []
    for region, names in found.items():
        at = (account,) if region is None else (account, region)
        kinds = [kind for name in names for kind in _KEPT[name]]
        objects = (tuple(tables[kind].at(*at)) for kind in kinds)
        places.append(Place(account, region, read_at, tuple(names), tuple(one for one in objects if one)))
    return places


# -- encoding ------------------------------------------------------------------------------------------------


def _encoded(place: Place, owner: str) -> bytes:
    tables = tuple(_table(objects) for objects in place.objects)
    content = _Content(_SCHEMA, owner, place.region, place.read_at, place.sources, tables)
    packed = zlib.compress(msgspec.msgpack.encode(content), 1)
    return _MAGIC + hashlib.sha256(packed).digest() + packed


def _table(objects: Sequence[Object]) -> _Table:
    kind = type(objects[0])
    columns = {
        name: _column([_public(name, getattr(one, name)) for one in objects]) for name in _fields(kind)
    }
    return _Table(kind.__name__, len(objects), columns)


def _public(name: str, value: Any) -> Any:
    """A value without what may be secret."""
    if name == "tags" and value:
        return {key: text for key, text in value.items() if key == "Name" or key.startswith(_PREFIXES)}
    return None if name == "inline_policies" else value


def _column(values: list[Any]) -> _Column:
    try:
        places = {value: place for place, value in enumerate(dict.fromkeys(values))}
    except TypeError:  # tags cannot be told apart by a dict
        return _Column(msgspec.Raw(msgspec.msgpack.encode(values)))
    if len(places) * 2 > len(values):
        return _Column(msgspec.Raw(msgspec.msgpack.encode(values)))
    raw = msgspec.Raw(msgspec.msgpack.encode(list(places)))
    return _Column(raw, array("I", map(places.__getitem__, values)).tobytes())


def _decoded(file: bytes, account: str, owner: str) -> Place:
    """Raises ValueError, zlib.error or MsgspecError for all but a whole file of this owner and version."""
    head = len(_MAGIC) + 32
    if file[: len(_MAGIC)] != _MAGIC:
        raise ValueError("it is of another version, or no snapshot")
    if hashlib.sha256(file[head:]).digest() != file[len(_MAGIC) : head]:
        raise ValueError("it is damaged")
    unpacker = zlib.decompressobj()
    content = msgspec.msgpack.decode(unpacker.decompress(file[head:], _MOST_BYTES), type=_Content)
    if unpacker.unconsumed_tail or content.schema != _SCHEMA or content.owner != owner:
        raise ValueError("it is of another version or caller")
    objects = tuple(_objects(table) for table in content.tables)
    return Place(account, content.region, content.read_at, content.sources, objects)


def _objects(table: _Table) -> tuple[Object, ...]:
    kind = next(one for kinds in _KEPT.values() for one in kinds if one.__name__ == table.kind)
    fields = _fields(kind)
    columns = [_values(table.columns[name], fields[name], table.count) for name in fields]
    return tuple(map(kind, *columns))


def _values(column: _Column, kind: Any, count: int) -> list[Any]:
    values: list[Any] = msgspec.msgpack.decode(column.values, type=list[kind])
    if column.places is not None:
        places = array("I")
        places.frombytes(column.places)
        values = [values[place] for place in places]
    if len(values) != count:
        raise ValueError("its columns are not of one length")
    return values


def _fields(kind: type[Object]) -> dict[str, Any]:
    return {field.name: field.type for field in msgspec.structs.fields(kind)}


def _replace(path: Path, content: bytes) -> None:
    """Whole or not at all, for its owner alone: others read the old file until the new one is complete."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError:
        with suppress(OSError):  # why it could not be written is what counts
            Path(name).unlink()
        raise
