"""A process that reads pages: `python -m instance_profiles.aws.reading_process`, by `readers`.

Each page comes on standard input with who reads it and what is made of it; its next token goes to standard
output as soon as it is known ("ahead"), then what was made ("done"), which is nothing where a page is out of
the ordinary in any way.
Neither credentials nor the SDK are here, and nothing is kept. The process ends with its input.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import struct
import sys
import time
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from instance_profiles.aws.unpacking import gunzipped

if TYPE_CHECKING:
    from instance_profiles.aws.page_reader import PageReader

HEAD: Final = struct.Struct(">III?")
"""Before a page: bytes of the pickled reader, of the pickled work, of the body; whether that is packed."""
LENGTH: Final = struct.Struct(">I")
"""Before each answer, a pickled pair of what it is and its value: its bytes."""
_PIPE: Final = 1 << 20
"""Bytes that a pipe should hold, so that neither side waits for the other in the middle of a page."""

_NICE: Final = 10
"""Whoever asks has a screen to draw, and keys to answer: that comes first where processors are few."""


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):  # not on Windows
        os.nice(_NICE)
    pages, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # What anything may print has no place among the answers.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    _widen(pages, answers)
    # What is made here has no circles, and is gone after each page.
    gc.disable()
    # Whoever asked may be gone in the middle of an answer.
    with suppress(BrokenPipeError):
        serve(pages, answers)


def serve(pages: BinaryIO, answers: BinaryIO) -> None:
    """Read pages until they end."""
    _answer(answers, "ready", None)
    while len(head := pages.read(HEAD.size)) == HEAD.size:
        of_reader, of_work, of_body, packed = HEAD.unpack(head)
        reader, work, body = (pages.read(size) for size in (of_reader, of_work, of_body))
        begin, made = time.thread_time(), None
        # Whoever asked reads it again where nothing was made of it, and tells what is wrong.
        with suppress(Exception):
            made = _read(answers, _reader(reader), pickle.loads(work), body, packed=packed)  # noqa: S301 - our parent's
        _answer(answers, "done", (made, time.thread_time() - begin, of_body))


def _read(answers: BinaryIO, reader: PageReader, work: Any, body: bytes, *, packed: bool) -> bytes | None:
    cursor, make = work
    text = gunzipped(body) if packed else body
    _answer(answers, "ahead", reader.peek(text, cursor))
    page = reader.read(text)
    return None if page is None else _pickled((cursor.after(page), make(page)))


@lru_cache(maxsize=64)
def _reader(pickled: bytes) -> PageReader:
    reader: PageReader = pickle.loads(pickled)  # noqa: S301 - from our parent
    return reader


def _answer(answers: BinaryIO, what: str, value: Any) -> None:
    pickled = _pickled((what, value))
    answers.write(LENGTH.pack(len(pickled)))
    answers.write(pickled)
    answers.flush()


def _pickled(value: Any) -> bytes:
    return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)


def _widen(*pipes: BinaryIO) -> None:
    with suppress(ImportError, AttributeError, OSError):  # only Linux knows how
        import fcntl

        for pipe in pipes:
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE)


if __name__ == "__main__":
    main()
