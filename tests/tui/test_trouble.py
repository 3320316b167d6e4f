"""When things go wrong: the screen says so in a sentence, shows what could be read, and the keys answer."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest

from instance_profiles.aws.errors import AwsError
from tests.aws.sent import writes


def words_of(at):
    """The screen as running text, so that a sentence is found wherever its lines break."""
    return " ".join(" ".join(line.replace("│", " ") for line in at.lines).split())


async def sentence(at, *words):
    await at.until(lambda: all(word in words_of(at) for word in words), f"waited for {words!r}")


@asynccontextmanager
async def never(_resolved):
    """A workspace that never opens."""
    await asyncio.Event().wait()
    yield


# -- while nothing has come yet ------------------------------------------------------------------------------


async def test_the_first_frame_does_not_wait_for_aws(iptui):
    async with iptui(wait=False, opening=never) as at:
        await at.wait("iptui", "instance profiles", "q quit")
        await at.press("1", "3", "down", "f", "c", "u", "s", "r")
        await at.press("question_mark")
        await at.wait("Keys and signs")
        await at.press("escape", "q")
        assert at.app.return_value == 0


async def test_search_and_views_answer_while_it_loads(iptui, world):
    world.hang(operation="DescribeInstances")
    async with iptui(wait=False) as at:
        await at.wait("worker", "reading")
        await at.press("slash")
        await at.type("left")
        await at.wait("/ left", "left-over", gone=" worker ")
        await at.press("escape", "3")
        await at.wait("Other roles")
        await at.press("q")
        assert at.app.return_value == 0


async def test_cursor_and_open_rows_stay_while_data_arrives(iptui, instances_later):
    async with iptui(wait=False) as at:
        await at.wait("worker", "Roles  4", "reading")
        await at.stand_on("roles")
        await at.press("right")
        await at.wait("spare")
        await at.press("down", "down")
        cursor, opened = at.tree.cursor_key, at.tree.expanded
        assert "Instances  0" in at.text
        instances_later.set()
        await at.loaded()
        await at.wait("Instances  5", "spare")
        assert (at.tree.cursor_key, at.tree.expanded) == (cursor, opened)


async def test_nothing_is_called_healthy_before_all_is_read(iptui, world):
    world.hang(operation="DescribeInstances")
    async with iptui(wait=False) as at:
        await at.wait("left-over", "reading")
        await at.stand_on("roles")
        await at.press("up")
        await sentence(at, "Still reading; nothing wrong was seen so far.")
        assert "nothing uses it" not in at.text


# -- what AWS says -------------------------------------------------------------------------------------------


async def test_a_listing_denied_in_one_region_is_told_and_the_rest_is_read(iptui, world):
    world.deny("ec2:DescribeInstances", region="eu-west-1")
    async with iptui(size=(120, 120)) as at:
        assert "digger" not in at.text
        await at.press("4")
        await at.wait("digger", gone="shop-1")
        await at.press("1", "end")
        await at.wait("Unknown")
        await at.press("asterisk")
        assert "denied" in words_of(at)
        assert "eu-west-1" in words_of(at)


async def test_a_region_that_never_answers_ends_after_the_timeout(iptui, world):
    world.hang("eu-west-1")
    async with iptui(timeout=1) as at:
        await at.press("4")
        await at.wait("digger", gone="shop-1")
        assert at.app.store.counts()["unknown"] > 0


async def test_no_credentials(iptui, world, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    async with iptui(wait=False) as at:
        await sentence(at, "No AWS credentials were found", "aws configure")
        await at.press("f", "slash", "a", "escape", "u", "escape", "q")
        assert at.app.return_value == 0


async def test_expired_credentials_and_a_reload_once_they_are_new(iptui, world):
    world.expire_credentials()
    async with iptui(wait=False) as at:
        await sentence(at, "expired")
        world.caller.expires = None
        await at.press("r")
        await at.wait("left-over", "2 regions")


async def test_an_endpoint_where_nothing_listens(iptui, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    async with iptui(wait=False) as at:
        await sentence(at, "127.0.0.1:9")


async def test_a_web_page_in_place_of_an_answer(iptui, world):
    world.html()
    async with iptui(wait=False) as at:
        await sentence(at, "did not come from AWS", "proxy")
        assert "<html" not in at.text


async def test_a_named_profile_that_is_not_there(iptui, world):
    async with iptui(wait=False, named_profiles=("prdo",)) as at:
        await sentence(at, "prdo")


async def test_trouble_while_opening_is_a_sentence(iptui):
    @asynccontextmanager
    async def broken(_resolved):
        raise AwsError("The config file cannot be read: line 3 has no '='.")
        yield

    async with iptui(wait=False, opening=broken) as at:
        await sentence(at, "The config file cannot be read: line 3 has no '='.")
        await at.press("q")
        assert at.app.return_value == 0


async def test_aws_that_breaks_off_before_a_fix_is_told_in_the_dialog(iptui, world):
    async with iptui() as at:
        await at.press("down", "down")
        await at.wait("worker instance profile")
        world.html()
        await at.press("f")
        await at.wait("Fix worker")
        await at.until(lambda: at.app.screen.phase == "asking", "waited for the checks")
        assert "not known" in at.text
        await at.type("worker")
        await at.press("enter")
        await at.wait("close")
        assert "did not come from AWS" in words_of(at)
        assert "not sent" in at.text or "not-sent" in at.text
        assert writes(world) == []
        await at.press("enter")
        await at.wait("no role", gone="Fix worker")


@pytest.mark.parametrize("size", [(20, 5), (1, 1), (40, 10), (300, 90)])
async def test_every_dialog_is_drawn_at_any_size(iptui, recorded, size):
    async with iptui(size=size, wait=False) as at:
        await at.until(lambda: at.app.store.loaded_at, "waited for the end of the load")
        for keys in (["down"], ["f"], ["escape"], ["u"], ["escape"], ["question_mark"], ["escape"], ["slash"],
                     ["a"], ["escape"], ["ctrl+p"], ["escape"], ["enter"], ["escape"]):  # fmt: skip
            await at.press(*keys)
            assert len(at.lines) == size[1]
        await at.press("q")
        assert at.app.return_value == 0
