"""`iptui fix`: from a finding to a plan, and on to applying it once that was agreed to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from instance_profiles.fixes.build import build_plan
from instance_profiles.fixes.catalogue import RECIPES
from instance_profiles.fixes.offers import candidates, offers
from instance_profiles.fixes.plan import CannotPlan
from tui.commands.applying import Consent, carry_out
from tui.commands.consent import must_be_able_to_ask
from tui.commands.exits import CommandError, Exit
from tui.commands.fix_many import check_rules, fix_all, of_rules
from tui.commands.loading import load, nothing_loaded, say_troubles, settle, troubles, with_workspace
from tui.commands.nearest import nearest
from tui.commands.output import write_json
from tui.commands.recipe_names import known_recipe

if TYPE_CHECKING:
    from config.settings import ResolvedSettings
    from instance_profiles.findings.finding import Finding
    from instance_profiles.fixes.plan import Plan
    from instance_profiles.inventory.inventory import Inventory
    from tui.workspace import Workspace

KEYS = (
    "role",
    "instance-profile",
    "name",
    "path",
    "policy",
    "document",
    "duration",
    "version",
    "quota",
    "principal",
)
_SHOWN_CANDIDATES = 5


class Wish(msgspec.Struct, frozen=True):
    """What was asked of the fix; `answers` as written, KEY=VALUE; `every` finding of the `rules`."""

    finding_ids: tuple[str, ...]
    recipe: str | None
    answers: tuple[str, ...]
    rules: tuple[str, ...] = ()
    every: bool = False
    dry_run: bool = False
    yes: bool = False
    go_on: bool = False
    as_json: bool = False


def run(resolved: ResolvedSettings, wish: Wish, *, demo: bool) -> int:
    """Plan, show, ask and apply; returns the exit code."""
    answers = parse_answers(wish.answers)
    if wish.recipe is not None:
        known_recipe(wish.recipe)
    _check_asked(wish)
    must_be_able_to_ask(yes=wish.yes or wish.dry_run, as_json=wish.as_json)

    async def fix(workspace: Workspace) -> int:
        await load(workspace)
        if nothing_loaded(workspace.inventory):
            say_troubles(workspace.inventory)
            return Exit.NOTHING_LOADED
        if wish.rules or not all(_alike(workspace, finding_id) for finding_id in wish.finding_ids):
            await settle(workspace)  # what is stuck in transition is only found by looking again
        findings = list(dict.fromkeys(find(workspace, finding_id) for finding_id in wish.finding_ids))
        if wish.rules or len(findings) > 1:
            return await fix_all(workspace, (*findings, *of_rules(workspace, wish.rules)), wish, answers)
        (finding,) = findings
        plan, typed = planned(finding, workspace.inventory, wish.recipe, answers)
        consent = Consent(yes=wish.yes, typed=typed, dry_run=wish.dry_run)
        ending = await carry_out(workspace, plan, consent, silent=wish.as_json)
        if wish.as_json:
            write_json(ending.shown)
        return ending.code

    return with_workspace(resolved, fix, demo=demo)


def _check_asked(wish: Wish) -> None:
    """Raises CommandError where it is not said what to fix."""
    check_rules(wish.rules)
    if wish.rules and not wish.every:
        raise CommandError(
            f"--rule {wish.rules[0]} alone fixes nothing; add --all to fix all that it finds.", Exit.USAGE
        )
    if wish.every and not wish.rules:
        raise CommandError("--all needs to be told of which rule: add --rule ID.", Exit.USAGE)
    if not wish.finding_ids and not wish.rules:
        raise CommandError(
            "Say what to fix: the ID of a finding (`iptui scan` lists them), or --rule ID --all.", Exit.USAGE
        )


def parse_answers(written: tuple[str, ...]) -> dict[str, str]:
    """The answers by key; raises CommandError for what is not KEY=VALUE, unknown or given twice."""
    answers: dict[str, str] = {}
    for text in written:
        key, equals, value = text.partition("=")
        if not equals:
            raise CommandError(f"--set {text!r} is not KEY=VALUE, as in --set role=NAME.", Exit.USAGE)
        if key not in KEYS:
            hint = nearest(key, KEYS) or f"the keys are {', '.join(KEYS)}"
            raise CommandError(f"There is nothing to --set called {key!r}; {hint}.", Exit.USAGE)
        if key in answers:
            raise CommandError(f"--set {key} is given twice; give it once.", Exit.USAGE)
        answers[key] = value
    return answers


def find(workspace: Workspace, finding_id: str) -> Finding:
    """The finding with this id or the only one whose id begins with it; raises CommandError."""
    found = _alike(workspace, finding_id)
    exact = [finding for finding in found if finding.id == finding_id]
    if len(exact or found) == 1:
        return (exact or found)[0]
    if found:
        ids = ", ".join(finding.id for finding in found[:_SHOWN_CANDIDATES])
        raise CommandError(f"{finding_id!r} begins several findings: {ids}; write more of it.", Exit.USAGE)
    part = " in what could be read" if troubles(workspace.inventory) else ""
    raise CommandError(
        f"There is no finding {finding_id!r}{part}; `iptui scan` lists those there are.", Exit.USAGE
    )


def _alike(workspace: Workspace, finding_id: str) -> list[Finding]:
    """Muted ones are found as well: who names one means it."""
    judged = workspace.judged()
    findings = (*judged.shown, *(muted.finding for muted in judged.muted))
    return [finding for finding in findings if finding.id.startswith(finding_id)]


def planned(
    finding: Finding, inventory: Inventory, recipe: str | None, answers: dict[str, str]
) -> tuple[Plan, str | None]:
    """The plan, and the name that was typed as consent where the recipe itself needs none."""
    name = recipe or _first_offer(finding, inventory)
    needs = {need.key for need in RECIPES[name].needs}
    typed = answers.pop("name", None) if "name" not in needs else None
    try:
        return build_plan(name, finding, inventory, answers), typed
    except CannotPlan as refusal:
        if refusal.missing is None:
            raise CommandError(str(refusal), Exit.FIX_FAILED) from refusal
        values = [
            candidate.value
            for candidate in candidates(name, refusal.missing, finding, inventory)
            if candidate.fit
        ]
        hint = f" ({', '.join(values[:_SHOWN_CANDIDATES])})" if values else ""
        raise CommandError(
            f"{str(refusal).rstrip('.')}; say which with --set {refusal.missing}=VALUE{hint}.", Exit.USAGE
        ) from refusal


def _first_offer(finding: Finding, inventory: Inventory) -> str:
    """The recipe to take where none was named; raises CommandError where none can help."""
    if finding.verdict == "unknown":
        raise CommandError(
            f"{finding.rule} could not be judged ({finding.cause}), so there is nothing to fix yet.",
            Exit.FIX_FAILED,
        )
    made = offers(finding, inventory)
    if not made:
        raise CommandError(
            f"iptui has no fix for {finding.rule}; `iptui rules {finding.rule}` says what helps.",
            Exit.FIX_FAILED,
        )
    for offer in made:
        if offer.blocked is None:
            return offer.recipe
    raise CommandError(made[0].blocked or made[0].title, Exit.FIX_FAILED)
