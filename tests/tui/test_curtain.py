"""A terminal that does not let the curtain be is left alone, and the program starts as without it."""

from __future__ import annotations

import os
import pty
import signal
import termios

import pytest

from tui import curtain as module
from tui.curtain import ENTER, curtain


@pytest.fixture
def terminal(monkeypatch):
    """The other end of a terminal of this test's own."""
    ours, theirs = pty.openpty()
    monkeypatch.setattr(module, "sys", Streams(theirs))
    yield ours, theirs
    os.close(ours)
    os.close(theirs)


class Streams:
    """A `sys` whose standard streams are one terminal."""

    def __init__(self, descriptor):
        self.stdin = self.stderr = self
        self.fileno = lambda: descriptor


def echoes(descriptor):
    return bool(termios.tcgetattr(descriptor)[3] & termios.ECHO)


def test_while_it_is_up_nothing_is_echoed_and_then_all_is_as_before(terminal):
    ours, theirs = terminal
    handlers = [signal.getsignal(number) for number in module._ENDING]
    with curtain("text") as shown:
        assert shown.is_up
        assert not echoes(theirs)
        assert os.read(ours, 1000).decode().startswith(ENTER)
    assert not shown.is_up
    assert echoes(theirs)
    assert os.read(ours, 1000).decode() == module._LEAVE
    assert [signal.getsignal(number) for number in module._ENDING] == handlers


def test_whoever_takes_over_finds_it_there_and_nothing_is_taken_down(terminal):
    ours, theirs = terminal
    with curtain("text") as shown:
        shown.hand_over()
        assert echoes(theirs)
        os.read(ours, 1000)
        os.write(theirs, b"next")
    assert os.read(ours, 1000) == b"next"


@pytest.mark.parametrize("broken", ["tcgetattr", "tcsetattr", "write"])
def test_where_the_terminal_refuses_there_is_none_and_the_program_goes_on(terminal, monkeypatch, broken):
    def refuse(*_):
        raise (OSError if broken == "write" else termios.error)("refused")

    with monkeypatch.context() as patched:
        patched.setattr(*((module, "_write") if broken == "write" else (termios, broken)), refuse)
        with curtain("text") as shown:
            assert not shown.is_up
    assert echoes(terminal[1])
    assert all(signal.getsignal(number) != shown._end for number in module._ENDING)


def test_without_a_text_there_is_none():
    with curtain(None) as shown:
        assert shown is None
