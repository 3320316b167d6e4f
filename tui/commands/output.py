"""Writing to standard output and standard error: outside text made harmless, a closed pipe taken quietly."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any, TextIO

from tui.commands.exits import CommandError, Exit


def write(text: str) -> None:
    """One block of text and a newline on standard output, at once; nothing if the reader has gone."""
    _write(sys.stdout, text)


def write_json(value: Any) -> None:
    """One JSON object on standard output, in ASCII, so that no character of it can act on a terminal."""
    _write(sys.stdout, json_text(value))


def say(sentence: str) -> None:
    """One sentence on standard error."""
    _write(sys.stderr, f"iptui: {visible(sentence)}")


def progress(text: str) -> None:
    """A passing line on standard error, on a terminal only; the next one or `clear_progress` replaces it."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{visible(text)}")
        sys.stderr.flush()


def clear_progress() -> None:
    progress("")


def visible(text: str) -> str:
    """Text from outside as one line that cannot act on a terminal."""
    if text.isascii() and text.isprintable():
        return text
    from widgets.text import safe  # draws in Textual; most texts do without

    return safe(text)


def json_text(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=True, default=str)


def write_file(path: Path, text: str) -> None:
    """Put the text in the file, all of it or nothing; raises CommandError where that is not possible."""
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as file:
            file.write(text + "\n")
        try:
            Path(file.name).chmod(0o666 & ~_umask())
            Path(file.name).replace(path)
        except OSError:
            Path(file.name).unlink()
            raise
    except OSError as error:
        raise CommandError(f"The file {path} cannot be written: {error.strerror}.", Exit.USAGE) from error


def colours_wanted(*, no_color: bool) -> bool:
    return sys.stdout.isatty() and not no_color and os.environ.get("TERM") != "dumb"


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _write(stream: TextIO, text: str) -> None:
    try:
        stream.write(text + "\n")
        stream.flush()
    except BrokenPipeError:
        forget(stream)
    except OSError as error:  # a full disk, for one
        forget(stream)
        raise CommandError(f"The output cannot be written: {error.strerror}.", Exit.USAGE) from error


def forget(stream: TextIO) -> None:
    """Let what is still buffered, and all that follows, go nowhere: nobody reads it any more."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
