"""The main screens, character by character and colour by colour, at the two sizes people use most."""

from __future__ import annotations

import re
from datetime import timedelta
from string import ascii_letters
from typing import TYPE_CHECKING

import pytest
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from textual.widgets import Input

from config.themes import DARK, LIGHT
from tests.widgets.conftest import screen_strips

if TYPE_CHECKING:
    from rich.segment import Segment

SIZES = {"80x24": (80, 24), "120x40": (120, 40)}
DAY = re.compile(r"\b20\d\d-\d\d-\d\d\b")
TIME = re.compile(r"\b\d\d:\d\d:\d\d UTC")
ENTRY = re.compile(r"\b[0-9a-z]{12}(?=  account)")
SEEN_AFTER = timedelta(seconds=3)


class Picture(SingleFileSnapshotExtension):
    """One text file a screen: what stands there, and below it which ink each cell has."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


@pytest.fixture
def picture(snapshot):
    return snapshot.use_extension(Picture)


async def drawn(at):
    """The screen once it stands still."""
    for field in at.app.screen.query(Input):
        field.cursor_blink = False
    seen, before = drawing(at), None
    while seen != before:
        await at.pilot.pause(0.1)
        seen, before = drawing(at), seen
    return seen


def drawing(at):
    """The screen as text, followed by a letter for each cell's ink and the inks by letter."""
    inks: dict[str, str] = {}
    letters = []
    for strip in screen_strips(at.app):
        row = ""
        for segment in strip:
            letter = inks.setdefault(ink_of(segment), ascii_letters[len(inks)])
            row += letter * segment.cell_length
        letters.append(row)
    legend = [f"{letter}  {ink}" for ink, letter in inks.items()]
    text = ENTRY.sub("the-entry-id", DAY.sub("the--day--", TIME.sub("the-time-UTC", at.text)))
    return "\n".join([text, "", *letters, "", *legend, ""])


def ink_of(segment: Segment) -> str:
    style = segment.style
    if style is None:
        return "plain"
    colours = (style.color, style.bgcolor)
    words = [colour.get_truecolor().hex if colour else "default" for colour in colours]
    return " ".join([*words, *(name for name in ("bold", "dim", "reverse") if getattr(style, name))])


async def standing_still(at):
    """Times as if everything had been read three seconds ago, however long the test took."""
    read = at.app.store.loaded_at
    at.app.store.clock = lambda: read + SEEN_AFTER
    at.app.main.data_changed()
    await at.pilot.pause()


@pytest.fixture(params=[DARK, LIGHT])
def theme(request):
    return request.param


@pytest.fixture(params=SIZES)
def size(request):
    return SIZES[request.param]


async def test_instance_profiles(iptui, recorded, picture, theme, size):
    async with iptui(size=size, theme=theme) as at:
        await standing_still(at)
        await at.press("down", "down", "right")
        assert "worker" in at.row("no role")
        assert await drawn(at) == picture


async def test_problems(iptui, recorded, picture, theme, size):
    async with iptui(size=size, theme=theme) as at:
        await standing_still(at)
        await at.press("1", "down")
        assert "Instance whose" in at.text
        assert await drawn(at) == picture


async def test_instances_searched(iptui, recorded, picture, theme, size):
    async with iptui(size=size, theme=theme) as at:
        await standing_still(at)
        await at.press("4", "slash")
        await at.type("digger")
        await at.wait("digger", "/ digger", gone="shop-1")
        assert await drawn(at) == picture


async def test_one_thing_in_full(iptui, recorded, picture, theme, size):
    async with iptui(size=size, theme=theme) as at:
        await standing_still(at)
        await at.press("down", "right_square_bracket", "right_square_bracket", "enter")
        await at.wait("rds.amazonaws.com")
        assert await drawn(at) == picture


async def test_help(iptui, recorded, picture, theme, size):
    async with iptui(size=size, theme=theme) as at:
        await standing_still(at)
        await at.press("question_mark")
        await at.wait("Keys and signs")
        assert await drawn(at) == picture


async def test_fix_before_it_is_confirmed(iptui, world, picture, theme, size):
    async with iptui(size=size, theme=theme) as at:
        await standing_still(at)
        await at.press("down", "down", "f")
        await at.wait("Fix worker", "AddRoleToInstanceProfile")
        await at.until(lambda: at.app.screen.phase == "asking", "waited for the checks")
        assert "type" in at.text.casefold()
        assert await drawn(at) == picture


async def test_journal_with_one_fix(iptui, world, picture, theme, size):
    async with iptui(size=size, theme=theme) as at:
        await at.press("down", "down", "f")
        await at.until(lambda: at.app.screen.phase == "asking", "waited for the checks")
        await at.type("worker")
        await at.press("enter")
        await at.wait("close")
        await at.press("enter")
        await at.wait("s ago", gone="Fix worker")
        applied = at.app.workspace.journal.entries()[-1].started
        at.app.store.loaded_at = applied
        await standing_still(at)
        await at.press("u")
        await at.wait("Journal", "add-role")
        await at.pilot.pause()
        assert "applied" in at.text
        assert await drawn(at) == picture
