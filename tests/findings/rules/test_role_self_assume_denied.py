from __future__ import annotations

from typing import Any

import pytest

from instance_profiles.inventory.sources import AUTHORIZATION_DETAILS
from tests.findings.estate import ACCOUNT, TRUSTS_EC2, Estate, allowing, document, trusting

RULE = "role-self-assume-denied"
OWN = f"arn:aws:iam::{ACCOUNT}:role/runner"


def runner(estate: Estate, *trust: dict[str, Any], **statement: Any) -> Any:
    wanted = {"actions": ("sts:AssumeRole",), "resource": OWN} | statement
    actions = wanted.pop("actions")
    own = {"own": document(allowing(*actions, **wanted))}
    role = estate.role("runner", *(trust or (TRUSTS_EC2,)), inline=own)
    estate.instance("runner-1", estate.profile("runner", role))
    return role


def test_a_policy_says_so_and_the_trust_policy_does_not(estate: Estate) -> None:
    role = runner(estate)
    found = estate.only(RULE)
    assert (found.object, found.severity) == (role.ref, "info")
    assert found.cause == "trust policy does not name the role itself"
    assert OWN in found.detail
    assert found.fixes == ("repair-trust",)


def test_actions_compare_without_case(estate: Estate) -> None:
    runner(estate, actions=("STS:assumerole",))
    assert len(estate.present(RULE)) == 1


@pytest.mark.parametrize(
    "principal",
    ["*", {"AWS": "*"}, {"AWS": OWN}, {"AWS": ACCOUNT}, {"AWS": [f"arn:aws:iam::{ACCOUNT}:root"]}],
)
def test_a_trust_policy_that_lets_it_in(estate: Estate, principal: object) -> None:
    runner(estate, TRUSTS_EC2, trusting(Principal=principal))
    assert not estate.findings(RULE)


@pytest.mark.parametrize(
    "statement",
    [
        {"resource": "*"},
        {"resource": f"arn:aws:iam::{ACCOUNT}:role/*"},
        {"resource": f"arn:aws:iam::{ACCOUNT}:role/other"},
        {"actions": ("sts:TagSession",)},
        {"effect": "Deny"},
    ],
)
def test_a_policy_that_does_not_ask_for_it(estate: Estate, statement: dict[str, Any]) -> None:
    runner(estate, **statement)
    assert not estate.findings(RULE)


def test_unknown_where_policies_could_not_be_listed(estate: Estate) -> None:
    estate.state(AUTHORIZATION_DETAILS, "denied")
    assert estate.only(RULE).verdict == "unknown"
