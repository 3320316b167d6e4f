"""The second line: how many problems of each severity, and the views with their keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from widgets.line_parts import Part, joined, meaning_at, spread
from widgets.severity import ACCENT, DIM, MUTED, STYLES, UNICODE, WORST_FIRST, counted
from widgets.text import plain, safe

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.events import Click

    from widgets.severity import Glyphs, Severity


@dataclass(frozen=True, slots=True)
class StatusFacts:
    """Problems by severity, the index of the active view, and the one severity shown, if only one is.

    `muted` counts what is not among them, and `muted_shown` tells whether it is shown all the same.
    """

    counts: Mapping[Severity, int] = field(default_factory=dict)
    active: int = 0
    shown: Severity | None = None
    muted: int = 0
    muted_shown: bool = False


class StatusStrip(Widget):
    """Counts left, views right; where space lacks the words go, then all views but the active one."""

    DEFAULT_CSS = """
    StatusStrip { height: 1; padding: 0 1; background: $surface; color: $foreground; text-wrap: nowrap; }
    """

    @dataclass
    class ViewChosen(Message):
        """A click on a view; `index` counts from 0 in the order the strip was given."""

        index: int

    @dataclass
    class SeverityChosen(Message):
        severity: Severity

    class MutedChosen(Message):
        """A click on the number of what is muted."""

    def __init__(
        self,
        views: Sequence[tuple[str, str]],
        *,
        glyphs: Glyphs = UNICODE,
        id: str | None = None,  # noqa: A002
    ) -> None:
        """`views` are pairs of key and name."""
        super().__init__(id=id)
        self._views = tuple(views)
        self._glyphs = glyphs
        self._facts = StatusFacts()
        self._parts: list[Part[int | str]] = []

    def show(self, facts: StatusFacts) -> None:
        if facts != self._facts:
            self._facts = facts
            self.refresh()

    def render(self) -> Content:
        width = self.size.width
        self._parts = self._laid_out(self._facts, width)
        return joined(self._parts).truncate(width)

    def drawn(self, facts: StatusFacts, width: int) -> Content:
        """How the line would look with other facts."""
        return joined(self._laid_out(facts, width)).truncate(width)

    def _laid_out(self, facts: StatusFacts, width: int) -> list[Part[int | str]]:
        for views in (self._all_views, self._active_view):
            for words in (True, False):
                found = spread(_counts(facts, self._glyphs, words=words), views(facts.active), width)
                if found:
                    return found
        return _counts(facts, self._glyphs, words=False)

    def on_click(self, event: Click) -> None:
        match meaning_at(self._parts, event.x - self.styles.padding.left):
            case int() as index:
                self.post_message(self.ViewChosen(index))
            case "muted":
                self.post_message(self.MutedChosen())
            case "error" | "warning" | "info" | "unknown" as severity:
                self.post_message(self.SeverityChosen(severity))
            case _:
                return
        event.stop()

    def _all_views(self, active: int) -> list[Part[int | str]]:
        parts: list[Part[int | str]] = []
        for index, (key, name) in enumerate(self._views):
            if index == active:
                # Reversed, so that the active view stands out without colours, too.
                content = plain(f" {key} {safe(name)} ", f"bold reverse {ACCENT}")
            else:
                content = Content.assemble(" ", plain(key, DIM), " ", plain(name), " ")
            parts.append(Part(content, index))
        return parts

    def _active_view(self, active: int) -> list[Part[int | str]]:
        if not self._views:
            return []
        key, name = self._views[active]
        return [Part(plain(f"{key} {safe(name)}", f"bold {ACCENT}"), active)]


def _counts(facts: StatusFacts, glyphs: Glyphs, *, words: bool) -> list[Part[int | str]]:
    parts: list[Part[int | str]] = []
    for level in WORST_FIRST:
        count = facts.counts.get(level, 0)
        style = STYLES[level] if count else DIM
        if level == facts.shown:
            style = f"bold reverse {STYLES[level]}"
        text = f"{glyphs.of(level)} {counted(level, count) if words else f'{count:,}'}"
        if parts:
            parts.append(Part(Content("   ")))
        parts.append(Part(plain(text, style), level))
    if facts.muted:
        style = f"bold reverse {MUTED}" if facts.muted_shown else DIM
        parts.append(Part(Content("   ")))
        parts.append(Part(plain(f"{facts.muted:,} muted", style), "muted"))
    return parts
