"""One row of a tree as a line of the terminal: what stands left, what stands right, and what is cut first.

Order of cutting where space lacks: the cause, then the facts, then the name. Counts of a group stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.strip import Strip

from widgets.severity import WORST_FIRST
from widgets.text import pad, safe, shorten, width_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rich.style import Style

    from widgets.severity import Glyphs, Level
    from widgets.tree_source import Row

FIELD_WIDTH = 10
MARGIN = 1
INDENT = 2
_GAP = 2
_LEAST_CAUSE = 8
_KINDS_OF_COUNTS = 2


@dataclass(frozen=True, slots=True)
class RowStyles:
    """Rich styles of one frame; `levels` are text colours only, `ground` is the row's own colour."""

    ground: Style
    label: Style
    group: Style
    muted: Style
    dim: Style
    guide: Style
    match: Style
    levels: Mapping[Level, Style]


@dataclass(frozen=True, slots=True)
class RowPlace:
    """Where and how a row stands: its depth, whether it has an arrow, and the width."""

    depth: int
    width: int
    open: bool | None = None
    """None for a row that has nothing below."""


def arrow_column(depth: int) -> int:
    """The column of a row's arrow, in cells from the left."""
    return MARGIN + INDENT * depth


def draw_row(row: Row, place: RowPlace, styles: RowStyles, glyphs: Glyphs) -> Strip:
    """The line of a row, exactly `place.width` cells wide."""
    head = _head(row, place, styles, glyphs)
    left = _left(row, styles, glyphs)
    right = _right(row, styles, glyphs, place.width - MARGIN - _width(head) - _width(left) - _GAP)
    room = place.width - MARGIN - _width(head)
    body = _cut(left, room - (_width(right) + _GAP if right else 0))
    gap = room - _width(body) - _width(right)
    segments = [*head, *body, Segment(" " * max(gap, 0)), *right]
    strip = Strip(segments).apply_style(styles.ground)
    return strip.adjust_cell_length(place.width, styles.ground)


def _head(row: Row, place: RowPlace, styles: RowStyles, glyphs: Glyphs) -> list[Segment]:
    """Margin with the mark, indent guides, arrow, and for objects the column of the glyph."""
    mark = glyphs.mark if row.marked else " "
    segments = [Segment(mark, styles.label)]
    for level in range(place.depth):
        guide = glyphs.guide if level > 0 else " "
        segments.append(Segment(pad(guide, INDENT), styles.guide))
    arrow = " " if place.open is None else (glyphs.open if place.open else glyphs.closed)
    segments.append(Segment(f"{arrow} ", styles.dim))
    if row.kind == "object":
        glyph = glyphs.of(row.severity) if row.severity else " "
        segments.append(Segment(f"{glyph} ", styles.levels[row.severity] if row.severity else None))
    return segments


def _left(row: Row, styles: RowStyles, glyphs: Glyphs) -> list[Segment]:
    if row.kind == "field":
        return _field(row, styles, glyphs)
    label = _label(row, styles.group if row.kind == "group" else styles.label, styles.match)
    if row.kind == "group" and row.total is not None:
        label.append(Segment(f"  {row.total:,}", styles.dim))
    if row.facts:
        label.append(Segment(f"  {safe(row.facts)}", styles.dim))
    return label


def _field(row: Row, styles: RowStyles, glyphs: Glyphs) -> list[Segment]:
    segments = [Segment(pad(safe(row.label), FIELD_WIDTH) + " ", styles.dim)]
    if row.severity:
        segments.append(Segment(f"{glyphs.of(row.severity)} ", styles.levels[row.severity]))
    value = safe(row.value) or (f"{row.total:,}" if row.total is not None else "")
    segments.append(Segment(value, styles.label))
    if row.facts:
        segments.append(Segment(f"  {safe(row.facts)}", styles.dim))
    return segments


def _label(row: Row, style: Style, match: Style) -> list[Segment]:
    """The name, with the characters that a filter hit made visible."""
    hits = set(row.match)
    if not hits:
        return [Segment(safe(row.label), style)]
    runs = groupby(enumerate(row.label), key=lambda item: item[0] in hits)
    return [
        Segment(safe("".join(character for _, character in run)), style + match if hit else style)
        for hit, run in runs
    ]


def _right(row: Row, styles: RowStyles, glyphs: Glyphs, room: int) -> list[Segment]:
    """Cause, counts or both; the cause only as far as there is room beside the whole left side."""
    counts = _counts(row, styles, glyphs) if row.kind == "group" or not row.cause else []
    if not row.cause:
        return counts
    room -= _width(counts) + (_GAP if counts else 0)
    cause = safe(row.cause)
    if width_of(cause) > room:
        cause = shorten(cause, room) if room >= _LEAST_CAUSE else ""
    if not cause:
        return counts
    style = styles.levels[row.severity] if row.severity else styles.muted
    return [Segment(cause, style), *([Segment(" " * _GAP), *counts] if counts else [])]


def _counts(row: Row, styles: RowStyles, glyphs: Glyphs) -> list[Segment]:
    """The worst severities with their counts, as `✖ 5 ▲ 4`."""
    present = [level for level in WORST_FIRST if row.counts.get(level)]
    segments: list[Segment] = []
    for level in present[:_KINDS_OF_COUNTS]:
        gap = " " if segments else ""
        segments.append(Segment(f"{gap}{glyphs.of(level)} {row.counts[level]:,}", styles.levels[level]))
    return segments


def _cut(segments: Iterable[Segment], room: int) -> list[Segment]:
    """The segments in at most `room` cells; what sticks out ends with an ellipsis."""
    kept: list[Segment] = []
    for text, style, _ in segments:
        width = width_of(text)
        if width <= room:
            kept.append(Segment(text, style))
            room -= width
            continue
        kept.append(Segment(shorten(text, room), style))
        break
    return kept


def _width(segments: Iterable[Segment]) -> int:
    return sum(width_of(segment.text) for segment in segments)
