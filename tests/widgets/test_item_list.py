"""The fixes of a batch in a list: one line each, opened to calls and checks; the focus leaves at the ends."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from tests.widgets.conftest import colours_of, on_stage, screen_lines
from widgets.call_list import CallLine
from widgets.check_list import CheckLine
from widgets.item_list import ItemLine, ItemList

CALLS = (
    CallLine(
        "iam DeleteInstanceProfile  old-1", "aws iam delete-instance-profile --instance-profile-name old-1"
    ),
)
CHECKS = (CheckLine("no instance uses it", "passed", "looked everywhere"),)


def line(number, state="ready", **more):
    return ItemLine(
        f"Delete old-{number}", state, "1 call", heading="IAM", calls=CALLS, checks=CHECKS, **more
    )


async def shown(pilot, *items):
    found = pilot.app.query_one(ItemList)
    found.show(items)
    found.focus()
    await pilot.pause()
    return found


async def test_each_has_one_line_below_the_place_it_is_in():
    async with on_stage(ItemList()) as pilot:
        await shown(
            pilot, line(1), line(2), ItemLine("Attach web", "running", "1/2 Associate", heading="eu-west-1")
        )
        lines = screen_lines(pilot.app)
        assert lines[0] == "IAM"
        assert lines[1].startswith("▸ ✓ Delete old-1")
        assert lines[1].endswith("checked · 1 call")
        assert lines[3] == "eu-west-1"
        assert lines[4].startswith("▸ ◐ Attach web")
        assert lines[4].endswith("1/2 Associate")


async def test_enter_opens_one_and_left_closes_it():
    async with on_stage(ItemList()) as pilot:
        await shown(pilot, line(1), line(2))
        await pilot.press("down", "enter")
        lines = screen_lines(pilot.app)
        assert lines[2].startswith("▾ ✓ Delete old-2")
        assert lines[3] == "    1  iam DeleteInstanceProfile  old-1"
        assert "--instance-profile-name old-1" in "".join(lines)
        assert any("✓ no instance uses it" in found for found in lines)
        await pilot.press("left")
        assert screen_lines(pilot.app)[2].startswith("▸")
        assert "uses it" not in "".join(screen_lines(pilot.app))


async def test_what_came_of_one_stands_below_it_in_words():
    async with on_stage(ItemList()) as pilot:
        await shown(pilot, line(1, "failed", reason="AWS denied it."), line(2, "refused", reason="In use."))
        lines = screen_lines(pilot.app)
        assert lines[1].startswith("▸ ✖ Delete old-1")
        assert lines[1].endswith("failed · 1 call")
        assert lines[2] == "    AWS denied it."
        assert lines[3].endswith("left out · 1 call")


async def test_news_keep_what_is_open_and_where_the_cursor_is():
    async with on_stage(ItemList()) as pilot:
        found = await shown(pilot, line(1), line(2))
        await pilot.press("down", "right")
        found.show([line(1, "applied"), line(2, "running")])
        await pilot.pause()
        assert screen_lines(pilot.app)[2].startswith("▾ ◐ Delete old-2")
        ground = colours_of(pilot.app, 2, "Delete old-2")[1]
        assert ground != colours_of(pilot.app, 1, "Delete old-1")[1]


async def test_at_either_end_the_focus_goes_on():
    async with on_stage(Input(id="above"), ItemList(), Input(id="below")) as pilot:
        found = await shown(pilot, line(1), line(2))
        await pilot.press("down")
        assert pilot.app.focused is found
        await pilot.press("down")
        assert pilot.app.focused.id == "below"
        found.focus()
        await pilot.press("up", "up")
        assert pilot.app.focused.id == "above"


async def test_hundreds_take_no_more_than_their_share_of_the_screen():
    async with on_stage(ItemList(), size=(80, 40)) as pilot:
        found = await shown(pilot, *(line(number) for number in range(500)))
        assert found.size.height == 16
        await pilot.press("end")
        assert any("Delete old-499" in text for text in screen_lines(pilot.app))
        await pilot.press("home")
        assert any("Delete old-0" in text for text in screen_lines(pilot.app))


@pytest.mark.parametrize("width", [20, 33, 60, 120])
async def test_every_line_fits(width):
    async with on_stage(ItemList(), size=(width, 30)) as pilot:
        await shown(
            pilot, line(1, reason="A reason that is longer than a line of a small screen can be, by far.")
        )
        await pilot.press("enter")
        assert all(len(text) <= width for text in screen_lines(pilot.app))
        assert "Delete" in "".join(screen_lines(pilot.app)[:2])
