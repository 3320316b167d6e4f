"""Trouble of every kind, for every recipe: the world is fixed, or as before, or named as it truly is.

What is lost on its way, throttled or changed meanwhile stands in `test_every_recipe`, what is killed in
`test_recover`; here is what is denied, before anything is sent and when nothing can be taken back either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from instance_profiles.fixes.catalogue import RECIPES
from instance_profiles.fixes.plan import CannotPlan
from instance_profiles.fixes.preflight import with_checks
from instance_profiles.fixes.undo import plan_undo
from tests.fixes.cases import CASES
from tests.fixes.estate import shape
from tests.fixes.test_every_recipe import every_call, every_case

if TYPE_CHECKING:
    from tests.fixes.bench import Bench
    from tests.fixes.case import Case

TESTED_ELSEWHERE = {"edit-named-profile": "tests/fixes/test_edit_named_profile.py"}
"""Recipes that call nothing of AWS, and where their troubles are tested."""


@pytest.mark.parametrize("recipe", RECIPES)
def test_every_recipe_has_a_case(recipe: str) -> None:
    assert recipe in TESTED_ELSEWHERE or any(case.recipe == recipe for case in CASES)


@every_case
async def test_denied_in_the_checks_nothing_is_sent(bench: Bench, case: Case) -> None:
    plan = case.plan(bench)
    before = shape(bench.world)
    action = plan.permissions[0]
    bench.world.deny(action)
    checks = await bench.checks(plan)
    refusing = [check for check in checks.values() if check.state == "failed"]
    assert any(action in check.name for check in refusing), checks
    bench.world.requests.clear()
    outcome = await bench.apply(with_checks(plan, checks.values()))
    assert outcome.result == "refused"
    assert bench.writes() == []
    assert (shape(bench.world), bench.journal.entries()) == (before, ())


@every_call
async def test_denied_for_good_the_journal_names_what_stands_and_undo_takes_it_back_later(
    bench: Bench, case: Case, number: int
) -> None:
    plan = case.plan(bench)
    before = shape(bench.world)
    bench.account.denied_after = number
    outcome = await bench.apply(plan)
    bench.world.clock.advance(60)
    assert outcome.result == "failed"
    entry = bench.journal.entry(outcome.journal or "")
    assert entry is not None
    assert entry.message == outcome.message
    assert [call.call.operation for call in entry.done] == bench.account.carried_out
    if not entry.done:
        assert "Nothing was changed" in outcome.message
        assert shape(bench.world) == before
        return
    assert all(f"{call.call.operation} " in outcome.message for call in entry.done)
    assert "could not be taken back" in outcome.message
    bench.account.denied_after = None
    try:
        undo = await plan_undo(entry, bench.account)
    except CannotPlan:
        assert not case.undoable
        return
    assert (await bench.apply(undo)).result == "applied"
    bench.world.clock.advance(60)
    assert shape(bench.world) == before
