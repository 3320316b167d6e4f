"""`iptui explain --ask`: AWS is asked about each denial, and every step is shown as it runs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import msgspec

from instance_profiles.aws.errors import AwsError
from instance_profiles.denials.inquiry.inquire import inquire, worth_asking
from tui.commands.exits import Exit
from tui.commands.explain import meaning_of, not_recognised, said_of, wrapped
from tui.commands.loading import read_only, with_workspace
from tui.commands.output import clear_progress, progress, visible, write, write_json
from tui.explanation import as_json
from tui.inquiry import account_to_ask, better_known, evidence_of, scope_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from config.settings import ResolvedSettings
    from instance_profiles.denials.inquiry.step import Step
    from tui.commands.explain import Wish
    from tui.explanation import Explained, Explanation
    from tui.workspace import Workspace

_WORDS: Final = {
    "answered": "answered",
    "skipped": "skipped",
    "offered": "not asked",
    "denied": "denied",
    "failed": "failed",
}
_OFFERED: Final = {"athena": "--athena runs it", "lake": "--lake runs it"}
_TITLE: Final = 23
_STATE: Final = 11
_INDENT: Final = "    "


def ask(resolved: ResolvedSettings, explanation: Explanation, wish: Wish, *, demo: bool) -> int:
    """Explain with what AWS says. Nothing but reading is sent, and nobody is asked anything here."""

    async def use(workspace: Workspace) -> int:
        try:
            await workspace.identify()
        except AwsError:
            if wish.as_json:
                write_json(as_json(explanation, [[] for _ in explanation.errors]))
            else:
                write("\n".join(line for one in explanation.errors for line in _whole(one)).rstrip())
            raise
        return await (_in_json if wish.as_json else _in_text)(workspace, explanation, wish)

    return with_workspace(read_only(resolved), use, demo=demo)


async def _in_json(workspace: Workspace, explanation: Explanation, wish: Wish) -> int:
    errors, evidence = [], []
    for one in explanation.errors:
        steps = await _asked(workspace, one, wish, show=False)
        errors.append(better_known(one, steps))
        evidence.append(evidence_of(steps))
    write_json(as_json(msgspec.structs.replace(explanation, errors=tuple(errors)), evidence))
    return Exit.DONE


async def _in_text(workspace: Workspace, explanation: Explanation, wish: Wish) -> int:
    for one in explanation.errors:
        write("\n".join(said_of(one)))
        write("")
        if worth_asking(one.error):
            write("  Asked of AWS")
        else:
            write("  AWS has nothing to add to this one.")
        known = better_known(one, await _asked(workspace, one, wish, show=True))
        write("")
        write("\n".join(meaning_of(known)))
        write("")
    rest = "\n".join(not_recognised(explanation))
    if rest:
        write(rest)
    return Exit.DONE


async def _asked(workspace: Workspace, one: Explained, wish: Wish, *, show: bool) -> list[Step]:
    if not worth_asking(one.error):
        return []
    scope = scope_of(workspace.settings, athena=wish.athena, lake=wish.lake)
    steps: list[Step] = []
    async for step in inquire(account_to_ask(workspace, one.error), one.error, scope):
        steps.append(step)
        if step.state == "asking":
            progress(f"{step.title}: {step.words or 'asking ...'}")
            continue
        clear_progress()
        if show:
            write("\n".join(_lines(step)))
    return steps


def _lines(step: Step) -> Iterable[str]:
    hint = f" ({_OFFERED[step.name]})" if step.state == "offered" and step.name in _OFFERED else ""
    first = f"{_INDENT}{step.title:<{_TITLE}}{_WORDS.get(step.state, step.state):<{_STATE}}"
    below = " " * (len(_INDENT) + _TITLE + _STATE)
    yield from wrapped(f"{step.words}{hint}", first, below)
    for fact in step.facts:
        yield from wrapped(fact, below, f"{below}  ")
    for document in step.documents:
        if len(step.documents) > 1 or not document.statement:
            yield from wrapped(f"{document.title}: {document.note}", below, f"{below}  ")
        if document.statement:
            yield f"{below}{visible(json.dumps(dict(document.statement)))}"


def _whole(one: Explained) -> Iterable[str]:
    yield from said_of(one)
    yield ""
    yield from meaning_of(one)
    yield ""
