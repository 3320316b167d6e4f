"""The parts of the fix dialog: labels, calls, checks, choices, the typed name."""

from __future__ import annotations

import pytest

from config.themes import DARK_PALETTE
from tests.widgets.conftest import colours_of, on_stage, screen_lines
from widgets.call_list import STATE_WORDS, CallLine, CallList, command_lines
from widgets.check_list import CheckLine, CheckList
from widgets.choice import Choice, Choosable
from widgets.labelled import Labelled
from widgets.typed_name import TypedName

COMMAND = "aws iam add-role-to-instance-profile --instance-profile-name crawler --role-name crawler"
CALL = CallLine("iam AddRoleToInstanceProfile  crawler ← crawler", COMMAND)
ROLES = [
    Choosable("crawler", "crawler", "same name · trusts EC2"),
    Choosable("web", "web-server", "trusts EC2"),
    Choosable("db", "db", "does not trust EC2"),
]


def lines_of(pilot) -> list[str]:
    return [line for line in screen_lines(pilot.app) if line]


async def test_labels_and_facts_stand_in_two_columns():
    async with on_stage(Labelled("Calls", CallList()), size=(60, 10)) as pilot:
        pilot.app.query_one(CallList).show([CALL])
        await pilot.pause()
        assert lines_of(pilot) == [
            "Calls     1  iam AddRoleToInstanceProfile  crawler ← crawler",
            "             aws iam add-role-to-instance-profile ⏎",
            "                 --instance-profile-name crawler ⏎",
            "                 --role-name crawler",
        ]


@pytest.mark.parametrize("state", STATE_WORDS)
async def test_a_call_tells_its_state_in_words(state):
    async with on_stage(CallList(), size=(100, 10)) as pilot:
        pilot.app.query_one(CallList).show([CallLine("iam X", "aws iam x", state, "AWS said so")])
        await pilot.pause()
        assert lines_of(pilot)[0].endswith(STATE_WORDS[state] or "iam X")
        assert "AWS said so" in lines_of(pilot)[2]


async def test_a_failed_call_is_red_and_a_done_one_green():
    async with on_stage(CallList(), size=(100, 10)) as pilot:
        calls = [CallLine("a", "aws a", "done"), CallLine("b", "aws b", "failed", "Access denied")]
        pilot.app.query_one(CallList).show(calls)
        await pilot.pause()
        assert colours_of(pilot.app, 0, "✓")[0] == DARK_PALETTE.done
        assert colours_of(pilot.app, 2, "✖")[0] == DARK_PALETTE.error
        assert colours_of(pilot.app, 4, "Access denied")[0] == DARK_PALETTE.error


async def test_no_calls_is_said():
    async with on_stage(CallList()) as pilot:
        pilot.app.query_one(CallList).show([], nothing="Choose a role first.")
        await pilot.pause()
        assert lines_of(pilot) == ["Choose a role first."]


@pytest.mark.parametrize("width", [20, 40, 60, 200])
def test_a_wrapped_command_is_still_the_same_command(width):
    lines = command_lines(COMMAND, width)
    assert "".join(lines).replace(" ", "") == COMMAND.replace(" ", "")
    assert all(len(line) <= width for line in lines)
    if width >= 40:
        assert " ".join(lines) == COMMAND


async def test_checks_fill_in_as_they_arrive():
    async with on_stage(CheckList(), size=(80, 10)) as pilot:
        checks = pilot.app.query_one(CheckList)
        checks.show([], running=True)
        await pilot.pause()
        assert lines_of(pilot) == ["checking …"]
        arrived = [CheckLine("instance profile is still empty", "passed", "re-read 1 s ago")]
        checks.show(arrived, running=True)
        await pilot.pause()
        assert lines_of(pilot) == ["✓ instance profile is still empty   re-read 1 s ago", "checking …"]
        arrived += [CheckLine("PassRole", "unknown", "condition on a tag"), CheckLine("unused", "failed")]
        checks.show(arrived, running=False)
        await pilot.pause()
        assert lines_of(pilot) == [
            "✓ instance profile is still empty   re-read 1 s ago",
            "▲ PassRole not known                condition on a tag",
            "✖ unused failed",
        ]
        assert colours_of(pilot.app, 0, "✓")[0] == DARK_PALETTE.done
        assert colours_of(pilot.app, 1, "▲")[0] == DARK_PALETTE.warning
        assert colours_of(pilot.app, 2, "failed")[0] == DARK_PALETTE.error


async def test_details_go_below_where_it_gets_narrow():
    async with on_stage(CheckList(), size=(36, 10)) as pilot:
        pilot.app.query_one(CheckList).show(
            [CheckLine("instance profile is still empty", "passed", "re-read 1 s ago")], running=False
        )
        await pilot.pause()
        assert lines_of(pilot) == ["✓ instance profile is still empty", "  re-read 1 s ago"]


async def offered(pilot, value: str | None = None) -> Choice:
    choice = pilot.app.query_one(Choice)
    choice.offer(ROLES, value)
    choice.focus_box()
    await pilot.pause()
    return choice


async def test_a_choice_shows_what_is_chosen_and_what_speaks_for_it():
    async with on_stage(Choice(), size=(80, 12)) as pilot:
        choice = await offered(pilot, "web")
        assert choice.value == "web"
        assert lines_of(pilot)[0].split("  ")[0].strip() == "web-server"
        assert lines_of(pilot)[0].endswith("▾   trusts EC2")
        assert colours_of(pilot.app, 0, "web-server") == (DARK_PALETTE.background, DARK_PALETTE.accent)


async def test_left_and_right_go_round():
    async with on_stage(Choice()) as pilot:
        choice = await offered(pilot)
        await pilot.press("right", "right", "right", "left")
        await pilot.pause()
        assert choice.value == "db"
        assert [message.value for message in pilot.app.said(Choice.Chosen)] == ["web", "db", "crawler", "db"]


async def test_the_list_opens_narrows_and_takes():
    async with on_stage(Choice(), size=(80, 12)) as pilot:
        choice = await offered(pilot)
        await pilot.press("space", *"serv")
        await pilot.pause()
        assert choice.is_open
        assert not any("does not trust" in line for line in lines_of(pilot))
        await pilot.press("enter")
        await pilot.pause()
        assert (choice.value, choice.is_open) == ("web", False)
        assert [message.value for message in pilot.app.said(Choice.Chosen)] == ["web"]


async def test_escape_closes_the_list_and_changes_nothing():
    async with on_stage(Choice()) as pilot:
        choice = await offered(pilot)
        await pilot.press("down", "down", "escape")
        await pilot.pause()
        assert (choice.value, choice.is_open) == ("crawler", False)
        assert pilot.app.said(Choice.Chosen) == []


async def test_a_single_choice_has_nothing_to_open():
    async with on_stage(Choice()) as pilot:
        choice = pilot.app.query_one(Choice)
        choice.offer(ROLES[:1])
        choice.focus_box()
        await pilot.press("space", "right")
        await pilot.pause()
        assert (choice.value, choice.is_open) == ("crawler", False)
        choice.offer([])
        await pilot.pause()
        assert choice.value is None
        assert lines_of(pilot) == ["nothing to choose from"]


async def test_a_name_must_be_typed_in_full_and_exactly():
    async with on_stage(TypedName("crawler")) as pilot:
        field = pilot.app.query_one(TypedName)
        field.focus()
        await pilot.press(*"crawleR")
        await pilot.pause()
        assert not field.matches
        await pilot.press("backspace", "r")
        await pilot.pause()
        assert field.matches
        await pilot.press("x")
        await pilot.pause()
        told = [message.matches for message in pilot.app.said(TypedName.Matched)]
        assert told[-3:] == [False, True, False]
        assert told.count(True) == 1


async def test_no_name_is_never_matched():
    async with on_stage(TypedName("")) as pilot:
        assert not pilot.app.query_one(TypedName).matches
