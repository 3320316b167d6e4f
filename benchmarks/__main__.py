"""`python -m benchmarks [NAME]...`: run all measurements and write docs/performance.md, or print some."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING

from benchmarks.report import PAGE, page, table

if TYPE_CHECKING:
    from benchmarks.rows import Row

MEASUREMENTS = (
    "loading",
    "limits",
    "peers",
    "parsing",
    "sdk_start",
    "screen_start",
    "instant_start",
    "screen_alone",
    "screen",
    "rules",
    "keeping",
    "memory",
)
"""Modules of this package, in the order in which the page shows them."""


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in MEASUREMENTS]
    if unknown:
        print(
            f"There is no measurement {unknown[0]!r}: choose of {', '.join(MEASUREMENTS)}.", file=sys.stderr
        )
        return 2
    tables: dict[str, list[Row]] = {}
    for name in names or MEASUREMENTS:
        module = import_module(f"benchmarks.{name}")
        title = (module.__doc__ or name).partition("\n")[0].rstrip(".")
        print(f"\n{title}\n", flush=True)
        tables[title] = module.measure()
        print(table(tables[title]), flush=True)
    if not names:
        PAGE.write_text(page(tables))
        print(f"\nwritten to {PAGE}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
