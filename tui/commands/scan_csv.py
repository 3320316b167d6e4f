"""The findings of a scan as CSV, one a line, for spreadsheets and tickets."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING, Final

from tui.commands.output import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from instance_profiles.findings.finding import Finding
    from instance_profiles.findings.muting import Mute, Muted

COLUMNS: Final = (
    "id",
    "rule",
    "severity",
    "verdict",
    "kind",
    "account",
    "region",
    "object_id",
    "name",
    "arn",
    "cause",
    "detail",
    "fixes",
    "muted",
    "source",
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def scan_csv(findings: Iterable[Finding], muted: Sequence[Muted] = ()) -> str:
    """A line of names, then one for each finding; `muted` holds the reason of what is muted."""
    out = StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(COLUMNS)
    lines.writerows(_line(finding) for finding in findings)
    lines.writerows(_line(one.finding, one.mute) for one in muted)
    return out.getvalue().rstrip("\n")


def _line(finding: Finding, mute: Mute | None = None) -> list[str]:
    about = finding.object
    values = (
        finding.id,
        finding.rule,
        finding.severity,
        finding.verdict,
        about.kind,
        about.account,
        about.region or "",
        about.id,
        about.name,
        about.arn or "",
        finding.cause,
        finding.detail,
        " ".join(finding.fixes),
        mute.reason if mute is not None else "",
        finding.source,
    )
    return [_cell(value) for value in values]


def _cell(value: str) -> str:
    """A spreadsheet would run a name that begins like a formula; an apostrophe makes it text (OWASP)."""
    shown = visible(value)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown
