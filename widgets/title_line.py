"""The first line: where one is, as whom, how much was read and how old it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from widgets.fitting import fitting
from widgets.severity import ACCENT, DIM, MUTED, UNICODE
from widgets.text import grouped_account, plain, safe, shorten, width_of

if TYPE_CHECKING:
    from widgets.severity import Glyphs

LEAST_GAP = 2
_LEAST_IDENTITY = 8
_BAR = 10


@dataclass(frozen=True, slots=True)
class TitleFacts:
    """What the line says. `account` is the alias (or several accounts in words), `facts` stand right, as
    regions, instances and age; `progress` is (sources read, sources in all) while loading; `waiting` says
    what the reading waits for, the longest way first."""

    account: str = ""
    account_id: str = ""
    identity: str = ""
    facts: tuple[str, ...] = ()
    progress: tuple[int, int] | None = None
    waiting: tuple[str, ...] = ()
    read_only: bool = False
    program: str = "iptui"


class TitleLine(Widget):
    """Draws `TitleFacts`; where space lacks the identity goes first, then the facts from the left."""

    DEFAULT_CSS = """
    TitleLine { height: 1; padding: 0 1; background: $surface; color: $foreground; text-wrap: nowrap; }
    """

    def __init__(self, *, glyphs: Glyphs = UNICODE, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._glyphs = glyphs
        self._facts = TitleFacts()

    def show(self, facts: TitleFacts) -> None:
        if facts != self._facts:
            self._facts = facts
            self.refresh()

    def render(self) -> Content:
        width = self.size.width
        head = self._head(self._facts)
        right = self._right(width - head.cell_length - LEAST_GAP)
        left = self._with_identity(head, width - right.cell_length - LEAST_GAP)
        space = max(width - left.cell_length - right.cell_length, 0)
        return Content.assemble(left, " " * space, right).truncate(width)

    def lefts(self, facts: TitleFacts) -> tuple[Content, Content]:
        """The left side of the line for these facts, with the whole identity and without it."""
        head = self._head(facts)
        identity = safe(facts.identity)
        return (Content.assemble(head, ("  as ", MUTED), identity) if identity else head), head

    def _head(self, facts: TitleFacts) -> Content:
        parts = [plain(facts.program, f"bold {ACCENT}")]
        if facts.read_only:
            parts.append(plain(f"{self._glyphs.locked} read-only", "bold $text-warning"))
        account = [plain(facts.account, "bold")] if facts.account else []
        if facts.account_id:
            account.append(plain(grouped_account(facts.account_id), MUTED))
        return Content("  ").join([*parts, *([Content(" ").join(account)] if account else [])])

    def _with_identity(self, head: Content, room: int) -> Content:
        identity = safe(self._facts.identity)
        left_over = room - head.cell_length - len("  as ")
        if not identity or left_over < min(_LEAST_IDENTITY, width_of(identity)):
            return head.truncate(room, ellipsis=True) if head.cell_length > room else head
        return Content.assemble(head, ("  as ", MUTED), shorten(identity, left_over))

    def _right(self, room: int) -> Content:
        """The facts and how far the reading is. Where space lacks the first facts go, then the bar, then
        words of what waits: age and progress matter most."""
        dot = plain(self._glyphs.between, MUTED)
        facts = [plain(fact, MUTED) for fact in self._facts.facts]
        return dot.join(fitting(facts, self._endings(), room, lambda parts: dot.join(parts).cell_length))

    def _endings(self) -> list[list[Content]]:
        """How the progress may be told, the longest first."""
        told = [plain(way, MUTED) for way in self._facts.waiting]
        if self._facts.progress is None:
            return [*([way] for way in told), []]
        done, total = self._facts.progress
        words = plain(f"reading {done} of {total}" if total > 0 else "reading", MUTED)
        bar = Content.assemble(self._bar(done, total), " ") if total > 0 else Content()
        return [
            *([Content.assemble(bar, words), way] for way in told[:1]),
            *([words, way] for way in told),
            [Content.assemble(bar, words)],
        ]

    def _bar(self, done: int, total: int) -> Content:
        filled = min(max(_BAR * done // total, 0), _BAR)
        return Content.assemble(
            (self._glyphs.bar_done * filled, "$foreground"),
            (self._glyphs.bar_rest * (_BAR - filled), DIM),
        )
