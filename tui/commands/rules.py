"""`iptui rules`: the catalogue, and the page of one rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.findings.catalogue import RULES
from tui.commands.exits import CommandError, Exit
from tui.commands.nearest import nearest
from tui.commands.output import write, write_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.rule import Rule


def run(rule_id: str | None, *, as_json: bool) -> int:
    """Print the list of rules, or the page of one."""
    if rule_id is not None:
        check_ids([rule_id])
        rule = RULES[rule_id]
        if as_json:
            write_json({"schema": "iptui.rule/1", **_summary(rule), "page": rule.page()})
        else:
            write(rule.page().rstrip())
        return Exit.DONE
    if as_json:
        write_json({"schema": "iptui.rules/1", "rules": [_summary(rule) for rule in RULES.values()]})
        return Exit.DONE
    wide = max(map(len, RULES))
    for rule in RULES.values():
        write(f"{rule.id:<{wide}}  {rule.severity:<7}  {rule.title}")
    return Exit.DONE


def check_ids(rule_ids: Iterable[str]) -> None:
    """Raises CommandError naming the nearest rule for an id that is none."""
    for rule_id in rule_ids:
        if rule_id not in RULES:
            close = nearest(rule_id, RULES)
            raise CommandError(
                f"There is no rule {rule_id!r}; {close or '`iptui rules` lists them'}.", Exit.USAGE
            )


def _summary(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "severity": rule.severity,
        "title": rule.title,
        "kind": rule.kind,
        "fixes": list(rule.fixes),
        "source": rule.source,
    }
