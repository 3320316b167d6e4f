"""How a severity looks: its glyph, its word and its colour, always together.

The glyph and the word carry the meaning; the colour only helps. Styles are names of theme variables.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

Severity: TypeAlias = Literal["error", "warning", "info", "unknown"]
Level: TypeAlias = Severity | Literal["done"]

WORST_FIRST: tuple[Severity, ...] = ("error", "warning", "info", "unknown")

STYLES: Mapping[Level, str] = {
    "error": "$text-error",
    "warning": "$text-warning",
    "info": "$iptui-note",
    "unknown": "$iptui-muted",
    "done": "$iptui-done",
}

WORDS: Mapping[Level, tuple[str, str]] = {
    "error": ("error", "errors"),
    "warning": ("warning", "warnings"),
    "info": ("note", "notes"),
    "unknown": ("unknown", "unknown"),
    "done": ("done", "done"),
}

MUTED = "$iptui-muted"
DIM = "$iptui-dim"
ACCENT = "$iptui-accent"


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The signs the screen draws with; one set for every terminal, one for those that only know ASCII."""

    error: str = "✖"
    warning: str = "▲"
    info: str = "●"
    unknown: str = "?"
    done: str = "✓"
    open: str = "▾"
    closed: str = "▸"
    guide: str = "│"
    mark: str = "▌"
    dash: str = "─"
    tee: str = "├─"
    elbow: str = "└─"
    arrow: str = "→"
    dot: str = "·"
    down: str = "▾"
    locked: str = "⊘"
    goes_on: str = "⏎"
    waiting: str = "○"
    sending: str = "◐"
    left_right: str = "← →"
    bar_done: str = "━"
    bar_rest: str = "─"

    @property
    def between(self) -> str:
        """What stands between facts in a line."""
        return f" {self.dot} "

    def of(self, level: Level) -> str:
        match level:
            case "error":
                return self.error
            case "warning":
                return self.warning
            case "info":
                return self.info
            case "unknown":
                return self.unknown
            case "done":
                return self.done


UNICODE = Glyphs()
ASCII = Glyphs(
    error="x",
    warning="!",
    info="*",
    unknown="?",
    done="+",
    open="v",
    closed=">",
    guide="|",
    mark="#",
    dash="-",
    tee="|-",
    elbow="`-",
    arrow="->",
    dot="-",
    down="v",
    locked="@",
    goes_on="\\",
    waiting=".",
    sending="~",
    left_right="< >",
    bar_done="=",
    bar_rest="-",
)


def counted(level: Level, count: int) -> str:
    """A count with its word, as `1 error`, `12 notes`."""
    one, many = WORDS[level]
    return f"{count:,} {one if count == 1 else many}"
