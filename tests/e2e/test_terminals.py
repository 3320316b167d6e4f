"""Terminals that are too small, too simple, or no terminals."""

from __future__ import annotations

import pytest

from tests.e2e.terminal import OTHER_SCREEN, Terminal


def test_in_a_terminal_of_twenty_by_five_it_starts_and_can_be_left(iptui):
    with Terminal(environ=iptui.environment, size=(20, 5)) as terminal:
        terminal.wait_for("iptui")
        terminal.press("q")
        assert terminal.wait_exit() == 0


@pytest.mark.parametrize("exported", [{}, {"COLUMNS": "80", "LINES": "24"}], ids=["", "size exported"])
def test_it_grows_with_the_terminal(iptui, exported):
    plain = {name: value for name, value in iptui.environment.items() if name not in ("COLUMNS", "LINES")}
    with Terminal(environ={**plain, **exported}, size=(20, 5)) as terminal:
        terminal.wait_for("iptui")
        terminal.resize(120, 40)
        terminal.wait_for("Instance profiles", "Problem", "web")
        terminal.resize(80, 24)
        terminal.wait_for("Instance profiles", "web", "quit", gone="Problem")
        terminal.press("q")
        assert terminal.wait_exit() == 0


def test_a_terminal_without_a_cursor_to_move_is_told_what_works_instead(program):
    with Terminal(environ=program.environment, term="dumb") as terminal:
        assert terminal.wait_exit() == 2
    shown = " ".join(terminal.text().split())
    assert shown.startswith("iptui: ")
    assert "iptui scan" in shown
    assert OTHER_SCREEN not in terminal.received


@pytest.mark.parametrize("arguments", [(), ("--demo",)])
def test_without_a_terminal_it_says_what_works_instead(program, arguments):
    ended = program.run(*arguments)
    assert ended.code == 2
    assert ended.out == ""
    assert "iptui scan" in ended.sentence
