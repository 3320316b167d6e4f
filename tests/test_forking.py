"""A process that others are forked off swallows what goes wrong with its imports, and is only slow then."""

from __future__ import annotations

import sys

from tests.forking import forking


def _end_well_if_warm() -> None:
    sys.exit("tests.warm" not in sys.modules)


def test_what_is_forked_has_everything_in_memory() -> None:
    process = forking().Process(target=_end_well_if_warm)
    process.start()
    process.join()
    assert process.exitcode == 0
