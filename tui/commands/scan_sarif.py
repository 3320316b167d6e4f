"""The findings of a scan as SARIF 2.1.0 (OASIS), which code scanning and security dashboards read."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from instance_profiles.findings.catalogue import CATALOGUE
from tui.commands.loading import not_read, nothing_loaded, troubles

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from instance_profiles.findings.finding import Finding
    from instance_profiles.findings.muting import Mute, Muted
    from instance_profiles.findings.rule import Rule
    from instance_profiles.findings.topic import Topic
    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import Coverage, ObjectRef

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Final = {"error": "error", "warning": "warning", "info": "note"}


def scan_sarif(
    inventory: Inventory, findings: Sequence[Finding], muted: Sequence[Muted] = ()
) -> dict[str, Any]:
    """One run. A verdict that is unknown is an open result; what is muted is a suppressed one.

    What could not be read stands as a notification, so that a run in part is never taken for a clean one.
    """
    named = dict.fromkeys(finding.rule for finding in (*findings, *(one.finding for one in muted)))
    places = {rule_id: place for place, rule_id in enumerate(named)}
    results = [_result(finding, places) for finding in findings]
    results += [_result(one.finding, places, one.mute) for one in muted]
    run = {
        "tool": {
            "driver": {
                "name": "iptui",
                "version": version("iptui"),
                "rules": [_rule(CATALOGUE[rule_id]) for rule_id in named],
            }
        },
        "invocations": [
            {
                "executionSuccessful": not nothing_loaded(inventory),
                "toolExecutionNotifications": [_notification(row) for row in troubles(inventory)],
            }
        ],
        "results": results,
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(entry: Rule | Topic) -> dict[str, Any]:
    return {
        "id": entry.id,
        "shortDescription": {"text": entry.title},
        "fullDescription": {"text": entry.meaning},
        "helpUri": entry.source,
        "defaultConfiguration": {"level": _LEVELS[entry.severity]},
    }


def _result(finding: Finding, places: Mapping[str, int], mute: Mute | None = None) -> dict[str, Any]:
    known = finding.verdict == "present"
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": places[finding.rule],
        "kind": "fail" if known else "open",
        "level": _LEVELS[finding.severity] if known else "none",
        "message": {"text": f"{finding.object.name}: {finding.cause}. {finding.detail}"},
        "locations": [_location(finding.object)],
        "partialFingerprints": {"findingId/v1": finding.id},
        "properties": {
            "account": finding.object.account,
            "region": finding.object.region,
            "fixes": list(finding.fixes),
        },
    }
    if finding.related:
        result["relatedLocations"] = _related(finding.related)
    if mute is not None:
        result["suppressions"] = [{"kind": "external", "justification": mute.reason}]
    return result


def _related(refs: Iterable[ObjectRef]) -> list[dict[str, Any]]:
    return [{"id": number, **_location(ref)} for number, ref in enumerate(refs)]


def _location(ref: ObjectRef) -> dict[str, Any]:
    """An object of AWS is in no file; its ARN stands for one, because readers of SARIF ask for an address."""
    address = ref.arn or ":".join(("iptui", ref.kind, ref.account, ref.region or "", ref.id))
    return {
        "physicalLocation": {"artifactLocation": {"uri": quote(address, safe=":/")}},
        "logicalLocations": [{"name": ref.name, "fullyQualifiedName": address, "kind": ref.kind}],
    }


def _notification(row: Coverage) -> dict[str, Any]:
    return {"level": "error", "message": {"text": f"Not read: {not_read(row)}"}}
