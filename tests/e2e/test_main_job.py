"""The main job in a real terminal: see a broken instance profile, fix it, see it healthy, take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {
        "IPTUI_CONFIG_DIR": str(tmp_path / "config"),
        "IPTUI_STATE_DIR": str(tmp_path / "state"),
        "IPTUI_CACHE_DIR": str(tmp_path / "cache"),
        "HOME": str(tmp_path),
    }


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
def test_fix_a_role_less_instance_profile_and_undo_it(environ: dict[str, str], size: tuple[int, int]) -> None:
    with Terminal("--demo", environ=environ, size=size) as terminal:
        terminal.wait_for("Instance profiles", "acme-prod", "all read")
        terminal.press("/", "crawler", "enter")
        terminal.wait_for("no role")
        terminal.press("home", "down", "f")
        terminal.wait_for("Fix crawler", "Add a role", "Type the name to go on")
        terminal.press("crawler", "enter")
        terminal.wait_for("applied", seconds=90)
        terminal.press("enter")
        terminal.wait_for("Instance profiles", gone="no role")

        terminal.press("u")
        terminal.wait_for("add-role", "applied")
        terminal.press("u")
        terminal.wait_for("Undo", "remove-role-from-instance-profile")
        terminal.press("crawler", "enter")
        terminal.wait_for("undone", seconds=90)
        terminal.press("enter", "esc")
        terminal.wait_for("no role")

        terminal.press("esc", "q")
        assert terminal.wait_exit() == 0


def test_escape_before_confirming_sends_nothing(environ: dict[str, str], tmp_path: Path) -> None:
    with Terminal("--demo", environ=environ) as terminal:
        terminal.wait_for("Instance profiles", "all read")
        terminal.press("/", "crawler", "enter")
        terminal.wait_for("no role")
        terminal.press("home", "down", "f")
        terminal.wait_for("Fix crawler", "Type the name to go on")
        terminal.press("craw", "esc")
        terminal.wait_for("no role", gone="Fix crawler")
        terminal.press("q")
        assert terminal.wait_exit() == 0
    journal = tmp_path / "state" / "journal.jsonl"
    assert not journal.exists() or journal.read_text() == ""


def test_ctrl_c_leaves_at_once_while_loading(environ: dict[str, str]) -> None:
    with Terminal("--demo", environ=environ) as terminal:
        terminal.wait_for("iptui")
        terminal.press("ctrl+c")
        assert terminal.wait_exit() in (0, 130)
