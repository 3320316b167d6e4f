"""`iptui can ACTION RESOURCE`: may somebody do something, and who says so."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from instance_profiles.denials.permission import Answer, NobodyToAsk, may
from instance_profiles.policies.decide import decide
from instance_profiles.policies.documents_file import UnreadableDocuments, documents_in
from instance_profiles.policies.principal import principal_of
from instance_profiles.policies.request import Request
from tui.commands.exits import CommandError, Exit
from tui.commands.output import visible, write, write_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.settings import ResolvedSettings
    from tui.workspace import Workspace

_ACTION: Final = re.compile(r"[A-Za-z0-9-]+:[A-Za-z0-9]+")
_WORDS: Final = {"allow": "Yes", "deny": "No", "unknown": "That cannot be told"}


class Wish(msgspec.Struct, frozen=True):
    """What was asked for."""

    action: str
    resource: str
    principal: str | None = None
    context: tuple[str, ...] = ()
    documents: Path | None = None
    as_json: bool = False


def run(resolved: ResolvedSettings, wish: Wish, *, demo: bool) -> int:
    """Print the decision; the exit code does not tell it, because a no is an answer."""
    if not _ACTION.fullmatch(wish.action):
        raise CommandError(f"{visible(wish.action)!r} is no action; write it as in iam:PassRole.", Exit.USAGE)
    if wish.documents is None and wish.resource != "*" and not wish.resource.startswith("arn:"):
        raise CommandError(
            f"{visible(wish.resource)!r} is no resource; give an ARN, or * for all resources.", Exit.USAGE
        )
    context = _context(wish.context)
    if wish.documents is not None:
        return _shown(_by_documents(wish, wish.documents, context), wish)
    return _by_asking(resolved, wish, context, demo=demo)


def _context(given: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """KEY=VALUE pairs; a key that comes several times is a list."""
    context: dict[str, tuple[str, ...]] = {}
    for pair in given:
        key, equals, value = pair.partition("=")
        if not equals or not key.strip():
            raise CommandError(
                f"{visible(pair)!r} is no condition key with a value; write --context KEY=VALUE.", Exit.USAGE
            )
        context[key.strip()] = (*context.get(key.strip(), ()), value)
    return context


def _by_documents(wish: Wish, path: Path, context: Mapping[str, tuple[str, ...]]) -> Answer:
    try:
        documents = documents_in(path.read_bytes())
    except OSError as error:
        raise CommandError(f"The file {path} cannot be read: {error.strerror}.", Exit.USAGE) from error
    except UnreadableDocuments as error:
        raise CommandError(f"The file {path} cannot be used: {error}.", Exit.USAGE) from error
    principal = wish.principal or documents.principal
    if not principal:
        raise CommandError(f"Nobody is asked about: give {path} a principal, or use --as.", Exit.USAGE)
    request = Request(wish.action, wish.resource, principal, context, documents.resource_account)
    return Answer(decide(request, documents.grants), "local", principal)


def _by_asking(
    resolved: ResolvedSettings, wish: Wish, context: Mapping[str, tuple[str, ...]], *, demo: bool
) -> int:
    from tui.commands.loading import read_only, with_workspace  # only where AWS is asked

    if wish.principal is not None and principal_of(wish.principal).kind == "unknown":
        raise CommandError(
            f"{visible(wish.principal)!r} is nobody; give the ARN of a user or role.", Exit.USAGE
        )

    async def ask(workspace: Workspace) -> int:
        account = workspace.accounts[0]
        try:
            answer = await may(account, wish.principal, wish.action, wish.resource, context)
        except NobodyToAsk as error:
            raise CommandError(str(error), Exit.USAGE) from error
        return _shown(answer, wish)

    return with_workspace(read_only(resolved), ask, demo=demo)


def _shown(answer: Answer, wish: Wish) -> int:
    decision = answer.decision
    if wish.as_json:
        write_json(
            {
                "schema": "iptui.decision/1",
                "decision": decision.decision,
                "effect": decision.effect,
                "decided_by": decision.decided_by,
                "statement": decision.statement,
                "engine": answer.engine,
            }
        )
        return Exit.DONE
    write("\n".join(_page(answer, wish)))
    return Exit.DONE


def _page(answer: Answer, wish: Wish) -> list[str]:
    decision = answer.decision
    asked = f"{answer.principal} {wish.action} on {wish.resource}"
    lines = [f"{_WORDS[decision.decision]}: {visible(asked)}"]
    if decision.reason:
        lines.append(f"  {visible(decision.reason)}")
    if decision.decided_by:
        how = f" ({decision.effect})" if decision.effect else ""
        lines.append(f"  decided by the {decision.decided_by.replace('-', ' ')}{how}")
    if decision.statement is not None:
        lines.append(f"  statement  {visible(json.dumps(decision.statement))}")
    if decision.missing:
        lines.append(f"  not known  {visible(', '.join(decision.missing))}; give it with --context")
    lines += [f"  {visible(note)}" for note in answer.notes]
    engine = "IAM's simulation" if answer.engine == "simulation" else "the documents alone"
    return [*lines, f"  asked of {engine}"]
