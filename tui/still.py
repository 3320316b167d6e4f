"""The first frame as the terminal takes it: it stands there at once, while Textual is still being imported.

It is kept with the picture (`tui.picture`) and shows the same; `tui.freezing` makes it when a load ends, for
a terminal of the size and looks of then. Nothing of Textual is needed to show it.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from typing import TYPE_CHECKING, Final

import msgspec

from tui.words import ASKING, as_of
from widgets.fitting import fitting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.settings import ResolvedSettings

GAP: Final = "\0"
FACTS: Final = "\1"
"""Where the space and the facts of the first line go, which tell how old all that is."""
_LEAST_GAP: Final = 2
"""As in `widgets.title_line`."""
_COLOURS: Final = re.compile(r"\x1b\[[0-9;]*m")
_VARIABLES: Final = ("TERM", "COLORTERM", "TERM_PROGRAM")


class Still(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All lines but the first one: that is one of `titles`, the longest first, each the cells that its left
    side takes and its text. On its right side are `facts`, with `dot` in between."""

    looks: str
    columns: int
    titles: tuple[tuple[int, str], ...]
    facts: tuple[str, ...]
    dot: str
    read_at: datetime
    lines: tuple[str, ...]

    @property
    def size(self) -> tuple[int, int]:
        """Columns and lines of the terminal that it fits."""
        return self.columns, len(self.lines) + 1

    def drawn(self, now: datetime) -> str | None:
        """What to write to the terminal; None where it holds anything but text and colours."""
        lines = (self._title(now), *self.lines)
        if not all(_is_harmless(line) for line in lines):
            return None
        return "".join(f"\x1b[{number};1H{line}\x1b[0m" for number, line in enumerate(lines, 1))

    def _title(self, now: datetime) -> str:
        """As `widgets.title_line` puts it together, but for an identity that has to be shortened."""
        room = self.columns - 2
        told = fitting(
            [*self.facts, as_of(now, self.read_at)],
            [*([way] for way in ASKING), []],
            room - self.titles[-1][0] - _LEAST_GAP,
            lambda words: len(self.dot.join(words)),
        )
        facts = self.dot.join(told)
        fit = (one for one in self.titles if one[0] + _LEAST_GAP + len(facts) <= room)
        cells, title = next(fit, self.titles[-1])
        return title.replace(GAP, " " * max(room - cells - len(facts), 0)).replace(FACTS, facts)


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
