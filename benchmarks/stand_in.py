"""What stands in for AWS while something is measured: the emulator in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.fleets import REGIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
DELAY = 0.05
"""Seconds from a request to its answer: what a round trip to a region and AWS's own work take."""


@contextmanager
def stand_in(
    instances: int,
    instance_profiles: int,
    *,
    delay: float = DELAY,
    limits: bool = False,
    dead: str | None = None,
    regions: int = len(REGIONS),
) -> Iterator[dict[str, str]]:
    """Serve such a company; yields the environment in which any AWS program talks to it and to nothing else.

    Pages are written when they are first asked for: let one load run before anything is measured. `limits`
    throttles by the token buckets of AWS; the region `dead` never answers. The environment has an empty home,
    state and cache folder.
    """
    command = [sys.executable, "-m", "benchmarks.serving", "--delay", str(delay), "--regions", str(regions)]
    command += ["--instances", str(instances), "--instance-profiles", str(instance_profiles)]
    command += ["--limits"] if limits else []
    command += ["--dead", dead] if dead else []
    with (
        tempfile.TemporaryDirectory(prefix="iptui-bench-") as home,
        subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as server,
    ):
        try:
            assert server.stdout is not None
            variables: dict[str, str] = json.loads(server.stdout.readline())
            address = server.stdout.readline().split()[-1]
            yield _surroundings(Path(home)) | variables | {"AWS_ENDPOINT_URL": address}
        finally:
            server.terminate()


def _surroundings(home: Path) -> dict[str, str]:
    """This environment without the person's own AWS settings and iptui folders."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "IPTUI_"))}
    return kept | {
        "HOME": str(home),
        "AWS_CONFIG_FILE": str(home / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(home / "credentials"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "IPTUI_CONFIG_DIR": str(home / "settings"),
        "IPTUI_STATE_DIR": str(home / "state"),
        "IPTUI_CACHE_DIR": str(home / "cache"),
        "NO_PROXY": "127.0.0.1,localhost",
        "PYTHONPATH": str(ROOT),
    }
