"""A note about one thing, made of blocks: heading, fault, paragraphs, ways to fix it, a small picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from widgets.severity import ACCENT, DIM, MUTED, STYLES, UNICODE
from widgets.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual.app import ComposeResult

    from widgets.severity import Glyphs, Severity

WAY_WIDTH = 26
LABEL_WIDTH = 18


@dataclass(frozen=True, slots=True)
class Heading:
    name: str
    kind_word: str
    arn: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """The fault in one line; `since` and `source` say how long it was seen and where it was read."""

    severity: Severity
    line: str
    since: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels and values in two columns."""

    title: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to fix it; `key` opens it, empty for the others; a blocked one says why in its hint."""

    key: str
    title: str
    hint: str = ""
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class Ways:
    title: str
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class RelatedLine:
    """One line of the picture: `depth` 0 starts a branch; `target` stands behind an edge."""

    depth: int
    name: str
    target: str = ""
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Related:
    title: str
    lines: tuple[RelatedLine, ...]


Block: TypeAlias = Heading | Fault | Paragraph | Section | Facts | Ways | Related


class Note(VerticalScroll, can_focus=True):
    """Draws the blocks it is given, wrapped to its width."""

    DEFAULT_CSS = """
    Note { scrollbar-size-vertical: 1; }
    Note > Static { height: auto; }
    """

    def __init__(self, *, glyphs: Glyphs = UNICODE, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._glyphs = glyphs
        self._shown: tuple[Block, ...] = ()

    def compose(self) -> ComposeResult:
        yield Static(markup=False)

    def show(self, blocks: Sequence[Block]) -> None:
        """Draw other blocks; a note about another thing starts at its top."""
        if tuple(blocks) == self._shown:
            return
        if blocks[:1] != list(self._shown[:1]):
            self.scroll_home(animate=False)
        self._shown = tuple(blocks)
        lines: list[Content] = []
        for block in blocks:
            drawn = list(self._block(block))
            if lines and drawn and not isinstance(block, Heading):
                lines.append(Content(""))
            lines += drawn
        self.query_one(Static).update(Content("\n").join(lines))

    def _block(self, block: Block) -> Iterator[Content]:
        match block:
            case Heading():
                yield Content.assemble(plain(block.name, "bold"), "  ", plain(block.kind_word, MUTED))
                if block.arn:
                    yield plain(block.arn, DIM)
            case Fault():
                yield from self._fault(block)
            case Paragraph():
                yield plain(block.text)
            case Section():
                yield plain(block.title, MUTED)
                for line in block.lines:
                    yield plain(f"  {line}")
            case Facts():
                yield plain(block.title, MUTED)
                for label, value in block.rows:
                    yield Content.assemble("  ", plain(f"{label:<{LABEL_WIDTH}}", MUTED), plain(value))
            case Ways():
                yield plain(block.title, MUTED)
                for way in block.ways:
                    yield self._way(way)
            case Related():
                yield plain(block.title, MUTED)
                yield from self._related(block.lines)

    def _fault(self, fault: Fault) -> Iterator[Content]:
        style = STYLES[fault.severity]
        yield plain(f"{self._glyphs.of(fault.severity)} {fault.line}", style)
        parts = [("since ", fault.since), ("from ", fault.source)]
        told = [Content.assemble(plain(label, MUTED), plain(value)) for label, value in parts if value]
        if told:
            yield Content("   ").join(told)

    def _way(self, way: Way) -> Content:
        key = plain(f"{way.key:>3} ", f"bold {ACCENT}")
        title = plain(f"{way.title:<{WAY_WIDTH}}", MUTED if way.blocked else "")
        hint = f"blocked: {way.hint}" if way.blocked else way.hint
        return Content.assemble(key, title, " ", plain(hint, MUTED))

    def _related(self, lines: Sequence[RelatedLine]) -> Iterator[Content]:
        glyphs = self._glyphs
        for index, line in enumerate(lines):
            style = STYLES["error"] if line.broken else ""
            if line.depth == 0:
                dash = glyphs.dash * 2
                edge = f" {dash}{glyphs.error}{dash} " if line.broken else f" {dash}{dash}{glyphs.dash} "
                start = Content.assemble("  ", plain(line.name))
                drawn = (
                    (start, plain(edge, style or MUTED), plain(line.target, style))
                    if line.target
                    else (start,)
                )
                yield Content.assemble(*drawn)
                continue
            last = index + 1 == len(lines) or lines[index + 1].depth < line.depth
            branch = glyphs.elbow if last else glyphs.tee
            target = f" {glyphs.arrow} {line.target}" if line.target else ""
            broken = f" {glyphs.error}" if line.broken else ""
            yield Content.assemble(
                "    ",
                plain(branch, MUTED),
                " ",
                plain(line.name, style),
                plain(broken, style),
                plain(target, MUTED),
            )
