"""`iptui explain`: a pasted message, a pipe, a log, and what is none."""

from __future__ import annotations

import json

import pytest

KIM = "arn:aws:iam::123456789012:user/kim"
DENIED = (
    "An error occurred (AccessDenied) when calling the AddRoleToInstanceProfile operation: "
    f"User: {KIM} is not authorized to perform: iam:PassRole on resource: arn:aws:iam::123456789012:role/web "
    "because no identity-based policy allows the iam:PassRole action"
)
TOO_LONG = (
    "ValidationError: The requested DurationSeconds exceeds the 1 hour session limit for roles"
    " assumed by role chaining."
)
KEYS = {
    *("code", "message", "count", "principal", "action", "resource", "denied_by", "effect", "policy", "rule"),
    *("meaning", "next_steps", "fixes"),
}


def test_a_message_in_words(program):
    ended = program.run("explain", DENIED)
    assert ended.code == 0
    assert "Caller that may not pass the role" in ended.out
    assert '"iam:PassedToService": "ec2.amazonaws.com"' in " ".join(ended.out.split())
    assert "iptui rules caller-passrole-denied" in ended.out


def test_the_shape_for_programs(program):
    ended = program.run("explain", DENIED, "--format", "json")
    shown = json.loads(ended.out)
    assert (shown["schema"], shown["unrecognised"]) == ("iptui.explanation/1", [])
    (error,) = shown["errors"]
    assert set(error) == KEYS
    assert (error["code"], error["count"], error["principal"]) == ("AccessDenied", 1, KIM)
    assert (error["action"], error["denied_by"], error["effect"]) == (
        "iam:PassRole",
        "identity-policy",
        "implicit",
    )
    assert (error["rule"], error["policy"]) == ("caller-passrole-denied", None)
    assert error["next_steps"]


@pytest.mark.parametrize("arguments", [(), ("-",)])
def test_a_log_through_a_pipe(program, arguments):
    ended = program.run(
        "explain", *arguments, "--format", "json", given=f"{DENIED}\n" * 3 + "Error: odd thing\n"
    )
    shown = json.loads(ended.out)
    assert [error["count"] for error in shown["errors"]] == [3]
    assert shown["unrecognised"] == ["Error: odd thing"]


def test_what_a_terminal_would_obey_does_not_come_out_again(program):
    ended = program.run("explain", given=f"{DENIED}\x1b]0;owned\x07\x00")
    assert ended.code == 0
    assert "iam:PassRole" in ended.out
    assert "\x1b" not in ended.out


def test_the_session_that_is_too_long_leads_to_the_named_profile(program, tmp_path):
    config = tmp_path / "aws.config"
    config.write_text(
        "[profile hub]\nrole_arn = arn:aws:iam::123456789012:role/hub\nsource_profile = keys\n"
        "[profile keys]\naws_access_key_id = a\naws_secret_access_key = b\n"
        "[profile nightly]\nrole_arn = arn:aws:iam::123456789012:role/nightly\nsource_profile = hub\n"
        "duration_seconds = 43200\n"
    )
    ended = program.run("explain", TOO_LONG, AWS_CONFIG_FILE=str(config))
    words = " ".join(ended.out.split())
    assert "Named profile nightly asks for 43200 seconds in the chain nightly -> hub" in words
    assert "aws configure set duration_seconds 3600 --profile nightly" in words


def test_what_nobody_knows_is_said_to_be_so(program):
    ended = program.run("explain", "(Code: OddThing) broke")
    assert ended.code == 0
    assert "Not recognised" in ended.out
    assert "understood of it: OddThing" in ended.out


def test_nothing_to_explain(program):
    ended = program.run("explain", given="  \n")
    assert ended.code == 2
    assert "Paste the whole message" in ended.sentence
