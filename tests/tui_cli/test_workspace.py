"""The workspace: accounts read side by side, transitions looked at again, objects read again after a fix."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime
from functools import partial

import pytest

from instance_profiles.findings.finding import Finding
from instance_profiles.fixes.apply import apply
from instance_profiles.fixes.build import build_plan
from tests.tui_cli.aws_place import ACCOUNT, FLEET, served
from tui.commands import scan
from tui.connections import connections
from tui.workspace import open_workspace

STUCK = (
    FLEET
    + """
[[instances]]
region = "us-east-1"
name = "late"
associations = [{ instance_profile = "web", state = "associating", settles_after = 3600 }]

[[instances]]
region = "us-east-1"
name = "asleep"
state = "stopped"
associations = [{ instance_profile = "web", state = "associating" }]
"""
)


class Time:
    """The time of the workspace and of its AWS, moved on by waiting and by nothing else."""

    def __init__(self, world):
        self.waited = []
        self._world = world
        world.clock.freeze()

    def now(self):
        return datetime.fromtimestamp(self._world.clock.now(), UTC)

    async def sleep(self, seconds):
        self.waited.append(seconds)
        self._world.clock.advance(seconds)


def rules_of(workspace, name):
    return {
        finding.rule
        for finding in workspace.findings()
        if finding.object.kind == "association" and any(ref.name == name for ref in finding.related)
    }


async def test_what_is_in_transition_is_looked_at_twice_more_ten_seconds_apart(settings):
    with served(STUCK) as aws:
        time = Time(aws.world)
        async with open_workspace(settings(aws), clock=time.now, sleep=time.sleep) as workspace:
            await workspace.load_all()
            assert rules_of(workspace, "late") == {"association-in-transition"}
            seen = []
            await workspace.settle(observe=seen.append)
            assert time.waited == [10.0, 10.0]
            assert seen[0] == 1
            assert rules_of(workspace, "late") == {"association-stuck-associating"}
            assert rules_of(workspace, "asleep") == set()


def test_a_scan_looks_again_before_it_tells(settings, monkeypatch, capsys):
    with served(STUCK) as aws:
        time = Time(aws.world)
        opening = partial(open_workspace, clock=time.now, sleep=time.sleep)
        monkeypatch.setattr("tui.commands.loading.open_workspace", opening)
        monkeypatch.setattr("tui.commands.loading.open_log", lambda _path: None)
        assert scan.run(settings(aws), scan.Wish(format="json"), demo=False) == 0
    assert time.waited == [10.0, 10.0]
    rules = {finding["rule"] for finding in json.loads(capsys.readouterr().out)["findings"]}
    assert "association-stuck-associating" in rules
    assert "association-in-transition" not in rules


async def test_a_transition_that_ends_is_no_finding(settings):
    with served(STUCK.replace("3600", "5")) as aws:
        time = Time(aws.world)
        async with open_workspace(settings(aws), clock=time.now, sleep=time.sleep) as workspace:
            await workspace.load_all()
            await workspace.settle()
            assert time.waited == [10.0]
            assert rules_of(workspace, "late") == set()


async def test_what_lasts_keeps_its_age_from_one_start_to_the_next(settings):
    with served(STUCK) as aws:
        time, resolved = Time(aws.world), settings(aws)
        async with open_workspace(resolved, clock=time.now, sleep=time.sleep) as workspace:
            await workspace.load_all()
            assert rules_of(workspace, "late") == {"association-in-transition"}
        kept = resolved.paths.first_seen
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert aws.url not in kept.read_text()
        aws.world.clock.advance(70)
        async with open_workspace(resolved, clock=time.now, sleep=time.sleep) as workspace:
            await workspace.load_all()
            [stuck] = [one for one in workspace.findings() if one.rule == "association-stuck-associating"]
            assert (stuck.severity, stuck.cause) == ("error", "attaching for over 60 s")
            assert rules_of(workspace, "asleep") == set()


async def test_what_came_to_its_end_is_forgotten(settings):
    with served(STUCK.replace("3600", "5")) as aws:
        time, resolved = Time(aws.world), settings(aws)
        for expected in (2, 1):
            async with open_workspace(resolved, clock=time.now, sleep=time.sleep) as workspace:
                await workspace.load_all()
                workspace.findings()
            content = json.loads(resolved.paths.first_seen.read_text())
            assert len(content["entries"]) == expected
            aws.world.clock.advance(30)


async def test_another_aws_has_its_own_times(settings):
    folders = None
    for _ in range(2):
        with served(STUCK) as aws:
            time = Time(aws.world)
            resolved = settings(aws)
            folders = folders or resolved.paths
            async with open_workspace(resolved, clock=time.now, sleep=time.sleep) as workspace:
                await workspace.load_all()
                assert rules_of(workspace, "late") == {"association-in-transition"}
    assert len(json.loads(folders.first_seen.read_text())["entries"]) == 4


async def test_a_cache_that_cannot_be_written_costs_ages_and_nothing_else(settings, caplog):
    with served(STUCK) as aws:
        time, resolved = Time(aws.world), settings(aws)
        resolved.paths.cache_dir.write_text("in the way")
        async with open_workspace(resolved, clock=time.now, sleep=time.sleep) as workspace:
            await workspace.load_all()
            assert rules_of(workspace, "late") == {"association-in-transition"}
    assert "could not be written" in caplog.text


async def test_where_nothing_is_in_transition_nobody_waits(settings, aws):
    time = Time(aws.world)
    async with open_workspace(settings(aws), clock=time.now, sleep=time.sleep) as workspace:
        await workspace.load_all()
        await workspace.settle()
    assert time.waited == []


async def test_events_are_for_the_reader_to_take_in(settings, aws):
    async with open_workspace(settings(aws)) as workspace:
        events = [event async for event in workspace.load()]
        assert workspace.inventory.counts()["instances"] == 0
        for event in events:
            workspace.inventory.take(event)
        assert workspace.inventory.counts()["instances"] == 3
        assert workspace.account_for(ACCOUNT) is workspace.accounts[0]
        assert workspace.requests()["iam:ListInstanceProfiles"] == 1


async def test_objects_are_read_again(settings, aws):
    async with open_workspace(settings(aws)) as workspace:
        await workspace.load_all()
        profile = workspace.inventory.instance_profile_by_name(ACCOUNT, "worker")
        ours = next(p for p in aws.world.account.instance_profiles.values() if p.name == "worker")
        ours.role = next(role for role in aws.world.account.roles.values() if role.name == "worker")
        aws.world.changed()
        assert profile.ref in await workspace.reread([profile.ref])
        assert workspace.inventory.instance_profile_by_name(ACCOUNT, "worker").role.role_name == "worker"


async def test_a_role_that_iptui_exchanged_is_known_at_once_and_at_the_next_start(settings, aws):
    resolved = settings(aws)
    async with open_workspace(resolved) as workspace:
        await workspace.load_all()
        assert not workspace.inventory.role_changes
        profile = workspace.inventory.instance_profile_by_name(ACCOUNT, "web")
        finding = Finding("f", "role-unused", "info", "present", profile.ref, "", "", fixes=("swap-role",))
        plan = build_plan("swap-role", finding, workspace.inventory, {"role": "worker"})
        outcome = await apply(plan, workspace.accounts[0], workspace.journal)
        await workspace.reread([profile.ref])
        [(key, change)] = workspace.inventory.role_changes.items()
        assert key == (ACCOUNT, profile.instance_profile_id)
        assert change.journal_entry == outcome.journal
    async with open_workspace(resolved) as workspace:
        await workspace.load_all()
        assert workspace.inventory.role_changes == {key: change}


async def test_a_journal_that_cannot_be_read_keeps_nobody_from_reading_aws(settings, aws, caplog):
    resolved = settings(aws)
    resolved.paths.journal.mkdir(parents=True)
    async with open_workspace(resolved) as workspace:
        await workspace.load_all()
        assert workspace.inventory.counts()["instances"] == 3
    assert "cannot be read" in caplog.text


async def test_accounts_are_known_without_a_load(settings, aws):
    async with open_workspace(settings(aws)) as workspace:
        with pytest.raises(KeyError):
            workspace.account_for(ACCOUNT)
        await workspace.identify()
        assert workspace.account_for(ACCOUNT) is workspace.accounts[0]


def test_the_engine_is_handed_plain_values(settings, aws):
    resolved = settings(
        aws, named_profiles=("a", "b", "a"), regions=("eu-west-1",), read_only=True, timeout=2.0
    )
    first, second = connections(resolved)
    assert (first.named_profile, second.named_profile) == ("a", "b")
    assert first.regions == ("eu-west-1",)
    assert first.read_only
    assert (first.connect_timeout, first.read_timeout) == (2.0, 2.0)
