"""One interrupted entry: what happened of it, and finishing it or taking it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.fixes.journal_entry import JournalEntry, entry_json
from instance_profiles.fixes.plan import CannotPlan
from instance_profiles.fixes.recover import Recovery, recover
from tui.commands.applying import Consent, carry_out
from tui.commands.consent import ask_for
from tui.commands.exits import Exit
from tui.commands.journal_text import recovery_lines
from tui.commands.output import say, write
from tui.commands.plan_text import glyphs_for

if TYPE_CHECKING:
    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.fixes.plan import Plan
    from tui.workspace import Workspace


async def recover_entry(
    workspace: Workspace, entry: JournalEntry, *, yes: bool, ask: bool, silent: bool
) -> tuple[Exit, dict[str, Any]]:
    """Say what happened of an entry, and end it where that was agreed to; the exit code and the JSON form."""
    shown = entry_json(entry)
    if entry.account:
        await workspace.identify()
    try:
        found = await recover(entry, account_of(workspace, entry))
    except CannotPlan as refusal:
        say(str(refusal))
        return Exit.FIX_FAILED, shown
    shown["recovery"] = {
        "calls": [
            {"step": call.step, "happened": call.happened, "detail": call.sentence} for call in found.calls
        ],
        "can_finish": found.finish is not None,
        "can_roll_back": found.roll_back is not None,
    }
    if not silent:
        write("\n".join(recovery_lines(entry, found, glyphs_for(ascii_only=workspace.settings.ascii))))
    plan = _chosen(found, yes=yes, ask=ask)
    if plan is None:
        if yes:
            say(found.why_not_roll_back or found.why_not_finish)
        return Exit.FIX_FAILED if yes else Exit.DONE, shown
    ending = await carry_out(workspace, plan, Consent(yes=yes), silent=silent)
    shown["recovery"]["plan"] = ending.shown
    later = workspace.journal.entry(entry.id)
    return ending.code, {**shown, "state": later.state if later else entry.state}


def account_of(workspace: Workspace, entry: JournalEntry) -> AwsAccount:
    """The connection to the entry's account, or the first one, of which the plan says that it is another."""
    try:
        return workspace.account_for(entry.account)
    except KeyError:
        return workspace.accounts[0]


def _chosen(found: Recovery, *, yes: bool, ask: bool) -> Plan | None:
    """Without anybody to ask: an entry all of whose calls happened is closed, any other is taken back."""
    if yes:
        complete = found.finish is not None and not found.finish.steps
        return found.finish if complete else found.roll_back
    if not ask or (found.finish is None and found.roll_back is None):
        return None
    ways = {"f": found.finish, "r": found.roll_back}
    words = {"f": "finish it (f)", "r": "roll it back (r)"}
    open_ways = [words[key] for key, plan in ways.items() if plan is not None]
    return ways.get(ask_for(f"{', '.join(open_ways)} or leave it (enter)? ").casefold()[:1])
