"""Other keys, from the settings: they work, are shown where keys are shown, and clash where they would."""

from __future__ import annotations

import pytest

from tests.tui.test_fix_many import fix_rule, mark
from tui.keymap import clashes, defaults, places, unknown_key


@pytest.fixture
def settings(tmp_path):
    """Write `[keymap]` into the settings file that the program is going to read."""

    def write(**keymap):
        (tmp_path / "config").mkdir()
        lines = [f'"{name.replace("__", ".")}" = "{keys}"' for name, keys in keymap.items()]
        (tmp_path / "config" / "config.toml").write_text("\n".join(["[keymap]", *lines]) + "\n")

    return write


def test_every_command_has_an_id_of_its_own_and_no_two_clash():
    ids = [binding.id for place in places() for binding in place.bindings]
    assert None not in ids
    assert len(set(ids)) == len(ids)
    assert clashes({}) == []
    assert [keys for keys in defaults().values() if unknown_key(keys)] == []


async def test_a_key_of_a_dialog_can_be_another_and_the_key_bar_says_so(iptui, crowd, settings, copied):
    settings(plan__copy="f5", plan__leave="ctrl+g")
    async with iptui() as at:
        await fix_rule(at, "profile-orphaned")
        assert "f5 copy as script" in at.text
        assert "ctrl+g leave everything" in at.text
        await at.press("f5")
        await at.wait("Copied 6 commands")
        await at.press("escape")
        await at.pilot.pause()
        assert at.app.screen is not at.app.main
        await at.press("ctrl+g")
        await at.until(lambda: at.app.screen is at.app.main, "waited for the dialog to close")


async def test_keys_of_the_window_and_the_tree_can_be_others(iptui, crowd, settings):
    settings(mark="x", tree__down="n", fix="g")
    async with iptui() as at:
        await mark(at)
        await at.press("n", "x", "n", "x")
        await at.wait("g fix 2 marked", "x mark")


async def test_the_help_tells_the_keys_as_they_are(iptui, crowd, settings):
    settings(plan__leave="ctrl+g", tree__down="n", journal__undo="z")
    async with iptui(size=(120, 70)) as at:
        await at.press("question_mark")
        await at.wait("Keys and signs")
        assert "up n" in at.row("  move ")
        assert "ctrl+g" in at.row("leave everything as it is")
        assert at.row("undo the selected fix").split()[1].startswith("z")
