from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.widgets.conftest import HOSTILE, unprintable
from widgets.text import grouped_account, pad, plain, rich_plain, safe, shorten, shorten_middle, width_of

ANY_TEXT = st.text(st.characters(codec=None), max_size=200)


@given(ANY_TEXT)
def test_nothing_that_a_terminal_obeys_or_hides_is_left(text):
    assert unprintable(safe(text)) == []


@given(ANY_TEXT)
def test_safe_text_can_be_written_and_is_safe_already(text):
    once = safe(text)
    once.encode()
    assert safe(once) == once


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=300))
def test_plain_ascii_stays_as_it_is(text):
    assert safe(text) == text


@given(st.text(max_size=60), st.integers(0, 40))
def test_shortened_text_fits_its_cells(text, width):
    assert cell_len(shorten(text, width)) <= width
    assert cell_len(shorten_middle(text, width)) <= width


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("one\ntwo", "one⏎two"),
        ("one\r\ntwo", "one⏎two"),
        ("one\ttwo", "one two"),
        ("one\u2028two", "one⏎two"),
        ("a\u202eb\u2066c\u200fd", "abcd"),
        ("a\u200bb\ufeffc\u00add", "abcd"),
        ("a\ufe0fb\u3164c\U000e0041d", "abcd"),
        ("a\x00b\x7fc\x9bd", "abcd"),
        ("a\ud800b", "a\ufffdb"),
        ("a\u00a0b\u2003c", "a b c"),
        ("[bold]x[/bold]", "[bold]x[/bold]"),
        ("Zürich 日本 ✖", "Zürich 日本 ✖"),
        (None, "None"),
        (12, "12"),
    ],
)
def test_what_becomes_of_a_string(raw, shown):
    assert safe(raw) == shown


def test_piles_of_combining_marks_are_cut():
    marks = [c for c in safe("e" + "\u0301" * 40) if unicodedata.combining(c)]
    assert len(marks) == 3


@pytest.mark.parametrize("length", [4097, 9000, 1_000_000])
def test_long_text_ends_with_an_ellipsis(length):
    shown = safe("x" * length)
    assert len(shown) == 4096
    assert shown.endswith("x…")


def test_long_text_of_dropped_characters_still_says_that_it_was_cut():
    assert safe("\u200b" * 10_000 + "x").endswith("…")


def test_shortening_counts_cells_and_not_characters():
    assert shorten("日本語の名前", 7) == "日本語…"
    assert shorten("crawler", 7) == "crawler"
    assert shorten("crawler", 6) == "crawl…"
    assert shorten("crawler", 0) == ""


def test_ids_keep_both_ends():
    assert shorten_middle("i-0d41c8a1f2b3c4e2", 10) == "i-0d41…4e2"


def test_padding_counts_cells():
    assert width_of(pad("日本", 6)) == 6
    assert pad("longer", 3) == "longer"


def test_account_ids_are_grouped_and_others_left():
    assert grouped_account("123456789012") == "1234-5678-9012"
    assert grouped_account("2 accounts") == "2 accounts"


@pytest.mark.parametrize("text", HOSTILE)
def test_content_and_rich_text_read_no_markup(text):
    assert plain(text).plain == safe(text)
    assert rich_plain(text).plain == safe(text)
    assert plain(text).spans == []
