"""All policies together: who may do what, and which policy says so."""

from __future__ import annotations

from typing import Any

import pytest

from instance_profiles.policies.decide import Decision, Grants, decide
from instance_profiles.policies.request import Request

ACCOUNT = "123456789012"
OTHER = "210987654321"
ALICE = f"arn:aws:iam::{ACCOUNT}:user/team/alice"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/ops"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/ops/probe"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
BUCKET = "arn:aws:s3:::logs/2026/web.txt"


def policy(*statements: dict[str, Any], version: str = "2012-10-17") -> dict[str, Any]:
    return {"Version": version, "Statement": list(statements)}


def statement(effect: str, action: Any, resource: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


def allow(action: Any = "*", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return policy(statement("Allow", action, resource, **more))


def deny(action: Any = "*", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return policy(statement("Deny", action, resource, **more))


def ask(grants: Grants, principal: str = ALICE, resource: str = BUCKET, **context: Any) -> Decision:
    return decide(Request("s3:GetObject", resource, principal, context), grants)


def answer(grants: Grants, principal: str = ALICE, resource: str = BUCKET) -> tuple[Any, Any, Any]:
    decision = ask(grants, principal, resource)
    return decision.decision, decision.effect, decision.decided_by


ALLOWED = ("allow", None, "identity-policy")
NOT_BY_IDENTITY = ("deny", "implicit", "identity-policy")
UNKNOWN = ("unknown", None, None)


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("*", ALLOWED),
        (BUCKET, ALLOWED),
        ("arn:aws:s3:::logs/*", ALLOWED),
        ("arn:aws:s3:::logs/????/web.*", ALLOWED),
        ("arn:aws:s3:::*", ALLOWED),
        ("arn:aws:*", ALLOWED),
        ("arn:aws:s3:::LOGS/*", NOT_BY_IDENTITY),
        ("arn:aws:s3:::logs", NOT_BY_IDENTITY),
        ("arn:aws-cn:s3:::logs/*", NOT_BY_IDENTITY),
        ("arn:a*s:s3:::logs/*", ALLOWED),
        ("arn:a*3:::logs/*", UNKNOWN),
        ("arn:aws:s3:::${aws:username}/*", NOT_BY_IDENTITY),
        ("arn:aws:s3:::${aws:PrincipalTag/home}/*", UNKNOWN),
        ("arn:aws:s3:::db/${aws:PrincipalTag/home}/*", NOT_BY_IDENTITY),
        ([], UNKNOWN),
        (7, UNKNOWN),
    ],
)
def test_resources(resource: Any, expected: Any) -> None:
    assert answer(Grants([allow("s3:*", resource)])) == expected


def test_not_resource_and_not_action() -> None:
    home = {"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::logs/*"}
    assert answer(Grants([policy(home)])) == NOT_BY_IDENTITY
    assert answer(Grants([policy({**home, "NotResource": "arn:aws:s3:::home/*"})])) == ALLOWED
    assert (
        answer(Grants([policy({**home, "NotResource": "arn:aws:s3:::${aws:PrincipalTag/x}/*"})])) == UNKNOWN
    )
    unresolved = Request("s3:GetObject", BUCKET, SESSION)
    of_users = Grants([policy({**home, "NotResource": "arn:aws:s3:::${aws:username}/*"})])
    assert decide(unresolved, of_users).decision == "deny"
    everything_but = {"Effect": "Allow", "NotAction": ["iam:*", "sts:*"], "Resource": "*"}
    assert answer(Grants([policy(everything_but)])) == ALLOWED
    assert answer(Grants([policy({**everything_but, "NotAction": "s3:Get*"})])) == NOT_BY_IDENTITY


def test_variables_are_filled_in_for_users_and_only_since_2012() -> None:
    home = statement("Allow", "s3:*", "arn:aws:s3:::home/${aws:username}/*")
    mine, hers = "arn:aws:s3:::home/alice/x", "arn:aws:s3:::home/bob/x"
    assert answer(Grants([policy(home)]), resource=mine) == ALLOWED
    assert answer(Grants([policy(home)]), resource=hers) == NOT_BY_IDENTITY
    assert answer(Grants([policy(home)]), SESSION, mine) == NOT_BY_IDENTITY
    assert answer(Grants([policy(home, version="2008-10-17")]), resource=mine) == NOT_BY_IDENTITY
    assert answer(Grants([{"Statement": home}]), resource=mine) == NOT_BY_IDENTITY


def test_one_of_several_identity_policies_is_enough_and_one_deny_too_much() -> None:
    assert answer(Grants([allow("ec2:*"), allow("s3:*")])) == ALLOWED
    decision = ask(Grants([allow("s3:*"), deny("s3:Get*", Sid="NoReads")]))
    assert (decision.decision, decision.effect, decision.decided_by) == (
        "deny",
        "explicit",
        "identity-policy",
    )
    assert decision.statement is not None
    assert decision.statement["Sid"] == "NoReads"
    assert decision.policy == (1,)


@pytest.mark.parametrize(
    ("boundary", "expected"),
    [
        (allow("s3:*"), ALLOWED),
        (allow("ec2:*"), ("deny", "implicit", "permissions-boundary")),
        (deny(), ("deny", "explicit", "permissions-boundary")),
        (allow("s3:*", Condition={"Bool": {"aws:SecureTransport": "true"}}), UNKNOWN),
        ("no JSON", UNKNOWN),
    ],
)
def test_a_boundary_limits_and_never_grants(boundary: Any, expected: Any) -> None:
    assert answer(Grants([allow()], boundary=boundary)) == expected
    if boundary == allow("s3:*"):
        assert answer(Grants([], boundary=boundary)) == NOT_BY_IDENTITY


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ([], ALLOWED),
        ([[allow()]], ALLOWED),
        ([[allow()], [allow("s3:*")], [allow("ec2:*"), allow("s3:Get*")]], ALLOWED),
        ([[allow()], [allow("ec2:*")]], ("deny", "implicit", "service-control-policy")),
        ([[allow()], []], ("deny", "implicit", "service-control-policy")),
        ([[allow()], [allow(), deny("s3:*")]], ("deny", "explicit", "service-control-policy")),
        ([[allow()], ["{"]], UNKNOWN),
        ([[allow()], ["{"], [allow("ec2:*")]], ("deny", None, "service-control-policy")),
    ],
)
def test_every_level_of_service_control_policies_must_allow(levels: Any, expected: Any) -> None:
    assert answer(Grants([allow()], scps=levels)) == expected


def test_service_control_policies_bind_the_root_and_not_service_linked_roles() -> None:
    limited = Grants([allow()], scps=[[allow("ec2:*")]])
    assert answer(limited, ROOT) == ("deny", "implicit", "service-control-policy")
    assert ask(Grants(), ROOT).decision == "allow"
    linked = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX"
    assert ask(limited, linked).decision == "allow"


@pytest.mark.parametrize(
    ("session", "expected"),
    [
        (allow("s3:*"), ALLOWED),
        (allow("ec2:*"), ("deny", "implicit", "session-policy")),
        (deny("s3:*"), ("deny", "explicit", "session-policy")),
    ],
)
def test_a_session_policy_limits(session: Any, expected: Any) -> None:
    assert answer(Grants([allow()], session=session), SESSION) == expected


def by(principal: Any, effect: str = "Allow", **more: Any) -> dict[str, Any]:
    return policy(statement(effect, "s3:*", "*", Principal=principal, **more))


BY_RESOURCE = ("allow", None, "resource-policy")


@pytest.mark.parametrize(
    ("named", "principal", "expected"),
    [
        ("*", ALICE, BY_RESOURCE),
        ({"AWS": "*"}, ALICE, BY_RESOURCE),
        ({"AWS": ALICE}, ALICE, BY_RESOURCE),
        ({"AWS": [ROLE, ALICE]}, ALICE, BY_RESOURCE),
        ({"AWS": ACCOUNT}, ALICE, NOT_BY_IDENTITY),
        ({"AWS": ROOT}, ALICE, NOT_BY_IDENTITY),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:user/team/*"}, ALICE, UNKNOWN),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:user/alice"}, ALICE, NOT_BY_IDENTITY),
        ({"AWS": ROLE}, SESSION, BY_RESOURCE),
        ({"AWS": SESSION}, SESSION, BY_RESOURCE),
        ({"AWS": f"{SESSION}2"}, SESSION, NOT_BY_IDENTITY),
        ({"AWS": ROLE}, ROLE, BY_RESOURCE),
        ({"AWS": SESSION}, ROLE, UNKNOWN),
        ({"Service": "ec2.amazonaws.com"}, ALICE, NOT_BY_IDENTITY),
        ({"Service": "ec2.amazonaws.com"}, "ec2.amazonaws.com", BY_RESOURCE),
        ({"Service": "ssm.amazonaws.com"}, "ec2.amazonaws.com", ("deny", "implicit", "resource-policy")),
        ({"AWS": "*"}, "ec2.amazonaws.com", UNKNOWN),
        ("*", "*", BY_RESOURCE),
        ({"AWS": ALICE}, "*", ("deny", "implicit", "resource-policy")),
        ({"Who": ALICE}, ALICE, UNKNOWN),
    ],
)
def test_a_resource_policy_of_the_same_account(named: Any, principal: str, expected: Any) -> None:
    assert answer(Grants(resource=by(named)), principal) == expected


def test_a_boundary_still_caps_what_a_resource_gives_to_a_role_but_not_to_everyone() -> None:
    capped = allow("ec2:*")
    boundary = ("deny", "implicit", "permissions-boundary")
    assert answer(Grants(resource=by({"AWS": ROLE}), boundary=capped), SESSION) == boundary
    assert answer(Grants(resource=by("*"), boundary=capped), SESSION) == BY_RESOURCE
    assert answer(Grants(resource=by({"AWS": SESSION}), boundary=capped), SESSION) == BY_RESOURCE
    assert answer(Grants(resource=by({"AWS": ALICE}), boundary=capped)) == BY_RESOURCE
    assert answer(Grants(resource=by({"AWS": ALICE}), boundary=deny())) == (
        "deny",
        "explicit",
        "permissions-boundary",
    )


@pytest.mark.parametrize(
    ("identity", "resource", "expected"),
    [
        ([allow()], by({"AWS": ACCOUNT}), BY_RESOURCE),
        ([allow()], by({"AWS": ALICE}), BY_RESOURCE),
        ([], by({"AWS": ALICE}), NOT_BY_IDENTITY),
        ([allow()], None, ("deny", "implicit", "resource-policy")),
        ([allow()], by({"AWS": OTHER}), ("deny", "implicit", "resource-policy")),
        ([allow()], by({"AWS": ALICE}, "Deny"), ("deny", "explicit", "resource-policy")),
    ],
)
def test_across_accounts_both_sides_must_allow(identity: Any, resource: Any, expected: Any) -> None:
    request = Request("s3:GetObject", BUCKET, ALICE, resource_account=OTHER)
    decision = decide(request, Grants(identity, resource=resource))
    got = (decision.decision, decision.effect, decision.decided_by)
    assert got[0] == expected[0]
    assert expected[0] == "allow" or got == expected


def test_the_arn_tells_the_account_of_the_resource() -> None:
    assert ask(Grants([allow()]), resource=f"arn:aws:iam::{ACCOUNT}:role/x").decision == "allow"
    assert ask(Grants([allow()]), resource=f"arn:aws:iam::{OTHER}:role/x").decision == "deny"


@pytest.mark.parametrize(
    ("exempt", "principal", "decision"),
    [
        ({"AWS": [ALICE, ROOT]}, ALICE, "allow"),
        ({"AWS": ALICE}, ALICE, "unknown"),
        ({"AWS": f"arn:aws:iam::{OTHER}:root"}, ALICE, "deny"),
        ("*", ALICE, "allow"),
    ],
)
def test_a_deny_of_everybody_but(exempt: Any, principal: str, decision: str) -> None:
    guarded = policy({"Effect": "Deny", "NotPrincipal": exempt, "Action": "s3:*", "Resource": "*"})
    assert ask(Grants([allow()], resource=guarded), principal).decision == decision


def trust(
    principal: Any, action: Any = "sts:AssumeRole", effect: str = "Allow", **more: Any
) -> dict[str, Any]:
    return policy({"Effect": effect, "Principal": principal, "Action": action, **more})


@pytest.mark.parametrize(
    ("document", "principal", "decision"),
    [
        (trust({"Service": "ec2.amazonaws.com"}), "ec2.amazonaws.com", "allow"),
        (trust({"Service": "lambda.amazonaws.com"}), "ec2.amazonaws.com", "deny"),
        (trust({"Service": "ec2.eu-west-1.amazonaws.com"}), "ec2.amazonaws.com", "allow"),
        (trust({"Service": "*.amazonaws.com"}), "ec2.amazonaws.com", "unknown"),
        (trust("*"), "ec2.amazonaws.com", "allow"),
        (trust({"AWS": ROOT}), ALICE, "allow"),
        (trust({"AWS": ACCOUNT}), SESSION, "allow"),
        (trust({"AWS": f"arn:aws:iam::{OTHER}:root"}), ALICE, "deny"),
        (trust({"AWS": ROLE}), SESSION, "allow"),
        (trust({"AWS": "AIDAEXAMPLE12345"}), ALICE, "deny"),
        (trust({"AWS": ROOT}, "sts:TagSession"), ALICE, "deny"),
        (trust({"AWS": ROOT}, Condition={"StringEquals": {"sts:ExternalId": "42"}}), ALICE, "unknown"),
        (trust({"AWS": ROOT}, Resource="*"), ALICE, "unknown"),
        (trust({"Federated": "accounts.google.com"}), "accounts.google.com", "allow"),
        ("", ALICE, "unknown"),
        (policy(), ALICE, "deny"),
    ],
)
def test_a_role_trust_policy(document: Any, principal: str, decision: str) -> None:
    request = Request("sts:AssumeRole", ROLE, principal)
    decided = decide(request, Grants(trust=document))
    assert decided.decision == decision
    assert decision == "unknown" or decided.decided_by == "role-trust-policy"


def test_a_deny_in_the_trust_policy_wins() -> None:
    both = policy(trust({"AWS": ROOT})["Statement"][0], trust({"AWS": ALICE}, effect="Deny")["Statement"][0])
    decided = decide(Request("sts:AssumeRole", ROLE, ALICE), Grants(trust=both))
    assert (decided.decision, decided.effect) == ("deny", "explicit")


def test_what_is_missing_is_named() -> None:
    decided = ask(Grants([allow(Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}})]))
    assert decided.decision == "unknown"
    assert decided.missing == ("aws:SourceIp",)
    assert "aws:SourceIp" in decided.reason


def test_a_certain_answer_does_not_wait_for_what_is_unknown() -> None:
    perhaps = statement("Deny", "s3:*", "*", Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}})
    assert ask(Grants([policy(perhaps)])).decision == "deny"
    assert ask(Grants([policy(perhaps), deny("s3:Get*")])).effect == "explicit"
    assert ask(Grants([allow(), policy(perhaps)])).decision == "unknown"
    assert ask(Grants([allow(), "["])).decision == "unknown"


def test_policies_that_could_not_be_read_leave_everything_open_but_a_deny() -> None:
    assert ask(Grants(None)).decision == "unknown"
    assert ask(Grants(None, scps=[[deny()]])).decision == "deny"


def test_pass_role_asks_for_the_service() -> None:
    document = allow("iam:PassRole", ROLE, Condition={"StringLike": {"iam:PassedToService": "ec2.*"}})
    for given, decision in ((("ec2.amazonaws.com",), "allow"), (("lambda.amazonaws.com",), "deny")):
        request = Request("iam:PassRole", ROLE, ALICE, {"iam:PassedToService": given})
        assert decide(request, Grants([document])).decision == decision
    assert decide(Request("iam:PassRole", ROLE, ALICE), Grants([document])).decision == "unknown"
