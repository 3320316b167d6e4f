"""Running the real program in a process of its own, with folders of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.tui_cli.forked import Terminal, run_forked

ROOT = Path(__file__).parent.parent.parent
PYTHON = (sys.executable, "-m", "tui")


@dataclass(frozen=True)
class Ended:
    """How a process ended."""

    code: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """Standard error, which must be one sentence and never a traceback."""
        assert self.err.count("\n") == 1, self.err
        assert self.err.startswith("iptui: "), self.err
        assert "Traceback" not in self.err
        return self.err.removeprefix("iptui: ").strip()


class Program:
    """iptui with settings, state and AWS files below one folder."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "IPTUI_"))}
        self.environment = {
            **kept,
            "HOME": str(folder),
            "PYTHONPATH": str(ROOT),
            "IPTUI_CONFIG_DIR": str(folder / "config"),
            "IPTUI_STATE_DIR": str(folder / "state"),
            "IPTUI_CACHE_DIR": str(folder / "cache"),
            "AWS_EC2_METADATA_DISABLED": "true",
            **environment,
        }
        self.environment.pop("NO_COLOR", None)

    def run(self, *arguments: str, given: str = "", **environment: str) -> Ended:
        """Run to the end, without a terminal."""
        with TemporaryDirectory() as papers:
            return Ended(
                *run_forked(arguments, given, {**self.environment, **environment}, self.folder, Path(papers))
            )

    def on_terminal(self, *arguments: str) -> Terminal:
        """Start on a terminal of its own and leave it running."""
        return Terminal(arguments, self.environment, self.folder)

    def run_anew(self, *arguments: str, given: str = "", **environment: str) -> Ended:
        """The same with an interpreter of its own: for what it reads when it starts."""
        done = subprocess.run(
            [*PYTHON, *arguments],
            input=given,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**self.environment, **environment},
            cwd=self.folder,
            timeout=120,
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    def start(
        self, *arguments: str, stdout: int = subprocess.PIPE, **environment: str
    ) -> subprocess.Popen[str]:
        """Start and leave it running."""
        return subprocess.Popen(
            [*PYTHON, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            env={**self.environment, **environment},
            cwd=self.folder,
        )
