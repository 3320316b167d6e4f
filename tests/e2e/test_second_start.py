"""The second start shows what the first one read, before AWS has answered at all."""

from __future__ import annotations

import time
from pathlib import Path

from tests.e2e.terminal import PATIENCE, Terminal


def read_once(iptui, size=(120, 40)):
    """Read everything, and leave once it is on disk whose it is."""
    cache = Path(iptui.environment["IPTUI_CACHE_DIR"])
    with Terminal(environ=iptui.environment, size=size) as terminal:
        terminal.wait_for("Instance profiles", "s ago")
        end = time.monotonic() + PATIENCE
        while not list(cache.rglob("*.picture")) and time.monotonic() < end:
            time.sleep(0.05)
        terminal.press("q")
        terminal.wait_exit()


def test_while_aws_is_silent_the_last_data_is_there_and_nothing_can_be_done_with_it(iptui, aws):
    read_once(iptui)
    aws.world.hang()
    with Terminal(environ=iptui.environment) as terminal:
        terminal.wait_for("as of", "asking AWS who calls", "left-over", "no role")
        aws.wait_for("GetCallerIdentity")
        terminal.press("down", "down", "f")
        terminal.wait_for("Wait until AWS has answered.")
        terminal.press("q")
        assert terminal.wait_exit() == 0
        assert terminal.is_restored


def test_with_other_keys_nothing_of_the_last_time_is_shown(iptui, aws):
    read_once(iptui)
    aws.world.hang()
    asked = len(aws.world.requests)
    with Terminal(environ={**iptui.environment, "AWS_ACCESS_KEY_ID": "AKIAI44QH8DHBEXAMPLE"}) as terminal:
        terminal.wait_for("Reading")
        while len(aws.world.requests) == asked:
            time.sleep(0.01)
        assert b"left-over" not in terminal.received
        assert "as of" not in terminal.text()
        terminal.press("ctrl+c")
        terminal.wait_exit()
