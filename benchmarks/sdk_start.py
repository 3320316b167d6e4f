"""The start of the SDK: clients for EC2 in 17 regions, CPU time, imports apart."""

from __future__ import annotations

from benchmarks.loading import run
from benchmarks.rows import Row
from benchmarks.stand_in import stand_in


def measure() -> list[Row]:
    with stand_in(17, 17, delay=0) as environ:
        stock, _ = run("benchmarks.programs.clients", environ, "stock")
        ours, _ = run("benchmarks.programs.clients", environ)
    return [
        Row(
            what=what,
            ours=ours[name],
            unit="ms",
            against="aiobotocore as it is",
            theirs=stock[name],
            at_least=1,
        )
        for name, what in (
            ("first", "first client"),
            ("further", "each further client"),
            ("request", "first request of each client"),
        )
    ]
