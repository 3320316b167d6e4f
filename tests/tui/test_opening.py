"""What stands there before the main screen: the same frame, a way out, and no key that is lost."""

from __future__ import annotations

import asyncio
import threading
from contextlib import asynccontextmanager

from textual.events import Key

from config.settings import resolve
from tests.tui.seeing import Seen
from tui.app import IptuiApp
from tui.screens.frame import VIEW_TITLES
from tui.screens.main import MainScreen
from tui.views.catalogue import VIEWS
from tui.workspace import open_workspace
from widgets.filter_line import FilterLine


@asynccontextmanager
async def held_up(tmp_path, **flags):
    """The program in its opening, which lasts until the event is set."""
    folders = {f"IPTUI_{name}_DIR": str(tmp_path / name) for name in ("CONFIG", "STATE", "CACHE")}
    resolved, go_on = resolve(flags, folders), threading.Event()
    app = IptuiApp(resolved, lambda: open_workspace(resolved), go_on.wait)
    try:
        async with app.run_test(size=(120, 40)) as pilot:
            yield Seen(app, pilot), go_on
    finally:
        go_on.set()


def test_the_strip_names_the_views_in_their_order():
    assert [view.id for view in VIEWS] == list(VIEW_TITLES)


async def test_the_opening_has_the_lines_of_the_main_screen(recorded, tmp_path):
    async with held_up(tmp_path, read_only=True) as (at, go_on):
        await at.wait("read-only", "Looking for credentials", "2 instance profiles", "q quit")
        opening = at.lines
        go_on.set()
        await at.opened()
        await at.loaded()
        lines = at.lines
        assert lines[-1] == opening[-1]
        assert lines[10].index("│") == opening[10].index("│")


async def test_keys_that_are_pressed_in_the_opening_are_answered_by_the_main_screen(recorded, tmp_path):
    async with held_up(tmp_path) as (at, go_on):
        await at.wait("Looking for credentials")
        await at.press("4", "question_mark", "ctrl+p")
        assert at.app.screen is at.app.opening
        go_on.set()
        await at.opened()
        await at.wait("Keys and signs")
        await at.press("escape")
        await at.loaded()
        assert "eu-west-1" in at.tree.visible_keys[0]


async def test_keys_that_come_while_the_main_screen_is_put_up_are_answered_in_their_order(
    recorded, tmp_path, monkeypatch
):
    mount, is_up = MainScreen.on_mount, asyncio.Event()

    async def slow_mount(screen):
        await is_up.wait()
        mount(screen)

    monkeypatch.setattr(MainScreen, "on_mount", slow_mount)
    async with held_up(tmp_path) as (at, go_on):
        await at.wait("Looking for credentials")
        await at.press("slash", "w")
        go_on.set()
        # Past the pilot, which would wait until the screen is up.
        while at.app.screen is at.app.opening:
            await asyncio.sleep(0.01)
        for letter in "eb":
            at.app.post_message(Key(letter, letter))
        is_up.set()
        await at.until(
            lambda: [line.value for line in at.app.main.query(FilterLine) if line.is_open] == ["web"],
            "waited for the search",
        )


async def test_one_can_leave_the_opening(recorded, tmp_path):
    async with held_up(tmp_path) as (at, go_on):
        await at.wait("Looking for credentials")
        await at.press("q")
        go_on.set()
        await at.until(lambda: not at.app.is_running, "waited for the end")
        assert at.app.return_value == 0


async def test_what_is_typed_right_behind_the_key_of_the_search_is_searched_and_does_not_leave(
    iptui, recorded
):
    async with iptui() as at:
        for letter in ("slash", *"webq"):
            at.app.post_message(Key(letter, "/" if letter == "slash" else letter))
        line = at.app.main.query_one(FilterLine)
        await at.until(lambda: line.value == "webq", "waited for the search")
        assert at.app.is_running
