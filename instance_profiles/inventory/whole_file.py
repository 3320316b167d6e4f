"""Files of the cache, written whole or not at all."""

from __future__ import annotations

import logging
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import msgspec

_T = TypeVar("_T")
_log = logging.getLogger("iptui")


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


def decoded(path: Path, content: type[_T]) -> _T | None:
    """What a file of JSON holds; None where there is none or a damaged one, which the log tells. Blocking."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=content)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as error:
        _log.warning("%s is not used and will be written anew: %s", path, error)
        return None


def forget_oldest(folder: Path, suffix: str, most: int) -> None:
    """Leave the newest of the files with this ending. Blocking. Raises OSError."""
    found = sorted(folder.glob(f"*{suffix}"), key=lambda one: one.stat().st_mtime, reverse=True)
    for old in found[most:]:
        old.unlink(missing_ok=True)
