"""The inventory of the last time on disk, so that the screen has something to show at once.

One file for the global objects of an account and one for each region, the pieces of which are read when
their turn comes. It holds what names and joins objects and nothing that may be secret: of policies the trust
policies only, of tags few (`columns`). Never used for a fix: that reads anew.
"""

from __future__ import annotations

import hashlib
import logging
import zlib
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Final

import msgspec

from instance_profiles.inventory import sources
from instance_profiles.inventory.columns import AT_ONCE, packed, unpacked
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
from instance_profiles.inventory.whole_file import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from instance_profiles.inventory.inventory import Inventory

_log = logging.getLogger("iptui")
_SCHEMA: Final = "iptui.inventory/2"
_MAGIC: Final = b"iptui inventory 2\n"
_HEAD: Final = len(_MAGIC) + 32
_DAMAGE: Final = (OSError, ValueError, zlib.error, msgspec.MsgspecError)
"""What reading a file raises that is not whole, or was not written by this version."""

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


class _Piece(msgspec.Struct, frozen=True):
    source: str
    kind: str
    size: Annotated[int, msgspec.Meta(ge=0)]


class _Contents(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands at the beginning of a file; the pieces follow."""

    schema: str
    owner: str
    region: str | None
    read_at: datetime
    sources: tuple[str, ...]
    pieces: tuple[_Piece, ...]


class Kept(msgspec.Struct, frozen=True):
    """What is kept of a region, or of what has none (`region` None): the sources read, and their objects."""

    account: str
    region: str | None
    read_at: datetime
    sources: tuple[str, ...]
    objects: tuple[tuple[str, tuple[Object, ...]], ...]
    """By source; those of one source are of one kind."""


class Place(msgspec.Struct, frozen=True):
    """What was read of a region, or of what has none (`region` None), at `read_at` (UTC)."""

    account: str
    region: str | None
    read_at: datetime
    sources: tuple[str, ...]
    pieces: tuple[tuple[_Piece, bytes], ...]

    def batches(self) -> Iterator[Batch]:
        """The events by which an inventory takes it in, each made when it is asked for, in milliseconds.

        What turns out not to be of this version ends it; then nothing counts as read.
        """
        for piece, content in self.pieces:
            kinds = [kind for kind in _KEPT.get(piece.source, ()) if kind.__name__ == piece.kind]
            try:
                objects = unpacked(content, *kinds)
            except (TypeError, *_DAMAGE) as error:
                _log.warning("What was kept of %s is not used: %s", self.region or self.account, error)
                return
            yield Batch(Coverage(self.account, self.region, piece.source, "loading"), objects)
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

        Each file is read when it is asked for, and only what says what is in it is decoded.
        """
        first = self._path(None)
        for path in sorted(self._paths(), key=lambda path: (path != first, path.name)):
            try:
                place = _opened(path.read_bytes(), account, self._owner)
            except _DAMAGE as error:
                _log.warning("%s is not used and will be written anew: %s", path, error)
            else:
                yield place

    def write(self, places: Iterable[Kept], rest: Callable[[], object] = lambda: None) -> None:
        """Put what was read in place of what the last time left. Raises OSError.

        It keeps a processor busy for a second at 100,000 instances: `rest` is called after each piece of some
        milliseconds.
        """
        wanted = set()
        for place in places:
            path = self._path(place.region)
            wanted.add(path)
            replace(path, _encoded(place, self._owner, rest))
        for path in self._paths() - wanted:
            path.unlink(missing_ok=True)

    def _path(self, region: str | None) -> Path:
        name = hashlib.sha256((region or "").encode()).hexdigest()[:12]
        return self._folder / f"{self._owner[:16]}-{name}.snapshot"

    def _paths(self) -> set[Path]:
        return set(self._folder.glob(f"{self._owner[:16]}-*.snapshot"))


def places_of(inventory: Inventory, account: str, read_at: datetime) -> list[Kept]:
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
        # In the order of what people see first, whichever came first this time.
        kinds = ((name, kind) for name, kinds in _KEPT.items() if name in names for kind in kinds)
        objects = ((name, tuple(tables[kind].at(*at))) for name, kind in kinds)
        places.append(Kept(account, region, read_at, tuple(names), tuple(one for one in objects if one[1])))
    return places


# -- encoding ------------------------------------------------------------------------------------------------


def _encoded(place: Kept, owner: str, rest: Callable[[], object]) -> bytes:
    pieces: list[_Piece] = []
    contents: list[bytes] = []
    for source, objects in place.objects:
        for start in range(0, len(objects), AT_ONCE):
            contents.append(packed(objects[start : start + AT_ONCE]))
            pieces.append(_Piece(source, type(objects[0]).__name__, len(contents[-1])))
            rest()
    head = msgspec.msgpack.encode(
        _Contents(_SCHEMA, owner, place.region, place.read_at, place.sources, tuple(pieces))
    )
    whole = b"".join((len(head).to_bytes(4, "big"), head, *contents))
    return _MAGIC + hashlib.sha256(whole).digest() + whole


def _opened(file: bytes, account: str, owner: str) -> Place:
    """Raises ValueError or MsgspecError for all but a whole file of this owner and version."""
    if file[: len(_MAGIC)] != _MAGIC:
        raise ValueError("it is of another version, or no snapshot")
    if hashlib.sha256(file[_HEAD:]).digest() != file[len(_MAGIC) : _HEAD]:
        raise ValueError("it is damaged")
    end = _HEAD + 4 + int.from_bytes(file[_HEAD : _HEAD + 4], "big")
    contents = msgspec.msgpack.decode(file[_HEAD + 4 : end], type=_Contents)
    if contents.schema != _SCHEMA or contents.owner != owner:
        raise ValueError("it is of another version or caller")
    pieces = []
    for piece in contents.pieces:
        pieces.append((piece, file[end : end + piece.size]))
        end += piece.size
    return Place(account, contents.region, contents.read_at, contents.sources, tuple(pieces))
