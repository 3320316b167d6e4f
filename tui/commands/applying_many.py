"""From a batch to its outcome on the command line: checks, the plans, consent, the calls, the results."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import msgspec

from instance_profiles.fixes.batch_apply import apply_batch, take_back_batch
from instance_profiles.fixes.batch_checks import Refused, check_batch, sorted_out, with_batch_checks
from instance_profiles.fixes.batch_json import batch_json
from tui.commands.applying import ctrl_c_stops
from tui.commands.batch_text import batch_lines
from tui.commands.consent import ask_for, yes_to
from tui.commands.exits import Exit
from tui.commands.output import clear_progress, progress, say, visible, write
from tui.commands.plan_text import glyphs_for
from tui.words import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from instance_profiles.fixes.batch_outcome import BatchOutcome, ItemProgress
    from instance_profiles.fixes.batch_undo import Stays
    from instance_profiles.fixes.plan import Check
    from instance_profiles.fixes.several import Batch
    from tui.workspace import Workspace


class ConsentToAll(msgspec.Struct, frozen=True):
    """What the person agreed to beforehand; `go_on` although one of the fixes fails."""

    yes: bool = False
    dry_run: bool = False
    go_on: bool = False


class EndingOfAll(msgspec.Struct, frozen=True):
    """How it ended: the exit code, and plans and outcomes in their JSON form."""

    code: Exit
    shown: dict[str, Any]


async def carry_out_all(
    workspace: Workspace, batch: Batch, consent: ConsentToAll, *, silent: bool, stays: tuple[Stays, ...] = ()
) -> EndingOfAll:
    """Check, show, ask and apply; `silent` keeps standard output for what the caller writes.

    What is refused is left out and told; `stays` is what an undo leaves as it is. Exit code 5 says that not
    all of it is as wished.
    """
    checked = await _checked(workspace, batch)
    ready, refused = sorted_out(checked, workspace.inventory, dry_run=consent.dry_run)
    if not silent:
        glyphs = glyphs_for(ascii_only=workspace.settings.ascii)
        write("\n".join(batch_lines(ready, refused, glyphs, stays)))
    left = len(refused) + len(ready.left_out) + len(stays)
    if left:
        say(_left_words(ready, refused, stays))
    if consent.dry_run or not ready.items:
        return EndingOfAll(Exit.FIX_FAILED if left else Exit.DONE, batch_json(ready, refused))
    if not consent.yes and not _agreed(ready):
        write("Nothing was changed.")
        return EndingOfAll(Exit.DONE, batch_json(ready, refused))
    outcome = await _applied(workspace, ready, consent, silent=silent)
    return _ending(ready, refused, outcome, silent=silent, complete=not left)


async def _checked(workspace: Workspace, batch: Batch) -> Batch:
    """The batch with the results of its checks; reads and simulates only."""
    found: dict[int, list[Check]] = {}
    count = 0
    try:
        async for number, check in check_batch(batch, workspace.account_for):
            found.setdefault(number, []).append(check)
            count += 1
            progress(f"checked: {count} ({check.name}) ...")
    finally:
        clear_progress()
    return with_batch_checks(batch, found)


def _left_words(batch: Batch, refused: tuple[Refused, ...], stays: tuple[Stays, ...]) -> str:
    """One sentence: how many, and why the first of them."""
    reasons = [f"{one.item.plan.title}: {one.reason}" for one in refused]
    reasons += [f"{left.finding.object.name}: {left.reason}" for left in batch.left_out]
    reasons += [f"{one.title}: {one.reason}" for one in stays]
    more = f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else ""
    return f"Left out{more}: {reasons[0]}"


def _agreed(batch: Batch) -> bool:
    """Ask on the terminal; the default is no."""
    if batch.typed is None:
        return yes_to(f"Apply all {len(batch.items)}?")
    what = counted(len(batch.items), "fix", "fixes")
    where = ", ".join(batch.accounts)
    prompt = f"Type {batch.typed} to apply {what} in account {where}, anything else to leave it: "
    return ask_for(prompt) == batch.typed


async def _applied(
    workspace: Workspace, batch: Batch, consent: ConsentToAll, *, silent: bool
) -> BatchOutcome:
    """Send the calls; the first ctrl+c ends it after the current ones, a second one at once."""
    stop = asyncio.Event()
    watch = _watch(batch, silent=silent)
    with ctrl_c_stops(stop):
        outcome = await apply_batch(
            batch,
            workspace.account_for,
            workspace.journal,
            observe=watch,
            stop=stop,
            go_on=consent.go_on,
        )
    clear_progress()
    if consent.yes or not (outcome.done or outcome.half_done) or outcome.result not in ("stopped", "failed"):
        return outcome
    say(outcome.message)
    everything = yes_to("Take back everything that is done?")
    if everything or (outcome.half_done and yes_to("Take back only what is half done?")):
        outcome = await take_back_batch(
            batch,
            outcome,
            workspace.account_for,
            workspace.journal,
            half_done_only=not everything,
            observe=watch,
        )
    return outcome


def _watch(batch: Batch, *, silent: bool) -> Callable[[ItemProgress], None]:
    total = len(batch.items)

    def watch(news: ItemProgress) -> None:
        title = batch.items[news.item].plan.title
        if news.outcome is None:
            doing = news.progress.state if news.progress else news.state
            progress(f"{news.item + 1}/{total} {title}: {doing} ...")
            return
        detail = "" if news.outcome.result == "applied" else f": {news.outcome.message}"
        line = f"{news.item + 1}/{total} {title} {news.outcome.result}{detail}"
        if silent:
            progress(line)
        else:
            clear_progress()
            write(visible(line))

    return watch


def _ending(
    batch: Batch, refused: tuple[Refused, ...], outcome: BatchOutcome, *, silent: bool, complete: bool
) -> EndingOfAll:
    shown = batch_json(batch, refused, outcome)
    if outcome.export is not None and not silent:
        write(visible(f"What was to be deleted is written down in {outcome.export}"))
    if outcome.result != "applied":
        say(outcome.message)
        return EndingOfAll(Exit.INTERRUPTED if outcome.result == "stopped" else Exit.FIX_FAILED, shown)
    if not silent:
        write(visible(f"{outcome.message} Undo: iptui journal undo {outcome.batch}"))
    return EndingOfAll(Exit.DONE if complete else Exit.FIX_FAILED, shown)
