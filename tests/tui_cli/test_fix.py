"""`iptui fix` and `iptui journal`: plan, apply, undo, and everything that refuses."""

from __future__ import annotations

import json
import signal

import pytest

from instance_profiles.findings.finding import finding_id
from instance_profiles.inventory.model import ObjectRef
from tests.tui_cli.aws_place import ACCOUNT


def finding(aws, rule, name):
    """The id of a finding about an instance profile: the same in every scan."""
    profile = next(p for p in aws.world.account.instance_profiles.values() if p.name == name)
    return finding_id(rule, ObjectRef("instance-profile", ACCOUNT, None, profile.id, name))


@pytest.fixture
def roleless(aws):
    """The instance profile `worker`, which has no role and is used by a running instance."""
    return finding(aws, "profile-without-role", "worker")


def fixed(program, *arguments):
    ended = program.run("fix", *arguments, "--format", "json")
    return ended, json.loads(ended.out)


def journal(program, *arguments):
    return json.loads(program.run("journal", *arguments, "--format", "json").out)


# -- looking -------------------------------------------------------------------------------------------------


def test_a_dry_run_prints_the_plan_and_changes_nothing(iptui, aws, roleless):
    ended, shown = fixed(iptui, roleless, "--dry-run")
    assert ended.code == 0
    assert {
        "schema",
        "finding",
        "recipe",
        "title",
        "calls",
        "checks",
        "blast_radius",
        "delay",
        "permissions",
    } <= set(shown)
    assert shown["schema"] == "iptui.plan/1"
    assert (shown["finding"], shown["recipe"]) == (roleless, "add-role")
    assert "result" not in shown
    (call,) = shown["calls"]
    assert {key: call[key] for key in ("service", "operation", "region", "parameters")} == {
        "service": "iam",
        "operation": "AddRoleToInstanceProfile",
        "region": None,
        "parameters": {"InstanceProfileName": "worker", "RoleName": "worker"},
    }
    assert call["cli"].startswith("aws iam add-role-to-instance-profile ")
    assert call["inverse"]["operation"] == "RemoveRoleFromInstanceProfile"
    assert {check["state"] for check in shown["checks"]} == {"passed"}
    assert [ref["kind"] for ref in shown["blast_radius"]["instances"]] == ["instance"]
    assert aws.writes() == []
    assert journal(iptui) == {"schema": "iptui.journal/1", "entries": []}


def test_the_plan_in_words_has_the_command_line_and_the_checks(iptui, roleless):
    out = iptui.run("fix", roleless, "--dry-run").out
    assert "aws iam add-role-to-instance-profile --instance-profile-name worker --role-name worker" in out
    assert "✓ passed" in out
    assert "\x9b" not in out


def test_another_role_can_be_chosen_by_name(iptui, roleless):
    _, shown = fixed(iptui, roleless, "--dry-run", "--set", "role=web")
    assert shown["calls"][0]["parameters"]["RoleName"] == "web"


def test_the_id_may_be_shortened(iptui, roleless):
    assert fixed(iptui, roleless[:6], "--dry-run")[1]["finding"] == roleless


def test_an_unknown_finding_is_wrong_usage(iptui):
    ended = iptui.run("fix", "zzzz", "--dry-run")
    assert ended.code == 2
    assert "'zzzz'" in ended.sentence
    assert "iptui scan" in ended.sentence


def test_an_answer_that_names_nothing_is_told(iptui, roleless):
    ended = iptui.run("fix", roleless, "--dry-run", "--set", "role=wbe")
    assert ended.code == 2
    assert "wbe" in ended.sentence
    assert "--set role=" in ended.sentence


# -- applying ------------------------------------------------------------------------------------------------


def test_a_fix_is_applied_verified_journalled_and_undone(iptui, aws, roleless):
    ended, shown = fixed(iptui, roleless, "--yes")
    assert ended.code == 0
    assert ended.err == ""
    assert shown["result"] == "applied"
    assert shown["calls"][0]["outcome"]["state"] == "done"
    assert aws.writes() == ["AddRoleToInstanceProfile"]

    (entry,) = journal(iptui, "list")["entries"]
    assert entry["id"] == shown["journal"]
    assert (entry["finding"], entry["recipe"], entry["state"]) == (roleless, "add-role", "applied")
    assert {"id", "started", "finding", "recipe", "account", "state", "calls"} <= set(entry)
    assert journal(iptui, "show", entry["id"])["entries"] == [entry]

    again = iptui.run("fix", roleless, "--dry-run")
    assert again.code == 2

    undone = iptui.run("journal", "undo", entry["id"], "--yes", "--format", "json")
    assert undone.code == 0
    assert json.loads(undone.out)["result"] == "applied"
    assert aws.writes() == ["AddRoleToInstanceProfile", "RemoveRoleFromInstanceProfile"]
    assert [entry["state"] for entry in journal(iptui)["entries"]] == ["undone", "applied"]
    assert fixed(iptui, roleless, "--dry-run")[0].code == 0

    twice = iptui.run("journal", "undo", entry["id"], "--yes")
    assert twice.code == 5
    assert "undone already" in twice.sentence


def test_the_journal_in_words(iptui, roleless):
    assert "Nothing was changed so far" in iptui.run("journal").out
    applied = iptui.run("fix", roleless, "--yes")
    assert "1/1 iam:AddRoleToInstanceProfile done" in applied.out
    entry_id = applied.out.split()[-1]
    assert entry_id in iptui.run("journal", "list").out
    shown = iptui.run("journal", "show", entry_id[:8]).out
    assert "by arn:aws:iam::210987654321:user/ops-oncall" in shown
    assert "taken back by: aws iam remove-role-from-instance-profile" in shown
    assert "Nothing was interrupted." in iptui.run("journal", "recover").out


def test_an_unknown_entry_is_wrong_usage(iptui):
    ended = iptui.run("journal", "undo", "nope", "--yes")
    assert ended.code == 2
    assert "'nope'" in ended.sentence


def test_an_undo_where_the_world_moved_on_is_refused(iptui, aws, roleless):
    _, shown = fixed(iptui, roleless, "--yes")
    profile = next(p for p in aws.world.account.instance_profiles.values() if p.name == "worker")
    profile.role = None
    aws.world.changed()
    ended = iptui.run("journal", "undo", shown["journal"], "--yes")
    assert ended.code == 5
    assert "moved on" in ended.sentence


def test_an_undo_in_another_account_is_refused(iptui, aws, roleless):
    _, shown = fixed(iptui, roleless, "--yes")
    ended = iptui.run("journal", "undo", shown["journal"], "--yes", "--endpoint-url", "http://127.0.0.1:9")
    assert ended.code in (3, 5)
    assert "127.0.0.1:9" in ended.sentence
    assert aws.writes() == ["AddRoleToInstanceProfile"]


# -- refusing ------------------------------------------------------------------------------------------------


def test_a_failed_check_refuses(iptui, aws, roleless):
    aws.world.deny("iam:AddRoleToInstanceProfile")
    ended, shown = fixed(iptui, roleless, "--yes")
    assert ended.code == 5
    assert "iam:AddRoleToInstanceProfile" in ended.sentence
    assert (shown["result"], shown["journal"]) == ("refused", None)
    assert aws.writes() == []
    assert fixed(iptui, roleless, "--dry-run")[0].code == 5


def test_read_only_shows_the_plan_and_refuses_to_apply_it(iptui, aws, roleless):
    ended, shown = fixed(iptui, roleless, "--yes", "--read-only")
    assert ended.code == 5
    assert "read only" in ended.sentence
    assert shown["result"] == "refused"
    assert aws.writes() == []
    assert fixed(iptui, roleless, "--dry-run", "--read-only")[0].code == 0


def test_a_finding_without_a_fix_says_so(iptui, aws):
    role = next(role for role in aws.world.account.roles.values() if role.name == "web")
    role.attached["arn:aws:iam::aws:policy/AdministratorAccess"] = "AdministratorAccess"
    aws.world.changed()
    strong = finding_id("role-admin-on-instance", ObjectRef("role", ACCOUNT, None, role.id, "web"))
    ended = iptui.run("fix", strong, "--yes")
    assert ended.code == 5
    assert "no fix for role-admin-on-instance" in ended.sentence


def test_a_role_that_nothing_suggests_has_to_be_named(iptui, aws):
    left_over = finding(aws, "profile-without-role", "left-over")
    ended = iptui.run("fix", left_over, "--recipe", "add-role", "--yes")
    assert ended.code == 2
    assert "--set role=NAME" in ended.err
    assert aws.writes() == []
    named, shown = fixed(iptui, left_over, "--recipe", "add-role", "--set", "role=worker", "--yes")
    assert (named.code, shown["result"]) == (0, "applied")


def test_nothing_loaded_nothing_fixed(iptui, aws):
    aws.world.expire_credentials()
    ended = iptui.run("fix", "abc", "--dry-run")
    assert ended.code == 3
    assert "expired" in ended.sentence


def test_a_deletion_on_incomplete_knowledge_wants_the_name_in_full(iptui, aws):
    unused = finding(aws, "profile-without-role", "left-over")
    aws.world.deny("ec2:DescribeInstances", region="us-east-1")
    delete = ("fix", unused, "--recipe", "delete-instance-profile", "--yes")

    bare = iptui.run(*delete, "--format", "json")
    assert bare.code == 2
    assert "us-east-1" in bare.sentence
    assert "--set name=left-over" in bare.sentence
    assert iptui.run(*delete, "--set", "name=left", "--format", "json").code == 2
    assert aws.writes() == []

    assert iptui.run(*delete, "--set", "name=left-over", "--format", "json").code == 0
    assert aws.writes() == ["DeleteInstanceProfile"]


# -- on a terminal -------------------------------------------------------------------------------------------


def test_a_running_instance_is_affected_so_the_name_is_typed(iptui, aws, roleless):
    terminal = iptui.on_terminal("fix", roleless)
    terminal.until("Type worker to apply")
    terminal.type("worker\n")
    assert terminal.end() == 0
    assert "Applied and verified" in terminal.seen
    assert aws.writes() == ["AddRoleToInstanceProfile"]


@pytest.mark.parametrize("answer", ["\n", "y\n", "work\n", "\x04"])
def test_anything_else_than_the_name_leaves_it(iptui, aws, roleless, answer):
    terminal = iptui.on_terminal("fix", roleless)
    terminal.until("Type worker to apply")
    terminal.type(answer)
    assert terminal.end() == 0
    assert "Nothing was changed." in terminal.seen
    assert aws.writes() == []


def test_ctrl_c_at_the_question_leaves_it(iptui, aws, roleless):
    terminal = iptui.on_terminal("fix", roleless)
    terminal.until("Type worker to apply")
    terminal.type("\x03")
    assert terminal.end() == 130
    assert "Traceback" not in terminal.seen
    assert aws.writes() == []


# -- cut off -------------------------------------------------------------------------------------------------


def cut_off(iptui, aws, roleless):
    """A fix whose only call never got an answer, stopped at once."""
    aws.world.hang(operation="AddRoleToInstanceProfile")
    running = iptui.start("fix", roleless, "--yes")
    aws.wait_for("AddRoleToInstanceProfile")
    running.send_signal(signal.SIGINT)
    assert "Stopping after the current call" in running.stderr.readline()
    running.send_signal(signal.SIGINT)
    running.communicate()
    aws.world.recover()
    return running.returncode


def test_what_was_cut_off_is_found_and_closed(iptui, aws, roleless):
    assert cut_off(iptui, aws, roleless) == 130
    (entry,) = journal(iptui)["entries"]
    assert entry["state"] == "interrupted"

    looked = iptui.run("journal", "recover", "--format", "json")
    assert looked.code == 0
    (found,) = json.loads(looked.out)["entries"]
    assert [call["happened"] for call in found["recovery"]["calls"]] == ["not"]
    assert journal(iptui)["entries"][0]["state"] == "interrupted"

    assert iptui.run("journal", "recover", "--yes").code == 0
    assert journal(iptui)["entries"][0]["state"] == "rolled-back"
    assert "Nothing was interrupted." in iptui.run("journal", "recover").out


def test_on_a_terminal_what_was_cut_off_can_be_finished(iptui, aws, roleless):
    cut_off(iptui, aws, roleless)
    terminal = iptui.on_terminal("journal", "recover")
    terminal.until("or leave it (enter)?")
    assert "did not" in terminal.seen
    terminal.type("f\n")
    terminal.until("Type worker to apply")
    terminal.type("worker\n")
    assert terminal.end() == 0
    assert journal(iptui)["entries"][0]["state"] == "applied"
