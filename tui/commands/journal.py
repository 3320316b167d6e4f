"""`iptui journal`: what was changed, taking it back, and ending what was cut off."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import msgspec

from instance_profiles.fixes.batch_undo import plan_batch_undo
from instance_profiles.fixes.journal import BATCH_PREFIX, Journal
from instance_profiles.fixes.journal_entry import JournalEntry, entry_json
from instance_profiles.fixes.plan import CannotPlan
from instance_profiles.fixes.undo import plan_undo
from tui.commands import recovering
from tui.commands.applying import Consent, carry_out
from tui.commands.applying_many import ConsentToAll, carry_out_all
from tui.commands.consent import must_be_able_to_ask
from tui.commands.exits import CommandError, Exit
from tui.commands.journal_text import entry_lines, list_lines
from tui.commands.loading import with_workspace
from tui.commands.output import say, write, write_json
from tui.commands.plan_text import glyphs_for
from tui.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from config.settings import ResolvedSettings
    from tui.workspace import Workspace


class Wish(msgspec.Struct, frozen=True):
    """What was asked of the journal."""

    action: str
    entry_id: str | None
    yes: bool = False
    as_json: bool = False


def run(resolved: ResolvedSettings, wish: Wish, *, demo: bool) -> int:
    """Do what was asked; returns the exit code."""
    if wish.action in ("show", "undo") and wish.entry_id is None:
        raise CommandError(
            f"`iptui journal {wish.action}` needs the ID of an entry; `iptui journal` lists them.", Exit.USAGE
        )
    if wish.action == "list" and wish.entry_id is not None:
        raise CommandError(
            f"`iptui journal list` takes no ID; did you mean `iptui journal show {wish.entry_id}`?",
            Exit.USAGE,
        )
    journal = Journal(resolved.paths.journal)
    if wish.action == "list":
        return _list(resolved, _entries(journal), wish)
    if wish.action == "recover":
        return _recover(resolved, journal, wish, demo=demo)
    chosen = _chosen(journal, wish.entry_id or "")
    if wish.action == "show":
        return _show(resolved, chosen, wish)
    must_be_able_to_ask(yes=wish.yes, as_json=wish.as_json)
    if (wish.entry_id or "").startswith(BATCH_PREFIX):
        return _undo_batch(resolved, chosen, wish, demo=demo)
    return _undo(resolved, chosen[0], wish, demo=demo)


def _list(resolved: ResolvedSettings, entries: tuple[JournalEntry, ...], wish: Wish) -> int:
    if wish.as_json:
        _write_entries(entry_json(entry) for entry in entries)
    elif entries:
        write("\n".join(list_lines(entries)))
    else:
        write(f"Nothing was changed so far; the journal would be {resolved.paths.journal}.")
    return Exit.DONE


def _show(resolved: ResolvedSettings, entries: tuple[JournalEntry, ...], wish: Wish) -> int:
    if wish.as_json:
        _write_entries(entry_json(entry) for entry in entries)
        return Exit.DONE
    glyphs = glyphs_for(ascii_only=resolved.settings.ascii)
    write("\n\n".join("\n".join(entry_lines(entry, glyphs)) for entry in entries))
    return Exit.DONE


def _undo(resolved: ResolvedSettings, entry: JournalEntry, wish: Wish, *, demo: bool) -> int:
    async def undo(workspace: Workspace) -> int:
        if entry.account:
            await workspace.identify()
        try:
            plan = await plan_undo(entry, recovering.account_of(workspace, entry), workspace.inventory)
        except CannotPlan as refusal:
            raise CommandError(str(refusal), Exit.FIX_FAILED) from refusal
        ending = await carry_out(workspace, plan, Consent(yes=wish.yes), silent=wish.as_json)
        if wish.as_json:
            write_json(ending.shown)
        return ending.code

    return with_workspace(_as_then(resolved, entry), undo, demo=demo)


def _undo_batch(
    resolved: ResolvedSettings, entries: tuple[JournalEntry, ...], wish: Wish, *, demo: bool
) -> int:
    async def undo(workspace: Workspace) -> int:
        if any(entry.account for entry in entries):
            await workspace.identify()
        try:
            found = await plan_batch_undo(entries, workspace.account_for, workspace.inventory)
        except CannotPlan as refusal:
            raise CommandError(str(refusal), Exit.FIX_FAILED) from refusal
        consent = ConsentToAll(yes=wish.yes, go_on=True)
        ending = await carry_out_all(workspace, found.batch, consent, silent=wish.as_json, stays=found.stays)
        if wish.as_json:
            write_json(ending.shown)
        return ending.code

    return with_workspace(_as_then(resolved, entries[0]), undo, demo=demo)


def _recover(resolved: ResolvedSettings, journal: Journal, wish: Wish, *, demo: bool) -> int:
    """Look at every interrupted entry, or at one, and end those that may be ended."""
    chosen = _chosen(journal, wish.entry_id) if wish.entry_id else _entries(journal)
    open_entries = [entry for entry in chosen if entry.state == "interrupted"]
    ask = not wish.as_json and not wish.yes and sys.stdin.isatty() and sys.stdout.isatty()
    shown: list[dict[str, Any]] = []
    codes = [Exit.DONE]
    for entry in open_entries:

        async def recover(workspace: Workspace, entry: JournalEntry = entry) -> int:
            code, told = await recovering.recover_entry(
                workspace, entry, yes=wish.yes, ask=ask, silent=wish.as_json
            )
            shown.append(told)
            return code

        codes.append(Exit(with_workspace(_as_then(resolved, entry), recover, demo=demo)))
    if wish.as_json:
        _write_entries(shown)
    elif not open_entries:
        write("Nothing was interrupted.")
    return max(codes)


def _entries(journal: Journal) -> tuple[JournalEntry, ...]:
    """All entries; says how many lines could not be read."""
    try:
        entries = journal.entries()
    except OSError as error:
        raise CommandError(
            f"The journal {journal.path} cannot be read: {error.strerror}.", Exit.FIX_FAILED
        ) from error
    if journal.damaged:
        say(f"Stepped over {counted(journal.damaged, 'damaged line')} of {journal.path}.")
    return entries


def _entry(journal: Journal, entry_id: str) -> JournalEntry:
    """The entry with this id or the only one whose id begins with it; raises CommandError."""
    alike = [entry for entry in _entries(journal) if entry.id.startswith(entry_id)]
    exact = [entry for entry in alike if entry.id == entry_id]
    if len(exact or alike) == 1:
        return (exact or alike)[0]
    if alike:
        raise CommandError(f"{entry_id!r} begins several entries; write more of it.", Exit.USAGE)
    raise CommandError(f"There is no entry {entry_id!r}; `iptui journal` lists them.", Exit.USAGE)


def _chosen(journal: Journal, entry_id: str) -> tuple[JournalEntry, ...]:
    """The entry with this id, or all of a batch; raises CommandError where it is not one of them."""
    if not entry_id.startswith(BATCH_PREFIX):
        return (_entry(journal, entry_id),)
    _entries(journal)
    found = journal.batch(entry_id)
    if not found:
        raise CommandError(f"There is no one batch {entry_id!r}; `iptui journal` lists them.", Exit.USAGE)
    return found


def _as_then(resolved: ResolvedSettings, entry: JournalEntry) -> ResolvedSettings:
    """The settings with the named profile that the fix was applied with, where none is chosen now."""
    if entry.named_profile is None or resolved.origins["named_profiles"].kind != "default":
        return resolved
    settings = msgspec.structs.replace(resolved.settings, named_profiles=(entry.named_profile,))
    return msgspec.structs.replace(resolved, settings=settings)


def _write_entries(entries: Iterable[dict[str, Any]]) -> None:
    write_json({"schema": "iptui.journal/1", "entries": list(entries)})
