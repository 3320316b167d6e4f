"""`iptui rules`: the catalogue, and the page of one rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.findings.catalogue import CATALOGUE, RULES
from tui.commands.exits import CommandError, Exit
from tui.commands.nearest import nearest
from tui.commands.output import write, write_json

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from instance_profiles.findings.rule import Rule
    from instance_profiles.findings.topic import Topic

_SEEN = {"listings": "", "on demand": " (on demand)", "error": " (seen in an error)"}


def run(rule_id: str | None, *, as_json: bool) -> int:
    """Print the list of rules and topics, or the page of one."""
    if rule_id is not None:
        _check(rule_id, CATALOGUE)
        entry = CATALOGUE[rule_id]
        if as_json:
            write_json({"schema": "iptui.rule/1", **_summary(entry), "page": entry.page()})
        else:
            write(entry.page().rstrip())
        return Exit.DONE
    if as_json:
        write_json({"schema": "iptui.rules/1", "rules": [_summary(entry) for entry in CATALOGUE.values()]})
        return Exit.DONE
    wide = max(map(len, CATALOGUE))
    for entry in CATALOGUE.values():
        write(f"{entry.id:<{wide}}  {entry.severity:<7}  {entry.title}{_SEEN[entry.seen]}")
    return Exit.DONE


def check_ids(rule_ids: Iterable[str]) -> None:
    """Raises CommandError for an id that a scan cannot find: no rule, or one that only an error shows."""
    for rule_id in rule_ids:
        if rule_id in CATALOGUE and rule_id not in RULES:
            raise CommandError(
                f"No scan can see {rule_id}: only an error or a closer look shows it; "
                f"`iptui rules {rule_id}` tells how.",
                Exit.USAGE,
            )
        _check(rule_id, RULES)


def _check(rule_id: str, known: Collection[str]) -> None:
    if rule_id not in known:
        close = nearest(rule_id, known)
        raise CommandError(
            f"There is no rule {rule_id!r}; {close or '`iptui rules` lists them'}.", Exit.USAGE
        )


def _summary(entry: Rule | Topic) -> dict[str, Any]:
    return {
        "id": entry.id,
        "severity": entry.severity,
        "title": entry.title,
        "kind": entry.kind,
        "seen": entry.seen,
        "needs": list(entry.needs),
        "fixes": list(entry.fixes),
        "error_texts": list(entry.error_texts),
        "source": entry.source,
    }
