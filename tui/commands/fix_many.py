"""`iptui fix` with several findings: all of them in one batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.catalogue import RULES
from instance_profiles.fixes.batch_json import batch_json
from instance_profiles.fixes.several import Batch, build_batch
from tui.commands.applying_many import ConsentToAll, carry_out_all
from tui.commands.exits import CommandError, Exit
from tui.commands.nearest import nearest
from tui.commands.output import say, write, write_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from instance_profiles.findings.finding import Finding
    from tui.commands.fix import Wish
    from tui.workspace import Workspace


def check_rules(rules: Iterable[str]) -> None:
    """Raise CommandError for a rule that there is not."""
    for rule in rules:
        if rule not in RULES:
            hint = nearest(rule, RULES) or "`iptui rules` lists them"
            raise CommandError(f"There is no rule {rule!r}; {hint}.", Exit.USAGE)


def of_rules(workspace: Workspace, rules: Iterable[str]) -> tuple[Finding, ...]:
    """What the rules find and nobody muted; says how many things they could not judge."""
    wanted = frozenset(rules)
    found = [finding for finding in workspace.findings() if finding.rule in wanted]
    unknown = [finding for finding in found if finding.verdict == "unknown"]
    if unknown:
        say(f"Not judged, and so left alone: {len(unknown)} (the first: {unknown[0].cause}).")
    return tuple(finding for finding in found if finding.verdict == "present")


async def fix_all(
    workspace: Workspace, findings: Iterable[Finding], wish: Wish, answers: Mapping[str, str]
) -> int:
    """Plan, check, show, ask and apply all of them; returns the exit code."""
    found = tuple(findings)
    ways = {finding.rule: wish.recipe for finding in found} if wish.recipe else {}
    batch = build_batch(found, workspace.inventory, {k: v for k, v in ways.items() if v}, answers)
    if not found:
        return _nothing(batch, wish)
    consent = ConsentToAll(yes=wish.yes, dry_run=wish.dry_run, go_on=wish.go_on)
    ending = await carry_out_all(workspace, batch, consent, silent=wish.as_json)
    if wish.as_json:
        write_json(ending.shown)
    return ending.code


def _nothing(batch: Batch, wish: Wish) -> int:
    if wish.as_json:
        write_json(batch_json(batch))
    else:
        write(f"Nothing to fix: {', '.join(wish.rules)} finds nothing.")
    return Exit.DONE
