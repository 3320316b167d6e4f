"""The folder of a demo: made by whoever starts it, and taken away by the emulator if that one is killed."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PREFIX = "iptui-demo-"


def is_one(folder: Path) -> bool:
    """Whether this can be the folder of a demo; no other may be taken away."""
    return folder.name.startswith(PREFIX) and folder.is_dir() and not folder.is_symlink()


def remove(folder: Path) -> None:
    """Take the folder away with all that is in it."""
    # Whoever started the demo does the same, perhaps at this moment; what one misses, the other finds.
    shutil.rmtree(folder, ignore_errors=True)
