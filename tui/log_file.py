"""The log file: JSON lines, for the owner's eyes only, without secrets."""

from __future__ import annotations

import json
import logging
import os
import re
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING

from instance_profiles.aws.secrets import without_secrets

if TYPE_CHECKING:
    from io import TextIOWrapper
    from pathlib import Path

_SIZE = 1_000_000
_ENCODED = re.compile(r"(?i)(encoded authorization failure message:\s*)[\w\-+/=]+")


def open_log(path: Path) -> str | None:
    """Send what the program and its libraries log to this file; a second call does nothing.

    The file and its folder are made for the owner only (0600, 0700). Where that is refused nothing is logged,
    and the sentence that says why is returned.
    """
    root = logging.getLogger()
    if any(isinstance(handler, _PrivateFile) for handler in root.handlers):
        return None
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler = _PrivateFile(path, maxBytes=_SIZE, backupCount=2, encoding="utf-8")
    except OSError as error:
        root.addHandler(logging.NullHandler())  # else logging would write to standard error
        return f"No log is kept, because {path} cannot be written ({error.strerror})."
    handler.setFormatter(_JsonLines())
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("iptui").setLevel(logging.INFO)
    return None


class _PrivateFile(RotatingFileHandler):
    def _open(self) -> TextIOWrapper:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return os.fdopen(descriptor, "a", encoding=self.encoding)


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": record.process,
            "message": _clean(record.getMessage()),
        }
        if record.exc_info:
            line["traceback"] = _clean(self.formatException(record.exc_info))
        return json.dumps(line)


def _clean(text: str) -> str:
    return _ENCODED.sub(r"\1[removed]", without_secrets(text))
