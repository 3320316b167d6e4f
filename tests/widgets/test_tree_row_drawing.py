from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style

from tests.widgets.conftest import HOSTILE, unprintable
from widgets.severity import ASCII, UNICODE
from widgets.tree_row_drawing import RowPlace, RowStyles, draw_row
from widgets.tree_source import Row

NONE = Style.null()
LEVELS = {
    level: Style.parse(colour)
    for level, colour in {
        "error": "red",
        "warning": "yellow",
        "info": "blue",
        "unknown": "white",
        "done": "green",
    }.items()
}
STYLES = RowStyles(NONE, NONE, Style(bold=True), NONE, Style(dim=True), NONE, Style(underline=True), LEVELS)


def drawn(row: Row, width: int = 60, depth: int = 0, opened: bool | None = None, glyphs=UNICODE) -> str:
    return draw_row(row, RowPlace(depth, width, opened), STYLES, glyphs).text.rstrip()


TEXTS = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(codec=None), max_size=40))


@given(
    st.builds(
        Row,
        label=TEXTS,
        kind=st.sampled_from(["group", "object", "field"]),
        facts=TEXTS,
        value=TEXTS,
        cause=TEXTS,
        severity=st.sampled_from([None, "error", "warning", "info", "unknown"]),
        counts=st.dictionaries(st.sampled_from(["error", "warning", "info"]), st.integers(0, 99_999)),
        total=st.none() | st.integers(0, 99_999),
        match=st.lists(st.integers(-3, 60), max_size=5).map(tuple),
    ),
    st.integers(0, 130),
    st.integers(0, 6),
)
def test_a_row_is_as_wide_as_asked_and_safe(row, width, depth):
    strip = draw_row(row, RowPlace(depth, width, True), STYLES, UNICODE)
    assert strip.cell_length == width
    assert unprintable(strip.text) == []


def test_an_object_with_a_fault():
    row = Row("crawler", severity="error", cause="no role")
    assert drawn(row, 40, 1, True) == "   ▾ ✖ crawler                  no role"


def test_healthy_rows_are_quiet():
    assert drawn(Row("web", facts="i-1 running"), depth=1) == "       web  i-1 running"


def test_a_group_has_its_total_and_the_two_worst_counts():
    counts = {"info": 7, "error": 5, "warning": 4}
    row = Row("Instance profiles", "group", total=34, counts=counts)
    assert drawn(row, 40, 0, False) == " ▸ Instance profiles  34        ✖ 5 ▲ 4"


def test_fields_line_up():
    role = drawn(Row("role", "field", value="none"), depth=2)
    instances = drawn(Row("instances", "field", value="3"), depth=2, opened=False)
    assert role == "   │   role       none"
    assert instances == "   │ ▸ instances  3"


def test_a_field_may_carry_a_severity():
    assert drawn(Row("role", "field", value="web", severity="error"), depth=2).endswith("role       ✖ web")


def test_the_cause_is_cut_first_then_the_facts_then_the_name():
    row = Row("billing-export", facts="eu-west-1", severity="error", cause="instances hold a deleted id")
    assert drawn(row, 62).endswith("instances hold a deleted id")
    assert drawn(row, 50) == "   ✖ billing-export  eu-west-1  instances hold a…"
    assert drawn(row, 38) == "   ✖ billing-export  eu-west-1"
    assert drawn(row, 28) == "   ✖ billing-export  eu-we…"
    assert drawn(row, 16) == "   ✖ billing-e…"


def test_the_row_keeps_a_margin_at_the_right():
    for row in (Row("x" * 99), Row("x", cause="c", severity="error"), Row("g", "group", counts={"error": 1})):
        assert len(drawn(row, 40)) == 39


def test_counts_stand_on_a_group_whose_cause_has_no_room():
    row = Row("eu-west-1", "group", cause="denied: ec2:DescribeInstances", counts={"unknown": 2})
    assert drawn(row, 30).endswith("? 2")
    assert drawn(row, 60).endswith("denied: ec2:DescribeInstances  ? 2")


def test_the_cause_has_the_colour_of_its_severity():
    strip = draw_row(Row("a", severity="warning", cause="unused"), RowPlace(0, 40), STYLES, UNICODE)
    styles = {segment.text: segment.style for segment in strip}
    assert styles["unused"] == LEVELS["warning"]
    assert styles["▲ "] == LEVELS["warning"]


def test_filter_hits_are_visible_in_the_name():
    strip = draw_row(Row("crawler", match=(0, 1, 6)), RowPlace(0, 40), STYLES, UNICODE)
    assert [segment.text for segment in strip if segment.style and segment.style.underline] == ["cr", "r"]


def test_wide_names_are_cut_between_characters():
    assert drawn(Row("日本語の名前"), 16) == "     日本語の…"


@pytest.mark.parametrize("depth", [0, 1, 2, 3])
def test_children_stand_further_in(depth):
    assert drawn(Row("x"), depth=depth).index("x") == 5 + 2 * depth


def test_ascii_rows_hold_only_ascii():
    row = Row("g", "object", severity="error", cause="c", marked=True)
    line = draw_row(row, RowPlace(3, 40, True), STYLES, ASCII).text
    assert line.isascii()
    assert line.startswith("#")
