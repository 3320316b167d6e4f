"""Findings as plain aligned lines: glyph, word, object, cause, rule and id."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from instance_profiles.findings.muting import in_words as mute_in_words
from tui.commands.loading import not_read, troubles
from tui.commands.output import visible
from tui.commands.plan_text import glyphs_for
from tui.words import KIND_WORDS
from tui.words import counted as in_words
from widgets.severity import WORDS, WORST_FIRST, Severity, counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from instance_profiles.findings.finding import Finding
    from instance_profiles.findings.muting import Muted
    from instance_profiles.inventory.inventory import Inventory
    from widgets.severity import Glyphs

_COLOURS: dict[Severity, str] = {"error": "31", "warning": "33", "info": "36", "unknown": "2"}


def table(
    inventory: Inventory,
    findings: Sequence[Finding],
    muted: Sequence[Muted] = (),
    *,
    show_muted: bool = False,
    ascii_only: bool = False,
    colours: bool = False,
) -> str:
    """What was read, what is wrong with it, and what could not be read, as text of several lines.

    Muted findings are counted, and listed with their reasons where they are to be shown.
    """
    glyphs = glyphs_for(ascii_only=ascii_only)
    lines = [*account_lines(inventory), "", *_lines(findings, glyphs, colours)]
    if findings:
        lines.append("")
    if muted and show_muted:
        lines.append("Muted:")
        for line, one in zip(_lines([one.finding for one in muted], glyphs, colours), muted, strict=True):
            lines += [line, f"           {visible(mute_in_words(one.mute))}"]
        lines.append("")
    lines.append(summary(findings, len(muted), shown=show_muted))
    lines += [visible(f"Not read: {not_read(row)}") for row in troubles(inventory)]
    return "\n".join(lines)


def _lines(findings: Sequence[Finding], glyphs: Glyphs, colours: bool) -> list[str]:
    rows = [
        (
            visible(f"{KIND_WORDS[finding.object.kind]} {finding.object.name}"),
            visible(finding.object.region or ""),
            visible(finding.cause),
            finding.rule,
            finding.id,
        )
        for finding in findings
    ]
    lines = []
    for finding, cells in zip(findings, _aligned(rows), strict=True):
        level = level_of(finding)
        mark = f"{glyphs.of(level)} {WORDS[level][0]:<7}"
        lines.append(f"{_coloured(mark, level, colours)}  {cells}".rstrip())
    return lines


def level_of(finding: Finding) -> Severity:
    return "unknown" if finding.verdict == "unknown" else finding.severity


def account_lines(inventory: Inventory) -> list[str]:
    """Who asked where, and how much of each kind was read."""
    lines = [
        visible(f"Account {caller.account} as {caller.arn}, {_regions(inventory, caller.account)}")
        for _, caller in sorted(inventory.callers.items())
    ]
    counts = inventory.counts()
    lines.append(
        ", ".join(
            (
                in_words(counts["instance_profiles"], "instance profile"),
                in_words(counts["roles"], "role"),
                in_words(counts["instances"], "instance"),
                in_words(counts["associations"], "association"),
            )
        )
    )
    return lines


def _regions(inventory: Inventory, account: str) -> str:
    return in_words(len(inventory.asked_regions.get(account, ())), "region")


def summary(findings: Iterable[Finding], muted: int, *, shown: bool) -> str:
    """How much is wrong, in one line; `shown` where what is muted is listed as well."""
    counts = Counter(level_of(finding) for finding in findings)
    words = [counted(level, counts[level]) for level in WORST_FIRST if counts[level]]
    if muted:
        words = words or ["Nothing else is wrong with what was read"]
        words.append(f"{muted} muted" if shown else f"{muted} muted (--show-muted lists them)")
    return ", ".join(words) or "Nothing is wrong with what was read."


def _coloured(text: str, level: Severity, colours: bool) -> str:
    return f"\x1b[{_COLOURS[level]}m{text}\x1b[0m" if colours else text


def _aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    from widgets.text import width_of  # draws in Textual; names beyond ASCII are rare

    return width_of(text)
