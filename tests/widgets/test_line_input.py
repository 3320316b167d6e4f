"""A field to type into: whatever is put there, nothing of it acts on the terminal."""

from __future__ import annotations

import pytest
from textual.app import App

from tests.widgets.conftest import HOSTILE, unprintable
from widgets.line_input import LineInput


class Typing(App[None]):
    def compose(self):
        yield LineInput()


@pytest.mark.parametrize("text", HOSTILE)
async def test_what_a_terminal_would_obey_is_left_out(text):
    app = Typing()
    async with app.run_test() as pilot:
        field = app.query_one(LineInput)
        field.value = text
        await pilot.pause()
        assert unprintable(field.value) == []


async def test_plain_text_and_other_scripts_stay_as_they_are():
    app = Typing()
    async with app.run_test() as pilot:
        field = app.query_one(LineInput)
        field.value = "arn:aws:iam::123456789012:role/größe-東"
        await pilot.pause()
        assert field.value == "arn:aws:iam::123456789012:role/größe-東"
