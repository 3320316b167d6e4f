"""A view that gets longer or shorter has its bar and its reach at once, and lays out no more than it must."""

from __future__ import annotations

from textual.content import Content
from textual.geometry import Region

from tests.widgets.conftest import on_stage
from tests.widgets.forest import Forest
from widgets.filter_line import FilterLine
from widgets.line_input import LineInput
from widgets.lines_view import LinesView
from widgets.resource_tree import ResourceTree

SIZE = (60, 20)
LONG, LONGER = 50, 400


def forest(*counts: int) -> Forest:
    return Forest(
        {f"n{root}": {f"m{number}": {} for number in range(count)} for root, count in enumerate(counts)}
    )


class Lines(LinesView):
    """As many lines as it is told; its bar comes and goes."""

    number = 0

    def lines(self, width):
        return [Content(str(line)) for line in range(self.number)]

    def show(self, number):
        self.number = number
        self.lines_changed(to_top=False)


async def test_the_bar_comes_when_there_is_more_than_fits_and_goes_again():
    async with on_stage(Lines(), size=SIZE) as pilot:
        view = pilot.app.query_one(Lines)
        for count in (3, LONG, SIZE[1], SIZE[1] + 1, 0):
            view.show(count)
            await pilot.pause()
            assert view.show_vertical_scrollbar == view.vertical_scrollbar.display == (count > SIZE[1])
            assert view.max_scroll_y == max(count - SIZE[1], 0)


async def test_a_bar_that_stays_is_blank_while_all_fits():
    async with on_stage(ResourceTree(), size=SIZE) as pilot:
        tree = pilot.app.query_one(ResourceTree)
        for count in (3, LONG, SIZE[1] - 1, SIZE[1], 0):
            tree.set_source(forest(count), None)
            await pilot.pause()
            assert tree.max_scroll_y == max(count + 1 - SIZE[1], 0)
            column = {(segment.text, segment.style.bgcolor) for segment in _bar(tree)}
            assert (len(column) > 1) == (count + 1 > SIZE[1])


def _bar(tree):
    lines = tree.vertical_scrollbar.render_lines(Region(0, 0, 1, SIZE[1]))
    return [segment for line in lines for segment in line]


async def test_the_screen_is_not_laid_out_anew_where_only_the_length_changes(monkeypatch):
    async with on_stage(ResourceTree(), size=SIZE) as pilot:
        tree = pilot.app.query_one(ResourceTree)
        tree.set_source(forest(LONG, LONGER), ("n0",))
        await pilot.pause()
        laid_out = []
        monkeypatch.setattr(pilot.app.screen, "_refresh_layout", lambda *_, **more: laid_out.append(more))
        tree.expand_row("n1")
        await pilot.pause()
        assert tree.vertical_scrollbar.window_virtual_size == tree.row_count == LONG + LONGER + 2
        tree.scroll_to(y=tree.max_scroll_y, animate=False, force=True)
        tree.collapse_row("n1")
        await pilot.pause()
        assert tree.vertical_scrollbar.window_virtual_size == tree.row_count == LONG + 2
        assert tree.scroll_offset.y <= tree.max_scroll_y == LONG + 2 - SIZE[1]
        tree.set_source(forest(3), None)
        await pilot.pause()
        assert tree.max_scroll_y == tree.scroll_offset.y == 0
        assert not laid_out


async def test_the_screen_is_not_laid_out_anew_for_a_letter(monkeypatch):
    async with on_stage(FilterLine(), size=SIZE) as pilot:
        line = pilot.app.query_one(FilterLine)
        line.open(100)
        await pilot.pause()
        laid_out = []
        monkeypatch.setattr(pilot.app.screen, "_refresh_layout", lambda *_, **more: laid_out.append(more))
        await pilot.press(
            *"a search much longer than there is room for in sixty cells of a line that scrolls"
        )
        await pilot.pause()
        field = line.query_one(LineInput)
        assert field.value.endswith("that scrolls")
        assert field.scroll_offset.x > 0, "what is typed is not in sight"
        assert not laid_out
