"""From a plan to its outcome on the command line: checks, the plan, consent, the calls, the result."""

from __future__ import annotations

import asyncio
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import msgspec

from instance_profiles.fixes.apply import apply, roll_back
from instance_profiles.fixes.plan_json import plan_json
from instance_profiles.fixes.preflight import preflight, with_checks
from instance_profiles.fixes.several import DELETING
from tui.commands.consent import ask_for, yes_to
from tui.commands.exits import CommandError, Exit
from tui.commands.output import clear_progress, progress, say, visible, write
from tui.commands.plan_text import glyphs_for, plan_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from instance_profiles.fixes.outcome import Outcome, Progress
    from instance_profiles.fixes.plan import Check, Plan
    from tui.workspace import Workspace


_PERMISSION = "you may "
_PASSING = ("checking", "sending", "waiting")


class Consent(msgspec.Struct, frozen=True):
    """What the person agreed to beforehand; `typed` is a name given with `--set name=`."""

    yes: bool = False
    typed: str | None = None
    dry_run: bool = False


class Ending(msgspec.Struct, frozen=True):
    """How it ended: the exit code, and plan and outcome in their JSON form."""

    code: Exit
    shown: dict[str, Any]


async def carry_out(workspace: Workspace, plan: Plan, consent: Consent, *, silent: bool) -> Ending:
    """Check, show, ask and apply; `silent` keeps standard output for what the caller writes."""
    plan = await _checked(workspace, plan)
    if not silent:
        write("\n".join(plan_lines(plan, glyphs_for(ascii_only=workspace.settings.ascii))))
    refusal = _refusal(plan, dry_run=consent.dry_run)
    if consent.dry_run or refusal is not None:
        return _not_applied(plan, refusal, dry_run=consent.dry_run)
    _check_guessed(plan, consent)
    _check_unread(plan, consent)
    if not consent.yes and not _agreed(plan, consent):
        write("Nothing was changed.")
        return Ending(Exit.DONE, plan_json(plan))
    outcome = await _applied(workspace, plan, silent=silent)
    if outcome.result == "stopped" and not consent.yes and yes_to("Take back what is done?"):
        account = workspace.account_for(plan.account)
        outcome = await roll_back(plan, outcome, account, workspace.journal, observe=_watch(plan, silent))
    return _ending(plan, outcome, silent=silent)


async def _checked(workspace: Workspace, plan: Plan) -> Plan:
    """The plan with the results of its checks; reads and simulates only."""
    checks: list[Check] = []
    try:
        async for check in preflight(plan, workspace.account_for(plan.account), workspace.inventory):
            checks.append(check)
            progress(f"checked: {check.name} ...")
    finally:
        clear_progress()
    return with_checks(plan, checks)


def _refusal(plan: Plan, *, dry_run: bool) -> str | None:
    """Why this plan may not be applied. That iptui only reads is no fault of a plan that is only shown."""
    for check in plan.checks:
        if check.state == "failed" and not (dry_run and check.name == "read-only"):
            return f"Refused, because a check failed: {check.name}" + (
                f" ({check.detail.rstrip('.')})." if check.detail else "."
            )
    return None


def _not_applied(plan: Plan, refusal: str | None, *, dry_run: bool) -> Ending:
    shown = plan_json(plan) if dry_run else _refused_json(plan)
    if refusal is None:
        return Ending(Exit.DONE, shown)
    say(refusal)
    return Ending(Exit.FIX_FAILED, shown)


def _refused_json(plan: Plan) -> dict[str, Any]:
    shown = plan_json(plan) | {"result": "refused", "journal": None}
    for call in shown["calls"]:
        call["outcome"] = {"state": "not-sent", "detail": ""}
    return shown


def _check_guessed(plan: Plan, consent: Consent) -> None:
    """Consent given beforehand does not cover what nobody named and nothing suggests."""
    if consent.yes and plan.guessed:
        given = " ".join(f"--set {key}=NAME" for key in plan.guessed)
        raise CommandError(
            f"{plan.title}: nothing says that this is the right {plan.guessed[0]}; name it with {given}.",
            Exit.USAGE,
        )


def _check_unread(plan: Plan, consent: Consent) -> None:
    """A deletion that rests on what could not be read wants its name in full, with `--yes` too."""
    if consent.typed is not None and plan.typed_name is not None and consent.typed != plan.typed_name:
        raise CommandError(
            f"The name {consent.typed!r} is not {plan.typed_name!r}; nothing was changed.", Exit.USAGE
        )
    if not consent.yes or consent.typed is not None:
        return
    unread = [
        check for check in plan.checks if check.state == "unknown" and not check.name.startswith(_PERMISSION)
    ]
    if unread and any(call.operation in DELETING for call in plan.calls):
        raise CommandError(
            f"It is not known whether {unread[0].name} ({unread[0].detail.rstrip('.')}): to delete all the "
            f"same, add --set name={plan.typed_name}.",
            Exit.USAGE,
        )


def _agreed(plan: Plan, consent: Consent) -> bool:
    """Ask on the terminal; the default is no."""
    if plan.typed_name is None:
        return yes_to("Apply?")
    if consent.typed is not None:
        return True
    return (
        ask_for(f"Type {visible(plan.typed_name)} to apply, anything else to leave it: ") == plan.typed_name
    )


async def _applied(workspace: Workspace, plan: Plan, *, silent: bool) -> Outcome:
    """Send the calls; the first ctrl+c ends it after the current call, a second one at once."""
    stop = asyncio.Event()
    account = workspace.account_for(plan.account)
    with ctrl_c_stops(stop):
        outcome = await apply(plan, account, workspace.journal, observe=_watch(plan, silent), stop=stop)
    clear_progress()
    return outcome


def _watch(plan: Plan, silent: bool) -> Callable[[Progress], None]:
    last = len(plan.steps)
    told: set[str] = set()  # a call is done once when it was answered, and again when its effect shows

    def watch(news: Progress) -> None:
        detail = f": {news.detail}" if news.detail else ""
        line = f"{news.step + 1}/{last} {news.call.service}:{news.call.operation} {news.state}{detail}"
        if news.state in _PASSING or silent:
            progress(f"{line} ...")
        elif line not in told:
            told.add(line)
            clear_progress()
            write(visible(line))

    return watch


def _ending(plan: Plan, outcome: Outcome, *, silent: bool) -> Ending:
    clear_progress()
    shown = plan_json(plan, outcome)
    message = outcome.message or outcome.result
    if outcome.result != "applied":
        say(message)
        return Ending(Exit.INTERRUPTED if outcome.result == "stopped" else Exit.FIX_FAILED, shown)
    if not silent:
        undo = f" Undo: iptui journal undo {outcome.journal}" if outcome.journal else ""
        write(visible(message) + undo)
    return Ending(Exit.DONE, shown)


@contextmanager
def ctrl_c_stops(stop: asyncio.Event) -> Iterator[None]:
    """While calls are sent, a first ctrl+c only asks to stop: a call cut off may have happened or not."""
    before = signal.getsignal(signal.SIGINT)
    loop = asyncio.get_running_loop()

    def first(*_: object) -> None:
        signal.signal(signal.SIGINT, before)
        loop.call_soon_threadsafe(stop.set)
        say("Stopping after the current call; ctrl+c again stops at once.")

    signal.signal(signal.SIGINT, first)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
