"""A fault of the caller itself, who stands in no listing, is shown like any other."""

from __future__ import annotations

from dataclasses import replace


async def test_the_root_user_is_told_among_the_problems(iptui, world):
    for key, caller in list(world.callers.items()):
        world.callers[key] = replace(caller, arn=world.account.arn("iam", "root"))
    async with iptui() as at:
        await at.press("1")
        await at.wait("Calls made as the root user of the account")
        key = next(key for key in at.tree.visible_keys if key.endswith("caller-is-root"))
        await at.stand_on(key)
        await at.press("right", "down")
        await at.wait("root  ", "calls are made as the root user", "delete the root user")
