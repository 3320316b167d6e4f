"""What one change costs in rows and nodes, counted: neither may grow with the inventory."""

from __future__ import annotations

import msgspec

from benchmarks.large_inventory import NOW, LargeInventory
from instance_profiles.inventory.inventory import Inventory
from tests.widgets.conftest import on_stage, screen_lines
from tui.changes import Changes
from tui.marks import Marks
from tui.notes import note_of
from tui.screens.detail import DetailPane
from tui.store import Store
from tui.views.catalogue import VIEWS, tree_of
from widgets.resource_tree import ResourceTree

HEIGHT = 30
INSTANCES = 2_000


async def test_a_change_of_one_object_makes_and_draws_no_more_than_is_in_sight():
    store = Store(Inventory(lambda: NOW), lambda: NOW)
    store.take(LargeInventory(INSTANCES, INSTANCES // 10, faults=0).events())
    store.judge(NOW)
    changes = Changes(store.inventory)
    view = next(view for view in VIEWS if view.id == "instances")
    source = tree_of(view, store, lambda: None, Marks())
    async with on_stage(ResourceTree(), size=(100, HEIGHT)) as pilot:
        tree = pilot.app.query_one(ResourceTree)
        tree.set_source(source, view.opened)
        tree.expand_all()
        await pilot.pause()
        assert len(tree.visible_keys) > INSTANCES
        screen_lines(pilot.app)
        made, drawn = source.made, tree.drawn
        assert drawn >= HEIGHT
        shown = tree.visible_keys[1].rpartition("/")[2]
        instance = next(one for one in store.inventory.instances if one.instance_id == shown)
        store.inventory.put(msgspec.structs.replace(instance, state="stopping"))
        store.judge(NOW)
        source.changed(changes.take())
        tree.source_changed()
        await pilot.pause()
        screen_lines(pilot.app)
        assert 1 <= tree.drawn - drawn <= 3
        assert source.made - made <= HEIGHT + 40


async def test_another_tab_of_the_detail_is_drawn_without_laying_out_the_screen(iptui):
    async with iptui(size=(120, 40)) as at:
        await at.press("down", "down")
        await at.until(lambda: not at.tree.is_busy, "waited for the tree")
        await at.pilot.pause(0.3)
        laid_out = []
        at.app.main.screen_layout_refresh_signal.subscribe(at.app.main, laid_out.append)
        drawn = at.tree.drawn
        first = at.lines[3]
        await at.press(*["right_square_bracket"] * 5)
        assert at.lines[3] == first
        assert laid_out == []
        assert at.tree.drawn == drawn


async def test_what_is_wrong_below_a_heading_is_counted_once_and_again_when_something_changed(
    recorded, iptui, monkeypatch
):
    counted = []

    def note(*asked):
        counted.append(asked)
        return note_of(*asked)

    async with iptui() as at:
        await at.press("home")
        monkeypatch.setattr("tui.screens.detail.note_of", note)
        await at.press(*["right_square_bracket"] * 11)
        assert len(counted) <= 1
        one = next(one for one in at.app.store.inventory.instances if one.name == "bare")
        at.app.store.inventory.put(msgspec.structs.replace(one, state="stopped"))
        before = len(counted)
        await at.press(*["right_square_bracket"] * 5)
        assert len(counted) == before + 1


async def test_while_everything_is_read_a_tab_does_not_count_what_is_wrong_for_each_key(
    instances_later, iptui, monkeypatch
):
    async with iptui(wait=False) as at:
        await at.wait("left-over")
        await at.press("home")
        pane = at.app.main.query_one(DetailPane)
        pane.show(at.app.main.selected)
        counted = []
        monkeypatch.setattr("tui.screens.detail.note_of", lambda *asked: counted.append(asked) or [])
        assert at.app.store.loading
        at.app.store.revision += 1
        for _ in range(5):
            pane.step_tab(1)
        assert not counted
        pane.show(at.app.main.selected)
        assert len(counted) == 1
        instances_later.set()
        await at.loaded()
