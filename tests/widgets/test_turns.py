"""Between two turns of long work everything that has something to do goes on."""

from __future__ import annotations

import asyncio

from widgets.turns import give_way


async def test_what_passes_through_some_hands_arrives_between_two_turns():
    """As a key does: from the terminal to the application, the screen, the widget, and what it says of it."""
    loop = asyncio.get_running_loop()
    hands, arrived = 6, []

    def pass_on(left: int) -> None:
        if left:
            loop.call_soon(pass_on, left - 1)
        else:
            arrived.append(True)

    pass_on(hands)
    await give_way()
    assert arrived
