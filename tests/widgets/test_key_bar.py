from __future__ import annotations

from textual.events import Key

from config.themes import DARK_PALETTE
from tests.widgets.conftest import colours_of, on_stage, screen_lines
from widgets.key_bar import KeyBar

KEYS = [
    ("f", "fix"),
    ("slash", "search"),
    ("space", "mark"),
    ("c", "copy"),
    ("u", "journal"),
    ("r", "reload"),
    ("question_mark", "help"),
    ("q", "quit"),
]


async def test_keys_are_named_as_they_are_on_the_keyboard():
    async with on_stage(KeyBar(KEYS), size=(100, 3)) as pilot:
        assert screen_lines(pilot.app)[0] == (
            " f fix   / search   space mark   c copy   u journal   r reload   ? help   q quit"
        )
        assert colours_of(pilot.app, 0, "/")[0] == DARK_PALETTE.accent
        assert colours_of(pilot.app, 0, "search")[0] == DARK_PALETTE.muted


async def test_there_are_never_more_than_eight():
    async with on_stage(KeyBar([*KEYS, ("x", "ninth")]), size=(120, 3)) as pilot:
        assert "ninth" not in screen_lines(pilot.app)[0]


async def test_where_space_lacks_keys_move_together_and_then_the_last_go():
    async with on_stage(KeyBar(KEYS), size=(80, 3)) as pilot:
        assert screen_lines(pilot.app)[0].endswith("? help  q quit")
        await pilot.resize_terminal(40, 3)
        await pilot.pause()
        assert screen_lines(pilot.app)[0] == " f fix / search space mark c copy"


async def test_other_keys_for_another_moment():
    async with on_stage(KeyBar(KEYS)) as pilot:
        pilot.app.query_one(KeyBar).show([("escape", "leave everything as it is"), ("b,c", "first counts")])
        await pilot.pause()
        assert screen_lines(pilot.app)[0] == " esc leave everything as it is   b first counts"


async def test_a_click_does_what_the_key_does():
    async with on_stage(KeyBar(KEYS)) as pilot:
        line = screen_lines(pilot.app)[0]
        await pilot.click(KeyBar, offset=(line.index("search"), 0))
        await pilot.click(KeyBar, offset=(line.index("  f") + 1 if "  f" in line else 79, 0))
        await pilot.pause()
        assert [key.key for key in pilot.app.said(Key)] == ["slash"]
