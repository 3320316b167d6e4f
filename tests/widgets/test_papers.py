"""JSON, policies and their differences."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from config.themes import DARK_PALETTE
from instance_profiles.fixes.differences import changed_lines
from tests.widgets.conftest import HOSTILE, colours_of, on_stage, screen_lines, unprintable
from widgets.json_lines import json_lines
from widgets.json_sheet import JsonSheet
from widgets.policy_diff import diff_lines
from widgets.policy_sheet import Policy, PolicySheet
from widgets.sheet_view import SheetView

ALLOW = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
DENY = {"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole"}
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [ALLOW, DENY]})

ANY_TEXT = st.text(st.characters(codec=None), max_size=60) | st.sampled_from(HOSTILE)
ANY_DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=12,
)


@given(ANY_DATA, st.integers(20, 90))
def test_any_data_is_drawn_within_its_width(data, width):
    for line in json_lines(data, width):
        assert line.cell_length <= width
        assert unprintable(line.plain) == []


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text("ab c-:1", max_size=20),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab1", max_size=5), inner),
        max_leaves=12,
    )
)
def test_what_is_drawn_is_the_data(data):
    drawn = "\n".join(line.plain for line in json_lines(data, 500))
    assert json.loads(drawn) == data


async def test_json_has_quiet_colours():
    sheet = JsonSheet({"name": "web [b]", "count": 3, "role": None})
    async with on_stage(SheetView(sheet), size=(60, 12)) as pilot:
        assert screen_lines(pilot.app)[:5] == [
            "{",
            '  "name": "web [b]",',
            '  "count": 3,',
            '  "role": null',
            "}",
        ]
        assert colours_of(pilot.app, 1, '"name"')[0] == DARK_PALETTE.muted
        assert colours_of(pilot.app, 1, "web")[0] == DARK_PALETTE.text
        assert colours_of(pilot.app, 2, "3")[0] == DARK_PALETTE.note


async def test_nothing_selected_says_so():
    async with on_stage(SheetView(JsonSheet()), SheetView(PolicySheet()), size=(60, 12)) as pilot:
        assert "Select an object." in screen_lines(pilot.app)
        assert "No policy belongs to this." in screen_lines(pilot.app)


def drawn(policy: Policy, width: int = 70) -> list[str]:
    return [line.plain.rstrip() for line in PolicySheet((policy,)).lines(width)]


def test_the_statement_that_decides_is_marked_in_full():
    lines = drawn(Policy("Trust policy of web", TRUST, "An explicit Deny refuses EC2.", DENY))
    assert lines[:2] == ["Trust policy of web", "An explicit Deny refuses EC2."]
    marked = [line for line in lines if line.startswith("▌")]
    assert marked == [
        "▌     {   decides",
        '▌       "Effect": "Deny",',
        '▌       "Principal": "*",',
        '▌       "Action": "sts:AssumeRole"',
        "▌     }",
    ]


def test_a_single_statement_without_a_list_is_marked():
    document = json.dumps({"Statement": DENY, "Version": "2012-10-17"})
    marked = [line for line in drawn(Policy("t", document, marked=DENY)) if line.startswith("▌")]
    assert marked[0] == '▌   "Statement": {   decides'
    assert len(marked) == 5


def test_nothing_is_marked_where_no_statement_decides():
    assert not [line for line in drawn(Policy("t", TRUST)) if line.startswith("▌")]
    assert not [line for line in drawn(Policy("t", TRUST, marked={"Sid": "x"})) if line.startswith("▌")]


def test_a_document_that_is_no_json_is_shown_as_it_is():
    lines = drawn(Policy("t", "{nope\nline two"))
    assert any(line.startswith("This document is no JSON") for line in lines)
    assert lines[-2:] == ["{nope", "line two"]


def test_a_policy_without_a_document_is_its_note():
    assert drawn(Policy("Attached policies", "", "arn:aws:iam::aws:policy/ReadOnlyAccess")) == [
        "Attached policies",
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
    ]


def test_a_difference_shows_what_comes_and_what_goes():
    before = json.dumps({"Statement": [DENY], "Version": "2012-10-17"})
    after = json.dumps({"Version": "2012-10-17", "Statement": [DENY | {"Effect": "Allow"}]})
    lines = [line.plain for line in diff_lines(changed_lines(before, after))]
    assert '-       "Effect": "Deny",' in lines
    assert '+       "Effect": "Allow",' in lines
    assert not any("---" in line or "@@" in line for line in lines)


def test_spacing_is_no_difference():
    assert [line.plain for line in diff_lines(changed_lines('{"a":1}', '{ "a": 1 }'))] == ["nothing changes"]


def test_hostile_documents_are_drawn_safely():
    for text in HOSTILE:
        for line in diff_lines(changed_lines(text, json.dumps({"a": text}))):
            assert unprintable(line.plain) == []
        for shown in drawn(Policy(text, text, text)):
            assert unprintable(shown) == []
