from __future__ import annotations

import pytest

from config.themes import DARK_PALETTE
from tests.widgets.conftest import colours_of, on_stage, screen_lines
from widgets.severity import ASCII
from widgets.title_line import TitleFacts, TitleLine

FACTS = TitleFacts(
    account="acme-prod",
    account_id="123456789012",
    identity="ops-oncall",
    facts=("4 regions", "68 instances", "3 s ago"),
)


async def line_of(facts: TitleFacts, width: int, **how) -> str:
    async with on_stage(TitleLine(**how), size=(width, 3)) as pilot:
        pilot.app.query_one(TitleLine).show(facts)
        await pilot.pause()
        return screen_lines(pilot.app)[0]


async def test_who_and_where_left_how_much_and_how_old_right():
    line = await line_of(FACTS, 120)
    assert line.startswith(" iptui  acme-prod 1234-5678-9012  as ops-oncall ")
    assert line.endswith(" 4 regions · 68 instances · 3 s ago")
    assert len(line) == 119


async def test_read_only_is_said_in_words():
    line = await line_of(TitleFacts(account="acme", read_only=True), 80)
    assert line == " iptui  ⊘ read-only  acme"


@pytest.mark.parametrize(
    ("done", "total", "words"),
    [(0, 40, "────────── reading 0 of 40"), (12, 40, "━━━─────── reading 12 of 40"), (0, 0, "reading")],
)
async def test_progress_while_loading(done, total, words):
    line = await line_of(TitleFacts(progress=(done, total)), 80)
    assert line.endswith(words)


async def test_where_space_lacks_the_identity_goes_before_the_facts():
    line = await line_of(FACTS, 70)
    assert line == " iptui  acme-prod 1234-5678-9012   4 regions · 68 instances · 3 s ago"
    assert "as ops-on" in await line_of(FACTS, 84)


async def test_the_age_is_the_last_fact_to_go():
    line = await line_of(FACTS, 48)
    assert line.split("  ")[1] == "acme-prod 1234-5678-9012"
    assert line.endswith("3 s ago")


async def test_ascii_terminals_get_ascii():
    facts = TitleFacts(account="acme", facts=("1", "2"), progress=(1, 2), read_only=True)
    assert (await line_of(facts, 80, glyphs=ASCII)).isascii()


async def test_only_the_name_of_the_program_is_in_the_accent_colour():
    async with on_stage(TitleLine(), size=(100, 3)) as pilot:
        pilot.app.query_one(TitleLine).show(FACTS)
        await pilot.pause()
        assert colours_of(pilot.app, 0, "iptui") == (DARK_PALETTE.accent, DARK_PALETTE.surface)
        assert colours_of(pilot.app, 0, "acme-prod")[0] == DARK_PALETTE.text
        assert colours_of(pilot.app, 0, "1234-5678")[0] == DARK_PALETTE.muted


WAITS = ("ec2:DescribeInstances in eu-west-1 waits for AWS", "DescribeInstances waits", "1 listing waits")


@pytest.mark.parametrize(
    ("width", "ending"),
    [
        (
            120,
            "  68 instances · ━━──────── reading 12 of 48 · ec2:DescribeInstances in eu-west-1 waits for AWS",
        ),
        (102, "  ━━──────── reading 12 of 48 · ec2:DescribeInstances in eu-west-1 waits for AWS"),
        (82, "  reading 12 of 48 · ec2:DescribeInstances in eu-west-1 waits for AWS"),
        (72, "  reading 12 of 48 · DescribeInstances waits"),
        (50, "  reading 12 of 48 · 1 listing waits"),
        (42, "  ━━──────── reading 12 of 48"),
    ],
)
async def test_what_waits_is_said_in_the_words_that_fit(width, ending):
    facts = TitleFacts(account="acme", facts=("68 instances",), progress=(12, 48), waiting=WAITS)
    assert (await line_of(facts, width)).endswith(ending)
