"""The fix dialog: the ways, what they need, the calls, the checks, the question, and its answer."""

from __future__ import annotations

import asyncio

import msgspec
import pytest
from textual.widgets import OptionList

from instance_profiles.fixes.preflight import preflight
from tests.aws.sent import writes
from tui.screens.fix import FixScreen
from widgets.choice import Choice
from widgets.typed_name import TypedName

CONFIRM = "Type the name to go on: worker"
NIGHT = "i-15f48d82621f1b280"


async def open_fix(at, name):
    """Open the dialog for the row that the cursor is on, and see its checks through."""
    await at.press("f")
    await at.wait(f"Fix {name}")
    await at.until(lambda: at.app.screen.phase == "asking", "waited for the checks")


async def fix_worker(at):
    await at.press("down", "down")
    await at.wait("worker instance profile")
    await open_fix(at, "worker")
    await at.wait(CONFIRM)


async def fix_night(at):
    """The dialog of a running instance, for which there are several ways."""
    await at.press("4", "home", "down")
    await at.wait("night instance")
    await open_fix(at, "night")


async def choose(at, name, value):
    """Step through a choice with the arrow until it shows a value."""
    choice = at.app.screen.query_one(name, Choice)
    for _ in range(10):
        if choice.value.endswith(value):
            break
        choice.focus_box()
        await at.press("right")
    assert choice.value.endswith(value)
    await at.until(lambda: at.app.screen.phase == "asking", "waited for the checks")


def role_of(world, name):
    (held,) = (held for held in world.account.instance_profiles.values() if held.name == name)
    return held.role and held.role.name


def journal_of(at):
    return at.app.journal.entries()


# -- what it shows -------------------------------------------------------------------------------------------


async def test_who_owns_what_is_changed_stands_right_below_the_fix(iptui, world):
    async with iptui() as at:
        inventory = at.app.store.inventory
        profile = inventory.instance_profile_by_name("210987654321", "worker")
        tags = {"terraform:address": "module.jobs.aws_iam_instance_profile.worker"}
        inventory.put(msgspec.structs.replace(profile, tags=tags))
        await fix_worker(at)
        assert "Terraform address module.jobs.aws_iam_instance_profile.worker" in at.row("Owner  ")
        assert "and its owner may undo it" in at.text
        assert "What drifts: role of aws_iam_instance_profile" in " ".join(at.app.screen.plan.warnings)


async def test_where_nobody_owns_it_nothing_is_said_of_owners(iptui, world):
    async with iptui() as at:
        await fix_worker(at)
        assert "Owner" not in at.text
        assert "owner may undo it" not in at.text


async def test_it_shows_the_problem_the_calls_the_checks_the_reach_and_the_way_back(iptui, world):
    async with iptui() as at:
        await fix_worker(at)
        text = at.text
        assert "worker: no role" in at.row("Problem    ✖")
        assert "Add a role" in at.row("Fix  ")
        assert "worker" in at.row("Role  ")
        assert "iam AddRoleToInstanceProfile  worker  ←  worker" in text
        assert "aws iam add-role-to-instance-profile --instance-profile-name worker" in text
        assert "✓ worker is still empty" in text
        assert "✓ you may iam:PassRole" in text
        assert "1 running instance" in at.row("Reaches")
        assert "up to 1 hour" in text
        assert "Takes the role out again" in text
        assert writes(world) == []


async def test_another_role_is_chosen_with_the_arrows_and_the_calls_follow(iptui, world):
    async with iptui() as at:
        await fix_worker(at)
        at.app.screen.query_one("#need-role", Choice).focus_box()
        await at.press("right")
        await at.wait("AddRoleToInstanceProfile  worker  ←  ", gone="worker  ←  worker")
        assert writes(world) == []


async def test_the_list_of_roles_is_narrowed_by_typing(iptui, world):
    async with iptui() as at:
        await fix_worker(at)
        role = at.app.screen.query_one("#need-role", Choice)
        role.focus_box()
        await at.press("space")
        await at.wait("type to narrow")
        await at.type("spare")
        await at.until(lambda: role.query_one(OptionList).option_count == 1, "waited for the list")
        await at.press("enter")
        await at.wait("AddRoleToInstanceProfile  worker  ←  spare")
        await at.press("enter")
        assert isinstance(at.app.screen, FixScreen)
        assert writes(world) == []


async def test_escape_in_an_open_list_closes_the_list_and_not_the_dialog(iptui, world):
    async with iptui() as at:
        await fix_worker(at)
        role = at.app.screen.query_one("#need-role", Choice)
        role.focus_box()
        await at.press("space")
        await at.until(lambda: role.is_open, "waited for the list")
        await at.press("escape")
        await at.until(lambda: not role.is_open, "waited for the list to close")
        assert isinstance(at.app.screen, FixScreen)


async def test_another_way_to_fix_it_has_its_own_calls_and_form(iptui, world):
    async with iptui() as at:
        await fix_night(at)
        assert "UpdateAssumeRolePolicy" in at.text
        assert at.text.count("Trust policy of") == 1
        await choose(at, "#way", "reattach")
        await at.wait(
            "DisassociateIamInstanceProfile", "AssociateIamInstanceProfile", gone="UpdateAssumeRole"
        )
        assert "A check failed" in at.text  # what is attached again is as broken as before
        await choose(at, "#way", "replace-association")
        await at.wait("ReplaceIamInstanceProfileAssociation", gone="DisassociateIamInstanceProfile")
        await choose(at, "#need-instance-profile", "web")
        await at.wait("IamInstanceProfile", "instance-profile/web")
        assert writes(world) == []


async def test_the_commands_are_copied_as_a_script(iptui, world, copied):
    async with iptui() as at:
        await fix_worker(at)
        await at.press("ctrl+y")
        await at.wait("Copied 1 command")
        assert copied == [
            "aws iam add-role-to-instance-profile --instance-profile-name worker --role-name worker\n"
        ]


@pytest.fixture
def held(monkeypatch):
    """Checks that do not end before the event is set."""
    event = asyncio.Event()

    async def preflight_in_time(plan, account, inventory):
        await event.wait()
        async for check in preflight(plan, account, inventory):
            yield check

    monkeypatch.setattr("tui.screens.plan.preflight", preflight_in_time)
    return event


async def test_a_way_that_is_refused_is_not_followed_by_the_question_of_the_one_before(iptui, world, held):
    async with iptui() as at:
        await at.press("down", "down", "f")
        await at.wait("Fix worker", "AddRoleToInstanceProfile")
        way = at.app.screen.query_one("#way", Choice)
        way.focus_box()
        while not way.value.endswith("delete-instance-profile"):
            await at.press("right")
        await at.wait("is in use by")
        held.set()
        for _ in range(20):
            await at.pilot.pause(0.02)
        assert "is in use by" in at.text
        assert at.app.screen.plan is None
        await at.press("enter")
        assert writes(world) == []


async def test_leaving_ends_the_checks_at_once(iptui, world, held):
    async with iptui() as at:
        await at.press("down", "down", "f")
        await at.until(lambda: [w for w in at.app.workers if w.group == "checks"], "waited for checks")
        at.app.screen.dismiss(None)
        assert all(worker.is_cancelled for worker in at.app.workers if worker.group == "checks")
        held.set()
        await at.wait("Instance profiles", gone="Fix worker")
        assert at.app.is_running


# -- the answer ----------------------------------------------------------------------------------------------


async def test_anything_but_the_name_sends_nothing(iptui, world):
    async with iptui() as at:
        await fix_worker(at)
        await at.press("enter")
        await at.wait("Type worker in full to go on.")
        for typed in ("work", "WORKER", "worker "):
            await at.type(typed)
            await at.press("enter")
            await at.pilot.pause()
            assert "Type worker in full to go on." in at.text
            await at.press(*["backspace"] * len(typed))
        await at.press("escape")
        await at.wait("Instance profiles", gone="Fix worker")
        assert writes(world) == []
        assert journal_of(at) == ()


async def fix_left_over(at):
    await at.press("down", "down", "down")
    await at.wait("left-over instance profile")
    await open_fix(at, "left-over")
    await choose(at, "#way", "add-role")
    await at.wait("Apply it?")


async def test_where_nothing_running_is_affected_enter_means_no(iptui, world):
    async with iptui() as at:
        await fix_left_over(at)
        at.app.screen.query_one("#answer", Choice).focus_box()
        assert "No, leave everything as it is" in at.text
        await at.press("enter")
        await at.wait("Instance profiles", gone="Fix left-over")
        assert writes(world) == []
        assert journal_of(at) == ()


async def test_where_nothing_running_is_affected_yes_is_chosen_with_an_arrow(iptui, world):
    async with iptui() as at:
        await fix_left_over(at)
        at.app.screen.query_one("#answer", Choice).focus_box()
        await at.press("right", "enter")
        await at.wait("verified", "close")
        assert writes(world) == ["AddRoleToInstanceProfile"]
        assert role_of(world, "left-over") is not None


async def test_deleting_asks_for_the_name(iptui, world):
    async with iptui() as at:
        await fix_left_over(at)
        await choose(at, "#way", "delete-instance-profile")
        await at.wait("Type the name to go on: left-over", "DeleteInstanceProfile")
        at.app.screen.query_one(TypedName).focus()
        await at.type("left-over")
        await at.press("enter")
        await at.wait("close")
        await at.press("enter")
        await at.wait("Instance profiles  3", gone="Fix left-over")
        assert "DeleteInstanceProfile" in writes(world)


async def test_the_fix_is_applied_verified_journalled_and_seen(iptui, world):
    async with iptui() as at:
        errors = at.app.store.counts()["error"]
        await fix_worker(at)
        await at.type("worker")
        await at.press("enter")
        await at.wait("✓ done", "verified", "close")
        await at.press("enter")
        await at.wait("Instance profiles", gone="Fix worker")
        await at.wait("  worker  1 instance")
        assert at.app.store.counts()["error"] < errors
        assert writes(world) == ["AddRoleToInstanceProfile"]
        (entry,) = journal_of(at)
        assert (entry.state, entry.recipe) == ("applied", "add-role")
        await at.press("left_square_bracket")
        await at.wait("✓ applied: Add role worker", entry.id, "done  iam AddRoleToInstanceProfile")


async def test_a_failed_check_refuses(iptui, world):
    world.deny("iam:AddRoleToInstanceProfile")
    async with iptui() as at:
        await at.press("down", "down")
        await at.wait("worker instance profile")
        await at.press("f")
        await at.wait("Fix worker", "✖ you may iam:AddRoleToInstanceProfile", "A check failed")
        assert "apply" not in at.row("leave everything as it is")
        await at.type("worker")
        await at.press("enter")
        assert isinstance(at.app.screen, FixScreen)
        assert writes(world) == []
        assert journal_of(at) == ()


async def test_read_only_refuses(iptui, world):
    async with iptui(read_only=True) as at:
        assert "⊘ read-only" in at.lines[0]
        await at.press("down", "down")
        await at.wait("worker instance profile")
        await open_fix(at, "worker")
        await at.wait("it without --read-only to apply", "A check failed")
        await at.type("worker")
        await at.press("enter", "enter")
        assert at.app.screen.phase == "asking"
        assert writes(world) == []
        assert journal_of(at) == ()


async def test_what_changed_meanwhile_is_told_and_nothing_is_sent(iptui, world):
    async with iptui() as at:
        await fix_worker(at)
        roles = {role.name: role for role in world.account.roles.values()}
        (held,) = (held for held in world.account.instance_profiles.values() if held.name == "worker")
        held.role = roles["spare"]
        world.changed()
        await at.type("worker")
        await at.press("enter")
        await at.wait("not sent", "worker holds role spare", "Nothing was changed", "close")
        await at.press("enter")
        await at.wait("● worker", gone="Fix worker")  # read again: its role has another name
        assert writes(world) == []


async def test_a_call_that_aws_refuses_is_told_with_what_to_do(iptui, world):
    async with iptui() as at:
        await fix_worker(at)
        world.deny("iam:AddRoleToInstanceProfile")
        await at.type("worker")
        await at.press("enter")
        await at.wait(
            "What an error means", "iam:AddRoleToInstanceProfile", "Add this statement to a policy of user"
        )
        await at.press("escape")
        await at.wait(
            "✖ failed", "AWS denied iam:AddRoleToInstanceProfile", "close", gone="What an error means"
        )
        await at.press("enter")
        await at.wait("no role", gone="Fix worker")
        assert [entry.state for entry in journal_of(at)] == ["failed"]


# -- stopping ------------------------------------------------------------------------------------------------


async def stop_between_calls(at, world):
    """Detach and attach again, stopped while the first of the two calls is under way."""
    await fix_night(at)
    await choose(at, "#way", "reattach")
    await choose(at, "#need-instance-profile", "web")
    await at.wait("Type the name to go on")
    at.app.screen.query_one(TypedName).focus()
    await at.type(at.app.screen.plan.typed_name)
    world.delay(0.4, operation="DisassociateIamInstanceProfile")
    await at.press("enter")
    await at.until(lambda: "DisassociateIamInstanceProfile" in writes(world), "waited for the call")
    await at.press("escape")
    await at.wait("take back what was done", "keep it as it is")
    assert attached_to(world, NIGHT) == []


def attached_to(world, instance_id):
    """The names of the instance profiles of an instance, as AWS has them."""
    return [
        association.profile.arn.rpartition("/")[2]
        for association in world.account.region("eu-west-1").associations.values()
        if association.instance_id == instance_id and association.state in ("associating", "associated")
    ]


async def test_escape_while_applying_stops_after_the_call_and_r_takes_it_back(iptui, world):
    async with iptui() as at:
        await stop_between_calls(at, world)
        await at.press("r")
        await at.wait("close", gone="take back what was done")
        await at.press("enter")
        await at.wait("us-east-1", gone="Fix night")
        assert [entry.state for entry in journal_of(at)] == ["rolled-back"]
        assert attached_to(world, NIGHT) == ["batch"]


async def test_what_was_stopped_can_be_kept(iptui, world):
    async with iptui() as at:
        await stop_between_calls(at, world)
        await at.press("k")
        await at.wait("us-east-1", gone="Fix night")
        assert attached_to(world, NIGHT) == []
        (entry,) = journal_of(at)
        assert entry.state == "interrupted"  # `iptui journal recover` offers to finish it or to take it back


async def test_an_escape_that_comes_with_the_last_call_leaves_it_applied(iptui, world):
    async with iptui() as at:
        await fix_worker(at)
        world.delay(0.4, operation="AddRoleToInstanceProfile")
        await at.type("worker")
        await at.press("enter")
        await at.until(lambda: writes(world), "waited for the call")
        await at.press("escape")
        await at.wait("Stopping after the call that is under way")
        await at.wait("Applied and verified", "close")
        assert role_of(world, "worker") == "worker"


# -- the journal ---------------------------------------------------------------------------------------------


async def test_u_shows_an_empty_journal_in_words(iptui, world):
    async with iptui() as at:
        await at.press("u")
        await at.wait("Journal", "Nothing was changed with iptui so far.")
        await at.press("enter")
        await at.press("escape")
        await at.wait("Instance profiles", gone="Journal ")


async def test_the_journal_tells_each_call_and_u_takes_a_fix_back(iptui, world):
    async with iptui() as at:
        await fix_worker(at)
        await at.type("worker")
        await at.press("enter")
        await at.wait("verified", "close")
        await at.press("enter")
        await at.wait("Instance profiles", gone="Fix worker")
        await at.press("u")
        await at.wait(
            "✓ Add role worker to worker", "applied  add-role", "iam AddRoleToInstanceProfile  done"
        )
        await at.press("u")
        await at.wait("Undo Add role worker to worker", "RemoveRoleFromInstanceProfile", CONFIRM)
        await at.press("escape")
        await at.wait("applied  add-role", gone="Undo Add role")
        assert writes(world) == ["AddRoleToInstanceProfile"]

        await at.press("u")
        await at.wait("Undo Add role worker to worker", CONFIRM)
        await at.type("worker")
        await at.press("enter")
        await at.wait("verified", "close")
        await at.press("enter")
        await at.wait("undone  add-role", gone="Undo Add role")
        assert [entry.state for entry in journal_of(at)] == ["undone", "applied"]
        await at.press("escape")
        await at.wait("✖ worker", "no role")
        assert role_of(world, "worker") is None


async def test_an_undo_where_the_world_moved_on_is_refused_in_words(iptui, world):
    async with iptui() as at:
        await fix_worker(at)
        await at.type("worker")
        await at.press("enter")
        await at.wait("verified", "close")
        await at.press("enter")
        await at.wait("Instance profiles", gone="Fix worker")
        (held,) = (held for held in world.account.instance_profiles.values() if held.name == "worker")
        held.role = None
        world.changed()
        await at.press("u")
        await at.wait("applied  add-role")
        await at.press("u")
        await at.wait("Undo Add role worker to worker", "moved on")
        await at.press("enter")
        await at.press("escape")
        await at.wait("applied  add-role", gone="Undo Add role")
        assert writes(world) == ["AddRoleToInstanceProfile"]
