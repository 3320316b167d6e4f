"""The command line on one page: what each command takes. What it does stands in `tui.commands`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.commands.exits import CommandError, Exit
from tui.commands.nearest import nearest
from tui.commands.options import Command, Group, given
from tui.starting import starting

if TYPE_CHECKING:
    from config.settings import ResolvedSettings

# The commands themselves are imported when they run: naming them must cost neither Textual nor the AWS SDK.

_TEXT_OR_JSON = click.Choice(["text", "json"])
_SCAN_FORMATS = ["table", "json", "csv", "sarif", "markdown"]


@click.group(
    cls=Group,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    subcommand_metavar="[COMMAND]",
)
@click.pass_context
def iptui(ctx: click.Context) -> int:
    """See which EC2 instance profiles are broken, why, and put them right.

    Without a command the screen opens.
    """
    if ctx.invoked_subcommand is not None:
        return Exit.DONE
    from tui.commands import screen

    return screen.run(_settings(ctx), demo=_demo(ctx))


@iptui.command(cls=Command)
@click.option(
    "--format", "format_", type=click.Choice(_SCAN_FORMATS), default="table", help="Default: table."
)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "info", "never"]),
    default="never",
    help="Exit with 1 if a finding is at least this severe. Default: never.",
)
@click.option("--rule", "rules", multiple=True, metavar="ID", help="Only this rule; repeatable.")
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Write to this file.")
@click.option("--show-muted", is_flag=True, help="List what is muted as well, with the reasons.")
@click.pass_context
def scan(
    ctx: click.Context,
    format_: str,
    fail_on: str,
    rules: tuple[str, ...],
    output: Path | None,
    show_muted: bool,
) -> int:
    """Load everything once and list what is wrong.

    Exits with 3 if nothing could be loaded, with 4 if only a part could.
    """
    from tui.commands import scan as command

    wish = command.Wish(format=format_, fail_on=fail_on, rules=rules, output=output, show_muted=show_muted)
    return command.run(_settings(ctx), wish, demo=_demo(ctx))


@iptui.command(cls=Command)
@click.argument("finding_ids", nargs=-1, metavar="[FINDING-ID]...")
@click.option("--rule", "rules", multiple=True, metavar="ID", help="With --all: this rule; repeatable.")
@click.option("--all", "every", is_flag=True, help="Fix all that the rule finds.")
@click.option("--recipe", metavar="NAME", help="The way to fix it; default: the first on offer.")
@click.option(
    "--set",
    "answers",
    multiple=True,
    metavar="KEY=VALUE",
    help="What the recipe needs: role, instance-profile, name, path, duration, version; repeatable.",
)
@click.option("--dry-run", is_flag=True, help="Show the plan and its checks, change nothing.")
@click.option("--yes", is_flag=True, help="Apply without asking.")
@click.option(
    "--continue-on-error", "go_on", is_flag=True, help="Of several: go on with the others if one fails."
)
@click.option("--format", "format_", type=_TEXT_OR_JSON, default="text", help="Default: text.")
@click.pass_context
def fix(
    ctx: click.Context,
    finding_ids: tuple[str, ...],
    rules: tuple[str, ...],
    every: bool,
    recipe: str | None,
    answers: tuple[str, ...],
    dry_run: bool,
    yes: bool,
    go_on: bool,
    format_: str,
) -> int:
    """Fix findings of `iptui scan`, after showing the exact calls.

    A FINDING-ID may be shortened as long as it stays unique. Several, or all of a rule, are one batch with
    one undo: what is blocked or guessed is left out and told, and the first that fails ends it. Without a
    terminal nothing is applied unless --yes says so. Exits with 5 if a check refused a fix, or if one failed
    or could not be verified.
    """
    from tui.commands import fix as command

    wish = command.Wish(
        finding_ids,
        recipe,
        answers,
        rules,
        every=every,
        dry_run=dry_run,
        yes=yes,
        go_on=go_on,
        as_json=format_ == "json",
    )
    return command.run(_settings(ctx), wish, demo=_demo(ctx))


@iptui.command(cls=Command)
@click.argument("action", type=click.Choice(["list", "show", "undo", "recover"]), default="list")
@click.argument("entry_id", required=False, metavar="[ID]")
@click.option("--yes", is_flag=True, help="Undo or recover without asking.")
@click.option("--format", "format_", type=_TEXT_OR_JSON, default="text", help="Default: text.")
@click.pass_context
def journal(ctx: click.Context, action: str, entry_id: str | None, yes: bool, format_: str) -> int:
    """List, show and undo what iptui changed.

    \b
    list       every fix that was applied or tried (the default)
    show ID    one of them, or all of a batch, call by call
    undo ID    take an applied fix or a whole batch back
    recover    look at fixes that were cut off in the middle, say which of their calls
               happened, and offer to finish them or to take them back

    Without a terminal `recover` only reports. With --yes it takes back what happened,
    or closes the entry where all of it did.
    """
    from tui.commands import journal as command

    wish = command.Wish(action, entry_id, yes=yes, as_json=format_ == "json")
    return command.run(_settings(ctx), wish, demo=_demo(ctx))


@iptui.command(cls=Command)
@click.argument("text", nargs=-1, metavar="[ID | TEXT...]")
@click.option("--format", "format_", type=_TEXT_OR_JSON, default="text", help="Default: text.")
def rules(text: tuple[str, ...], format_: str) -> int:
    """List the rules, print the page of one, or find those that speak of a text.

    A page tells what the fault means, how it is detected, the error texts that it leads to, the fixes, when
    the finding is no fault, and the source. TEXT is looked for in ids, titles, error texts and meanings; it
    may be an error message as it was received, with names and numbers in it.
    """
    from tui.commands import rules as command

    return command.run(" ".join(text) if text else None, as_json=format_ == "json")


@iptui.command(cls=Command)
@click.argument("message", nargs=-1, metavar="[MESSAGE | -]")
@click.option("--ask", is_flag=True, help="Ask AWS as well, with calls that only read.")
@click.option("--athena", is_flag=True, help="With --ask: query the table of [trail], which AWS bills.")
@click.option("--lake", is_flag=True, help="With --ask: query CloudTrail Lake, which AWS bills.")
@click.option("--format", "format_", type=_TEXT_OR_JSON, default="text", help="Default: text.")
@click.pass_context
def explain(
    ctx: click.Context, message: tuple[str, ...], ask: bool, athena: bool, lake: bool, format_: str
) -> int:
    """Say what an error message means and what to do.

    MESSAGE is the text as it was received, in quotes; - or a pipe reads it from standard input, and a whole
    log will do. It tells who was denied what by which kind of policy, and the next steps for exactly that.
    No call is made unless --ask wants it: then AWS is asked which policy and which statement denied it, and
    who changed what when. What is denied to you is left out and told.
    """
    from tui.commands import explain as command

    wish = command.Wish(message, ask=ask, athena=athena, lake=lake, as_json=format_ == "json")
    return command.run(lambda: _settings(ctx), wish, demo=_demo(ctx))


@iptui.command(cls=Command)
@click.argument("action", required=False)
@click.argument("resource", required=False)
@click.option("--as", "principal", metavar="PRINCIPAL", help="ARN of a user or role. Default: the caller.")
@click.option(
    "--context", multiple=True, metavar="KEY=VALUE", help="A condition key; repeated, its values are a list."
)
@click.option(
    "--documents", type=click.Path(path_type=Path), metavar="FILE", help="Judge these documents, ask nobody."
)
@click.option("--fixes", metavar="OBJECT", help="Ask about all that the fixes of an object need.")
@click.option("--recipe", metavar="NAME", help="With --fixes: only what this fix needs.")
@click.option("--launch", metavar="INSTANCE-PROFILE", help="Ask whether a launch with it would work.")
@click.option("--launch-template", metavar="ID", help="With --launch: from this template, by id or name.")
@click.option("--template-version", metavar="VERSION", help="Its version. Default: $Default.")
@click.option("--dry-run", is_flag=True, help="With --launch-template: let EC2 rehearse the launch as well.")
@click.option("--format", "format_", type=_TEXT_OR_JSON, default="text", help="Default: text.")
@click.pass_context
def can(
    ctx: click.Context,
    action: str | None,
    resource: str | None,
    principal: str | None,
    context: tuple[str, ...],
    documents: Path | None,
    fixes: str | None,
    recipe: str | None,
    launch: str | None,
    launch_template: str | None,
    template_version: str | None,
    dry_run: bool,
    format_: str,
) -> int:
    """Say whether somebody may do an ACTION on a RESOURCE, and which policy decides.

    IAM is asked to simulate it; where that is denied, the policies that can be read are judged. With
    --documents no call is made: FILE is JSON with the keys principal, identity, boundary, scps,
    resource_policy, resource_account, session_policy and trust. What is not known makes the answer unknown,
    never yes.

    \b
    --fixes OBJECT             could the caller fix it? Each action that its fixes need,
                               and the smallest policy for those that are missing
    --launch INSTANCE-PROFILE  would a launch work? The checklist of EC2's documentation:
                               the instance profile, its role, trust, and permissions

    OBJECT is an ARN, an id, a name, or KIND/NAME. --dry-run sends RunInstances with DryRun, which launches
    nothing.
    """
    from tui.commands import can as command
    from tui.commands import can_ask

    asking = can_ask.Wish(
        fixes,
        recipe,
        launch,
        launch_template,
        template_version,
        dry_run=dry_run,
        principal=principal,
        as_json=format_ == "json",
    )
    if can_ask.is_meant(asking, action=action, others=(*context, documents)):
        return can_ask.run(_settings(ctx), asking, demo=_demo(ctx))
    if action is None or resource is None:
        raise CommandError(
            "Say what: an ACTION and a RESOURCE, --fixes OBJECT, or --launch INSTANCE-PROFILE.", Exit.USAGE
        )
    wish = command.Wish(action, resource, principal, context, documents, as_json=format_ == "json")
    return command.run(_settings(ctx), wish, demo=_demo(ctx))


@iptui.command(cls=Command)
@click.argument("what", type=click.Choice(["browse", "fix"]), default="browse", metavar="[browse | fix]")
@click.argument("recipe", required=False, metavar="[RECIPE]")
@click.option("--account", metavar="ID", help="Only objects of this account. Default: any.")
@click.option(
    "--partition",
    type=click.Choice(["aws", "aws-cn", "aws-us-gov", "aws-eusc", "aws-iso", "aws-iso-b"]),
    default="aws",
    help="Default: aws.",
)
def policy(what: str, recipe: str | None, account: str | None, partition: str) -> int:
    """Print the IAM policy that is needed, ready to be attached.

    \b
    browse       what reading everything needs (the default); what is left out of it shows as unknown
    fix RECIPE   what this fix needs beyond that, to be applied and to be taken back

    No call is made. Narrow the resources to what the caller should reach.
    """
    from tui.commands import policy as command

    return command.run(what, recipe, partition=partition, account=account)


@iptui.command(cls=Command)
@click.argument("action", type=click.Choice(["path", "show", "check", "init"]), default="show")
@click.option("--overwrite", is_flag=True, help="Let init replace a settings file that is there.")
@click.pass_context
def config(ctx: click.Context, action: str, overwrite: bool) -> int:
    """Show or check the settings, or write a first settings file.

    \b
    path     print where the settings file is looked for
    show     every setting, its value and where that came from (the default)
    check    say whether the settings file is in order
    init     write a settings file that explains every setting and sets none
    """
    from tui.commands import config as command

    file = given(ctx).get("config_file")
    if action == "path":
        return command.path(file)
    if action == "init":
        return command.init(file, overwrite=overwrite)
    resolved = _settings(ctx)
    return command.show(resolved) if action == "show" else command.check(resolved)


@iptui.command(cls=Command)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Default: a free one.")
@click.option("--fleet", default="demo", metavar="demo|FILE", help="What it holds. Default: demo.")
@click.option("--until-stdin-closes", is_flag=True, help="End when standard input is closed.")
def emulator(port: int, fleet: str, until_stdin_closes: bool) -> int:
    """Run the local AWS of the demo alone, for tests and other tools.

    It listens on the loopback address only. Point the SDK to it with AWS_ENDPOINT_URL.
    """
    from tui.commands import emulator as command

    return command.run(port, fleet, until_stdin_closes=until_stdin_closes)


def main(arguments: list[str] | None = None) -> int:
    """Run iptui with these arguments; returns its exit code and never lets a traceback out."""
    from tui.commands.guard import guarded

    words = sys.argv[1:] if arguments is None else arguments
    with starting():
        return guarded(lambda: _dispatch(words), words)


def _dispatch(words: list[str]) -> int:
    try:
        with iptui.make_context("iptui", list(words)) as ctx:
            return int(iptui.invoke(ctx) or 0)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.Abort as abort:
        raise KeyboardInterrupt from abort
    except click.ClickException as error:
        raise CommandError(_sentence(error), Exit.USAGE) from error


def _sentence(error: click.ClickException) -> str:
    """What click says in several, with the one most likely word where it offers all."""
    context: click.Context | None = getattr(error, "ctx", None)
    path = context.command_path if context else "iptui"
    said = error.format_message().split("Did you mean")[0].rstrip(" .?!(")
    wrong = getattr(error, "option_name", None) or getattr(error, "command_name", None)
    close = nearest(wrong, getattr(error, "possibilities", None) or ()) if wrong else None
    return "; ".join(part for part in (said, close, f"see `{path} --help`") if part) + "."


def _settings(ctx: click.Context) -> ResolvedSettings:
    from config.settings import resolve
    from config.settings_file import SettingsError

    flags = given(ctx)
    file = flags.pop("config_file", None)
    demo = bool(flags.pop("demo", False))
    if demo and "endpoint_url" in flags:
        raise CommandError(
            "The demo brings its own endpoint: leave out --endpoint-url or --demo.", Exit.USAGE
        )
    try:
        return resolve(flags, os.environ, file, demo=demo)
    except SettingsError as error:
        raise CommandError(str(error), Exit.USAGE) from error


def _demo(ctx: click.Context) -> bool:
    return bool(given(ctx).get("demo", False))
