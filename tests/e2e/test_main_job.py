"""The main job in a real terminal: see a broken instance profile, fix it, see it healthy, take it back."""

from __future__ import annotations

import pytest

from tests.e2e.searching import search
from tests.e2e.terminal import Terminal

LOADED = ("Instance profiles", "4 regions", "s ago")
BROKEN = r"Instance profiles.*\n.*✖ crawler\s+no role"
HEALTHY = r"Instance profiles.*\n +▸ +crawler  3 instances"
ERRORS = r"(?m)^ *✖ (\d+)\b"
READY_TO_APPLY = ("Fix crawler", "Type the name to go on: crawler", "⏎ apply")


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
def test_a_role_less_instance_profile_is_fixed_and_the_fix_undone(program, size):
    with Terminal("--demo", environ=program.environment, size=size) as terminal:
        terminal.wait_for(*LOADED)
        search(terminal, "crawler", gone="billing-export")
        terminal.wait_match(BROKEN)
        errors = terminal.wait_match(ERRORS)[1]

        terminal.press("f")
        terminal.wait_for(*READY_TO_APPLY, "Add a role", "aws iam add-role-to-instance-profile")
        terminal.press("crawler", "enter")
        terminal.wait_for("verified", "close")
        terminal.press("enter")
        terminal.wait_for("Instance profiles", gone="Fix crawler")
        terminal.wait_match(HEALTHY)
        healed = int(terminal.wait_match(ERRORS)[1])
        assert healed < int(errors)

        terminal.press("u")
        terminal.wait_for("Journal", "Add role crawler to crawler", "applied  add-role")
        terminal.press("u")
        terminal.wait_for("Undo Add role", "aws iam remove-role-from-instance-profile", "⏎ apply")
        terminal.press("crawler", "enter")
        terminal.wait_for("verified", "close")
        terminal.press("enter")
        terminal.wait_for("undone  add-role", gone="Undo Add role")
        terminal.press("esc")
        terminal.wait_for("Instance profiles", gone="undone")
        terminal.wait_match(BROKEN)
        # Other faults of the demo come with time, so the number need not be the first one again.
        assert int(terminal.wait_match(ERRORS)[1]) > healed

        terminal.press("q")
        assert terminal.wait_exit() == 0
        assert terminal.is_restored

    listed = program.run("journal", "list").out
    assert "undone" in listed
    assert "applied" in listed


def test_escape_before_confirming_sends_nothing(program):
    with Terminal("--demo", environ=program.environment) as terminal:
        terminal.wait_for(*LOADED)
        search(terminal, "crawler", gone="billing-export")
        terminal.press("f")
        terminal.wait_for(*READY_TO_APPLY)
        terminal.press("craw", "enter")
        terminal.wait_for("Type crawler in full")
        terminal.press("esc")
        terminal.wait_for("Instance profiles", gone="Fix crawler")
        terminal.wait_match(BROKEN)
        terminal.press("q")
        assert terminal.wait_exit() == 0
    journal = program.folder / "state" / "journal.jsonl"
    assert not journal.exists() or journal.read_text() == ""
