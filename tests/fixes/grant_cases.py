"""The cases of the recipe that gives a caller a permission."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.fixes.case import Case
from tests.fixes.estate import ACCOUNT

if TYPE_CHECKING:
    from instance_profiles.emulator.world import World
    from instance_profiles.findings.finding import Finding
    from tests.fixes.bench import Bench

WEB = f"arn:aws:iam::{ACCOUNT}:role/web"
POLICY = "iptui-pass-web"


def may_not_pass(bench: Bench) -> Finding:
    """The caller is denied to pass the role inside `web`."""
    bench.world.deny("iam:PassRole")
    return bench.finding("caller-passrole-denied", bench.role_ref("web"), "grant-caller")


def given_to(world: World) -> dict[str, str]:
    """The inline policies of the user who calls."""
    user = world.caller.arn.rpartition("/")[2]
    return world.account.user_policies.get(user, {})


def _put_before(world: World) -> None:
    user = world.caller.arn.rpartition("/")[2]
    world.account.user_policies[user] = {POLICY: '{"Version":"2012-10-17","Statement":[]}'}
    world.changed()


GRANT_CASES = (
    Case(
        "grant-caller",
        "grant-caller",
        may_not_pass,
        ("PutUserPolicy",),
        lambda w: (
            POLICY in given_to(w) and json.loads(given_to(w)[POLICY])["Statement"][0]["Resource"] == WEB
        ),
        _put_before,
        typed="kim",
    ),
)
