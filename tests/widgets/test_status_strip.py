from __future__ import annotations

import pytest

from config.themes import DARK_PALETTE, LIGHT, LIGHT_PALETTE
from tests.widgets.conftest import colours_of, on_stage, screen_lines
from widgets.severity import ASCII
from widgets.status_strip import StatusFacts, StatusStrip

VIEWS = [
    ("1", "problems"),
    ("2", "instance profiles"),
    ("3", "roles"),
    ("4", "instances"),
    ("5", "named"),
]
FACTS = StatusFacts({"error": 7, "warning": 1, "info": 12}, active=1)


async def shown(pilot, facts: StatusFacts) -> str:
    pilot.app.query_one(StatusStrip).show(facts)
    await pilot.pause()
    return screen_lines(pilot.app)[0]


async def test_counts_in_words_left_and_views_right():
    async with on_stage(StatusStrip(VIEWS), size=(120, 3)) as pilot:
        line = await shown(pilot, FACTS)
        assert line.startswith(" ✖ 7 errors   ▲ 1 warning   ● 12 notes   ? 0 unknown ")
        assert line.endswith(" 1 problems  2 instance profiles  3 roles  4 instances  5 named")


async def test_what_is_muted_is_counted_beside_the_rest_and_a_click_on_it_tells():
    async with on_stage(StatusStrip(VIEWS), size=(140, 3)) as pilot:
        line = await shown(pilot, StatusFacts(FACTS.counts, muted=3))
        assert "? 0 unknown   3 muted " in line
        await pilot.click(StatusStrip, offset=(line.index("3 muted"), 0))
        await pilot.pause()
        assert len(pilot.app.said(StatusStrip.MutedChosen)) == 1
        assert "muted" not in await shown(pilot, FACTS)


async def test_counts_lose_their_words_before_views_lose_their_names():
    async with on_stage(StatusStrip(VIEWS), size=(100, 3)) as pilot:
        line = await shown(pilot, FACTS)
        assert line.startswith(" ✖ 7   ▲ 1   ● 12   ? 0 ")
        assert line.endswith(" 1 problems  2 instance profiles  3 roles  4 instances  5 named")


async def test_a_small_screen_names_only_the_active_view():
    async with on_stage(StatusStrip(VIEWS), size=(80, 3)) as pilot:
        line = await shown(pilot, FACTS)
        assert line.endswith(" ? 0 unknown        2 instance profiles")
        assert "roles" not in line


async def test_a_very_small_screen_drops_the_words():
    async with on_stage(StatusStrip(VIEWS), size=(50, 3)) as pilot:
        assert await shown(pilot, FACTS) == " ✖ 7   ▲ 1   ● 12   ? 0       2 instance profiles"


async def test_a_tiny_screen_keeps_the_counts():
    async with on_stage(StatusStrip(VIEWS), size=(26, 3)) as pilot:
        assert await shown(pilot, FACTS) == " ✖ 7   ▲ 1   ● 12   ? 0"


@pytest.mark.parametrize(("theme", "palette"), [("iptui-dark", DARK_PALETTE), (LIGHT, LIGHT_PALETTE)])
async def test_colours(theme, palette):
    async with on_stage(StatusStrip(VIEWS), size=(120, 3), theme=theme) as pilot:
        await shown(pilot, FACTS)
        assert colours_of(pilot.app, 0, "errors") == (palette.error, palette.surface)
        assert colours_of(pilot.app, 0, "0 unknown") == (palette.dim, palette.surface)
        assert colours_of(pilot.app, 0, "2 instance") == (palette.surface, palette.accent)
        await shown(pilot, StatusFacts({"warning": 3}, shown="warning"))
        assert colours_of(pilot.app, 0, "3 warnings") == (palette.surface, palette.warning)


async def test_a_click_chooses_a_view_or_a_severity():
    async with on_stage(StatusStrip(VIEWS), size=(120, 3)) as pilot:
        line = await shown(pilot, FACTS)
        for word in ("roles", "named", "7 errors", "0 unknown", "   "):
            await pilot.click(StatusStrip, offset=(line.index(word), 0))
        await pilot.pause()
        assert [message.index for message in pilot.app.said(StatusStrip.ViewChosen)] == [2, 4]
        severities = [message.severity for message in pilot.app.said(StatusStrip.SeverityChosen)]
        assert severities == ["error", "unknown"]


async def test_ascii_terminals_get_ascii():
    async with on_stage(StatusStrip(VIEWS, glyphs=ASCII), size=(120, 3)) as pilot:
        assert (await shown(pilot, FACTS)).startswith(" x 7 errors   ! 1 warning   * 12 notes   ? 0")
