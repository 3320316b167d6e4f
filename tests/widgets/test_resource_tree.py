from __future__ import annotations

import pytest
from textual.events import MouseScrollDown

from config.themes import DARK, DARK_PALETTE, LIGHT, LIGHT_PALETTE, PALETTES, chosen_theme
from tests.widgets.conftest import HOSTILE, colours_of, on_stage, screen_lines, screen_strips, unprintable
from tests.widgets.forest import Forest, Plantation
from widgets.resource_tree import ResourceTree, Row
from widgets.tree_source import Part

BRANCHES = {"a": {"b": {"c": {}, "d": {}}, "e": {}}, "f": {"g": {}}, "h": {}}
SIZES = [(80, 24), (120, 40)]


def tree_of(pilot) -> ResourceTree:
    return pilot.app.query_one(ResourceTree)


def many(count: int) -> Forest:
    return Forest({"root": {f"n{number:03}": {} for number in range(count)}})


async def show(pilot, source, expanded=None, cursor=None) -> ResourceTree:
    tree = tree_of(pilot)
    tree.set_source(source, expanded, cursor)
    tree.focus()
    await pilot.pause()
    return tree


@pytest.mark.parametrize("size", SIZES)
async def test_roots_are_open_unless_the_owner_says_otherwise(size):
    async with on_stage(ResourceTree(), size=size) as pilot:
        tree = await show(pilot, Forest(BRANCHES))
        assert tree.visible_keys == ("a", "a/b", "a/e", "f", "f/g", "h")
        await show(pilot, Forest(BRANCHES), ())
        assert tree.visible_keys == ("a", "f", "h")
        assert [line.split()[-1] for line in screen_lines(pilot.app)[:3]] == ["a", "f", "h"]
        assert len(screen_lines(pilot.app)) == size[1]


async def test_arrows_open_and_close_and_walk():
    async with on_stage(ResourceTree()) as pilot:
        tree = await show(pilot, Forest(BRANCHES), ())
        await pilot.press("right")
        assert tree.visible_keys == ("a", "a/b", "a/e", "f", "h")
        await pilot.press("right")
        assert tree.cursor_key == "a/b"
        await pilot.press("right", "down", "down")
        assert tree.cursor_key == "a/b/d"
        await pilot.press("left")
        assert tree.cursor_key == "a/b"
        await pilot.press("left", "left")
        assert tree.cursor_key == "a"
        await pilot.press("left")
        assert tree.visible_keys == ("a", "f", "h")
        assert tree.expanded == set()


async def test_home_end_and_pages():
    async with on_stage(ResourceTree(), size=(40, 11)) as pilot:
        tree = await show(pilot, many(100))
        await pilot.press("end")
        assert tree.cursor_key == "root/n099"
        assert "n099" in screen_lines(pilot.app)[-1]
        await pilot.press("pageup")
        assert tree.cursor_key == "root/n089"
        await pilot.press("home", "pagedown")
        assert tree.cursor_key == "root/n009"
        await pilot.press("up", "home", "up")
        assert tree.cursor_key == "root"


async def test_everything_opens_and_closes_by_one_key():
    async with on_stage(ResourceTree()) as pilot:
        tree = await show(pilot, Forest(BRANCHES), ())
        await pilot.press("asterisk")
        assert len(tree.visible_keys) == 8
        tree.reveal("a/b/d")
        await pilot.press("minus")
        assert tree.visible_keys == ("a", "f", "h")
        assert tree.cursor_key == "a"
        await pilot.press("plus")
        assert len(tree.visible_keys) == 8


async def test_messages_tell_cursor_and_choice():
    async with on_stage(ResourceTree()) as pilot:
        await show(pilot, Forest(BRANCHES), ())
        await pilot.press("down", "enter", "down")
        await pilot.pause()
        assert [message.key for message in pilot.app.said(ResourceTree.Selected)] == ["f"]
        assert pilot.app.said(ResourceTree.Highlighted)[-1].key == "h"


async def test_marks_are_what_the_rows_say():
    async with on_stage(ResourceTree()) as pilot:
        source = Forest(BRANCHES)
        tree = await show(pilot, source, ())
        source.rows = {"f": Row("f", marked=True), "h": Row("h", marked=True)}
        tree.rows_changed()
        await pilot.pause()
        assert [line[:1] for line in screen_lines(pilot.app)[:3]] == [" ", "▌", "▌"]
        source.rows.clear()
        tree.rows_changed()
        await pilot.pause()
        assert not any("▌" in line for line in screen_lines(pilot.app))


async def test_keys_do_nothing_in_an_empty_tree():
    async with on_stage(ResourceTree(empty_text="Nothing here [yet].")) as pilot:
        tree = tree_of(pilot)
        tree.focus()
        await pilot.press(
            "up", "down", "left", "right", "enter", "space", "asterisk", "minus", "end", "pagedown"
        )
        assert tree.cursor_key is None
        assert screen_lines(pilot.app)[1] == "  Nothing here [yet]."
        tree.empty_text = "Other words."
        await pilot.pause()
        assert screen_lines(pilot.app)[1] == "  Other words."


async def test_the_mouse_selects_toggles_and_opens():
    async with on_stage(ResourceTree()) as pilot:
        tree = await show(pilot, Forest(BRANCHES), ())
        await pilot.click(ResourceTree, offset=(20, 1))
        assert (tree.cursor_key, tree.expanded) == ("f", set())
        await pilot.click(ResourceTree, offset=(1, 0))
        assert (tree.cursor_key, tree.expanded) == ("a", {"a"})
        await pilot.click(ResourceTree, offset=(20, 3), times=2)
        await pilot.pause()
        assert [message.key for message in pilot.app.said(ResourceTree.Selected)] == ["f"]
        await pilot.click(ResourceTree, offset=(20, 15))
        assert tree.cursor_key == "f"


async def test_the_wheel_scrolls_and_leaves_the_cursor():
    async with on_stage(ResourceTree(), size=(40, 10)) as pilot:
        tree = await show(pilot, many(50))
        await pilot._post_mouse_events([MouseScrollDown], ResourceTree)
        await pilot.pause()
        assert tree.scroll_offset.y > 0
        assert tree.cursor_key == "root"


async def test_the_cursor_is_a_ground_and_the_severity_keeps_its_colour():
    rows = {"a": Row("alpha", severity="error", cause="no role", facts="dim words")}
    for theme, palette in PALETTES.items():
        async with on_stage(ResourceTree(), theme=theme) as pilot:
            await show(pilot, Forest({"a": {}, "b": {}}, rows))
            assert colours_of(pilot.app, 0, "no role") == (palette.error, palette.panel)
            assert colours_of(pilot.app, 0, "dim words") == (palette.muted, palette.panel)
            await pilot.press("down")
            await pilot.pause()
            assert colours_of(pilot.app, 0, "no role") == (palette.error, palette.background)
            assert colours_of(pilot.app, 0, "dim words") == (palette.dim, palette.background)


async def test_another_theme_is_drawn_at_once():
    async with on_stage(ResourceTree()) as pilot:
        await show(pilot, Forest({"a": {}, "b": {}}))
        assert colours_of(pilot.app, 1, "b") == (DARK_PALETTE.text, DARK_PALETTE.background)
        pilot.app.theme = LIGHT
        await pilot.pause()
        assert colours_of(pilot.app, 1, "b") == (LIGHT_PALETTE.text, LIGHT_PALETTE.background)


async def test_without_colours_the_cursor_is_reversed_and_no_colour_is_sent(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    rows = {"a": Row("alpha", severity="error", cause="no role")}
    async with on_stage(ResourceTree(), theme=chosen_theme(DARK, no_color=True)) as pilot:
        await show(pilot, Forest({"a": {}, "b": {}}, rows))
        strips = screen_strips(pilot.app)
        assert [any(s.style and s.style.reverse for s in strip) for strip in strips[:2]] == [True, False]
        colours = {c for strip in strips for s in strip if s.style for c in (s.style.color, s.style.bgcolor)}
        assert {colour.name for colour in colours if colour} == {"default"}


# While data arrives


async def test_new_rows_above_do_not_move_what_is_under_the_cursor():
    async with on_stage(ResourceTree(), size=(40, 10)) as pilot:
        source = many(50)
        tree = await show(pilot, source)
        tree.reveal("root/n030")
        await pilot.pause()
        line = next(n for n, text in enumerate(screen_lines(pilot.app)) if "n030" in text)
        source.below["root"] = [f"root/m{n:03}" for n in range(25)] + source.below["root"]
        source.below |= {key: [] for key in source.below["root"]}
        tree.source_changed()
        await pilot.pause()
        assert tree.cursor_key == "root/n030"
        assert "n030" in screen_lines(pilot.app)[line]


async def test_rows_scrolled_to_stay_while_the_cursor_is_elsewhere():
    async with on_stage(ResourceTree(), size=(40, 10)) as pilot:
        source = many(50)
        tree = await show(pilot, source)
        tree.scroll_to(y=20, animate=False)
        await pilot.pause()
        top = screen_lines(pilot.app)[0]
        source.below["root"] = ["root/m0", "root/m1", *source.below["root"]]
        source.below |= {"root/m0": [], "root/m1": []}
        tree.source_changed()
        await pilot.pause()
        assert tree.cursor_key == "root"
        assert screen_lines(pilot.app)[0].split()[:1] == top.split()[:1]


async def test_a_tree_at_its_top_stays_at_its_top():
    async with on_stage(ResourceTree(), size=(40, 10)) as pilot:
        source = Forest({"a": {}, "z": {}})
        tree = await show(pilot, source, (), "z")
        source.below[""] = ["a", "b", "c", "z"]
        source.below |= {"b": [], "c": []}
        tree.source_changed()
        await pilot.pause()
        assert tree.cursor_key == "z"
        assert tree.scroll_offset.y == 0
        assert [line.split()[0] for line in screen_lines(pilot.app)[:4]] == ["a", "b", "c", "z"]


async def test_a_row_that_goes_hands_the_cursor_to_its_neighbour():
    async with on_stage(ResourceTree()) as pilot:
        source = Forest({"a": {}, "b": {}, "c": {}})
        tree = await show(pilot, source, (), "b")
        source.below[""] = ["a", "c"]
        tree.source_changed()
        await pilot.pause()
        assert tree.cursor_key == "c"
        assert pilot.app.said(ResourceTree.Highlighted)[-1].key == "c"
        source.below[""] = []
        tree.source_changed()
        await pilot.pause()
        assert tree.cursor_key is None
        assert pilot.app.said(ResourceTree.Highlighted)[-1].key is None


async def test_expansion_stays_while_data_arrives():
    async with on_stage(ResourceTree()) as pilot:
        source = Forest(BRANCHES)
        tree = await show(pilot, source, {"a", "a/b"}, "a/b/c")
        source.below["a/b"].append("a/b/x")
        source.below["a/b/x"] = []
        tree.source_changed()
        assert tree.expanded == {"a", "a/b"}
        assert "a/b/x" in tree.visible_keys


async def test_a_changed_row_is_drawn_anew():
    async with on_stage(ResourceTree()) as pilot:
        source = Forest({"a": {}})
        tree = await show(pilot, source, ())
        source.rows["a"] = Row("a", severity="error", cause="no role")
        tree.source_changed()
        await pilot.pause()
        assert screen_lines(pilot.app)[0].endswith("no role")
        source.below["a"] = ["a/b"]
        tree.source_changed()
        await pilot.pause()
        assert screen_lines(pilot.app)[0].startswith(" ▸")


async def test_news_below_the_screen_cost_no_repaint():
    async with on_stage(ResourceTree(), size=(40, 10)) as pilot:
        source = many(50)
        tree = await show(pilot, source)
        painted = []
        tree.refresh = lambda *regions, **how: painted.append(regions) or tree
        source.rows["root/n040"] = Row("other", severity="error")
        tree.source_changed()
        assert painted == []
        source.rows["root/n003"] = Row("other", severity="error")
        tree.source_changed()
        assert painted != []


async def test_scrolling_after_a_change_below_the_screen_shows_the_change():
    async with on_stage(ResourceTree(), size=(40, 10)) as pilot:
        source = many(50)
        tree = await show(pilot, source)
        await pilot.press("end", "home")
        await pilot.pause()
        source.rows["root/n049"] = Row("changed")
        tree.source_changed()
        await pilot.press("end")
        await pilot.pause()
        assert "changed" in screen_lines(pilot.app)[-1]


async def test_reveal_opens_what_is_above():
    async with on_stage(ResourceTree()) as pilot:
        tree = await show(pilot, Forest(BRANCHES), ())
        assert tree.reveal("a/b/d")
        assert tree.cursor_key == "a/b/d"
        assert tree.expanded == {"a", "a/b"}
        assert not tree.reveal("nowhere")
        tree.collapse_all()
        assert tree.reveal("f/g", ["f"])
        assert tree.cursor_key == "f/g"


async def test_rows_open_and_close_by_key_from_outside():
    async with on_stage(ResourceTree()) as pilot:
        tree = await show(pilot, Forest(BRANCHES), (), "h")
        tree.expand_row("a")
        assert tree.visible_keys == ("a", "a/b", "a/e", "f", "h")
        assert tree.cursor_key == "h"
        tree.toggle("a/b")
        tree.reveal("a/b/c")
        tree.collapse_row("a")
        assert tree.cursor_key == "a"
        tree.toggle("nowhere")


async def test_only_rows_on_the_screen_are_asked_for():
    async with on_stage(ResourceTree(), size=(80, 24)) as pilot:
        source = Plantation(100_000)
        tree = await show(pilot, source)
        assert len(tree.visible_keys) == 100_001
        assert source.asked <= 24
        await pilot.press("end")
        await pilot.pause()
        assert tree.cursor_key == "leaf-99999"
        assert "leaf-99999" in screen_lines(pilot.app)[-1]
        assert source.asked <= 48


async def test_the_tree_fits_any_size():
    async with on_stage(ResourceTree(), size=(120, 40)) as pilot:
        tree = await show(pilot, many(100))
        await pilot.press("end")
        await pilot.resize_terminal(30, 8)
        await pilot.pause()
        assert tree.cursor_key == "root/n099"
        assert any("n099" in line for line in screen_lines(pilot.app))


async def test_hostile_names_come_out_as_plain_text():
    names = {f"k{number}": {} for number in range(len(HOSTILE))}
    rows = {
        f"k{number}": Row(text, facts=text, cause=text, severity="error")
        for number, text in enumerate(HOSTILE)
    }
    async with on_stage(ResourceTree(empty_text=HOSTILE[0])) as pilot:
        assert unprintable("".join(screen_lines(pilot.app))) == []
        await show(pilot, Forest(names, rows))
        text = "".join(screen_lines(pilot.app))
        assert unprintable(text) == []
        assert "[red]markup[/red]" in text


def test_every_binding_can_be_remapped():
    for binding in ResourceTree.BINDINGS:
        assert binding.id
        assert binding.id.startswith("tree.")


async def test_a_source_may_be_shown_with_chosen_rows_open(monkeypatch):
    """Be it in the turn in which it is shown or in more of them."""

    def opens(keys, places):
        return [place for place in places if keys[place] in {"a", "a/b", "f"}]

    branches = {**BRANCHES, "e": {"x": {}}}
    for seconds in (10.0, 0.0):
        monkeypatch.setattr("widgets.resource_tree._FIRST_TURN", seconds)
        async with on_stage(ResourceTree(), size=(60, 20)) as pilot:
            tree = tree_of(pilot)
            tree.set_source(Forest(branches), (), "f", opens=opens)
            await pilot.pause()
            assert tree.visible_keys == ("a", "a/b", "a/b/c", "a/b/d", "a/e", "f", "f/g", "h", "e")
            assert tree.cursor_key == "f"
            tree.set_source(Forest(branches), (), "f", opens=opens, limit=7)
            await pilot.pause()
            assert tree.visible_keys == ("a", "a/b", "a/e", "f", "f/g", "h", "e")
            assert not tree.is_busy


class Beginning(Forest, Part):
    """The first rows of another forest."""

    def __init__(self, branches, whole):
        super().__init__(branches)
        self.whole = whole


@pytest.mark.parametrize(
    ("key", "cursor"), [("end", "root/n299"), ("pagedown", "root/n032"), ("asterisk", "root/n009")]
)
async def test_whoever_goes_past_a_part_gets_the_whole(key, cursor):
    whole = many(300)
    part = Beginning({"root": {f"n{number:03}": {} for number in range(10)}}, whole)
    async with on_stage(ResourceTree()) as pilot:
        tree = await show(pilot, part, cursor="root/n009")
        assert tree.row_count == 11
        await pilot.press("up", "home")
        assert tree.source is part
        for _ in range(10):
            await pilot.press("down")
        assert (tree.source, tree.cursor_key) == (part, "root/n009")
        await pilot.press(key)
        assert (tree.source, tree.cursor_key, tree.row_count) == (whole, cursor, 301)


async def test_another_source_with_the_same_rows_moves_nothing():
    async with on_stage(ResourceTree()) as pilot:
        tree = await show(pilot, many(300), cursor="root/n150")
        await pilot.press("up", "up")
        top, drawn = tree.scroll_offset.y, tree.drawn
        tree.exchange_source(many(300))
        await pilot.pause()
        assert (tree.cursor_key, tree.scroll_offset.y, tree.drawn) == ("root/n148", top, drawn)
