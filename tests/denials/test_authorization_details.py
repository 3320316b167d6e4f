"""Answers of the Access Troubleshooter, of the models that are installed and of newer ones."""

from __future__ import annotations

from typing import Any

import msgspec

from instance_profiles.denials.inquiry.authorization import learnt_from
from instance_profiles.denials.inquiry.known import Known
from instance_profiles.denials.reading import read
from tests.denials.asking import ACCOUNT, WEB

SCP = "arn:aws:organizations::111122223333:policy/o-abc/service_control_policy/p-123"


def known() -> Known:
    text = (
        f"AccessDenied: User: arn:aws:iam::{ACCOUNT}:user/kim is not authorized to perform: iam:PassRole on"
        f" resource: {WEB}"
    )
    (error,) = read(text).errors
    return Known(error, ACCOUNT, "aws", action=error.action, resource=error.resource)


def answer(evaluation: dict[str, Any]) -> dict[str, Any]:
    return {
        "requestContext": {"aws:RequestedRegion": "eu-west-1", "aws:MultiFactorAuthPresent": False},
        "evaluations": [
            {"action": "iam:AddRoleToInstanceProfile", "evaluatedEffect": "ALLOW"},
            {"action": "iam:PassRole", "resource": WEB, **evaluation},
        ],
        "policies": [{"type": "SERVICE_CONTROL_POLICY", "uri": SCP, "attachedTo": [{"arn": "arn:root"}]}],
    }


DENIED_BY_SCP = {
    "evaluatedEffect": "EXPLICIT_DENY",
    "context": {"iam:PassedToService": ["ec2.amazonaws.com"]},
    "matchedPolicies": [
        {"uri": SCP, "matchedStatements": [{"sid": "Guard", "evaluatedEffect": "DENY"}]},
    ],
}


def test_a_deny_is_told_with_policy_statement_and_where_it_is_attached():
    learnt = learnt_from([answer(DENIED_BY_SCP)], known())
    assert learnt.ruling is not None
    assert (learnt.ruling.denied_by, learnt.ruling.policy) == ("service-control-policy", SCP)
    assert learnt.ruling.attached_to == ("arn:root",)
    assert (
        learnt.words == "Denied by the service control policy, statement Guard, as AWS evaluated the request."
    )
    assert learnt.known.context == {
        "aws:RequestedRegion": ("eu-west-1",),
        "aws:MultiFactorAuthPresent": ("false",),
        "iam:PassedToService": ("ec2.amazonaws.com",),
    }


def test_pages_are_read_together():
    first, second = answer(DENIED_BY_SCP), answer(DENIED_BY_SCP)
    first["evaluations"], first["policies"] = first["evaluations"][:1], []
    second["evaluations"] = second["evaluations"][1:]
    learnt = learnt_from([first, second], known())
    assert learnt.ruling is not None
    assert learnt.ruling.denied_by == "service-control-policy"


def test_without_a_matching_statement_the_checks_of_newer_models_tell_the_kind():
    checks = [
        {"checkType": "PRINCIPAL", "evaluatedEffect": "ALLOW"},
        {"checkType": "PERMISSIONS_BOUNDARY", "evaluatedEffect": "IMPLICIT_DENY"},
    ]
    learnt = learnt_from([answer({"evaluatedEffect": "IMPLICIT_DENY", "checks": checks})], known())
    assert learnt.ruling is not None
    assert (learnt.ruling.effect, learnt.ruling.denied_by) == ("implicit", "permissions-boundary")


def test_without_checks_an_implicit_denial_keeps_what_the_message_said():
    told = known()
    error = msgspec.structs.replace(told.error, denied_by="session-policy", effect="implicit")
    learnt = learnt_from(
        [answer({"evaluatedEffect": "IMPLICIT_DENY"})], msgspec.structs.replace(told, error=error)
    )
    assert learnt.ruling is not None
    assert learnt.ruling.denied_by == "session-policy"


def test_an_answer_without_a_denial_or_without_anything_rules_nothing():
    assert learnt_from([answer({"evaluatedEffect": "ALLOW"})], known()).ruling is None
    assert learnt_from([], known()).ruling is None
