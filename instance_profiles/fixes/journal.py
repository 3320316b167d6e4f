"""The journal: what was about to be sent, on disk before it is sent, and what came of it.

JSON lines in one file, only ever appended to, readable by its owner alone. Several iptui may write at once;
a line that was cut off by a crash is stepped over. Credentials never get near it.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from instance_profiles.fixes.journal_entry import JournalEntry, entries_of
from instance_profiles.fixes.journal_lines import Closed, Intent, Line, Opened, Outcome, Settled, decode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType
    from typing import Self

__all__ = ["Entry", "Journal", "JournalEntry", "JournalUnwritable", "resumed"]

BATCH_PREFIX = "b-"
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_MODE = 0o600


class JournalUnwritable(Exception):
    """A line could not be put on disk, so nothing may be sent; the text says why."""


class Journal:
    """The journal in one file, which is made at the first line; reading it needs nothing but the file."""

    def __init__(self, path: Path, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.path = Path(path)
        self.damaged = 0
        """How many lines the last reading had to step over."""
        self._clock = clock

    def entries(self) -> tuple[JournalEntry, ...]:
        """All entries, the oldest first; raises OSError where the file is there and cannot be read."""
        lines, self.damaged = self._read()
        return entries_of(lines, self._is_running)

    def size(self) -> int:
        """The bytes on disk, which only grow; raises OSError where the file is there and cannot be read."""
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return 0

    def entry(self, entry_id: str) -> JournalEntry | None:
        """One entry by its id, or by the beginning of it where no other begins alike."""
        every = self.entries()
        exact = next((entry for entry in every if entry.id == entry_id), None)
        if exact is not None or not entry_id:
            return exact
        alike = [entry for entry in every if entry.id.startswith(entry_id)]
        return alike[0] if len(alike) == 1 else None

    def open(self, opened: Opened) -> Entry:
        """Begin an entry; raises JournalUnwritable."""
        now = self._clock()
        entry = Entry(self, _new_id(now))
        entry.hold()
        try:
            self.append(msgspec.structs.replace(opened, id=entry.id, at=now))
        except JournalUnwritable:
            entry.release()
            raise
        return entry

    def batch(self, batch_id: str) -> tuple[JournalEntry, ...]:
        """The entries of a batch by its id, or by the beginning of it; empty where several begin alike."""
        found = [entry for entry in self.entries() if entry.batch and entry.batch.id.startswith(batch_id)]
        ids = {entry.batch.id for entry in found if entry.batch}
        if batch_id in ids:
            return tuple(entry for entry in found if entry.batch and entry.batch.id == batch_id)
        return tuple(found) if len(ids) == 1 else ()

    def new_batch_id(self) -> str:
        """An id that ties the entries of one batch together and is never that of an entry."""
        return f"{BATCH_PREFIX}{_new_id(self._clock())}"

    def append(self, line: Line) -> None:
        """Put one line on disk; when this returns it survives a crash. Raises JournalUnwritable."""
        text = msgspec.json.encode(line) + b"\n"
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, _MODE)
        except OSError as error:
            raise JournalUnwritable(_unwritable(self.path, error)) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            _append(descriptor, text)
        except OSError as error:
            raise JournalUnwritable(_unwritable(self.path, error)) from error
        finally:
            os.close(descriptor)

    def now(self) -> datetime:
        return self._clock()

    def lock_path(self, entry_id: str) -> Path:
        """The file whose lock says that a process is applying this entry right now."""
        return self.path.with_name(f".{self.path.name}.{entry_id}.lock")

    def _read(self) -> tuple[list[Line], int]:
        try:
            raw = self.path.read_bytes()
        except FileNotFoundError:
            return [], 0
        lines: list[Line] = []
        damaged = 0
        for text in raw.splitlines():
            line = decode(text)
            if line is not None:
                lines.append(line)
            elif text.strip():
                damaged += 1
        return lines, damaged

    def _is_running(self, entry_id: str) -> bool:
        try:
            with self.lock_path(entry_id).open("rb") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                except BlockingIOError:
                    return True
                return False
        except FileNotFoundError:
            return False


class Entry:
    """One entry being written. While it is held, others see it as running and leave it alone."""

    def __init__(self, journal: Journal, entry_id: str) -> None:
        self.id = entry_id
        self._journal = journal
        self._lock: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def intent(self, **fields: Any) -> None:
        """Say what is about to be sent; raises JournalUnwritable, and then it must not be sent."""
        self._journal.append(Intent(id=self.id, at=self._journal.now(), **fields))

    def outcome(self, **fields: Any) -> None:
        """Say what came of the call; raises JournalUnwritable."""
        self._journal.append(Outcome(id=self.id, at=self._journal.now(), **fields))

    def close(self, result: str, message: str) -> None:
        """Say how applying ended; raises JournalUnwritable."""
        self._journal.append(Closed(id=self.id, at=self._journal.now(), result=result, message=message))

    def settle(self, earlier: str, state: str) -> None:
        """Say that this entry brought an earlier one to an end; raises JournalUnwritable."""
        self._journal.append(Settled(id=earlier, at=self._journal.now(), by=self.id, state=state))

    def hold(self) -> None:
        """Take the lock that says a process is at work; raises JournalUnwritable."""
        path = self._journal.lock_path(self.id)
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock = os.open(path, os.O_RDWR | os.O_CREAT, _MODE)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self.release()
            raise JournalUnwritable(_unwritable(path, error)) from error

    def release(self) -> None:
        if self._lock is not None:
            self._journal.lock_path(self.id).unlink(missing_ok=True)
            os.close(self._lock)
            self._lock = None


@contextmanager
def resumed(journal: Journal, entry_id: str) -> Iterator[Entry]:
    """An earlier entry that is written on, to take its calls back; raises JournalUnwritable."""
    with Entry(journal, entry_id) as entry:
        entry.hold()
        yield entry


def _append(descriptor: int, text: bytes) -> None:
    """Write a whole line and have it on disk; what a full disk cut off is taken away again."""
    size = os.lseek(descriptor, 0, os.SEEK_END)
    if size and os.pread(descriptor, 1, size - 1) != b"\n":
        # A crash cut the last line off; this one must not be glued to it.
        text = b"\n" + text
    try:
        written = 0
        while written < len(text):
            written += os.write(descriptor, text[written:])
        os.fsync(descriptor)
    except OSError:
        with suppress(OSError):  # the reason for the failure is what counts, and a torn line is stepped over
            os.ftruncate(descriptor, size)
        raise


def _unwritable(path: Path, error: OSError) -> str:
    return (
        f"The journal {path} cannot be written: {error.strerror or error}. Nothing more is sent without it."
    )


def _new_id(now: datetime) -> str:
    """Short, and sorted by time as text: 9 characters of milliseconds, 3 against clashes."""
    number, text = int(now.timestamp() * 1000), ""
    for _ in range(9):
        number, digit = divmod(number, 32)
        text = _ALPHABET[digit] + text
    return text + "".join(secrets.choice(_ALPHABET) for _ in range(3))
