"""Pasting an error message on the screen, and reading what it means."""

from __future__ import annotations

import pytest

from tests.widgets.conftest import HOSTILE, unprintable
from widgets.paste_area import PasteArea

KIM = "arn:aws:iam::123456789012:user/kim"
DENIED = (
    f"AccessDenied: User: {KIM} is not authorized to perform: iam:PassRole on resource: "
    "arn:aws:iam::123456789012:role/web because no identity-based policy allows the iam:PassRole action"
)


@pytest.fixture(autouse=True)
def _read(recorded):
    """What these tests look at was read before."""


async def paste(at, text):
    at.app.screen.query_one(PasteArea).text = text


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_pasted_message_is_explained_at_once(iptui, size):
    async with iptui(size=size) as at:
        await at.press("e")
        await at.wait("What an error means", "Paste an error message")
        await paste(at, DENIED)
        await at.wait("Caller that may not pass the role", "What it says", "iam:PassRole")
        await at.press("escape")
        await at.wait("Instance profiles", gone="What an error means")


async def test_another_text_takes_the_place_of_the_first(iptui):
    async with iptui() as at:
        await at.press("e")
        await paste(at, DENIED)
        await at.wait("Caller that may not pass the role")
        await paste(at, "An error of nobody's")
        await at.wait("Not recognised", gone="Caller that may not pass the role")
        await paste(at, "")
        await at.wait("Paste an error message")


async def test_tab_goes_to_the_explanation_and_back(iptui):
    async with iptui() as at:
        await at.press("e")
        await at.wait("Paste an error message")
        text = at.app.screen.query_one(PasteArea)
        assert text.has_focus
        await at.press("tab")
        await at.until(lambda: not text.has_focus, "waited for the explanation to have the focus")
        await at.press("tab")
        await at.until(lambda: text.has_focus, "waited for the text to have the focus")


async def test_the_chain_of_this_machine_is_named(iptui):
    async with iptui() as at:
        await at.press("e")
        await paste(
            at,
            "ValidationError: The requested DurationSeconds exceeds the 1 hour session limit for roles"
            " assumed by role chaining.",
        )
        await at.wait("Chained role asked for more than an hour", "What to do")


async def test_hostile_text_is_drawn_safely(iptui):
    async with iptui() as at:
        await at.press("e")
        for text in HOSTILE:
            await paste(at, f"Error: {text} {DENIED}")
            await at.wait("Caller that may not pass the role")
            assert unprintable(at.characters.replace("\n", "")) == []


SCP = (
    f"AccessDenied: User: {KIM} is not authorized to perform: iam:PassRole on resource: "
    "arn:aws:iam::123456789012:role/web with an explicit deny in a service control policy: "
    "arn:aws:organizations::999988887777:policy/o-abcdefghij/service_control_policy/p-12345678"
)


async def test_a_permission_is_offered_only_where_an_allow_is_what_is_missing(iptui):
    async with iptui() as at:
        await at.press("e")
        await paste(at, DENIED)
        await at.wait("give the permission")
        await paste(at, SCP)
        await at.wait("Ask the administrators", gone="give the permission")
        await at.press("ctrl+g")
        await at.pilot.pause()
        assert "Fix kim" not in at.text


async def test_an_account_that_is_not_open_is_given_nothing(iptui):
    async with iptui() as at:
        await at.press("e")
        await paste(at, DENIED)
        await at.wait("give the permission")
        await at.press("ctrl+g")
        await at.wait("Account 123456789012 is not open here")


async def test_the_text_for_the_administrators_is_copied(iptui, copied):
    async with iptui() as at:
        await at.press("e")
        await paste(at, SCP)
        await at.wait("Ask the administrators")
        await at.press("ctrl+t")
        await at.wait("Copied what it means")
    assert "Ask the administrators of the organisation" in copied[0]
    assert "p-12345678" in copied[0]
