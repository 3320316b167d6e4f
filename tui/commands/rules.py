"""`iptui rules`: the catalogue, the page of one rule, and finding one by a word or an error message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.findings.catalogue import CATALOGUE, RULES
from instance_profiles.findings.catalogue_search import Match, search
from tui.commands.exits import CommandError, Exit
from tui.commands.nearest import nearest
from tui.commands.output import write, write_json

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from instance_profiles.findings.rule import Rule
    from instance_profiles.findings.topic import Topic

_SHOWN = 60
_ALIKE = 0.7
"""Less alike, it is no slip of the pen but another word."""
_SEEN = {"listings": "", "on demand": " (on demand)", "error": " (seen in an error)"}


def run(asked: str | None, *, as_json: bool) -> int:
    """Print the list of rules and topics, the page of one, or what is found for a word or a message."""
    if asked is None:
        return _list([Match(entry) for entry in CATALOGUE.values()], as_json=as_json)
    entry = CATALOGUE.get(asked.strip())
    if entry is not None:
        return _page(entry, as_json=as_json)
    found = search(asked)
    if not found:
        raise CommandError(_nothing_found(asked), Exit.USAGE)
    _list(found, as_json=as_json)
    if not as_json:
        write("\n`iptui rules ID` shows the page of one.")
    return Exit.DONE


def _page(entry: Rule | Topic, *, as_json: bool) -> int:
    if as_json:
        write_json({"schema": "iptui.rule/1", **_summary(entry), "page": entry.page()})
    else:
        write(entry.page().rstrip())
    return Exit.DONE


def _list(matches: Sequence[Match], *, as_json: bool) -> int:
    if as_json:
        rules = [_summary(one.entry) | ({"matched": one.text} if one.text else {}) for one in matches]
        write_json({"schema": "iptui.rules/1", "rules": rules})
        return Exit.DONE
    wide = max(len(one.entry.id) for one in matches)
    for one in matches:
        entry = one.entry
        write(f"{entry.id:<{wide}}  {entry.severity:<7}  {entry.title}{_SEEN[entry.seen]}")
        if one.text:
            write(f"    {one.text}")
    return Exit.DONE


def _nothing_found(asked: str) -> str:
    shown = " ".join(asked.split())
    if not shown:
        return "There is nothing to look for; give the id of a rule, a word or an error message."
    close = nearest(shown, CATALOGUE, _ALIKE) if len(shown) <= _SHOWN else None
    shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}..."
    return f"No rule speaks of {shown!r}; {close or '`iptui rules` lists them'}."


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
