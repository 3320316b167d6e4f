"""The recent denials on the screen: read, explained, asked about, and the way to the object and back."""

from __future__ import annotations

import json
from uuid import uuid4

import msgspec
import pytest

from instance_profiles.aws.pacing import Rate
from instance_profiles.emulator.fleet import build_world
from instance_profiles.emulator.resources import EventDataStore
from instance_profiles.emulator.server import serve
from tests.aws.sent import writes
from tests.tui.conftest import ACCOUNT, FLEET
from tests.widgets.conftest import HOSTILE, unprintable
from widgets.paste_area import PasteArea

EVENTS = """
[trail]
region = "us-east-1"
database = "logs"
table = "cloudtrail"
output = "s3://results/"

[[events]]
region = "eu-west-1"
name = "AssociateIamInstanceProfile"
who = "assumed-role/spare/kim"
minutes_ago = 90
count = 3
every_minutes = 20
instance = "night"
instance_profile = "batch"
role = "batch"
denied = "iam:PassRole"

[[events]]
service = "iam"
name = "AddRoleToInstanceProfile"
who = "user/lee"
minutes_ago = 30
instance_profile = "worker"
role = "worker"
denied = "iam:AddRoleToInstanceProfile"

[[events]]
service = "iam"
name = "UpdateAssumeRolePolicy"
who = "user/lee"
minutes_ago = 200
role = "batch"
"""
TRAIL = '[trail]\ndatabase = "logs"\ntable = "cloudtrail"\n'
NO_PASSING = {"Sid": "NoPassing", "Effect": "Deny", "Action": "iam:PassRole", "Resource": "*"}


@pytest.fixture
async def acme(monkeypatch):
    """The small AWS with a past, looked up as fast as it answers."""
    monkeypatch.setattr("instance_profiles.aws.pacing._LOOKUP", Rate(1000, 1000))
    world = build_world(FLEET + EVENTS)
    async with serve(world) as url:
        for name, value in world.environment(url).items():
            monkeypatch.setenv(name, value)
        yield world


@pytest.fixture
def trail(tmp_path):
    """Settings that name a table of Athena."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.toml").write_text(TRAIL)


async def read_denials(at):
    await at.press("d")
    await at.wait("Recent denials", "2 of 2 regions read", "4 denials", "esc close")


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
async def test_denials_are_grouped_by_who_and_why_with_the_newest_first(iptui, acme, size):
    async with iptui(size=size) as at:
        await read_denials(at)
        await at.wait("user lee", "role spare", "no Allow, identity policy")
        assert at.text.index("user lee") < at.text.index("role spare")
        assert "3×" in at.row("iam:PassRole")
        await at.press("down")
        await at.wait("denied 3 times, last 1 h ago")
    assert writes(acme) == []


async def test_one_is_explained_with_its_own_message(iptui, acme):
    async with iptui() as at:
        await read_denials(at)
        await at.press("down", "enter")
        await at.wait("What an error means", "Caller that may not pass the role", "a ask AWS")
        await at.press("escape")
        await at.wait("Recent denials", gone="What an error means")


async def test_a_key_goes_to_the_object_whose_detail_leads_back(iptui, acme):
    async with iptui() as at:
        await read_denials(at)
        await at.press("down", "g")
        await at.wait("batch role", "3 denials of iam:PassRole", gone="Recent denials ─")
        assert (at.tree.cursor_key or "").endswith(acme.account.roles["batch"].id)
        await at.press("d")
        await at.wait("Recent denials ─", "denied 3 times")


async def test_what_is_about_nothing_that_is_there_says_so(iptui, acme):
    async with iptui() as at:
        await at.loaded()
        del acme.account.instance_profiles["worker"]
        del acme.account.roles["worker"]
        acme.changed()
        await at.press("r")
        await at.wait("Roles  3")
        await read_denials(at)
        await at.press("g")
        await at.wait("Nothing that this is about is in the tree.")


async def test_a_region_that_may_not_be_read_is_unknown_not_clean(iptui, acme):
    acme.deny("cloudtrail:LookupEvents")
    async with iptui() as at:
        await at.press("d")
        await at.wait("Not all is known: cloudtrail:LookupEvents is denied to you", "(and 1 more)")
        assert "Nobody was denied" not in at.text


async def test_without_any_denial_one_may_look_further_back(iptui, world, monkeypatch):
    monkeypatch.setattr("instance_profiles.aws.pacing._LOOKUP", Rate(1000, 1000))
    async with iptui() as at:
        await at.press("d")
        await at.wait("last 12 hours", "Nobody was denied anything around instance profiles")
        await at.press("h")
        await at.wait("last 24 hours", "2 of 2 regions read")


async def test_reading_can_be_stopped_and_keeps_what_came(iptui, acme):
    acme.hang("eu-west-1", operation="LookupEvents")
    async with iptui() as at:
        await at.press("d")
        await at.wait("1 of 2 regions read", "user lee", "esc stop reading")
        await at.press("escape")
        await at.wait("Stopped: what was read so far stays.", "user lee", "esc close")
        await at.press("escape")
        await at.wait("Instance profiles", gone="Recent denials ─")


async def test_athena_is_told_first_and_asked_on_the_second_press(iptui, acme, trail):
    async with iptui() as at:
        await read_denials(at)
        await at.press("b")
        await at.wait("of logs.cloudtrail, narrowed by account", "b ask Athena")
        assert "StartQueryExecution" not in [name for _, name, _ in acme.requests]
        await at.press("b")
        await at.wait("Athena has answered; its denials are among these.", "4 denials")


async def test_an_event_data_store_is_searched_where_there_is_one(iptui, acme):
    acme.account.event_data_store = EventDataStore("us-east-1", "org-events", str(uuid4()))
    async with iptui() as at:
        await read_denials(at)
        await at.press("b")
        await at.wait("of event data store org-events; AWS bills what it reads.", "b ask CloudTrail Lake")
        await at.press("b")
        await at.wait("CloudTrail Lake has answered; its denials are among these.", "4 denials")


async def test_without_a_table_and_a_store_there_is_no_more_to_search(iptui, acme):
    async with iptui() as at:
        await read_denials(at)
        await at.press("b")
        await at.wait("There is no more to search: the settings name no table of Athena")


async def test_asking_shows_each_answer_and_the_policy_with_its_statement(iptui, acme):
    role = acme.account.roles["spare"]
    role.inline = {"guard": json.dumps({"Version": "2012-10-17", "Statement": [NO_PASSING]})}
    acme.changed()
    async with iptui(size=(120, 60)) as at:
        await at.press("e")
        await at.wait("ctrl+o ask AWS")
        at.app.screen.query_one(PasteArea).text = (
            f"AccessDenied: User: arn:aws:sts::{ACCOUNT}:assumed-role/spare/kim is not authorized to perform:"
            f" iam:PassRole on resource: arn:aws:iam::{ACCOUNT}:role/batch"
        )
        await at.wait("Caller that may not pass the role")
        await at.press("ctrl+o")
        await at.wait("Denied by inline policy guard of role spare.", "Athena", "a ask AWS again")
        assert "Recorded 3 times" in at.text
        assert "UpdateAssumeRolePolicy by lee on batch" in at.text
        await at.press("end")
        await at.wait("Inline policy guard of role spare", "decides")
        await at.press("escape")
        await at.wait("Instance profiles", gone="What an error means")
    assert writes(acme) == []


async def test_asking_can_be_stopped(iptui, acme):
    acme.hang(operation="SimulatePrincipalPolicy")
    async with iptui() as at:
        await read_denials(at)
        await at.press("down", "enter")
        await at.wait("a ask AWS")
        await at.press("a")
        await at.wait("Decoded message", "Simulation", "esc stop asking")
        await at.press("escape")
        await at.wait("a ask AWS again", "esc close")


async def test_a_billed_query_is_run_from_the_explanation_only_when_wanted(iptui, acme, trail):
    async with iptui(size=(120, 60)) as at:
        await read_denials(at)
        await at.press("down", "enter")
        await at.wait("a ask AWS")
        await at.press("b")
        await at.pilot.pause()
        assert "StartQueryExecution" not in [name for _, name, _ in acme.requests]
        await at.press("a")
        await at.wait("not asked: Reads", "b run the billed query")
        await at.press("b")
        await at.wait("denials around instance profiles, 3 of them like this one.")


async def test_hostile_names_are_drawn_safely(iptui, acme):
    async with iptui() as at:
        await read_denials(at)
        denials = at.app.store.denials
        for text in HOSTILE:
            denials.groups = tuple(
                msgspec.structs.replace(group, principal=text, action=text, said=text, regions=(text,))
                for group in denials.groups
            )
            at.app.screen._draw()
            await at.pilot.pause()
            assert unprintable(at.characters.replace("\n", "")) == []
