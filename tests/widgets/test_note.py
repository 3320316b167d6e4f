from __future__ import annotations

import pytest
from rich.cells import cell_len

from config.themes import DARK_PALETTE
from tests.widgets.conftest import HOSTILE, colours_of, on_stage, screen_lines, unprintable
from widgets.note import Fault, Heading, Note, NoteSheet, Paragraph, Related, RelatedLine, Section, Way, Ways
from widgets.severity import ASCII

BLOCKS = [
    Heading("crawler", "instance profile", "arn:aws:iam::123456789012:instance-profile/crawler"),
    Fault("error", "No role in this instance profile", "at least 4 h", "ListInstanceProfiles"),
    Paragraph("3 instances use it. Applications on them find no credentials."),
    Section("What people see", ('IAM Instance Profile "…/crawler" has no associated IAM Roles',)),
    Ways(
        "Ways to fix it",
        (
            Way("f", "Add a role", "crawler: same name"),
            Way("", "Move instances", "to another one"),
            Way("", "Delete it", "in use", blocked=True),
        ),
    ),
    Related(
        "Related",
        (
            RelatedLine(0, "crawler", "no role", broken=True),
            RelatedLine(1, "crawl-7"),
            RelatedLine(2, "disk"),
            RelatedLine(1, "crawl-9", broken=True),
            RelatedLine(1, "crawler-asg v12", "asg crawler"),
        ),
    ),
    Section("Facts", ("id  AIPA1", "made by  someone with a long name that has to be wrapped here")),
]


def text_of(note: NoteSheet, width: int) -> list[str]:
    return [line.plain.rstrip() for line in note.lines(width)]


async def show(pilot, blocks) -> Note:
    note = pilot.app.query_one(Note)
    note.show(blocks)
    await pilot.pause()
    return note


async def test_it_reads_like_a_note():
    async with on_stage(Note(), size=(56, 40)) as pilot:
        await show(pilot, BLOCKS)
        lines = [line.removesuffix("▁") for line in screen_lines(pilot.app)]
        assert lines[:8] == [
            "crawler instance profile",
            "arn:aws:iam::123456789012:instance-profile/crawler",
            "",
            "✖ No role in this instance profile",
            "since at least 4 h  from ListInstanceProfiles",
            "",
            "3 instances use it. Applications on them find no",
            "credentials.",
        ]
        assert lines[9:12] == [
            "What people see",
            '  IAM Instance Profile "…/crawler" has no associated',
            "  IAM Roles",
        ]
        assert lines[13:17] == [
            "Ways to fix it",
            "  f Add a role      crawler: same name",
            "    Move instances  to another one",
            "    Delete it       blocked: in use",
        ]
        assert lines[18:24] == [
            "Related",
            "  crawler ──✖── no role",
            "     ├── crawl-7",
            "     │    └── disk",
            "     ├─✖ crawl-9",
            "     └── crawler-asg v12 → asg crawler",
        ]
        assert lines[25:29] == [
            "Facts",
            "  id       AIPA1",
            "  made by  someone with a long name that has to be",
            "           wrapped here",
        ]


def test_a_hint_that_does_not_fit_stands_below_its_way():
    way = Way("f", "Add a role", "a role of the same name that trusts EC2")
    note = NoteSheet((Ways("Ways", (way,)),))
    assert text_of(note, 36) == [
        "Ways",
        "  f Add a role",
        "      a role of the same name that",
        "      trusts EC2",
    ]


async def test_the_broken_edge_and_the_fault_are_red():
    async with on_stage(Note(), size=(80, 40)) as pilot:
        await show(pilot, BLOCKS)
        lines = screen_lines(pilot.app)
        for text, on_line in (("No role", "No role"), ("✖", "──✖──"), ("✖", "├─✖"), ("no role", "──✖──")):
            number = next(n for n, line in enumerate(lines) if on_line in line)
            assert colours_of(pilot.app, number, text)[0] == DARK_PALETTE.error


@pytest.mark.parametrize("width", [12, 20, 30, 55, 100])
@pytest.mark.parametrize("text", HOSTILE)
def test_no_line_is_too_wide_or_dangerous(text, width):
    blocks = (
        Heading(text, text, text),
        Fault("warning", text, text, text),
        Paragraph(text),
        Section(text[:30], (text, f"label  {text}", f"{text[:8]}  {text}")),
        Ways(text[:30], (Way(text[:3], text, text, blocked=True), Way("", text, ""))),
        Related(
            text[:30], (RelatedLine(0, text, text, broken=True), RelatedLine(1, text), RelatedLine(2, text))
        ),
    )
    for line in text_of(NoteSheet(blocks), width):
        assert unprintable(line) == []
        assert cell_len(line) <= max(width, 30)


def test_ascii_notes_hold_only_ascii():
    note = NoteSheet(tuple(block for block in BLOCKS if not isinstance(block, Section)), ASCII)
    assert all(line.isascii() for line in text_of(note, 60))


async def test_the_same_thing_keeps_its_place_and_another_starts_at_its_top():
    async with on_stage(Note(), size=(40, 10)) as pilot:
        note = await show(pilot, BLOCKS)
        note.focus()
        await pilot.press("pagedown")
        await pilot.pause()
        place = note.scroll_offset.y
        assert place > 0
        await show(pilot, [*BLOCKS, Paragraph("news")])
        assert note.scroll_offset.y == place
        await show(pilot, [Heading("web", "role"), *BLOCKS])
        assert note.scroll_offset.y == 0
        assert screen_lines(pilot.app)[0].startswith("web role")


async def test_it_scrolls_by_keys():
    async with on_stage(Note(), size=(40, 10)) as pilot:
        note = await show(pilot, BLOCKS)
        note.focus()
        await pilot.press("end")
        await pilot.pause()
        assert any("wrapped" in line for line in screen_lines(pilot.app))
        await pilot.press("home", "down", "down", "up")
        await pilot.pause()
        assert note.scroll_offset.y == 1
    assert all(binding.id and binding.id.startswith("lines.") for binding in Note.BINDINGS)


async def test_it_wraps_anew_when_the_screen_changes():
    async with on_stage(Note(), size=(80, 24)) as pilot:
        await show(pilot, [Paragraph("one two three four five six seven eight nine ten")])
        assert screen_lines(pilot.app)[0].endswith("ten")
        await pilot.resize_terminal(24, 24)
        await pilot.pause()
        assert screen_lines(pilot.app)[0] == "one two three four five"
