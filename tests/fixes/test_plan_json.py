"""The JSON form of plans and outcomes that scripts rely on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from instance_profiles.fixes.outcome import CallOutcome, Outcome
from instance_profiles.fixes.plan_json import plan_json
from tests.fixes.cases import CASES, Case

if TYPE_CHECKING:
    from tests.fixes.bench import Bench

BY_ID = {case.id: case for case in CASES}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
async def test_every_plan_is_plain_json_with_the_agreed_keys(bench: Bench, case: Case) -> None:
    shown = json.loads(json.dumps(plan_json(case.plan(bench))))
    assert shown["schema"] == "iptui.plan/1"
    assert {"finding", "recipe", "title", "calls", "checks", "blast_radius", "delay", "permissions"} <= set(
        shown
    )
    assert set(shown["blast_radius"]) == {"instances", "launch_templates", "auto_scaling_groups"}
    for call in shown["calls"]:
        assert set(call) == {"service", "operation", "region", "parameters", "cli", "inverse"}
        assert call["cli"].startswith("aws ")
        assert (call["region"] is None) == (call["service"] == "iam")
    assert "result" not in shown


async def test_what_is_not_known_yet_stands_in_words(bench: Bench) -> None:
    (call,) = plan_json(BY_ID["replace-association"].plan(bench))["calls"]
    assert call["inverse"]["parameters"]["AssociationId"].startswith("(the association that i-")
    assert "$(aws ec2 describe-iam-instance-profile-associations" in call["inverse"]["cli"]
    versions = plan_json(BY_ID["repair-launch-template"].plan(bench))["calls"][1]
    assert versions["parameters"]["DefaultVersion"] == "4"


async def test_the_outcome_stands_beside_each_call(bench: Bench) -> None:
    plan = BY_ID["swap-role"].plan(bench)
    outcome = Outcome("stopped", "j1", (CallOutcome(0, "done", "", "r-1"),), "Stopped.")
    shown = plan_json(plan, outcome)
    assert (shown["result"], shown["journal"], shown["message"]) == ("failed", "j1", "Stopped.")
    assert [call["outcome"]["state"] for call in shown["calls"]] == ["done", "not-sent"]
    assert shown["calls"][0]["outcome"]["request_id"] == "r-1"


async def test_the_blast_radius_counts_what_lives(bench: Bench) -> None:
    plan = BY_ID["add-role"].plan(bench)
    assert [ref.name for ref in plan.blast_radius.instances] == ["crawl"]
    assert [ref.name for ref in plan.blast_radius.launch_templates] == ["crawler-lt"]
    assert (plan.blast_radius.running, plan.blast_radius.stopped) == (1, 0)
