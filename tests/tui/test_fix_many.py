"""Marks, and the dialog over many problems: ways, fixes, the question, progress, results, stopping, undo."""

from __future__ import annotations

import json
import re

import pytest
from textual.widgets import Static

from tests.aws.sent import writes
from tests.tui.conftest import ORPHANS, WORKERS
from tui.screens.fix import FixScreen
from tui.screens.fix_many import FixManyScreen
from tui.screens.journal import UndoBatchScreen
from widgets.choice import Choice
from widgets.item_list import ItemList


def profiles(world):
    return {
        held.name: held.role.name if held.role else None for held in world.account.instance_profiles.values()
    }


async def mark(at, *names):
    """Mark instance profiles in the tree that shows them."""
    await at.press("2", "home")
    for name in names:
        await at.stand_on(world_key(at, name))
        await at.press("space")


def world_key(at, name):
    found = next(p for p in at.app.store.inventory.instance_profiles if p.instance_profile_name == name)
    return found.instance_profile_id


async def checked(at):
    await at.until(lambda: getattr(at.app.screen, "phase", None) == "asking", "waited for the checks")
    await at.pilot.pause()


async def fix_rule(at, rule):
    """Open the dialog on a rule of the tree by problem."""
    await at.press("1")
    await at.stand_on(f"/{rule}")
    await at.press("f")
    await checked(at)


async def set_choice(at, name, value):
    choice = at.app.screen.query_one(name, Choice)
    choice.focus_box()
    for _ in range(10):
        if choice.value == value:
            break
        await at.press("right")
    assert choice.value == value
    await checked(at)


def question(at):
    return at.app.screen.query_one("#words", Static).content.plain


def journal_states(at):
    return [entry.state for entry in at.app.journal.entries()]


# -- marks ---------------------------------------------------------------------------------------------------


async def test_marks_are_counted_in_the_footer_and_escape_takes_them_off(iptui, crowd):
    async with iptui() as at:
        assert "space mark" in at.lines[-1]
        await mark(at, *ORPHANS[:2])
        await at.wait("f fix 2 marked", "esc unmark")
        assert at.row("old-1").startswith("▌")
        await at.press("escape")
        await at.wait("f fix  ", gone="unmark")
        assert "▌" not in at.text


async def test_marks_stay_in_other_views_under_a_filter_and_over_a_reload(iptui, crowd):
    async with iptui() as at:
        await mark(at, "old-1", "worker-a")
        await at.press("slash")
        await at.type("worker-a")
        await at.press("enter")
        await at.wait("worker-a", gone="old-1")
        assert at.row("✖ worker-a ").startswith("▌")
        await at.press("escape")
        await at.press("4")
        await at.wait("fix 2 marked")
        await at.press("2")
        await at.wait("old-1")
        assert at.row("old-1").startswith("▌")
        await at.press("r")
        await at.until(lambda: not at.app.store.loading, "waited for the reload")
        await at.wait("fix 2 marked", "old-1")
        assert at.row("old-1").startswith("▌")


async def test_what_is_gone_is_not_marked_any_more(iptui, crowd):
    async with iptui() as at:
        await mark(at, "old-1", "old-2")
        del crowd.account.instance_profiles["old-1"]
        crowd.changed()
        await at.press("r")
        await at.wait("fix 1 marked")


async def test_a_heading_cannot_be_marked_and_says_so(iptui, crowd):
    async with iptui() as at:
        await at.press("home", "space")
        await at.wait("Mark objects or problems")


async def test_a_rule_is_marked_with_all_that_it_finds(iptui, crowd):
    async with iptui() as at:
        await at.press("1")
        await at.stand_on("/profile-orphaned")
        await at.press("space")
        await at.wait("fix 3 marked")
        assert [line[0] for line in at.lines if "that nothing uses  3" in line] == ["▌"]
        await at.press("space")
        await at.wait("f fix  ", gone="marked")


# -- what it takes -------------------------------------------------------------------------------------------


async def test_marked_objects_are_fixed_in_one_dialog_grouped_by_problem(iptui, crowd):
    async with iptui() as at:
        await mark(at, "worker-a", "old-1", "old-2")
        await at.press("f")
        await checked(at)
        assert isinstance(at.app.screen, FixManyScreen)
        text = at.text
        assert "Fix 3 problems" in text
        assert "1 × " in at.row("The best way for each")
        assert "2 × " in at.row("Instance profile that nothing uses ")
        assert "Add role worker-a to worker-a" in text
        assert "Delete instance profile old-2" in text
        assert "5 calls in 3 fixes" in text
        assert "1 running instance" in at.row("Reaches")
        assert question(at) == (
            "2 objects are deleted and 1 running instance is affected, in acme-test. "
            "Type the number of fixes to go on: 3"
        )
        assert writes(crowd) == []


async def test_f_on_a_rule_takes_all_that_it_finds(iptui, crowd):
    async with iptui() as at:
        await fix_rule(at, "profile-orphaned")
        for name in ORPHANS:
            assert f"Delete instance profile {name}" in at.text
        assert "3 objects are deleted" in at.text


async def test_under_a_search_a_rule_is_what_is_shown_of_it(iptui, crowd):
    async with iptui() as at:
        await at.press("1", "slash")
        await at.type("old-2")
        await at.press("enter")
        await at.stand_on("/profile-orphaned")
        await at.press("f")
        await checked(at)
        assert isinstance(at.app.screen, FixScreen)  # one problem, one fix
        assert "old-2" in at.text


async def test_one_marked_object_has_the_dialog_for_one(iptui, crowd):
    async with iptui() as at:
        await mark(at, "old-1")
        await at.press("home", "f")
        await at.wait("Fix old-1")
        assert isinstance(at.app.screen, FixScreen)


async def test_marked_things_without_a_problem_are_said_to_be_well(iptui, crowd):
    async with iptui() as at:
        await mark(at, "web")
        await at.press("f")
        await at.wait("Nothing that is marked")


# -- what it shows -------------------------------------------------------------------------------------------


async def test_a_fix_is_opened_to_its_calls_and_checks(iptui, crowd):
    async with iptui() as at:
        await fix_rule(at, "profile-orphaned")
        at.app.screen.query_one(ItemList).focus()
        await at.press("down", "enter")
        await at.wait("iam RemoveRoleFromInstanceProfile", "aws iam delete-instance-profile")
        assert "--instance-profile-name old-2" in at.text
        assert "✓ old-2 still holds its role" in at.text
        await at.press("left")
        await at.wait("3 fixes", gone="old-2 still holds its role")


async def test_a_kind_of_problem_can_be_left_alone(iptui, crowd):
    async with iptui() as at:
        await mark(at, "worker-a", "old-1", "old-2")
        await at.press("f")
        await checked(at)
        place = list(at.app.screen._by_rule).index("profile-orphaned")
        await set_choice(at, f"#way-{place}", "alone")
        await at.wait("1 call in 1 fix", gone="Delete instance profile old-1")


async def test_what_a_check_refuses_is_left_out_and_the_number_follows(iptui, crowd):
    crowd.account.instance_profiles["old-3"].tags["aws:cloudformation:stack-name"] = "base"
    crowd.changed()
    crowd.deny("tag:GetResources")  # so that only the check finds out who owns it
    async with iptui() as at:
        await fix_rule(at, "profile-orphaned")
        assert "left out" in at.row("Delete instance profile old-3")
        assert "delete it by itself" in at.text
        assert "Type the number of fixes to go on: 2" in at.text


async def test_where_all_is_refused_nothing_can_be_applied(iptui, crowd):
    crowd.deny("iam:DeleteInstanceProfile")
    async with iptui() as at:
        await fix_rule(at, "profile-orphaned")
        await at.wait("Nothing of this can be applied.")
        await at.type("3")
        await at.press("enter")
        assert at.app.screen.phase == "asking"
        assert writes(crowd) == []


async def test_all_commands_are_copied_as_a_script(iptui, crowd, copied):
    async with iptui() as at:
        await fix_rule(at, "profile-orphaned")
        await at.press("ctrl+y")
        await at.wait("Copied 6 commands")
        assert copied[0].count("aws iam delete-instance-profile") == 3


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 20)])
async def test_at_any_size_question_and_keys_are_in_sight(iptui, crowd, size):
    async with iptui(size=size) as at:
        await fix_rule(at, "profile-orphaned")
        assert "Type the number of fixes to go on: 3" in re.sub(r"[│\s]+", " ", at.text)
        assert "apply" in at.text
        assert "Delete instance" in at.text


# -- the answer ----------------------------------------------------------------------------------------------


async def test_anything_but_the_number_sends_nothing(iptui, crowd):
    async with iptui() as at:
        await fix_rule(at, "profile-orphaned")
        await at.press("enter")
        await at.wait("Type 3 in full to go on.")
        for typed in ("2", "33", "old-1"):
            await at.type(typed)
            await at.press("enter")
            await at.pilot.pause()
            assert "Type 3 in full to go on." in at.text
            await at.press(*["backspace"] * len(typed))
        await at.press("escape")
        await at.wait("acme-test", gone="Type the number")
        assert writes(crowd) == []


async def test_all_are_applied_journalled_as_one_and_seen(iptui, crowd):
    async with iptui() as at:
        await fix_rule(at, "profile-orphaned")
        await at.type("3")
        await at.press("enter")
        await at.wait("All 3 fixes are applied and verified", "close")
        assert at.text.count("✓") >= 3
        assert set(profiles(crowd)) == {"web", *WORKERS}
        (export,) = at.app.journal.path.parent.glob("deleted-*.json")
        assert len(json.loads(export.read_text())["objects"]) == 3
        assert export.name in "".join(at.text.replace("│", "").split())
        await at.press("enter")
        await at.wait("acme-test", gone="All 3 fixes are applied")
        assert not [f for f in at.app.store.findings if f.rule == "profile-orphaned"]
        assert journal_states(at) == ["applied"] * 3


async def test_one_that_fails_is_told_and_what_is_done_is_kept_or_taken_back(iptui, crowd):
    before = profiles(crowd)
    async with iptui() as at:
        await fix_rule(at, "profile-orphaned")
        crowd.account.instance_profiles["old-2"].role = None
        crowd.changed()
        await at.type("3")
        await at.press("enter")
        await at.wait("Of 3: 1 applied, 1 refused, 1 not begun.", "take all back")
        assert "applied" in at.row("Delete instance profile old-1")
        assert "not begun" in at.row("Delete instance profile old-3")
        await at.press("r")
        await at.wait("close", gone="take all back")
        assert "taken back" in at.row("Delete instance profile old-1")
        assert profiles(crowd) == {**before, "old-2": None}


async def test_going_on_although_one_fails(iptui, crowd):
    async with iptui() as at:
        await fix_rule(at, "profile-orphaned")
        await set_choice(at, "#if-one-fails", "go-on")
        crowd.account.instance_profiles["old-2"].role = None
        crowd.changed()
        at.app.screen.query_one("#typed").focus()
        await at.type("3")
        await at.press("enter")
        await at.wait("Of 3: 2 applied, 1 refused.", "keep it as it is")
        await at.press("k")
        await at.wait("close", gone="keep it as it is")
        assert set(profiles(crowd)) == {"web", *WORKERS, "old-2"}


async def stop_in_the_middle(at, world):
    """Escape while the second of three is between its two calls."""
    await fix_rule(at, "profile-orphaned")
    await at.type("3")
    world.delay(0.4, operation="RemoveRoleFromInstanceProfile")
    await at.press("enter")
    await at.until(lambda: writes(world).count("RemoveRoleFromInstanceProfile") == 2, "waited for the second")
    await at.press("escape")
    await at.wait("take all back", "only the half done", "keep it as it is")
    assert "stopped in the middle" in at.row("Delete instance profile old-2")


async def test_escape_stops_after_the_current_call_and_r_takes_all_back(iptui, crowd):
    before = profiles(crowd)
    async with iptui() as at:
        await stop_in_the_middle(at, crowd)
        assert "old-1" not in profiles(crowd)
        await at.press("r")
        await at.wait("close", gone="take all back")
        assert profiles(crowd) == before
        assert "interrupted" not in journal_states(at)


async def test_h_takes_only_the_half_done_back(iptui, crowd):
    before = profiles(crowd)
    async with iptui() as at:
        await stop_in_the_middle(at, crowd)
        await at.press("h")
        await at.wait("close", gone="take all back")
        del before["old-1"]
        assert profiles(crowd) == before


# -- undo ----------------------------------------------------------------------------------------------------


async def test_the_journal_has_one_line_for_the_batch_and_u_takes_all_of_it_back(iptui, crowd):
    before = profiles(crowd)
    async with iptui() as at:
        await fix_rule(at, "profile-without-role")
        assert "2 running instances are affected" in at.text
        await at.type("2")
        await at.press("enter")
        await at.wait("All 2 fixes are applied", "close")
        await at.press("enter")
        await at.wait("acme-test", gone="All 2 fixes are applied")
        await at.press("u")
        await at.wait("✓ 2 × Add a role", "applied  2 fixes", "Add role worker-a to worker-a")
        await at.press("u")
        await checked(at)
        assert isinstance(at.app.screen, UndoBatchScreen)
        assert "Undo 2 × Add a role" in at.text
        await at.type("2")
        await at.press("enter")
        await at.wait("All 2 fixes are applied", "close")
        await at.press("enter")
        await at.wait("undone  2 fixes")
        assert profiles(crowd) == before


async def test_an_undo_names_what_must_stay(iptui, crowd):
    async with iptui() as at:
        await fix_rule(at, "profile-without-role")
        await at.type("2")
        await at.press("enter")
        await at.wait("All 2 fixes are applied", "close")
        await at.press("enter")
        crowd.account.instance_profiles["worker-b"].role = None
        crowd.changed()
        await at.press("u")
        await at.wait("applied  2 fixes")
        await at.press("u")
        await checked(at)
        assert "Add role worker-b to worker-b" in at.row("Left out")
        assert "moved on" in at.text
        assert "Type the number of fixes to go on: 1" in at.text


async def test_one_of_a_batch_can_be_undone_alone(iptui, crowd):
    async with iptui() as at:
        await fix_rule(at, "profile-without-role")
        await at.type("2")
        await at.press("enter")
        await at.wait("All 2 fixes are applied", "close")
        await at.press("enter")
        await at.press("u")
        await at.wait("applied  2 fixes")
        await at.press("down", "u")
        await at.wait("Undo Add role worker-b to worker-b", "Type the name to go on")
        await at.type("worker-b")
        await at.press("enter")
        await at.wait("verified", "close")
        assert profiles(crowd)["worker-b"] is None
        assert profiles(crowd)["worker-a"] == "worker-a"
