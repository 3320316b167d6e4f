"""`iptui scan`: read everything once and say what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from instance_profiles.findings.finding import SEVERITIES
from tui.commands import finding_table
from tui.commands.exits import Exit
from tui.commands.loading import (
    load,
    nothing_loaded,
    read_only,
    say_troubles,
    settle,
    troubles,
    with_workspace,
)
from tui.commands.muting import ended_sentences
from tui.commands.output import colours_wanted, json_text, say, write, write_file
from tui.commands.rules import check_ids
from tui.commands.scan_csv import scan_csv
from tui.commands.scan_json import scan_json
from tui.commands.scan_markdown import scan_markdown
from tui.commands.scan_sarif import scan_sarif

if TYPE_CHECKING:
    from config.settings import ResolvedSettings
    from instance_profiles.findings.finding import Finding
    from instance_profiles.findings.muting import Muted
    from instance_profiles.inventory.inventory import Inventory
    from tui.workspace import Workspace

_TIMED = "association-"
"""The rules that time decides; the others need no second look."""


class Wish(msgspec.Struct, frozen=True):
    """What was asked of the scan; `rules` () stands for all."""

    format: str = "table"
    """`table`, `json`, `csv`, `sarif` or `markdown`."""
    fail_on: str = "never"
    rules: tuple[str, ...] = ()
    output: Path | None = None
    show_muted: bool = False


def run(resolved: ResolvedSettings, wish: Wish, *, demo: bool) -> int:
    """Scan and report; returns the exit code."""
    check_ids(wish.rules)

    async def scan(workspace: Workspace) -> int:
        await load(workspace)
        if not wish.rules or any(rule.startswith(_TIMED) for rule in wish.rules):
            await settle(workspace)
        return report(workspace, wish)

    return with_workspace(read_only(resolved), scan, demo=demo)


def report(workspace: Workspace, wish: Wish) -> int:
    """Write what was found where it was wished; returns the exit code."""
    judged = workspace.judged()
    findings = [finding for finding in judged.shown if not wish.rules or finding.rule in wish.rules]
    muted = [one for one in judged.muted if not wish.rules or one.finding.rule in wish.rules]
    text = _text(workspace, wish, findings, muted)
    if wish.output is None:
        write(text)
    else:
        write_file(wish.output, text)
    say_troubles(workspace.inventory)
    for sentence in ended_sentences(workspace.resolved, workspace.today()):
        say(sentence)
    return exit_code(workspace.inventory, findings, wish.fail_on)


def _text(workspace: Workspace, wish: Wish, findings: list[Finding], muted: list[Muted]) -> str:
    inventory, settings = workspace.inventory, workspace.settings
    match wish.format:
        case "json":
            return json_text(scan_json(inventory, findings, workspace.requests(), muted))
        case "sarif":
            return json_text(scan_sarif(inventory, findings, muted))
        case "csv":
            return scan_csv(findings, muted if wish.show_muted else ())
        case "markdown":
            return scan_markdown(inventory, findings, muted, show_muted=wish.show_muted)
        case _:
            return finding_table.table(
                inventory,
                findings,
                muted,
                show_muted=wish.show_muted,
                ascii_only=settings.ascii,
                colours=wish.output is None and colours_wanted(no_color=settings.no_color),
            )


def exit_code(inventory: Inventory, findings: list[Finding], fail_on: str) -> Exit:
    """What the scan says with its exit code; neither an `unknown` verdict nor a muted finding fails."""
    if nothing_loaded(inventory):
        return Exit.NOTHING_LOADED
    grave = SEVERITIES[: SEVERITIES.index(fail_on) + 1] if fail_on in SEVERITIES else ()
    if any(finding.severity in grave for finding in findings if finding.verdict == "present"):
        return Exit.FINDINGS
    return Exit.LOADED_IN_PART if troubles(inventory) else Exit.DONE
