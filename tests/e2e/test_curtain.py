"""With the same keys and the same terminal, what stood there the last time is there before Textual is."""

from __future__ import annotations

import re
import signal
import termios
import time
from pathlib import Path

import pyte
import pytest

from tests.e2e.terminal import FIRST_SCREEN, OTHER_SCREEN, PATIENCE, SHOW_CURSOR, Terminal
from tests.e2e.test_second_start import read_once
from tui.commands.screen import FRAMES_A_SECOND

FIRST_FRAME = """
import os, sys
from textual.drivers.linux_driver import LinuxDriver
from tui.cli import main

write = LinuxDriver.write

def watched(driver, data):
    write(driver, data)
    if os.environ["AWAITED"] in data:
        driver.flush()
        driver._writer_thread.stop()
        os._exit(0)

LinuxDriver.write = watched
main(sys.argv[1:])
"""
"""Ends the program when Textual has drawn its first frame."""
SLOW = """
import sys, time

class Slow:
    def find_spec(self, name, path=None, target=None):
        if name == "textual":
            time.sleep(60)

sys.meta_path.insert(0, Slow())
from tui.cli import main
sys.exit(main(sys.argv[1:]))
"""
"""Textual takes for ever to be imported."""


def write_settings(iptui, text):
    file = Path(iptui.environment["IPTUI_CONFIG_DIR"]) / "config.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)


def make_old(iptui):
    [file] = Path(iptui.environment["IPTUI_CACHE_DIR"]).rglob("*.picture")
    text, changed = re.subn(r'"read_at":"[^"]+"', '"read_at":"2026-01-02T03:04:05Z"', file.read_text())
    assert changed == 2
    file.write_text(text)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
@pytest.mark.parametrize("settings", ["", 'theme = "iptui-light"\nread_only = true\n'])
def test_it_is_what_textual_draws_in_its_place(iptui, size, settings):
    write_settings(iptui, settings)
    read_once(iptui, size)
    make_old(iptui)  # so that the seconds between the two do not count
    still, frame = first_frame(iptui, "left-over", size=size)
    before, after = screens(still, frame, size)
    assert "left-over" in "\n".join(before.display)
    assert "as of" in before.display[0]
    assert before.display == after.display
    assert unlike(before, after) == []


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("arguments", [(), ("--demo",)])
def test_with_nothing_to_be_shown_it_is_the_frame_alone(iptui, size, arguments):
    write_settings(iptui, "snapshot = false\n")
    with Terminal(*arguments, environ=iptui.environment, size=size) as terminal:
        terminal.wait_for("Instance profiles", "s ago")
        frames = Path(iptui.environment["IPTUI_CACHE_DIR"]) / "frames"
        wait_until(lambda: list(frames.glob("*.frame")))
        terminal.press("q")
        terminal.wait_exit()
    still, frame = first_frame(iptui, "Looking for credentials", *arguments, size=size)
    before, after = screens(still, frame, size)
    assert "Looking for credentials" in "\n".join(before.display)
    assert before.display == after.display
    assert unlike(before, after) == []


def wait_until(is_so):
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def first_frame(iptui, awaited, *arguments, size=(120, 40)):
    """What the terminal is sent before Textual is there, and what Textual then draws first."""
    environ = {**iptui.environment, "AWAITED": awaited}
    with Terminal(*arguments, environ=environ, size=size, program=FIRST_FRAME) as terminal:
        terminal.wait_exit()
    still, _, frame = terminal.received.partition(b"\x1b[?1000h")
    return still, frame


def screens(still, frame, size):
    """How the terminal looks with the one, and with the other alone."""
    assert still.startswith(OTHER_SCREEN)
    assert OTHER_SCREEN not in frame, "the screen was empty in between"
    before, after = pyte.Screen(*size), pyte.Screen(*size)
    pyte.ByteStream(before).feed(still)
    pyte.ByteStream(after).feed(frame)
    return before, after


def unlike(one, other):
    """The cells that look different: where, and how each looks."""
    cells = ((y, x) for y in range(one.lines) for x in range(one.columns))
    looks = ((y, x, look(one.buffer[y][x]), look(other.buffer[y][x])) for y, x in cells)
    return [(y, x, first, second) for y, x, first, second in looks if first != second]


def look(cell):
    """What is seen of a cell: of a blank one the ground only."""
    is_blank = cell.data == " " and not cell.reverse and not cell.underscore
    return cell.bg if is_blank else cell


def test_on_a_terminal_of_another_size_it_stays_away(iptui):
    read_once(iptui)
    still, _ = first_frame(iptui, "left-over", size=(100, 30))
    assert b"left-over" not in still


def test_with_other_colours_it_stays_away(iptui):
    read_once(iptui)
    write_settings(iptui, 'theme = "iptui-light"\n')
    still, _ = first_frame(iptui, "left-over")
    assert b"left-over" not in still


def test_textual_looks_often_enough_whether_anything_is_to_be_drawn(iptui):
    program = (
        "from tui.cli import main\nimport tui.commands.screen, sys\n"
        "class Told:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'tui.app':\n"
        "            import os\n"
        "            print('fps', os.environ['TEXTUAL_FPS'], 'textual' in sys.modules, flush=True)\n"
        "sys.meta_path.insert(0, Told())\nmain([])\n"
    )
    with Terminal(environ=iptui.environment, program=program) as terminal:
        terminal.wait_for(f"fps {FRAMES_A_SECOND} False")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_whoever_ends_the_program_behind_it_gets_the_terminal_back(iptui, number):
    read_once(iptui)
    with Terminal(environ=iptui.environment, program=SLOW) as terminal:
        echoes = echo(terminal)
        terminal.wait_for("left-over", "quit")
        assert echoes
        assert not echo(terminal)
        terminal.process.kill(number)
        terminal.wait_exit()
        assert terminal.is_restored
        assert echo(terminal)


def test_stopped_and_gone_on_with_the_program_shows_no_curtain_any_more(iptui):
    read_once(iptui)
    with Terminal(environ=iptui.environment, program=SLOW.replace("sleep(60)", "sleep(3)")) as terminal:
        terminal.wait_for("left-over", "quit")
        terminal.process.kill(signal.SIGTSTP)
        while not terminal.received.endswith(FIRST_SCREEN + SHOW_CURSOR):
            assert terminal._read(10)
        time.sleep(0.2)
        assert echo(terminal)
        terminal.process.kill(signal.SIGCONT)
        terminal.wait_for("left-over", "Problem")
        assert terminal.received.count(OTHER_SCREEN) == 2
        terminal.press("q")
        assert terminal.wait_exit() == 0
        assert terminal.is_restored


def test_keys_typed_behind_it_are_answered(iptui):
    read_once(iptui)
    with Terminal(environ=iptui.environment, program=SLOW.replace("sleep(60)", "sleep(1)")) as terminal:
        terminal.wait_for("left-over", "quit")
        terminal.press("?")
        terminal.wait_for("Keys and signs")
        terminal.press("esc")
        terminal.wait_for("Problem", gone="Keys and signs")
        terminal.press("q")
        assert terminal.wait_exit() == 0
        assert echo(terminal)


def echo(terminal):
    """Whether the terminal echoes what is typed."""
    return bool(termios.tcgetattr(terminal.process.fd)[3] & termios.ECHO)
