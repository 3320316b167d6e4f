"""The exit codes that scripts rely on, and the exception that carries one with its sentence."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """What the program says with its exit code; kept stable."""

    DONE = 0
    FINDINGS = 1
    USAGE = 2
    NOTHING_LOADED = 3
    LOADED_IN_PART = 4
    FIX_FAILED = 5
    HUNG_UP = 129
    INTERRUPTED = 130
    TERMINATED = 143


class CommandError(Exception):
    """Ends a command with one plain sentence that says what to do, and an exit code."""

    def __init__(self, sentence: str, code: Exit) -> None:
        super().__init__(sentence)
        self.code = code
