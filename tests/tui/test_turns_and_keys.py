"""No turn is taken from a key until its answer can be drawn; a load goes on under any number of keys."""

from __future__ import annotations

import asyncio

import pytest

from config.settings import resolve
from tui import pacing as module
from tui.app import IptuiApp
from tui.pacing import AWAY_SECONDS, KEY_SECONDS, MOST_SECONDS, REST_SECONDS


class Turns:
    """An intake that notes each turn, and a clock that the test moves."""

    is_read = False

    def __init__(self):
        self.now = 1_000.0
        self.taken = []

    def monotonic(self):
        return self.now

    def turn(self, *, at_keys):
        self.taken.append(at_keys)
        return True


@pytest.fixture
def turns(monkeypatch, tmp_path):
    turns = Turns()
    monkeypatch.setattr(module, "time", turns)
    app = IptuiApp(resolve({}, {"IPTUI_CONFIG_DIR": str(tmp_path)}), lambda: None)
    app.intake = turns
    app._draw = lambda: None
    app.set_timer = lambda *_: None
    turns.app = app
    return turns


def test_a_key_has_its_time(turns):
    turns.app._take_turns()
    turns.now += 0.01
    turns.app._pacing.pressed()
    turns.app._take_turns()
    assert turns.taken == [False]
    turns.now += KEY_SECONDS * 1.1
    turns.app._take_turns()
    assert turns.taken == [False, True]
    turns.now += AWAY_SECONDS
    turns.app._take_turns()
    assert turns.taken == [False, True, False]


def test_a_frame_and_a_turn_never_come_as_one(turns):
    """A key would wait for both."""
    done = []
    turns.app._draw = lambda: done.append("frame") or True
    turns.turn = lambda *, at_keys: done.append("turn") or True
    for _ in range(30):
        before = len(done)
        turns.app._take_turns()
        assert len(done) - before == 1
        turns.now += REST_SECONDS
        if done[-1] == "frame":
            turns.app._pacing.drawn()
    assert done.count("frame") >= 1
    assert done.count("turn") > 10 * done.count("frame")


def test_while_a_key_is_answered_one_look_at_the_clock_is_enough(turns):
    asked = []
    turns.app.set_timer = lambda seconds, _then: asked.append(seconds)
    turns.app._take_turns()
    turns.app._pacing.pressed()
    turns.app._take_turns()
    assert asked[-1] == pytest.approx(KEY_SECONDS)


def test_a_held_key_does_not_stop_the_load(turns):
    turns.app._take_turns()
    begin = turns.now
    while turns.now < begin + 3 * MOST_SECONDS:
        turns.now += 0.01
        turns.app._pacing.pressed()
        turns.app._take_turns()
    assert len(turns.taken) in (3, 4)


async def test_chores_wait_until_a_key_is_answered(recorded, iptui, monkeypatch):
    taken, is_answering = [], True

    def chores():
        for number in range(5):
            taken.append(number)
            yield

    async with iptui() as at:
        monkeypatch.setattr("tui.screens.searching.turns", lambda steps: steps)
        monkeypatch.setattr(IptuiApp, "is_answering", property(lambda _app: is_answering))
        monkeypatch.setattr(at.app.store.listings, "make_ready", chores)
        worker = at.app.main._searching.do_chores()
        await at.until(lambda: taken, "waited for the first step")
        await asyncio.sleep(0.1)
        assert taken == [0]
        is_answering = False
        await worker.wait()
        assert taken == [0, 1, 2, 3, 4]
