"""What stood on the screen when everything was read the last time: the first frame of the next start.

One small file for the ways that lead to the open accounts (`way_in`), so that it is never shown to anybody
else, and for the same mutes. It names what the snapshot names as well; why something is broken is left out,
as that may quote policies, which no file keeps.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from instance_profiles.aws.way_in import way_in
from instance_profiles.inventory import whole_file
from tui.connections import connections
from tui.still import Still
from tui.words import as_of
from widgets.severity import Severity
from widgets.tree_source import NoRows, Part, Row, RowKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from config.settings import ResolvedSettings
    from widgets.status_strip import StatusFacts
    from widgets.title_line import TitleFacts
    from widgets.tree_source import TreeSource

_SUFFIX: Final = ".picture"
_MOST: Final = 50
"""Files kept, as of the callers (`last_time`)."""


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A row of the tree at its depth; `open` is None where nothing is below."""

    key: str
    label: str
    kind: RowKind
    depth: int = 0
    open: bool | None = None
    facts: str = ""
    value: str = ""
    severity: Severity | None = None
    counts: dict[Severity, int] = {}
    total: int | None = None


class Picture(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first rows of the first view, and what the two lines on top say; read at `read_at` (UTC)."""

    account: str
    account_id: str
    identity: str
    size: tuple[str, ...]
    counts: dict[Severity, int]
    muted: int
    read_at: datetime
    lines: tuple[Line, ...]
    still: Still | None = None
    """The same for the terminal itself, where the next one may be like this one."""

    def title(self, now: datetime, live: TitleFacts) -> TitleFacts:
        """What the first line says of the picture, and how far the reading of now is."""
        return replace(
            live,
            account=self.account,
            account_id=self.account_id,
            identity=self.identity,
            facts=(*self.size, as_of(now, self.read_at)),
        )

    def status(self, view: int) -> StatusFacts:
        from widgets.status_strip import StatusFacts  # Textual, which the still does without

        return StatusFacts(self.counts, view, muted=self.muted)


class PictureSource(Part):
    """The lines as the source of a tree (`TreeSource`); what is below a closed one is asked of the whole."""

    def __init__(self, lines: Sequence[Line], whole: TreeSource | None = None) -> None:
        self.whole = whole or NoRows()
        self._lines = {line.key: line for line in lines}
        self._below: dict[str | None, list[str]] = {}
        above: list[str] = []
        for line in lines:
            del above[line.depth :]
            self._below.setdefault(above[-1] if above else None, []).append(line.key)
            above.append(line.key)

    @property
    def opened(self) -> list[str]:
        return [key for key, line in self._lines.items() if line.open]

    def roots(self) -> Sequence[str]:
        self.whole.roots()  # so that it knows what is below them
        return self._below.get(None, ())

    def children(self, key: str) -> Sequence[str]:
        live = self.whole.children(key)
        return self._below.get(key, live)

    def has_children(self, key: str) -> bool:
        line = self._lines.get(key)
        return line.open is not None if line else self.whole.has_children(key)

    def row(self, key: str) -> Row:
        line = self._lines.get(key)
        if line is None:
            return self.whole.row(key)
        return Row(
            label=line.label,
            kind=line.kind,
            facts=line.facts,
            value=line.value,
            severity=line.severity,
            counts=line.counts,
            total=line.total,
        )


class _Content(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: Literal["iptui.picture/2"]
    good_for: str
    picture: Picture


def last_picture(resolved: ResolvedSettings) -> Picture | None:
    """What the last run with the same ways and mutes left. Blocking, for some milliseconds."""
    settings = resolved.settings
    if not settings.snapshot or settings.regions:
        return None
    ways = [way_in(connection, os.environ) for connection in connections(resolved)]
    good_for = _good_for(ways, resolved)
    content = whole_file.decoded(_path(resolved, good_for), _Content)
    return content.picture if content is not None and content.good_for == good_for else None


def keep(resolved: ResolvedSettings, ways: Sequence[str], picture: Picture | None) -> None:
    """Keep this for the next start that goes these ways; None forgets what there was. Blocking.

    Raises OSError.
    """
    good_for = _good_for(ways, resolved)
    path = _path(resolved, good_for)
    if picture is None:
        path.unlink(missing_ok=True)
        return
    whole_file.replace(path, msgspec.json.encode(_Content("iptui.picture/2", good_for, picture)))
    whole_file.forget_oldest(path.parent, _SUFFIX, _MOST)


def _good_for(ways: Sequence[str], resolved: ResolvedSettings) -> str:
    """A digest of what a picture depends on: whose it is, and what is muted."""
    return hashlib.sha256(msgspec.json.encode((tuple(ways), resolved.settings.mute))).hexdigest()


def _path(resolved: ResolvedSettings, good_for: str) -> Path:
    return resolved.paths.snapshots / f"{good_for[:32]}{_SUFFIX}"
