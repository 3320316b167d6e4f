"""The detail as a note: what the thing is, what is wrong, what that means, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from textual.content import Content

from widgets.asked_lines import Asked, lines_of_asked
from widgets.check_list import lines_of_checks
from widgets.lines_view import wrapped
from widgets.policy_sheet import Policy, lines_of_policy
from widgets.severity import ACCENT, DIM, MUTED, STYLES, UNICODE
from widgets.sheet_view import SheetView
from widgets.text import pad, plain, safe, shorten, width_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from widgets.check_list import CheckLine
    from widgets.severity import Glyphs, Level
    from widgets.sheet_view import Sheet

_INDENT = "  "
_NARROWEST = 12
"""Cells that a column of labels gets even where little room is left beside it."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A name, the word for its kind, and its ARN or id below."""

    name: str
    kind: str
    arn: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one line; since when, and which listing says so."""

    level: Level
    line: str
    since: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """A quiet title with indented lines; a line written `label  value` gets its values in one column."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to put it right; `hint` says what speaks for it or, when `blocked`, what stands against."""

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
    """One thing of a small picture; `depth` 0 stands at the left, `to` is where its edge leads.

    `broken` marks that edge, or the one from the thing above where there is no `to`.
    """

    depth: int
    text: str
    to: str = ""
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Checks:
    """A quiet title with checks: what passed, what did not, what is not known."""

    title: str
    checks: tuple[CheckLine, ...]


@dataclass(frozen=True, slots=True)
class Related:
    title: str
    lines: tuple[RelatedLine, ...]


Block: TypeAlias = Heading | Fault | Paragraph | Section | Ways | Checks | Related | Asked | Policy


@dataclass(frozen=True, slots=True)
class NoteSheet:
    """Blocks one below the other, an empty line between them, wrapped at words."""

    blocks: tuple[Block, ...] = ()
    glyphs: Glyphs = UNICODE

    def lines(self, width: int) -> Iterator[Content]:
        for number, block in enumerate(self.blocks):
            if number:
                yield Content("")
            yield from self._block(block, width)

    def _block(self, block: Block, width: int) -> Iterator[Content]:
        match block:
            case Heading():
                title = Content.assemble(plain(block.name, "bold"), " ", plain(block.kind, MUTED))
                yield from wrapped(title, width)
                if block.arn:
                    yield from wrapped(plain(block.arn, DIM), width)
            case Fault():
                yield from self._fault(block, width)
            case Paragraph():
                yield from wrapped(plain(block.text), width)
            case Section():
                yield from _section(block, width)
            case Ways():
                yield from _ways(block, width)
            case Checks():
                yield from wrapped(plain(block.title, MUTED), width)
                for line in lines_of_checks(block.checks, width - len(_INDENT), self.glyphs):
                    yield Content.assemble(_INDENT, line)
            case Related():
                yield from self._related(block, width)
            case Asked():
                yield from lines_of_asked(block, width, self.glyphs)
            case Policy():
                yield from lines_of_policy(block, width, self.glyphs)

    def _fault(self, fault: Fault, width: int) -> Iterator[Content]:
        style = STYLES[fault.level]
        line = plain(f"{self.glyphs.of(fault.level)} {safe(fault.line)}", style)
        yield from wrapped(line, width, "", _INDENT)
        said = [
            Content.assemble((f"{word} ", MUTED), plain(value))
            for word, value in (("since", fault.since), ("from", fault.source))
            if value
        ]
        if said:
            yield from wrapped(Content(_INDENT).join(said), width)

    def _related(self, related: Related, width: int) -> Iterator[Content]:
        yield from wrapped(plain(related.title, MUTED), width)
        for number, line in enumerate(related.lines):
            first, rest = self._branch(related.lines, number)
            content = Content.assemble(plain(line.text), self._edge(line))
            pieces = wrapped(content, max(width - first.cell_length, 8))
            yield Content.assemble(first, pieces[0]).truncate(width)
            for piece in pieces[1:]:
                yield Content.assemble(rest, piece).truncate(width)

    def _branch(self, lines: Sequence[RelatedLine], number: int) -> tuple[Content, Content]:
        """The strokes of the picture before a thing, and what stands before its further lines."""
        glyphs, line = self.glyphs, lines[number]
        if not line.depth:
            return Content(_INDENT), Content(_INDENT * 2)
        above = _INDENT + " " * 3
        for depth in range(1, line.depth):
            above += pad(glyphs.guide if _goes_on(lines, number, depth) else "", 5)
        goes_on = _goes_on(lines, number, line.depth)
        corner = glyphs.tee if goes_on else glyphs.elbow
        edge_above_broken = line.broken and not line.to
        cross = (glyphs.error, STYLES["error"]) if edge_above_broken else (glyphs.dash, DIM)
        first = Content.assemble((above + corner, DIM), cross, " ")
        return first, plain(pad(above + (glyphs.guide if goes_on else ""), first.cell_length), DIM)

    def _edge(self, line: RelatedLine) -> Content:
        if not line.to:
            return Content("")
        if not line.broken:
            return Content.assemble((f" {self.glyphs.arrow} ", DIM), plain(line.to))
        dashes = self.glyphs.dash * 2
        cross = (self.glyphs.error, STYLES["error"])
        return Content.assemble(
            (f" {dashes}", DIM), cross, (f"{dashes} ", DIM), plain(line.to, STYLES["error"])
        )

    def goes_on(self, before: Sheet) -> bool:
        """A note is about the same thing as another one where its first block is the same."""
        return isinstance(before, NoteSheet) and self.blocks[:1] == before.blocks[:1]


class Note(SheetView):
    """Shows blocks in a view of their own."""

    def __init__(self, *, glyphs: Glyphs = UNICODE, id: str | None = None) -> None:  # noqa: A002
        super().__init__(NoteSheet((), glyphs), id=id)
        self._glyphs = glyphs

    def show(self, blocks: Sequence[Block]) -> None:
        """Show other blocks; the scroll position stays where the first block is the same."""
        self.show_sheet(NoteSheet(tuple(blocks), self._glyphs))


def _goes_on(lines: Sequence[RelatedLine], number: int, depth: int) -> bool:
    """Whether another thing of this depth hangs below on the same branch."""
    for later in lines[number + 1 :]:
        if later.depth < depth:
            return False
        if later.depth == depth:
            return True
    return False


def _section(section: Section, width: int) -> Iterator[Content]:
    yield from wrapped(plain(section.title, MUTED), width)
    pairs = [safe(line).partition("  ") for line in section.lines]
    longest = max((width_of(label) for label, gap, _ in pairs if gap), default=0)
    column = min(longest, max(width * 2 // 5, _NARROWEST))
    for label, gap, value in pairs:
        if not gap:
            yield from wrapped(plain(label), width, _INDENT)
            continue
        first = Content.assemble(_INDENT, plain(pad(shorten(label, column), column), MUTED), _INDENT)
        rest = " " * first.cell_length
        pieces = wrapped(plain(value.strip()), max(width - first.cell_length, 8))
        yield Content.assemble(first, pieces[0]).truncate(width)
        for piece in pieces[1:]:
            yield Content.assemble(rest, piece).truncate(width)


def _ways(ways: Ways, width: int) -> Iterator[Content]:
    """A line each; a hint stands behind its title where there is room, and below it where there is not."""
    yield from wrapped(plain(ways.title, MUTED), width)
    keys = max((width_of(safe(way.key)) for way in ways.ways), default=0)
    longest = max((width_of(safe(way.title)) for way in ways.ways), default=0)
    for way in ways.ways:
        key = Content.assemble(_INDENT, (pad(safe(way.key), keys), f"bold {ACCENT}"), " ")
        rest = " " * key.cell_length
        hint = f"blocked: {way.hint}" if way.blocked else way.hint
        style = MUTED if way.blocked else ""
        if hint and key.cell_length + longest + 2 + width_of(safe(hint)) <= width:
            title = plain(way.title, style)
            gap = " " * (longest + 2 - title.cell_length)
            yield Content.assemble(key, title, gap, plain(hint, MUTED))
            continue
        for number, line in enumerate(wrapped(plain(way.title, style), width - key.cell_length)):
            yield Content.assemble(key if number == 0 else rest, line)
        for line in wrapped(plain(hint, MUTED), width - key.cell_length - 2) if hint else []:
            yield Content.assemble(rest, "  ", line)
