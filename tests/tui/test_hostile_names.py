"""Data from AWS never acts on the terminal: whatever a name holds comes out as plain visible text."""

from __future__ import annotations

import pytest

from tests.tui.hostile import NAMES, hostile_events
from tests.widgets.conftest import unprintable
from tui.screens.detail import DetailPane
from widgets.sheet_view import SheetView

TABS = 5


@pytest.fixture(autouse=True)
def _hostile(monkeypatch):
    events = hostile_events()

    async def load(*_account_and_regions):
        for event in events:
            yield event

    monkeypatch.setattr("tui.workspace.load", load)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")


def harmless(at):
    assert unprintable(at.characters) == []
    return True


async def test_every_row_of_every_view_is_plain_text(iptui):
    async with iptui(size=(200, 50)) as at:
        for view in "12345":
            await at.press(view, "asterisk", "home")
            rows = len(at.tree.visible_keys)
            assert rows > 15
            for _ in range(0, rows, 30):
                assert harmless(at)
                await at.press("pagedown")
            assert harmless(at)
        assert at.app.is_running


async def test_every_tab_of_every_object_is_plain_text(iptui):
    async with iptui(size=(160, 60)) as at:
        pane = at.app.main.query_one(DetailPane)
        shown = pane.query_one(SheetView)
        seen = set()
        for view in "12345":
            await at.press(view, "asterisk", "home", "down")
            for _ in range(TABS):
                await at.press("right_square_bracket")
                assert harmless(at)
            for key in at.tree.visible_keys:
                assert at.tree.reveal(key)
                node = at.app.main.selected
                if node.ref in seen:
                    continue
                seen.add(node.ref)
                pane.show(node)
                for _ in range(TABS):
                    pane.step_tab(1)
                    # What is drawn of a tab, and what one would have to scroll to.
                    assert unprintable("".join(line.plain for line in shown.lines(60))) == []
        assert len(seen) > 8 * len(NAMES)


async def test_searching_for_markup_finds_the_name_that_holds_it(iptui):
    async with iptui() as at:
        await at.press("slash")
        await at.type("[/foo]")
        await at.wait("/ [/foo]", "[/foo]", " of ", gone="markup")
        assert harmless(at)


async def test_toasts_and_dialogs_are_plain_text(iptui, copied):
    async with iptui(size=(120, 50)) as at:
        await at.press("asterisk", "home")
        for _ in range(16):
            await at.press("down", "c", "f")
            assert harmless(at)  # the toast, the dialog, and what lies below
            await at.press("escape")
        assert at.app.is_running
