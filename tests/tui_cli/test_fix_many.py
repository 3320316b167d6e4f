"""`iptui fix` with many findings, and `iptui journal` with what they became."""

from __future__ import annotations

import json
import stat

import pytest

from instance_profiles.findings.finding import finding_id
from instance_profiles.inventory.model import ObjectRef
from tests.tui_cli.aws_place import ACCOUNT, served
from tests.tui_cli.running import Program
from tests.tui_cli.test_fix import fixed, journal

ORPHANS = ("old-1", "old-2", "old-3")
WORKERS = ("worker-a", "worker-b")
FLEET = (
    f"""
regions = ["eu-west-1", "us-east-1"]
default_region = "us-east-1"
account = {{ id = "{ACCOUNT}", alias = "acme-test" }}

[[roles]]
name = "web"
inline = {{ logs = ["logs:PutLogEvents"] }}
instance_profile = true
"""
    + "".join(
        f"""
[[roles]]
name = "{name}"
inline = {{ logs = ["logs:PutLogEvents"] }}

[[instance_profiles]]
name = "{name}"

[[instances]]
region = "us-east-1"
name = "{name}"
instance_profile = "{name}"
"""
        for name in WORKERS
    )
    + "".join(f'\n[[instance_profiles]]\nname = "{name}"\nrole = "web"\n' for name in ORPHANS)
    + """
[[instances]]
region = "eu-west-1"
name = "shop"
instance_profile = "web"
"""
)

ORPHANED = ("--rule", "profile-orphaned", "--all")
ROLELESS = ("--rule", "profile-without-role", "--all")


@pytest.fixture
def aws():
    with served(FLEET) as place:
        yield place


@pytest.fixture
def iptui(tmp_path, aws):
    return Program(tmp_path, **aws.environment)


def names(aws):
    return {profile.name for profile in aws.world.account.instance_profiles.values()}


def id_of(aws, rule, name):
    profile = aws.world.account.instance_profiles[name]
    return finding_id(rule, ObjectRef("instance-profile", ACCOUNT, None, profile.id, name))


def subjects(plans):
    return [plan["object"]["name"] for plan in plans]


# -- looking -------------------------------------------------------------------------------------------------


def test_a_dry_run_of_a_rule_prints_every_plan_and_changes_nothing(iptui, aws):
    ended, shown = fixed(iptui, *ORPHANED, "--dry-run")
    assert ended.code == 0
    assert (shown["schema"], shown["refused"]) == ("iptui.plans/1", [])
    assert subjects(shown["plans"]) == list(ORPHANS)
    for plan in shown["plans"]:
        assert plan["schema"] == "iptui.plan/1"
        assert [call["operation"] for call in plan["calls"]] == [
            "RemoveRoleFromInstanceProfile",
            "DeleteInstanceProfile",
        ]
        assert {check["state"] for check in plan["checks"]} <= {"passed", "unknown"}
        assert "result" not in plan
    assert "result" not in shown
    assert aws.writes() == []


def test_the_plans_in_words(iptui):
    out = iptui.run("fix", *ROLELESS, "--dry-run").out
    assert "2 × Add a role: 2 calls in IAM" in out
    assert "aws iam add-role-to-instance-profile --instance-profile-name worker-a" in out
    assert "2 running" in out
    assert "2 × Takes the role out again" in out


def test_several_ids_are_several_plans_and_one_id_twice_is_one(iptui, aws):
    ids = [id_of(aws, "profile-without-role", name) for name in WORKERS]
    _, shown = fixed(iptui, *ids, "--dry-run")
    assert [plan["finding"] for plan in shown["plans"]] == ids
    _, shown = fixed(iptui, ids[0], ids[0][:8], "--dry-run")
    assert (shown["schema"], shown["finding"]) == ("iptui.plan/1", ids[0])


def test_a_rule_that_finds_nothing_is_done_already(iptui):
    ended, shown = fixed(iptui, "--rule", "instance-imds-disabled", "--all", "--yes")
    assert ended.code == 0
    assert (shown["plans"], shown["refused"]) == ([], [])


# -- applying ------------------------------------------------------------------------------------------------


def test_all_of_a_rule_are_fixed_and_one_undo_takes_all_back(iptui, aws):
    ended, shown = fixed(iptui, *ORPHANED, "--yes")
    assert (ended.code, ended.err) == (0, "")
    assert shown["result"] == "applied"
    assert [plan["result"] for plan in shown["plans"]] == ["applied"] * 3
    assert names(aws) == {"web", *WORKERS}

    entries = journal(iptui)["entries"]
    assert [entry["id"] for entry in entries] == [plan["journal"] for plan in shown["plans"]]
    assert {entry["batch"]["id"] for entry in entries} == {shown["batch"]}
    assert journal(iptui, "show", shown["batch"])["entries"] == entries

    undone = iptui.run("journal", "undo", shown["batch"], "--yes", "--format", "json")
    assert undone.code == 0
    assert json.loads(undone.out)["result"] == "applied"
    assert names(aws) == {"web", *WORKERS, *ORPHANS}
    assert [entry["state"] for entry in journal(iptui)["entries"]] == ["undone"] * 3 + ["applied"] * 3

    twice = iptui.run("journal", "undo", shown["batch"], "--yes")
    assert twice.code == 5
    assert "left to undo" in twice.sentence


def test_what_is_deleted_is_listed_in_a_file_first(iptui, aws):
    _, shown = fixed(iptui, *ORPHANED, "--yes")
    file = iptui.folder / "state" / f"deleted-{shown['batch']}.json"
    assert shown["export"] == str(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert subjects(json.loads(file.read_text())["objects"]) == list(ORPHANS)


def test_the_batch_in_words(iptui):
    applied = iptui.run("fix", *ROLELESS, "--yes")
    assert "1/2 Add role worker-a to worker-a applied" in applied.out
    batch = applied.out.split()[-1]
    listed = iptui.run("journal").out.splitlines()
    assert listed[0].split()[0] == batch
    assert "2 × Add a role" in listed[0]
    assert [line.startswith("  ") for line in listed[1:]] == [True, True]
    shown = iptui.run("journal", "show", batch).out
    assert f"1 of 2 in batch {batch}" in shown


def test_what_is_denied_for_all_refuses_all(iptui, aws):
    aws.world.deny("iam:AddRoleToInstanceProfile")
    ended, shown = fixed(iptui, *ROLELESS, "--yes")
    assert ended.code == 5
    assert "iam:AddRoleToInstanceProfile" in ended.sentence
    assert "1 more" in ended.sentence
    assert shown["plans"] == []
    assert [plan["result"] for plan in shown["refused"]] == ["refused"] * 2
    assert shown["refused"][0]["calls"][0]["outcome"]["state"] == "not-sent"
    assert aws.writes() == []


def test_what_nothing_suggests_is_refused_and_the_rest_is_fixed(iptui, aws):
    del aws.world.account.roles["worker-a"]
    aws.world.changed()
    ended, shown = fixed(iptui, *ROLELESS, "--yes")
    assert ended.code == 5
    assert subjects(shown["plans"]) == ["worker-b"]
    assert shown["plans"][0]["result"] == "applied"
    (refused,) = shown["refused"]
    assert refused["object"]["name"] == "worker-a"
    assert "fix it by itself" in refused["message"]
    assert aws.writes() == ["AddRoleToInstanceProfile"]


def test_read_only_shows_all_and_applies_none(iptui, aws):
    assert fixed(iptui, *ORPHANED, "--dry-run", "--read-only")[0].code == 0
    ended, shown = fixed(iptui, *ORPHANED, "--yes", "--read-only")
    assert ended.code == 5
    assert shown["plans"] == []
    assert aws.writes() == []


def test_an_undo_leaves_what_has_moved_on_and_says_so(iptui, aws):
    _, shown = fixed(iptui, *ROLELESS, "--yes")
    aws.world.account.instance_profiles["worker-b"].role = aws.world.account.roles["web"]
    aws.world.changed()
    ended = iptui.run("journal", "undo", shown["batch"], "--yes")
    assert ended.code == 5
    assert "Add role worker-b to worker-b: The world has moved on" in ended.err
    held = {name: aws.world.account.instance_profiles[name].role for name in WORKERS}
    assert held["worker-a"] is None
    assert held["worker-b"] is not None


# -- refusing ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Say what to fix"),
        (("--all",), "--rule ID"),
        (("--rule", "profile-orphaned"), "--all"),
        (("--rule", "profile-orphand", "--all"), "profile-orphaned"),
    ],
)
def test_it_must_be_said_what_to_fix(program, arguments, said):
    ended = program.run("fix", *arguments, "--dry-run")
    assert ended.code == 2
    assert said in ended.sentence


def test_without_a_terminal_nothing_is_applied_unasked(iptui, aws):
    ended = iptui.run("fix", *ORPHANED)
    assert ended.code == 2
    assert "--yes" in ended.sentence
    assert aws.writes() == []


def test_an_unknown_batch_is_wrong_usage(program):
    for action in ("show", "undo", "recover"):
        ended = program.run("journal", action, "b-nope", "--yes")
        assert ended.code == 2
        assert "'b-nope'" in ended.sentence


# -- on a terminal -------------------------------------------------------------------------------------------


def test_the_number_is_typed_as_consent(iptui, aws):
    terminal = iptui.on_terminal("fix", *ORPHANED)
    terminal.until(f"Type 3 to apply 3 fixes in account {ACCOUNT}")
    terminal.type("3\n")
    assert terminal.end() == 0
    assert "All 3 fixes are applied and verified" in terminal.seen
    assert names(aws) == {"web", *WORKERS}


@pytest.mark.parametrize("answer", ["\n", "y\n", "2\n", "\x04"])
def test_anything_else_than_the_number_leaves_all(iptui, aws, answer):
    terminal = iptui.on_terminal("fix", *ORPHANED)
    terminal.until("Type 3 to apply")
    terminal.type(answer)
    assert terminal.end() == 0
    assert "Nothing was changed." in terminal.seen
    assert aws.writes() == []


def test_ctrl_c_stops_and_what_is_done_can_be_taken_back(iptui, aws):
    terminal = iptui.on_terminal("fix", *ORPHANED)
    terminal.until("Type 3 to apply")
    aws.world.delay(0.5, operation="RemoveRoleFromInstanceProfile")
    terminal.type("3\n")
    aws.wait_for("RemoveRoleFromInstanceProfile")
    terminal.type("\x03")
    terminal.until("Take back everything that is done?")
    terminal.type("y\n")
    terminal.end()
    assert names(aws) == {"web", *WORKERS, *ORPHANS}
    assert aws.world.account.instance_profiles["old-1"].role is not None
    assert {entry["state"] for entry in journal(iptui)["entries"]} == {"rolled-back"}
