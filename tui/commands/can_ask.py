"""`iptui can --fixes` and `--launch`: could this caller fix it, and would a launch work?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from instance_profiles.denials.permission import NobodyToAsk
from instance_profiles.questions.ability import could, trouble_with
from instance_profiles.questions.launch import Launch, trouble_with_launch, would_launch
from instance_profiles.questions.launch_template import DEFAULT
from instance_profiles.questions.needs import fixes_of, rows_of
from tui.answers import Asked, ability_json, ability_text, launch_json, launch_text
from tui.commands.exits import CommandError, Exit
from tui.commands.loading import load, nothing_loaded, read_only, say_troubles, with_workspace
from tui.commands.output import visible, write, write_json
from tui.commands.recipe_names import known_recipe
from tui.words import KIND_WORDS
from widgets.severity import ASCII, UNICODE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from config.settings import ResolvedSettings
    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import ObjectRef
    from tui.workspace import Workspace

_SHOWN = 4


class Wish(msgspec.Struct, frozen=True):
    """What was asked for: `fixes` of an object, or a `launch` with an instance profile."""

    fixes: str | None = None
    recipe: str | None = None
    launch: str | None = None
    launch_template: str | None = None
    version: str | None = None
    dry_run: bool = False
    principal: str | None = None
    as_json: bool = False


def is_meant(wish: Wish, *, action: str | None, others: Iterable[object]) -> bool:
    """Whether --fixes or --launch was given; raises CommandError for what does not go together."""
    if wish.fixes is None and wish.launch is None:
        alone = {
            "--launch-template": wish.launch_template,
            "--template-version": wish.version,
            "--dry-run": wish.dry_run,
        }
        if wish.recipe is not None:
            raise CommandError("--recipe goes with --fixes OBJECT.", Exit.USAGE)
        for flag, value in alone.items():
            if value:
                raise CommandError(f"{flag} goes with --launch INSTANCE-PROFILE.", Exit.USAGE)
        return False
    if action is not None or any(others) or (wish.fixes is not None and wish.launch is not None):
        raise CommandError(
            "Ask one thing: an ACTION and a RESOURCE, --fixes OBJECT, or --launch INSTANCE-PROFILE.",
            Exit.USAGE,
        )
    if wish.fixes is not None and (wish.launch_template or wish.version or wish.dry_run):
        raise CommandError(
            "--launch-template, --template-version and --dry-run go with --launch, not with --fixes.",
            Exit.USAGE,
        )
    if wish.recipe is not None:
        if wish.launch is not None:
            raise CommandError("--recipe goes with --fixes OBJECT.", Exit.USAGE)
        known_recipe(wish.recipe)
    if wish.version and not wish.launch_template:
        raise CommandError("--template-version needs --launch-template.", Exit.USAGE)
    if wish.dry_run and not wish.launch_template:
        raise CommandError("A dry run needs something to launch: add --launch-template.", Exit.USAGE)
    return True


def run(resolved: ResolvedSettings, wish: Wish, *, demo: bool) -> int:
    """Print the table or the checklist; the exit code does not tell the answer, because a no is one."""
    if wish.principal is not None:
        _refuse(trouble_with(wish.principal, ""))
    if wish.launch is not None:
        return _launch(resolved, wish, wish.launch, demo=demo)
    return _fixes(resolved, wish, wish.fixes or "", demo=demo)


def _refuse(trouble: str | None) -> None:
    if trouble:
        raise CommandError(visible(trouble), Exit.USAGE)


# -- could this caller fix it ------------------------------------------------------------------------------


def _fixes(resolved: ResolvedSettings, wish: Wish, named: str, *, demo: bool) -> int:
    async def ask(workspace: Workspace) -> int:
        await load(workspace)
        if nothing_loaded(workspace.inventory):
            say_troubles(workspace.inventory)
            return Exit.NOTHING_LOADED
        subject = object_named(workspace.inventory, named)
        if wish.principal is not None:
            _refuse(trouble_with(wish.principal, subject.account))
        account = workspace.account_for(subject)
        problems = [finding for finding in workspace.findings() if finding.object == subject]
        fixes = fixes_of(subject, workspace.inventory, problems)
        if wish.recipe is not None:
            fixes = tuple(fix for fix in fixes if fix.recipe == wish.recipe)
            _refuse(None if fixes else f"{wish.recipe} does not apply to {subject.name} as it is.")
        rows = rows_of(fixes)
        try:
            answers = {place: answer async for place, answer in could(account, wish.principal, rows)}
        except NobodyToAsk as error:
            raise CommandError(str(error), Exit.USAGE) from error
        asked = Asked(await _principal(account, wish), subject, fixes, rows, answers)
        if wish.as_json:
            write_json(ability_json(asked))
        else:
            text = ability_text(asked, ASCII if workspace.settings.ascii else UNICODE)
            write("\n".join(visible(line) for line in text.splitlines()))
        say_troubles(workspace.inventory)
        return Exit.DONE

    return with_workspace(read_only(resolved), ask, demo=demo)


def object_named(inventory: Inventory, named: str) -> ObjectRef:
    """The object of this ARN, id, name or KIND/NAME; raises CommandError where there is none or several."""
    found = [ref for ref in dict.fromkeys(_refs(inventory)) if _is_called(ref, named)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise CommandError(
            f"There is no {visible(named)!r} in what was read; give an ARN, an id, or a name.", Exit.USAGE
        )
    ways = [_exact(ref) for ref in found[:_SHOWN]]
    more = " ..." if len(found) > _SHOWN else ""
    raise CommandError(
        f"{visible(named)!r} can be several things; say {visible(' or '.join(ways))}{more}.", Exit.USAGE
    )


def _refs(inventory: Inventory) -> list[ObjectRef]:
    tables = (
        inventory.instance_profiles,
        inventory.roles,
        inventory.instances,
        inventory.associations,
        inventory.launch_template_versions,
        inventory.launch_configurations,
        inventory.auto_scaling_groups,
        inventory.fleets,
    )
    return [item.ref for table in tables for item in table]


def _is_called(ref: ObjectRef, named: str) -> bool:
    if named in (ref.arn, ref.id, ref.name):
        return True
    kind, _, name = named.partition("/")
    return kind == ref.kind and name in (ref.id, ref.name)


def _exact(ref: ObjectRef) -> str:
    return ref.arn or f"{KIND_WORDS[ref.kind]} {ref.id}"


# -- would a launch work -----------------------------------------------------------------------------------


def _launch(resolved: ResolvedSettings, wish: Wish, named: str, *, demo: bool) -> int:
    regions = [region for region in resolved.settings.regions if region != "all"]
    if len(regions) > 1:
        raise CommandError("A launch is in one region: give --region once.", Exit.USAGE)

    async def ask(workspace: Workspace) -> int:
        account = workspace.accounts[0]
        await account.ready()
        region = regions[0] if regions else account.default_region
        launch = Launch(
            named, region, wish.principal, wish.launch_template, wish.version or DEFAULT, wish.dry_run
        )
        _refuse(trouble_with_launch(launch))
        if wish.principal is not None:
            _refuse(trouble_with(wish.principal, str((await account.identity())["Account"])))
        try:
            lines = [line async for line in would_launch(account, launch, datetime.now(UTC))]
        except NobodyToAsk as error:
            raise CommandError(str(error), Exit.USAGE) from error
        principal = await _principal(account, wish)
        if wish.as_json:
            write_json(launch_json(launch, principal, lines))
        else:
            glyphs = ASCII if workspace.settings.ascii else UNICODE
            text = launch_text(launch, principal, lines, glyphs)
            write("\n".join(visible(line) for line in text.splitlines()))
        return Exit.DONE

    # A dry run is no reading to the guard; without one nothing here is anything else.
    return with_workspace(resolved if wish.dry_run else read_only(resolved), ask, demo=demo)


async def _principal(account: AwsAccount, wish: Wish) -> str:
    return wish.principal or str((await account.identity())["Arn"])
