"""The program in a process that is forked off one which has imported it: what it says and how it ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.forking import forking

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO


def run_forked(
    arguments: tuple[str, ...], given: str, environment: Mapping[str, str], folder: Path, papers: Path
) -> tuple[int, str, str]:
    """Run to the end, without a terminal; its exit code, standard output and standard error.

    `papers` is a folder where nothing is yet: the three streams are files in it.
    """
    (papers / "in").write_text(given, encoding="utf-8")
    process = forking().Process(
        target=_run, args=(arguments, dict(environment), str(folder), str(papers)), daemon=False
    )
    process.start()
    process.join(120)
    if process.exitcode is None:
        process.kill()
        raise AssertionError(f"iptui {' '.join(arguments)} did not end.")
    out, err = ((papers / name).read_text(encoding="utf-8") for name in ("out", "err"))
    return process.exitcode, out, err


def _run(arguments: tuple[str, ...], environment: dict[str, str], folder: str, papers: str) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    for number, (name, mode) in enumerate((("in", "r"), ("out", "w"), ("err", "w"))):
        with Path(papers, name).open(mode) as stream:
            os.dup2(stream.fileno(), number)
    sys.stdin, sys.stdout, sys.stderr = _stream(0, "r"), _stream(1, "w"), _stream(2, "w")
    sys.argv = ["iptui", *arguments]

    from tui.cli import main

    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    sys.exit(code)


def _stream(number: int, mode: str) -> TextIO:
    return os.fdopen(number, mode, encoding="utf-8", closefd=False)
