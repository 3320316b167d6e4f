"""Every key of the main screen does what the help says."""

from __future__ import annotations

import msgspec
import pytest

from tests.tui.conftest import ACCOUNT
from tui import keys
from tui.screens.main import MainScreen
from tui.views.catalogue import VIEWS
from widgets.sheet_view import SheetView
from widgets.turns import give_way

WEB = f"arn:aws:iam::{ACCOUNT}:instance-profile/web"


@pytest.fixture(autouse=True)
def _read(recorded):
    """What these tests look at was read before."""


@pytest.mark.parametrize("command", keys.MAIN, ids=lambda command: command.id)
def test_every_command_has_something_that_does_it(command):
    assert hasattr(MainScreen, "action_" + command.action.partition("(")[0])


def test_no_two_commands_share_a_key_or_an_id():
    assert len({command.key for command in keys.MAIN}) == len(keys.MAIN)
    assert len({command.id for command in keys.MAIN}) == len(keys.MAIN)


# -- the tree ------------------------------------------------------------------------------------------------


async def test_at_first_instance_profiles_are_shown_the_broken_ones_first(iptui):
    async with iptui() as at:
        text = at.text
        assert "acme-test 2109-8765-4321" in text
        assert "2 regions · 5 instances" in text
        names = ["batch", "worker", "left-over", "web"]
        rows = [text.index(at.row(f" {name} ")) for name in names]
        assert rows == sorted(rows)
        assert "no role" in at.row(" worker ")
        assert "✖" not in at.row(" web ")


async def test_arrows_open_close_and_go_to_the_parent(iptui):
    async with iptui() as at:
        await at.stand_on("roles")
        await at.press("right")
        await at.wait("spare")
        await at.press("right", "down")
        assert at.tree.cursor_key.startswith("roles/")
        await at.press("left")
        assert at.tree.cursor_key == "roles"
        await at.press("left")
        await at.wait("Roles", gone="spare")


async def test_enter_opens_and_closes_a_row(iptui):
    async with iptui() as at:
        await at.stand_on("roles")
        await at.press("enter")
        await at.wait("spare")
        await at.press("enter")
        await at.wait("Roles", gone="spare")


async def test_home_end_and_the_page_keys_move_the_cursor(iptui):
    async with iptui() as at:
        rows = at.tree.visible_keys
        await at.press("end")
        assert at.tree.cursor_key == rows[-1]
        await at.press("home")
        assert at.tree.cursor_key == rows[0]
        await at.press("pagedown")
        assert at.tree.cursor_key == rows[-1]
        await at.press("pageup")
        assert at.tree.cursor_key == rows[0]
        await at.press("down", "down", "up")
        assert at.tree.cursor_key == rows[1]


async def test_star_opens_everything_and_minus_closes_it(iptui):
    async with iptui(size=(120, 80)) as at:
        await at.press("asterisk")
        await at.wait("digger", "spare", "shop-2")
        await at.press("minus")
        await at.wait("Roles", gone=" web ")
        assert set(at.tree.visible_keys) == {"profiles", "roles", "instances", "templates"}


# -- views ---------------------------------------------------------------------------------------------------


async def test_a_number_shows_a_view(iptui):
    shown = {
        "1": ("Errors  4", "Instance profile without a role"),
        "2": ("Instance profiles  4", "left-over"),
        "3": ("Roles in an instance profile  2", "Other roles  2"),
        "4": ("eu-west-1  3", "us-east-1  2", "digger"),
        "5": ("Named profiles",),
    }
    async with iptui() as at:
        for key, words in shown.items():
            await at.press("4" if key != "4" else "1")
            await at.press(key)
            await at.wait(*words)


async def test_each_view_remembers_its_cursor_and_what_is_open(iptui):
    async with iptui() as at:
        await at.stand_on("roles")
        await at.press("right")
        await at.wait("spare")
        for view in VIEWS:
            await at.press(str(VIEWS.index(view) + 1))
        await at.press("2")
        await at.wait("spare")
        assert at.tree.cursor_key == "roles"


async def test_the_problem_view_leads_from_severity_over_rule_to_object(iptui):
    async with iptui() as at:
        await at.press("1")
        await at.stand_on("problem/error/profile-without-role")
        await at.press("right")
        await at.press("down")
        await at.wait("worker instance profile", "Ways to fix it")


# -- searching -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "there", "gone"),
    [
        ("left", "left-over", " web "),  # a part of a name
        ("storefront", " web ", "left-over"),  # a tag
        ("instance-profile/worker", "worker", " web "),  # a part of an ARN
        ("wroker", "worker", "left-over"),  # a misspelling
        ("DIGGER", "digger", "shop-1"),
    ],
)
async def test_typing_narrows_the_tree_as_it_goes(iptui, typed, there, gone):
    async with iptui() as at:
        await at.press("slash")
        await at.wait("name, id, ARN or tag")
        await at.type(typed)
        await at.wait(f"/ {typed}", there, " of ", gone=gone)


async def test_an_error_message_finds_what_is_behind_it(iptui):
    async with iptui() as at:
        await at.press("slash", "E", "C", "2")
        for word in ("cannot", "assume", "the", "role", "xyz"):
            await at.press("space", *word)
        await at.wait("batch", " of ", gone="left-over")


async def test_what_matches_nothing_is_told_and_escape_shows_all_again(iptui):
    async with iptui() as at:
        await at.stand_on("roles")
        await at.press("right")
        await at.wait("spare")
        await at.press("slash")
        await at.type("zzzzqq")
        await at.wait("Nothing matches", "0 of ")
        await at.press("escape")
        await at.wait("left-over", "spare", gone="Nothing matches")
        assert at.tree.has_focus
        assert at.tree.cursor_key == "roles"


async def test_enter_goes_to_the_tree_and_escape_there_ends_the_search(iptui):
    async with iptui() as at:
        await at.press("slash")
        await at.type("digger")
        await at.wait("digger", gone="left-over")
        await at.press("enter")
        await at.until(lambda: at.tree.has_focus, "waited for the tree to have the focus")
        await at.wait("/ digger")
        await at.press("escape")
        await at.wait("left-over", gone="/ digger")


async def test_a_search_holds_in_every_view(iptui):
    async with iptui() as at:
        await at.press("slash")
        await at.type("digger")
        await at.press("enter")
        await at.until(lambda: at.tree.has_focus, "waited for the tree to have the focus")
        await at.press("4")
        await at.wait("digger", "us-east-1", gone="shop-1")


async def test_a_search_leaves_every_view_as_it_was_before(iptui):
    async with iptui() as at:
        await at.press("slash")
        await at.type("digger")
        await at.press("enter")
        await at.until(lambda: at.tree.has_focus, "waited for the tree to have the focus")
        await at.press("4")
        await at.wait("digger", gone="shop-1")
        await at.press("escape")
        await at.wait("digger", "shop-1", "eu-west-1")
        await at.press("2")
        await at.wait("left-over", "Roles  4", gone="digger")


# -- severities ----------------------------------------------------------------------------------------------


async def test_s_goes_through_the_severities_that_there_are(iptui):
    async with iptui() as at:
        await at.press("1")
        await at.press("s")
        await at.wait("Errors", gone="Warnings  2")
        await at.press("s")
        await at.wait("Warnings  2", gone="Errors  4")
        await at.press("s")
        await at.wait("Notes  1", gone="Warnings  2")
        await at.press("s")  # nothing is unknown, so all again
        await at.wait("Errors  4", "Warnings  2", "Notes  1")


async def test_a_severity_narrows_the_other_views_too_and_escape_shows_all(iptui):
    async with iptui() as at:
        await at.press("s")
        await at.wait("worker", gone="left-over")
        await at.press("escape")
        await at.wait("left-over", " web ")


# -- detail --------------------------------------------------------------------------------------------------


async def test_brackets_go_through_the_tabs(iptui):
    async with iptui() as at:
        await at.stand_on("roles")
        await at.press("up")
        await at.wait("Nothing is wrong here")
        await at.press("right_square_bracket")
        await at.wait("└─", "shop-1")
        await at.press("right_square_bracket")
        await at.wait("Trust policy of web", "ec2.amazonaws.com")
        await at.press("right_square_bracket")
        await at.wait('"instance_profile_name": "web"')
        await at.press("right_square_bracket")
        await at.wait("Nothing was changed here with iptui so far")
        await at.press("right_square_bracket")
        await at.wait("Nothing is wrong here")
        await at.press("left_square_bracket", "left_square_bracket")
        await at.wait('"instance_profile_name": "web"')


async def test_tab_goes_to_the_detail_and_back(iptui):
    async with iptui() as at:
        await at.press("down", "tab")
        await at.until(lambda: not at.tree.has_focus, "waited for the detail to have the focus")
        cursor = at.tree.cursor_key
        await at.press("down")
        assert at.tree.cursor_key == cursor
        await at.press("tab")
        await at.until(lambda: at.tree.has_focus, "waited for the tree to have the focus")


async def test_on_a_small_screen_enter_shows_the_detail_and_escape_the_tree(iptui):
    async with iptui(size=(80, 24)) as at:
        assert "Problem   Relations" not in at.text
        await at.press("down")
        await at.press("enter")
        await at.wait("Problem   Relations", "batch instance profile", gone="Instance profiles  4")
        await at.press("right_square_bracket")
        await at.wait("night")
        await at.press("escape")
        await at.wait("Instance profiles  4", gone="Problem   Relations")
        assert at.tree.has_focus


async def test_the_layout_follows_the_size_of_the_terminal(iptui):
    async with iptui(size=(80, 24)) as at:
        await at.pilot.resize_terminal(140, 40)
        await at.wait("Problem   Relations", "Instance profiles  4")


# -- copying -------------------------------------------------------------------------------------------------


async def test_c_copies_the_arn_through_the_terminal_and_to_the_desktop(iptui, copied):
    async with iptui() as at:
        await at.stand_on("roles")
        await at.press("up", "c")
        await at.wait(f"Copied {WEB}")
        assert copied == [WEB]
        assert at.app.clipboard == WEB


async def test_space_marks_and_c_copies_all_that_are_marked(iptui, copied):
    async with iptui() as at:
        await at.press("down", "space", "down", "space", "c")
        await at.wait("Copied 2 ARNs")
        arns = f"arn:aws:iam::{ACCOUNT}:instance-profile/"
        assert sorted(copied[0].split("\n")) == [arns + "batch", arns + "worker"]
        assert [line[0] for line in at.lines[4:6]] == ["▌", "▌"]
        await at.press("escape")
        await at.until(lambda: "▌" not in at.text, "waited for the marks to go")


async def test_c_on_a_heading_says_what_to_do(iptui, copied):
    async with iptui() as at:
        await at.press("home", "c")
        await at.wait("Select an object first")
        assert copied == []


# -- the rest ------------------------------------------------------------------------------------------------


async def test_f_where_nothing_is_wrong_says_so(iptui):
    async with iptui() as at:
        await at.press("home", "f")
        await at.wait("Select an object first")
        await at.stand_on("roles")
        await at.press("up", "f")
        await at.wait("Nothing is wrong with web.")


async def test_question_mark_explains_every_key_and_sign(iptui):
    async with iptui(size=(120, 80)) as at:
        await at.press("question_mark")
        text = await at.wait("Keys and signs")
        for command in keys.MAIN:
            assert command.help[:40] in text
        for _, words in (*keys.TREE, *keys.FIX, *keys.JOURNAL):
            assert words[:40] in text
        for sign in ("✖", "▲", "●", "?", "✓"):
            assert f"  {sign}  " in text
        await at.press("escape")
        await at.wait("Instance profiles", gone="Keys and signs")


async def test_the_help_tells_the_keys_of_the_settings(iptui, tmp_path):
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.toml").write_text('[keymap]\nquit = "f10"\n')
    async with iptui(size=(120, 50)) as at:
        await at.press("question_mark")
        await at.wait("Keys and signs", "f10")
        await at.press("escape")
        await at.wait("Instance profiles", gone="Keys and signs")
        await at.press("f10")
        assert at.app.return_value == 0


async def test_the_palette_lists_the_commands(iptui):
    async with iptui() as at:
        await at.press("ctrl+p")
        await at.type("tree by role")
        await at.wait("Tree by role")
        await at.press("enter", "enter")
        await at.wait("Roles in an instance profile")


async def test_q_leaves_with_0(iptui):
    async with iptui() as at:
        await at.press("q")
        assert at.app.return_value == 0


async def test_ctrl_c_leaves_from_everywhere_as_an_interrupt(iptui):
    async with iptui() as at:
        await at.press("slash", "a", "ctrl+c")
        assert at.app.return_value == 130


async def test_a_heading_tells_what_is_in_trouble_below_it(iptui, recorded):
    async with iptui() as at:
        await at.press("home")
        await at.wait("Errors", "night: role does not trust EC2", "Warnings", "left-over  no role")
        await at.press("3")
        await at.wait("Roles in an instance profile", "Errors")
        await at.press("end")
        await at.wait("Other roles", "Nothing is wrong here.")


async def test_a_rule_among_the_problems_tells_what_it_means_and_how_it_is_fixed(iptui, recorded):
    async with iptui() as at:
        await at.press("1", "home")
        await at.wait("Instance profile without a role")
        await at.press("down")
        await at.wait("What people see", "Ways to fix it", "Kept out as false alarms")


async def test_what_changes_while_the_tree_is_at_work_is_shown_once_it_is_done(iptui):
    async with iptui() as at:
        await at.press("4")
        tree, inventory = at.tree, at.app.store.inventory
        one = next(one for one in inventory.instances if one.name == "bare")
        tree.expand_all()
        tree.source_changed()
        tree._work.begin(tree._rows.opening_all(None), tree._open_some)
        assert tree.is_busy
        inventory.put(msgspec.structs.replace(one, state="stopping"))
        at.app.main.data_changed()
        assert "stopping" not in at.row("bare")
        await at.wait("stopping")
        assert not tree.is_busy


async def test_each_tab_keeps_its_place_until_another_thing_is_selected(iptui):
    async with iptui(size=(120, 24)) as at:
        view = at.app.main.query_one(SheetView)
        await at.press("down", "left_square_bracket", "left_square_bracket", "tab", "pagedown")
        await at.wait("JSON")
        place = view.scroll_offset.y
        assert place > 0
        await at.press("right_square_bracket")
        assert view.scroll_offset.y == 0
        await at.press("left_square_bracket")
        assert view.scroll_offset.y == place
        await at.press("tab", "down")
        assert view.scroll_offset.y == 0


@pytest.mark.parametrize("unseen", [10.0, 0.0])
async def test_what_a_search_finds_is_drawn_once_it_is_open_unless_that_takes_long(
    iptui, monkeypatch, unseen
):
    """A level at a time would cost a frame for each."""
    monkeypatch.setattr("tui.screens.main.OPENED_UNSEEN", unseen)
    monkeypatch.setattr("widgets.resource_tree._FIRST_TURN", 0.0)
    monkeypatch.setattr("widgets.resource_tree.go_on", lambda steps, *_: next(steps, None) is not None)
    async with iptui() as at:
        await at.press("2")
        drawn, draw = [], MainScreen._compositor_refresh

        def note(screen):
            drawn.append(at.tree.row_count)
            draw(screen)

        async def one_frame():
            await give_way()
            at.app.main._on_timer_update()

        monkeypatch.setattr(MainScreen, "_compositor_refresh", note)
        monkeypatch.setattr("widgets.turns.give_way", one_frame)
        before = at.tree.row_count
        await at.press("s")
        await at.until(lambda: not at.tree.is_busy and at.tree.row_count != before, "the errors")
        await at.pilot.pause()
        assert drawn[-1] == at.tree.row_count
        levels = set(drawn) - {before, at.tree.row_count}
        assert bool(levels) == (unseen == 0.0)
