"""A view of lines draws those that differ, and what it draws is what Textual would."""

from __future__ import annotations

import pytest
from textual.content import Content
from textual.visual import Visual

from tests.widgets.conftest import on_stage
from widgets.lines_view import drawn, wrapped
from widgets.note import Heading, NoteSheet, Paragraph
from widgets.severity import ACCENT, STYLES
from widgets.sheet_view import SheetView
from widgets.text import plain


def note(*words):
    return NoteSheet((Heading("web", "role"), *map(Paragraph, words)))


async def test_of_a_sheet_that_changed_only_the_lines_that_differ_are_drawn(monkeypatch):
    async with on_stage(SheetView(note("one", "two"))) as pilot:
        view = pilot.app.query_one(SheetView)
        lines = []
        render = SheetView.render_line
        monkeypatch.setattr(SheetView, "render_line", lambda self, y: lines.append(y) or render(self, y))
        for words, differ in (
            (("ONE", "two"), [2]),
            (("ONE",), [3, 4]),
            (("ONE",), []),
            (("ONE", "two", "three"), [3, 4, 5, 6]),
            (("one", "two", "THREE"), [2, 3, 4, 5, 6]),
        ):
            await pilot.pause()
            lines.clear()
            view.show_sheet(note(*words))
            await pilot.pause()
            assert sorted(set(lines)) == differ


async def test_a_style_that_changes_is_drawn_although_the_words_stay():
    async with on_stage(SheetView(note("one"))) as pilot:
        view = pilot.app.query_one(SheetView)
        await pilot.pause()
        before = view.render_line(2)
        view.lines = lambda width: [Content("web role"), Content(""), plain("one", f"bold {ACCENT}")]
        view.lines_changed(to_top=False)
        assert view.render_line(2) != before


@pytest.mark.parametrize(
    "line",
    [
        plain("plain words"),
        plain("an error", STYLES["error"]),
        Content.assemble(
            ("bold ", f"bold {ACCENT}"), plain("and 日本語 "), ("reversed", f"reverse {ACCENT}")
        ),
        Content(""),
    ],
)
async def test_a_line_looks_as_textual_would_draw_it(line):
    async with on_stage(SheetView(note("one"))) as pilot:
        view = pilot.app.query_one(SheetView)
        [wanted] = Visual.to_strips(view, line, 40, 1, view.visual_style, pad=True)
        ours = drawn(line, view.visual_style, 40)
        assert ours.cell_length == wanted.cell_length == 40
        assert cells(ours) == cells(wanted)


def cells(strip):
    """Each character with what is seen of its style; a blank one shows its ground only."""
    found = []
    for text, style, _ in strip:
        for character in text:
            shows = (
                (style.bgcolor,)
                if character == " " and not style.reverse
                else (style.color, style.bgcolor, style.bold, style.reverse)
            )
            found.append((character, shows))
    return found


@pytest.mark.parametrize(
    "text", ["short", "exactly ten", "words that have to be wrapped", "日本語 日本語", "  led in"]
)
@pytest.mark.parametrize("width", [11, 12, 40])
def test_what_fits_is_what_wrapping_would_leave(text, width):
    content = plain(text, "bold")
    lines = content.wrap(width) or [Content("")]
    ours = wrapped(content, width)
    assert [line.plain for line in ours] == [line.rstrip().plain for line in lines]
    assert all(one.is_same(other.rstrip()) for one, other in zip(ours, lines, strict=True))
