"""What arrives is judged at once, then in rounds with rests: nothing is judged again with each page."""

from __future__ import annotations

import pytest

from benchmarks.large_inventory import NOW, LargeInventory
from instance_profiles.inventory.inventory import Inventory
from tui import intake
from tui.intake import Intake
from tui.store import Store


class Clock:
    """A clock that only these tests move; the CPU time that it tells is a part of that."""

    def __init__(self):
        self.now = 1_000.0

    def monotonic(self):
        return self.now

    def thread_time(self):
        # Each look at the clock costs something, so that work has a price.
        self.now += 0.001
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(intake, "time", clock)
    return clock


@pytest.fixture
def store():
    return Store(Inventory(lambda: NOW), lambda: NOW)


def events():
    return list(LargeInventory(60, 6).events())


def turns(arriving, clock, wanted):
    """Take turns until something is so; how many it took."""
    for number in range(1, 2_000):
        arriving.turn(at_keys=False)
        if wanted():
            return number
        clock.now += 0.01
    raise AssertionError("it never came to be so")


def test_the_first_page_is_judged_before_the_second_comes(store, clock):
    arriving = Intake(store, lambda: NOW)
    arriving.load_started()
    for event in events():
        arriving.arrived(event)
    turns(arriving, clock, lambda: store.findings)
    assert store.loading


def test_after_a_round_nothing_is_judged_for_a_while(store, clock, monkeypatch):
    arriving = Intake(store, lambda: NOW)
    judged = []
    monkeypatch.setattr(store, "judge_some", lambda *_: judged.append(clock.now) or True)
    arriving.load_started()
    pages = events() * 20
    for event in pages:
        arriving.arrived(event)
        arriving.turn(at_keys=False)
        clock.now += 0.001
    assert 1 < len(judged) < len(pages) / 4
    before = len(judged)
    arriving.load_ended()
    # At the end nothing rests any more.
    turns(arriving, clock, lambda: arriving.is_read)
    assert len(judged) == before + 1


def test_a_load_is_over_when_all_of_it_is_judged(store, clock):
    arriving = Intake(store, lambda: NOW)
    arriving.load_started()
    for event in events():
        arriving.arrived(event)
    assert not arriving.is_read
    arriving.load_ended()
    turns(arriving, clock, lambda: arriving.is_read)
    arriving.end_load()
    assert not store.loading
    assert store.findings
