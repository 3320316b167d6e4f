"""Whatever a tag, a name or an error message holds, a terminal gets plain visible text from every widget."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.widgets.conftest import HOSTILE, on_stage, screen_strips, unprintable
from tests.widgets.forest import Forest
from widgets.call_list import CallLine, CallList
from widgets.check_list import CheckLine, CheckList
from widgets.choice import Choice, Choosable
from widgets.filter_line import FilterLine
from widgets.item_list import ItemLine, ItemList
from widgets.json_sheet import JsonSheet
from widgets.key_bar import KeyBar
from widgets.labelled import Labelled
from widgets.note import Heading, Note, Paragraph
from widgets.policy_diff import PolicyDiff
from widgets.policy_sheet import Policy, PolicySheet
from widgets.resource_tree import ResourceTree, Row
from widgets.sheet_view import SheetView
from widgets.status_strip import StatusFacts, StatusStrip
from widgets.tab_line import TabLine
from widgets.title_line import TitleFacts, TitleLine
from widgets.typed_name import TypedName


async def drawn_with(text: str, size: tuple[int, int]) -> str:
    """What the terminal gets of all widgets together when every string is `text`."""
    actors = [
        TitleLine(),
        StatusStrip([("1", text), (text, "roles")]),
        FilterLine(placeholder=text),
        TabLine([text, "JSON"]),
        Labelled(text, CallList()),
        CheckList(),
        PolicyDiff(),
        Choice(),
        ItemList(),
        TypedName(text),
        ResourceTree(empty_text=text),
        Note(),
        SheetView(JsonSheet({text: text}), id="json"),
        SheetView(PolicySheet((Policy(text, text, text),)), id="policy"),
        SheetView(PolicySheet(empty_text=text), id="no-policy"),
        KeyBar([("f", text)]),
    ]
    async with on_stage(*actors, size=size) as pilot:
        one = pilot.app.query_one
        one(TitleLine).show(TitleFacts(text, text, text, (text, text), program=text))
        one(StatusStrip).show(StatusFacts({"error": 1}))
        one(FilterLine).open()
        one(CallList).show([CallLine(text, text, "failed", text)], nothing=text)
        one(CheckList).show([CheckLine(text, "failed", text)], running=False)
        one(PolicyDiff).show([(text, (f"+ {text}", text))])
        one(Choice).offer([Choosable(text, text, text), Choosable("b", text, text)])
        one(Choice).action_open()
        line = ItemLine(
            text, "failed", text, text, text, (CallLine(text, text),), (CheckLine(text, "passed"),)
        )
        one(ItemList).show([line, line])
        one(ItemList).action_open(True)
        one(Note).show([Heading(text, text, text), Paragraph(text)])
        row = Row(text, "group", text, text, "error", text, {"error": 2}, 3, match=(0, 2))
        one(ResourceTree).set_source(Forest({"a": {}, "b": {}}, {"a": row}))
        await pilot.pause()
        strips = screen_strips(pilot.app)
        assert {strip.cell_length for strip in strips} == {size[0]}
        return "".join(segment.text for strip in strips for segment in strip)


@pytest.mark.parametrize("text", HOSTILE)
async def test_known_tricks(text):
    assert unprintable(await drawn_with(text, (80, 120))) == []


@settings(max_examples=12, deadline=None)
@given(st.text(st.characters(codec=None), min_size=1, max_size=80), st.integers(20, 130))
def test_any_string_at_any_width(text, width):
    assert unprintable(asyncio.run(drawn_with(text, (width, 100)))) == []
