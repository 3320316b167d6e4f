"""The page that holds what was measured: docs/performance.md."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.rows import Row

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"

_HEAD = """\
# How fast iptui is

Written by `make bench`. Values are for comparison with each other: those of one run, on one machine. AWS is
the emulator in a process of its own, with the stated delay before each answer. Aims are ratios: "at most"
for iptui's value divided by the other, "at least" for the other divided by iptui's.
"""
_COLUMNS = ("what", "iptui", "held against", "its value", "ratio", "aim", "reached", "note")
_PACKAGES = ("textual", "aiobotocore", "botocore", "boto3", "aiohttp", "msgspec")


def page(tables: Mapping[str, Sequence[Row]]) -> str:
    """The whole page, as Markdown; tables by title."""
    parts = [_HEAD, _circumstances()]
    for title, rows in tables.items():
        parts.append(f"## {title}\n\n{table(rows)}\n")
    return "\n".join(parts)


def table(rows: Sequence[Row]) -> str:
    """Rows as a Markdown table whose columns line up in plain text too."""
    cells = [_COLUMNS, *(_cells(row) for row in rows)]
    kept = [place for place in range(len(_COLUMNS)) if any(row[place] for row in cells[1:])]
    widths = {place: max(len(row[place]) for row in cells) for place in kept}
    lines = ["| " + " | ".join(row[place].ljust(widths[place]) for place in kept) + " |" for row in cells]
    return "\n".join(
        [lines[0], "|" + "|".join("-" * (widths[place] + 2) for place in kept) + "|", *lines[1:]]
    )


def _cells(row: Row) -> tuple[str, ...]:
    aim = ""
    if row.at_most is not None:
        aim = f"at most {row.at_most:g}"
    if row.at_least is not None:
        aim = f"at least {row.at_least:g}"
    return (
        row.what,
        _number(row.ours, row.unit),
        row.against,
        "" if row.theirs is None else _number(row.theirs, row.unit),
        "" if row.ratio is None else f"{row.ratio:.2f}",
        aim,
        {None: "", True: "yes", False: "no"}[row.reached],
        row.note,
    )


def _number(value: float, unit: str) -> str:
    digits = 0 if value >= 1000 or value == int(value) else 1 if value >= 100 else 2 if value >= 1 else 3
    return f"{value:,.{digits}f} {unit}".rstrip()


def _circumstances() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d} (UTC), {os.cpu_count()} cores, {_processor()}, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}; {packages}.\n"
    )


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    for line in cpuinfo.read_text().splitlines() if cpuinfo.exists() else ():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
