"""`iptui explain --ask`: every step told, one JSON object for programs, and nothing asked of anybody."""

from __future__ import annotations

import json

import pytest

from tests.denials.asking import ACCOUNT, EVERYTHING, FLEET, NO_PASSING, WEB, policy
from tests.tui_cli.aws_place import served
from tests.tui_cli.running import Program

DENIED = (
    f"AccessDenied: User: arn:aws:sts::{ACCOUNT}:assumed-role/operator/kim is not authorized to perform:"
    f" iam:PassRole on resource: {WEB} with an explicit deny in an identity-based policy"
)
TRAIL = '[trail]\ndatabase = "logs"\ntable = "cloudtrail"\n'


@pytest.fixture
def acme():
    with served(FLEET) as place:
        place.world.timing.trail = 0.0
        role = place.world.accounts[ACCOUNT].roles["operator"]
        role.inline = {"guard": policy(EVERYTHING, NO_PASSING)}
        yield place


@pytest.fixture
def iptui(tmp_path, acme):
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.toml").write_text(TRAIL)
    return Program(tmp_path, **acme.environment)


def answers(ended):
    assert ended.code == 0, ended.err
    (error,) = json.loads(ended.out)["errors"]
    return error, {one["step"]: one for one in error["evidence"]}


def test_programs_get_the_evidence_beside_what_they_had_before(iptui, acme):
    ended = iptui.run("explain", "--ask", "--format", "json", DENIED)
    error, evidence = answers(ended)
    assert list(evidence) == [
        "authorization-details",
        "decoded-message",
        "simulation",
        "documents",
        "denied-call",
        "changes",
        "lake",
        "athena",
    ]
    assert evidence["simulation"]["ruling"]["policy"] == "inline policy guard of role operator"
    (document,) = evidence["documents"]["documents"]
    assert document["statement"] == NO_PASSING
    assert document["document"]["Statement"] == [EVERYTHING, NO_PASSING]
    assert error["policy"] == "inline policy guard of role operator"
    assert {"code", "message", "meaning", "next_steps", "rule", "fixes"} <= error.keys()
    assert evidence["athena"]["state"] == "offered"
    assert ended.err == ""
    assert acme.writes() == []


def test_people_read_each_step_and_then_what_to_do(iptui):
    ended = iptui.run("explain", "--ask", DENIED)
    assert ended.code == 0
    told = " ".join(ended.out.split())
    assert "Simulation answered Denied by inline policy guard of role operator." in told
    assert "Authorization details skipped The message has no authorization id." in told
    assert '{"Sid": "NoPassing", "Effect": "Deny"' in told
    assert "(--athena runs it)" in told
    assert "Open inline policy guard of role operator and find the Deny statement" in told
    assert ended.out.index("Asked of AWS") < ended.out.index("What to do")


def test_athena_runs_where_the_flag_says_so(iptui, acme):
    _, evidence = answers(iptui.run("explain", "--ask", "--athena", "--format", "json", DENIED))
    assert evidence["athena"]["state"] == "answered"
    assert "StartQueryExecution" in [operation for _, operation, _ in acme.world.requests]
    assert acme.writes() == []


def test_what_is_denied_is_left_out_and_told(iptui, acme):
    acme.world.deny("iam:SimulatePrincipalPolicy")
    _, evidence = answers(iptui.run("explain", "--ask", "--format", "json", DENIED))
    assert evidence["simulation"]["words"] == (
        "iam:SimulatePrincipalPolicy is denied to you; asking goes on without it."
    )
    assert evidence["documents"]["state"] == "answered"


def test_a_fault_that_is_no_denial_has_nothing_to_ask(iptui, acme):
    text = "IncorrectState: There is an existing association for instance i-0123456789abcdef0"
    ended = iptui.run("explain", "--ask", text)
    assert (ended.code, "AWS has nothing to add to this one." in ended.out) == (0, True)
    assert [operation for _, operation, _ in acme.world.requests] == ["GetCallerIdentity"]


def test_without_credentials_the_text_is_explained_all_the_same(program):
    ended = program.run("explain", "--ask", DENIED)
    assert ended.code == 3
    assert "What to do" in ended.out
    assert "credentials" in ended.sentence
    as_json = program.run("explain", "--ask", "--format", "json", DENIED)
    assert as_json.code == 3
    (error,) = json.loads(as_json.out)["errors"]
    assert (error["action"], error["evidence"]) == ("iam:PassRole", [])


def test_the_flags_of_a_question_need_the_question(program):
    ended = program.run("explain", "--athena", DENIED)
    assert (ended.code, "add --ask" in ended.sentence) == (2, True)


def test_nothing_of_the_message_or_the_policies_gets_into_the_log(iptui, tmp_path):
    secret = "ZW5jb2RlZC1zZWNyZXQtcGFydA" * 4
    iptui.run("explain", "--ask", f"{DENIED}. Encoded authorization failure message: {secret}")
    written = "".join(file.read_text() for file in (tmp_path / "state").rglob("*") if file.is_file())
    assert secret not in written
    assert "NoPassing" not in written
