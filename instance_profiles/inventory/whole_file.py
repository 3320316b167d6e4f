"""Files of the cache, written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def replace(path: Path, content: bytes) -> None:
    """Put a file in place of another, for its owner alone: others read the old one until it is complete.

    Blocking: use a thread. Raises OSError, and then leaves what was there.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError:
        with suppress(OSError):  # why it could not be written is what counts
            Path(name).unlink()
        raise


def forget_oldest(folder: Path, suffix: str, most: int) -> None:
    """Leave the newest of the files with this ending. Blocking. Raises OSError."""
    found = sorted(folder.glob(f"*{suffix}"), key=lambda one: one.stat().st_mtime, reverse=True)
    for old in found[most:]:
        old.unlink(missing_ok=True)
