"""A view that gets longer or shorter has its bar and its reach at once, and lays out no more than it must."""

from __future__ import annotations

from tests.widgets.conftest import on_stage
from tests.widgets.forest import Forest
from widgets.resource_tree import ResourceTree

SIZE = (60, 20)
LONG, LONGER = 50, 400


def forest(*counts: int) -> Forest:
    return Forest(
        {f"n{root}": {f"m{number}": {} for number in range(count)} for root, count in enumerate(counts)}
    )


async def test_the_bar_is_there_when_there_is_more_than_fits(monkeypatch):
    async with on_stage(ResourceTree(), size=SIZE) as pilot:
        tree = pilot.app.query_one(ResourceTree)
        for count, is_scrolled in (
            (3, False),
            (LONG, True),
            (SIZE[1] - 1, False),
            (SIZE[1], True),
            (0, False),
        ):
            tree.set_source(forest(count), None)
            await pilot.pause()
            assert tree.show_vertical_scrollbar == is_scrolled
            assert tree.vertical_scrollbar.display == is_scrolled
            assert tree.max_scroll_y == max(count + 1 - SIZE[1], 0)


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
        assert not laid_out
