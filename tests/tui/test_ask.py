"""Asking on the screen whether a caller could fix something, and whether a launch would work."""

from __future__ import annotations

import json

import pytest

from tests.tui.conftest import ACCOUNT
from tests.widgets.conftest import HOSTILE, unprintable

ROLE = f"arn:aws:iam::{ACCOUNT}:role/web"


async def ask_about(at, key):
    await at.stand_on(key)
    await at.press("a")
    await at.wait("Ask about")


async def to_launch(at):
    await at.press("right_square_bracket")
    await at.wait("What a launch needs", "it has a role", "may launch")


def enforce(world, *actions):
    """From now on the caller may do these actions and no other."""
    world.caller.enforced = True
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    world.caller.policies = [json.dumps({"Version": "2012-10-17", "Statement": [statement]})]
    world.changed()


LOOK = ("iam:Get*", "iam:List*", "iam:Simulate*", "sts:*", "ec2:Describe*", "ec2:GetInstanceMetadataDefaults",
        "autoscaling:Describe*", "ssm:Describe*", "tag:GetResources")  # fmt: skip


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_both_questions_about_the_selected_object(iptui, world, size):
    async with iptui(size=size) as at:
        await ask_about(at, world.account.instance_profiles["worker"].id)
        await at.wait("Could a caller fix it?", "✓ Add a role")
        await to_launch(at)
        await at.wait("✖ it has a role failed")
        await at.press("left_square_bracket")
        await at.wait("✓ Add a role", gone="What a launch needs")
        await at.press("escape")
        await at.wait("Instance profiles", gone="Ask about")


async def test_another_principal_is_typed_and_a_wrong_one_is_told_in_one_sentence(iptui, world):
    enforce(world, *LOOK)
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    world.account.roles["web"].inline["all"] = json.dumps({"Version": "2012-10-17", "Statement": everything})
    async with iptui() as at:
        await ask_about(at, world.account.instance_profiles["worker"].id)
        await at.wait("✖ Add a role")
        await at.press("shift+tab")
        await at.type("kim")
        await at.press("enter")
        await at.wait("kim is no user and no role")
        field = at.app.screen.query_one("#who")
        field.value = "arn:aws:iam::999988887777:role/web"
        await at.press("enter")
        await at.wait("is in account 999988887777")
        field.value = ROLE
        await at.press("enter")
        await at.wait("✓ Add a role", gone="is in account")


async def test_the_answer_is_copied_as_text(iptui, world, copied):
    async with iptui() as at:
        await ask_about(at, world.account.instance_profiles["worker"].id)
        await at.wait("✓ Add a role")
        await at.press("y")
        await at.wait("Copied the answer")
        assert copied[0].startswith("Could arn:aws:iam::")
        assert "iam:AddRoleToInstanceProfile" in copied[0]
        await to_launch(at)
        await at.press("y")
        await at.until(lambda: len(copied) == 2, "waited for the second copy")
        assert "it has a role" in copied[1]


async def test_what_a_launch_fails_of_is_fixed_from_there(iptui, world):
    async with iptui() as at:
        await ask_about(at, world.account.instance_profiles["worker"].id)
        await to_launch(at)
        await at.wait("f fix")
        await at.press("f")
        await at.wait("Fix worker", "iam AddRoleToInstanceProfile")


async def test_a_dry_run_needs_a_template(iptui, world):
    async with iptui() as at:
        await ask_about(at, world.account.instance_profiles["web"].id)
        await to_launch(at)
        await at.press("d")
        await at.wait("A dry run needs")


async def test_an_object_without_instance_profile_has_no_launch(iptui, world):
    bare = next(i for i in world.account.region("us-east-1").instances.values() if i.tags["Name"] == "bare")
    async with iptui() as at:
        await at.press("4")
        await at.wait("bare")
        await ask_about(at, bare.id)
        await at.wait("Attach an instance profile")
        await at.press("right_square_bracket")
        await at.wait("there is no launch to ask about")


async def test_a_heading_is_no_object_to_ask_about(iptui, recorded):
    async with iptui() as at:
        await at.press("home", "a")
        await at.wait("Select an object first; a asks about it.")


async def test_where_nobody_can_be_asked_the_reason_stands_there(iptui, recorded):
    async with iptui() as at:
        await at.press("home", "down", "a")
        await at.wait("Ask about", "sts:GetCallerIdentity")


@pytest.mark.parametrize("name", HOSTILE[:3])
async def test_hostile_principals_are_drawn_safely(iptui, world, name):
    async with iptui() as at:
        await ask_about(at, world.account.instance_profiles["worker"].id)
        at.app.screen.query_one("#who").value = name
        await at.press("shift+tab")
        await at.press("enter")
        await at.wait("is no user and no role")
        assert unprintable(at.characters.replace("\n", "")) == []
