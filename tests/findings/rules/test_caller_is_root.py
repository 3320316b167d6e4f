from __future__ import annotations

import pytest

from instance_profiles.inventory.sources import CALLER_IDENTITY
from tests.findings.estate import ACCOUNT, Estate

RULE = "caller-is-root"


def test_the_root_user(estate: Estate) -> None:
    estate.caller = "root"
    found = estate.only(RULE)
    assert (found.object.kind, found.severity) == ("caller", "warning")
    assert found.cause == "calls are made as the root user"
    assert f"arn:aws:iam::{ACCOUNT}:root" in found.detail


@pytest.mark.parametrize("caller", ["user/root", "user/ops/root", "assumed-role/root/kim"])
def test_others_that_are_only_called_so(estate: Estate, caller: str) -> None:
    estate.caller = caller
    assert not estate.findings(RULE)


def test_unknown_where_the_caller_could_not_be_read(estate: Estate) -> None:
    estate.state(CALLER_IDENTITY, "failed")
    assert estate.only(RULE).verdict == "unknown"
