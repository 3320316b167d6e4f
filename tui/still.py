"""The first frame as the terminal takes it: it stands there at once, while Textual is still being imported.

`tui.freezing` makes it when a load ends, for a terminal of the size and looks of then. That of a picture is
kept with it (`tui.picture`) and shows the same; that of the frame alone, with nothing that was read in it, is
a file for each size. Nothing of Textual is needed to show it.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from instance_profiles.inventory import whole_file
from tui.words import ASKING, as_of
from widgets.fitting import fitting

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from config.settings import ResolvedSettings

GAP: Final = "\0"
FACTS: Final = "\1"
"""Where the space and the facts of the first line go, which tell how old all that is."""
_LEAST_GAP: Final = 2
"""As in `widgets.title_line`."""
_COLOURS: Final = re.compile(r"\x1b\[[0-9;]*m")
_VARIABLES: Final = ("TERM", "COLORTERM", "TERM_PROGRAM")
_SUFFIX: Final = ".frame"
_MOST: Final = 20
"""Files kept: one for each size and look of a terminal."""


class Still(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All lines but the first one: that is one of `titles`, the longest first, each the cells that its left
    side takes and its text. On its right side are `facts`, with `dot` in between."""

    looks: str
    columns: int
    titles: tuple[tuple[int, str], ...]
    lines: tuple[str, ...]
    facts: tuple[str, ...] = ()
    dot: str = ""
    read_at: datetime | None = None
    """When the facts were read; None where there are none."""

    @property
    def size(self) -> tuple[int, int]:
        """Columns and lines of the terminal that it fits."""
        return self.columns, len(self.lines) + 1

    def fits(self, looks: str, size: tuple[int, int]) -> bool:
        """Whether it was made for a terminal like this one."""
        return (self.looks, self.size) == (looks, size)

    def drawn(self, now: datetime) -> str | None:
        """What to write to the terminal; None where it holds anything but text and colours, or no title."""
        if not self.titles:
            return None
        lines = (self._title(now), *self.lines)
        if not all(_is_harmless(line) for line in lines):
            return None
        return "".join(f"\x1b[{number};1H{line}\x1b[0m" for number, line in enumerate(lines, 1))

    def _title(self, now: datetime) -> str:
        """As `widgets.title_line` puts it together, but for an identity that has to be shortened."""
        room = self.columns - 2
        facts = self.dot.join(self._told(now, room - self.titles[-1][0] - _LEAST_GAP))
        fit = (one for one in self.titles if one[0] + _LEAST_GAP + len(facts) <= room)
        cells, title = next(fit, self.titles[-1])
        return title.replace(GAP, " " * max(room - cells - len(facts), 0)).replace(FACTS, facts)

    def _told(self, now: datetime, room: int) -> list[str]:
        """The facts and how old they are, as far as there is room."""
        if self.read_at is None:
            return []
        facts = [*self.facts, as_of(now, self.read_at)]
        waiting: list[list[str]] = [*([way] for way in ASKING), []]
        return fitting(facts, waiting, room, lambda words: len(self.dot.join(words)))


class _Content(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: Literal["iptui.frame/1"]
    still: Still


def last_frame(resolved: ResolvedSettings, looks: str, size: tuple[int, int]) -> Still | None:
    """The frame alone, as it was the last time on a terminal like this one. Blocking, for a millisecond."""
    content = whole_file.decoded(_path(resolved, looks, size), _Content)
    return content.still if content is not None and content.still.fits(looks, size) else None


def keep_frame(resolved: ResolvedSettings, frame: Still) -> None:
    """Keep the frame alone for the next start on a terminal like this one. Blocking. Raises OSError."""
    path = _path(resolved, frame.looks, frame.size)
    content = msgspec.json.encode(_Content("iptui.frame/1", frame))
    if not path.exists() or path.read_bytes() != content:
        whole_file.replace(path, content)
        whole_file.forget_oldest(path.parent, _SUFFIX, _MOST)


def _path(resolved: ResolvedSettings, looks: str, size: tuple[int, int]) -> Path:
    columns, lines = size
    return resolved.paths.frames / f"{looks}-{columns}x{lines}{_SUFFIX}"


def looks_of(resolved: ResolvedSettings, environ: Mapping[str, str]) -> str | None:
    """A digest of all but the size that the frame's looks depend on; None where that cannot be told."""
    settings = resolved.settings
    if settings.no_color or "TEXTUAL_DRIVER" in environ:
        return None
    variables = sorted(name for name in environ if name in _VARIABLES or name.startswith("TEXTUAL_"))
    looks = (
        settings.theme,
        settings.ascii,
        settings.read_only,
        sorted(settings.keymap.items()),
        [(name, environ[name]) for name in variables],
    )
    return hashlib.sha256(msgspec.json.encode(looks)).hexdigest()[:32]


def _is_harmless(line: str) -> bool:
    return _COLOURS.sub("", line).isprintable()
