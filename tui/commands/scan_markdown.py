"""The findings of a scan as Markdown, for a pull request, a wiki or the summary of a job."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from instance_profiles.findings.muting import in_words as mute_in_words
from tui.commands.finding_table import account_lines, level_of, summary
from tui.commands.loading import not_read, troubles
from tui.commands.output import visible
from tui.words import KIND_WORDS
from widgets.severity import WORDS, WORST_FIRST

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from instance_profiles.findings.finding import Finding
    from instance_profiles.findings.muting import Muted
    from instance_profiles.inventory.inventory import Inventory

_HEAD: Final = ("| | object | region | cause | rule | id |", "|---|---|---|---|---|---|")
_ACTIVE: Final = re.compile(r"[\\`*_{}\[\]<>#|~&@!]")


def scan_markdown(
    inventory: Inventory,
    findings: Sequence[Finding],
    muted: Sequence[Muted] = (),
    *,
    show_muted: bool = False,
) -> str:
    """What was read, a table of what is wrong, and what could not be read; what is muted where wished."""
    return "\n".join(_lines(inventory, findings, muted, show_muted))


def _lines(
    inventory: Inventory, findings: Sequence[Finding], muted: Sequence[Muted], show_muted: bool
) -> Iterator[str]:
    yield "# Instance profiles"
    yield ""
    for line in account_lines(inventory):
        yield f"- {_text(line)}"
    yield ""
    yield f"**{summary(findings, len(muted), shown=show_muted)}**"
    ordered = sorted(findings, key=lambda finding: WORST_FIRST.index(level_of(finding)))
    if ordered:
        yield ""
        yield from _HEAD
        yield from map(_row, ordered)
    rows = troubles(inventory)
    if rows:
        yield from ("", "## Not read", "")
        for row in rows:
            yield f"- {_text(not_read(row))}"
    if muted and show_muted:
        yield from ("", "## Muted", "")
        for one in muted:
            about = one.finding.object
            yield f"- {_text(f'{about.name}: {one.finding.cause} ({mute_in_words(one.mute)})')}"


def _row(finding: Finding) -> str:
    about = finding.object
    cells = (
        WORDS[level_of(finding)][0],
        f"{KIND_WORDS[about.kind]} {_text(about.name)}",
        _text(about.region or ""),
        _text(finding.cause),
        f"[{finding.rule}]({finding.source})",
        finding.id,
    )
    return f"| {' | '.join(cells)} |"


def _text(value: str) -> str:
    """Text from outside that no reader of Markdown takes for markup, a mention or the edge of a cell."""
    return _ACTIVE.sub(lambda found: f"\\{found[0]}", visible(value))
