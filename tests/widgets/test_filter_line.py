from __future__ import annotations

from textual.widgets import Input

from tests.widgets.conftest import on_stage, screen_lines
from widgets.filter_line import FilterLine


async def test_every_letter_is_told_at_once():
    async with on_stage(FilterLine()) as pilot:
        line = pilot.app.query_one(FilterLine)
        assert not line.display
        line.open()
        await pilot.press(*"web")
        await pilot.pause()
        assert [message.value for message in pilot.app.said(FilterLine.Changed)] == ["w", "we", "web"]
        assert screen_lines(pilot.app)[0].startswith(" / web")


async def test_it_says_how_much_was_found():
    async with on_stage(FilterLine()) as pilot:
        line = pilot.app.query_one(FilterLine)
        line.open()
        line.show_count(3, 1234)
        await pilot.pause()
        assert screen_lines(pilot.app)[0].endswith("3 of 1,234")
        line.show_count(None, None)
        await pilot.pause()
        assert "of" not in screen_lines(pilot.app)[0]


async def test_escape_empties_and_hides():
    async with on_stage(FilterLine()) as pilot:
        line = pilot.app.query_one(FilterLine)
        line.open()
        await pilot.press("w", "escape")
        await pilot.pause()
        assert (line.value, line.display, line.is_open) == ("", False, False)
        assert [message.value for message in pilot.app.said(FilterLine.Changed)] == ["w", ""]
        assert len(pilot.app.said(FilterLine.Cleared)) == 1
        line.clear()
        await pilot.pause()
        assert len(pilot.app.said(FilterLine.Cleared)) == 1


async def test_enter_and_down_keep_the_filter_and_hand_over():
    async with on_stage(FilterLine()) as pilot:
        pilot.app.query_one(FilterLine).open()
        await pilot.press("w", "enter", "down")
        await pilot.pause()
        assert [message.value for message in pilot.app.said(FilterLine.Submitted)] == ["w", "w"]
        assert pilot.app.query_one(FilterLine).is_open


async def test_nothing_of_the_input_inside_leaks_out():
    async with on_stage(FilterLine()) as pilot:
        pilot.app.query_one(FilterLine).open()
        await pilot.press("w", "enter")
        await pilot.pause()
        leaked = [
            m
            for m in pilot.app.said(Input.Changed) + pilot.app.said(Input.Submitted)
            if not m._stop_propagation
        ]
        assert leaked == []


async def test_room_for_the_count_is_made_once_and_kept():
    """To make it while somebody types would lay out the whole screen for a letter."""
    async with on_stage(FilterLine()) as pilot:
        line = pilot.app.query_one(FilterLine)
        line.open(1234)
        await pilot.pause()
        widths = set()
        for found, total in ((1234, 1234), (3, 1234), (None, None), (17, 1234)):
            line.show_count(found, total)
            await pilot.pause()
            widths.add(line.query_one(Input).size.width)
        assert len(widths) == 1
        assert screen_lines(pilot.app)[0].endswith("17 of 1,234")
        line.show_count(123_456, 123_456)
        await pilot.pause()
        assert screen_lines(pilot.app)[0].endswith(" 123,456 of 123,456")
