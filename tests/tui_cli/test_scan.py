"""`iptui scan`: its JSON, its table, its exit codes."""

from __future__ import annotations

import hashlib
import json
import os
import pty
import signal
from collections import Counter

import pytest

from instance_profiles.emulator.fleet import build_world
from tests.tui_cli.aws_place import ACCOUNT, FLEET, served
from tests.tui_cli.running import Program

FINDING_KEYS = {
    "id", "rule", "severity", "verdict", "object", "cause", "detail", "related", "fixes", "source"
}  # fmt: skip


def scanned(program, *arguments, **environment):
    ended = program.run("scan", "--format", "json", *arguments, **environment)
    return ended, json.loads(ended.out)


def faults(shown):
    return {
        (finding["rule"], finding["object"]["name"])
        for finding in shown["findings"]
        if finding["verdict"] == "present"
    }


def test_the_json_is_one_object_of_the_agreed_shape(iptui, aws):
    ended, shown = scanned(iptui)
    assert ended.code == 0
    assert ended.err == ""
    assert list(shown) == ["schema", "caller", "coverage", "counts", "calls", "findings"]
    assert shown["schema"] == "iptui.scan/1"
    assert shown["caller"] == {
        "account": ACCOUNT,
        "arn": f"arn:aws:iam::{ACCOUNT}:user/ops-oncall",
        "partition": "aws",
    }
    assert shown["counts"] == {"instance_profiles": 3, "roles": 2, "instances": 3, "associations": 3}
    assert {
        "account": ACCOUNT,
        "region": "us-east-1",
        "source": "ec2:DescribeInstances",
        "state": "complete",
        "cause": None,
    } in shown["coverage"]
    assert all(set(finding) == FINDING_KEYS for finding in shown["findings"])
    assert all(
        set(finding["object"]) == {"kind", "account", "region", "id", "name", "arn"}
        for finding in shown["findings"]
    )


def test_it_names_the_faults_that_are_there_and_no_others(iptui):
    _, shown = scanned(iptui)
    names = {(rule, name.partition("\x9b")[0]) for rule, name in faults(shown)}
    assert names == {
        ("profile-without-role", "worker"),
        ("profile-without-role", "left-over"),
        ("profile-orphaned", "left-over"),
        ("instance-profile-empty", "worker"),
    }


def test_the_ids_are_the_same_in_every_scan(iptui):
    assert [f["id"] for f in scanned(iptui)[1]["findings"]] == [
        f["id"] for f in scanned(iptui)[1]["findings"]
    ]


def test_every_request_is_counted_and_none_of_them_changes_anything(iptui, aws):
    _, shown = scanned(iptui)
    assert shown["calls"] == Counter(f"{service}:{name}" for service, name, _ in aws.world.requests)
    assert aws.writes() == []


@pytest.mark.parametrize(
    ("rule", "fail_on", "code"),
    [
        ("instance-profile-empty", "error", 1),
        ("profile-orphaned", "error", 0),
        ("profile-orphaned", "warning", 1),
        ("profile-orphaned", "info", 1),
        ("profile-orphaned", "never", 0),
    ],
)
def test_fail_on_decides_between_0_and_1(iptui, rule, fail_on, code):
    assert iptui.run("scan", "--rule", rule, "--fail-on", fail_on).code == code


def test_rules_can_be_chosen(iptui):
    _, shown = scanned(iptui, "--rule", "profile-orphaned", "--rule", "chain-loop")
    assert faults(shown) == {("profile-orphaned", "left-over")}


def test_output_goes_to_the_file_alone(iptui, tmp_path):
    path = tmp_path / "report.json"
    ended = iptui.run("scan", "--format", "json", "--output", str(path))
    assert (ended.code, ended.out) == (0, "")
    assert json.loads(path.read_text())["schema"] == "iptui.scan/1"
    assert [entry.name for entry in tmp_path.iterdir() if "report" in entry.name] == ["report.json"]


def test_an_output_that_cannot_be_written_is_told(iptui, tmp_path):
    ended = iptui.run("scan", "--output", str(tmp_path / "no" / "folder" / "x"))
    assert ended.code == 2
    assert "No such file or directory" in ended.sentence


def test_the_table_says_glyph_word_object_and_cause(iptui):
    ended = iptui.run("scan")
    row = next(line for line in ended.out.splitlines() if "left-over" in line and "orphaned" in line)
    assert row.startswith("▲ warning  instance profile left-over")
    assert "nothing uses it" in row
    assert "2 errors, 2 warnings" in ended.out


def test_what_aws_sends_never_acts_on_the_terminal(iptui):
    for arguments in (["scan"], ["scan", "--format", "json"]):
        out = iptui.run(*arguments).out
        assert "owned" in out
        assert all(character.isprintable() for character in out.replace("\n", ""))


def test_plain_signs_where_the_terminal_knows_no_others(iptui):
    out = iptui.run_anew("scan", PYTHONIOENCODING="ascii").out
    assert out.isascii()
    assert "! warning" in out
    assert iptui.run("scan", IPTUI_ASCII="1").out.isascii()


def test_colours_on_a_terminal_only_and_not_against_no_color(iptui):
    def on_terminal(**environment):
        ours, theirs = pty.openpty()
        running = iptui.start("scan", stdout=theirs, TERM="xterm", **environment)
        os.close(theirs)
        parts = []
        try:
            while part := os.read(ours, 65536):
                parts.append(part)
        except OSError:
            pass  # the terminal of a process that ended gives an error where a pipe gives an end
        os.close(ours)
        running.communicate()
        return b"".join(parts)

    assert b"\x1b[31m" in on_terminal()
    assert b"\x1b" not in on_terminal(NO_COLOR="1")
    assert "\x1b" not in iptui.run("scan").out


# -- regions -------------------------------------------------------------------------------------------------


def test_region_narrows_what_is_read(iptui, aws):
    _, shown = scanned(iptui, "--region", "eu-west-1")
    assert shown["counts"]["instances"] == 2
    assert ("ec2", "DescribeInstances", "us-east-1") not in aws.world.requests


def test_the_home_region_of_the_environment_does_not(iptui):
    _, shown = scanned(iptui, AWS_REGION="eu-west-1", AWS_DEFAULT_REGION="eu-west-1")
    assert shown["counts"]["instances"] == 3


def test_where_regions_are_left_out_nothing_is_said_to_be_orphaned(iptui):
    _, shown = scanned(iptui, "--region", "eu-west-1", "--rule", "profile-orphaned")
    assert {finding["verdict"] for finding in shown["findings"]} == {"unknown"}


def test_a_misspelt_region_names_the_nearest(iptui):
    ended = iptui.run("scan", "--region", "eu-wst-1")
    assert ended.code == 2
    assert "eu-wst-1" in ended.sentence
    assert "eu-west-1" in ended.sentence


def test_a_region_that_is_not_enabled_is_told_as_coverage(iptui):
    ended, shown = scanned(iptui, "--region", "eu-west-1", "--region", "ap-east-1")
    assert ended.code == 0
    states = {row["region"]: row["state"] for row in shown["coverage"] if row["region"]}
    assert states == {"ap-east-1": "disabled", "eu-west-1": "complete"}


# -- in part, or nothing at all ------------------------------------------------------------------------------


def test_a_listing_denied_in_one_region_leaves_the_rest(iptui, aws):
    aws.world.deny("ec2:DescribeInstances", region="eu-west-1")
    ended, shown = scanned(iptui)
    assert ended.code == 4
    assert "ec2:DescribeInstances in eu-west-1" in ended.sentence
    (row,) = [row for row in shown["coverage"] if row["state"] == "denied"]
    assert (row["region"], row["source"]) == ("eu-west-1", "ec2:DescribeInstances")
    assert row["cause"]
    assert shown["counts"]["instances"] == 1
    assert iptui.run("scan", "--fail-on", "error").code == 1


def test_a_region_that_never_answers_does_not_hold_up_the_others(iptui, aws):
    aws.world.hang("eu-west-1")
    ended, shown = scanned(iptui, IPTUI_TIMEOUT="1")
    assert ended.code == 4
    assert {row["state"] for row in shown["coverage"] if row["region"] == "eu-west-1"} == {"failed"}
    assert shown["counts"]["instances"] == 1


def nothing(ended):
    """Nothing could be loaded: exit code 3, one sentence, and JSON that says so."""
    assert ended.code == 3
    shown = json.loads(ended.out)
    assert shown["caller"] is None
    assert any(row["state"] == "failed" for row in shown["coverage"])
    return ended.sentence


def test_without_credentials(program, aws):
    ended = program.run("scan", "--format", "json", AWS_ENDPOINT_URL=aws.url, AWS_REGION="us-east-1")
    assert "credentials" in nothing(ended)


def test_with_credentials_that_ran_out(iptui, aws):
    aws.world.expire_credentials()
    assert "expired" in nothing(iptui.run("scan", "--format", "json"))


def test_with_an_sso_session_that_ran_out(program, tmp_path):
    folder = tmp_path / ".aws" / "sso" / "cache"
    folder.mkdir(parents=True)
    token = {"accessToken": "x", "expiresAt": "2020-01-01T00:00:00Z", "region": "us-east-1"}
    (folder / f"{hashlib.sha1(b'corp').hexdigest()}.json").write_text(json.dumps(token))
    (tmp_path / ".aws" / "config").write_text(
        "[profile staff]\nsso_session = corp\nsso_account_id = 210987654321\nsso_role_name = Admin\n"
        "[sso-session corp]\nsso_region = us-east-1\nsso_start_url = https://corp.awsapps.com/start\n"
    )
    sentence = nothing(program.run("--profile", "staff", "scan", "--format", "json"))
    assert "aws sso login" in sentence


def test_where_nothing_listens(program):
    ended = program.run(
        "scan",
        "--format",
        "json",
        "--endpoint-url",
        "http://127.0.0.1:9",
        AWS_ACCESS_KEY_ID="x",
        AWS_SECRET_ACCESS_KEY="x",
    )
    assert "127.0.0.1:9" in nothing(ended)


def test_where_a_web_page_answers(iptui, aws):
    aws.world.html()
    assert "did not come from AWS" in nothing(iptui.run("scan", "--format", "json"))


def test_a_named_profile_that_is_not_there_names_the_nearest(program, tmp_path):
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text("[profile production]\nregion = eu-west-1\n")
    ended = program.run("--profile", "prodution", "scan")
    assert ended.code == 2
    assert "prodution" in ended.sentence
    assert "production" in ended.sentence


# -- several accounts ----------------------------------------------------------------------------------------


def config_for(folder, **urls):
    """Named profiles, each with an address of its own."""
    caller = build_world(FLEET).caller
    (folder / ".aws").mkdir()
    (folder / ".aws" / "config").write_text(
        "".join(
            f"[profile {name}]\nregion = us-east-1\nendpoint_url = {url}\n"
            f"aws_access_key_id = {caller.access_key}\naws_secret_access_key = {caller.secret_key}\n"
            for name, url in urls.items()
        )
    )


def test_several_named_profiles_are_several_accounts(tmp_path, aws):
    with served(FLEET.replace(ACCOUNT, "109876543210")) as other:
        config_for(tmp_path, one=aws.url, two=other.url)
        ended, shown = scanned(Program(tmp_path), "--profile", "one", "--profile", "two")
    assert ended.code == 0
    assert [caller["account"] for caller in shown["accounts"]] == ["109876543210", ACCOUNT]
    assert shown["counts"]["instances"] == 6


def unidentified(shown):
    rows = [row for row in shown["coverage"] if row["source"] == "sts:GetCallerIdentity"]
    return {row["named_profile"]: row["cause"] for row in rows if row["state"] != "complete"}


def test_each_named_profile_that_cannot_be_identified_has_a_row_of_its_own(tmp_path, aws):
    with served() as expired:
        expired.world.expire_credentials()
        config_for(tmp_path, nowhere="http://127.0.0.1:9", old=expired.url, good=aws.url)
        given = [word for name in ("nowhere", "old", "good") for word in ("--profile", name)]
        ended, shown = scanned(Program(tmp_path), *given, "--rule", "caller-browse-partial")
    assert ended.code == 4
    assert "and 1 more" in ended.sentence
    assert shown["counts"]["instances"] == 3
    causes = unidentified(shown)
    assert set(causes) == {"nowhere", "old"}
    assert "127.0.0.1:9" in causes["nowhere"]
    assert "expired" in causes["old"]
    found = {finding["object"]["name"]: finding for finding in shown["findings"]}
    assert {finding["object"]["kind"] for finding in found.values()} == {"named-profile"}
    assert set(found) == {"nowhere", "old"}
    assert "expired" in found["old"]["detail"]
    assert "expired" not in found["nowhere"]["detail"]


def test_where_no_named_profile_can_be_identified_each_is_told(tmp_path, aws):
    aws.world.expire_credentials()
    config_for(tmp_path, nowhere="http://127.0.0.1:9", old=aws.url)
    ended = Program(tmp_path).run("--profile", "nowhere", "--profile", "old", "scan", "--format", "json")
    sentence = nothing(ended)
    assert "127.0.0.1:9" in sentence
    assert "expired" in sentence
    assert "nowhere" in sentence
    assert "old" in sentence


def test_a_row_of_an_account_names_no_named_profile(iptui):
    _, shown = scanned(iptui)
    assert not any("named_profile" in row for row in shown["coverage"])


def test_two_named_profiles_of_one_account_read_it_once(tmp_path, aws):
    config_for(tmp_path, one=aws.url, two=aws.url)
    ended, shown = scanned(Program(tmp_path), "--profile", "one", "--profile", "two")
    assert ended.code == 0
    assert "accounts" not in shown
    assert shown["counts"]["instances"] == 3


def test_one_account_that_cannot_be_reached_leaves_the_other(tmp_path, aws):
    config_for(tmp_path, one=aws.url, two="http://127.0.0.1:9")
    ended, shown = scanned(Program(tmp_path), "--profile", "one", "--profile", "two")
    assert ended.code == 4
    assert "two" in ended.sentence
    assert shown["counts"]["instances"] == 3


# -- stopping ------------------------------------------------------------------------------------------------


def test_ctrl_c_while_loading(iptui, aws):
    aws.world.hang(operation="DescribeInstances")
    running = iptui.start("scan")
    aws.wait_for("DescribeInstances")
    running.send_signal(signal.SIGINT)
    out, err = running.communicate()
    assert running.returncode == 130
    assert (out, err) == ("", "iptui: Stopped.\n")


def test_a_pipe_closed_early_is_no_trouble_and_keeps_the_verdict(iptui):
    running = iptui.start("scan", "--format", "json", "--fail-on", "error")
    running.stdout.close()
    assert running.stderr.read() == ""
    assert running.wait() == 1
