"""The options that hold for every command, before or after its name, and the help that lists them apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

_FLAGS = "iptui.flags"


class Command(click.Command):
    """A command that also takes the common options."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params += common_options()

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        own, common = _options_in_two(self, ctx)
        _write(formatter, "Options", own)
        _write(formatter, "Options of every command", common)


class Group(click.Group):
    """The program itself: its options are the common ones."""

    command_class = Command

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params += common_options()

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self.format_commands(ctx, formatter)
        _write(formatter, "Options of every command", _options_in_two(self, ctx)[1])


def common_options() -> list[click.Parameter]:
    """New option objects; what they are given is gathered in the context, see `given`."""
    return [
        _common("--profile", "named_profiles", "NAME", "A named profile of ~/.aws/config; repeatable."),
        _common("--region", "regions", "REGION", "A region to read, or `all`; repeatable."),
        _common("--endpoint-url", "endpoint_url", "URL", "One address for all AWS calls.", multiple=False),
        click.Option(
            ["--config", "config_file"],
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="Read the settings from this file.",
            expose_value=False,
            callback=_gather,
        ),
        _switch("--read-only", "read_only", "Refuse every call that could change something."),
        _switch("--demo", "demo", "Work on a made-up company; no AWS account is needed."),
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_print_version,
            help="Print the version.",
        ),
    ]


def given(ctx: click.Context) -> dict[str, Any]:
    """The common options that were given, before and after the command taken together."""
    return dict(ctx.meta.get(_FLAGS, {}))


def _common(flag: str, name: str, metavar: str, text: str, *, multiple: bool = True) -> click.Option:
    return click.Option(
        [flag, name], multiple=multiple, metavar=metavar, help=text, expose_value=False, callback=_gather
    )


def _switch(flag: str, name: str, text: str) -> click.Option:
    return click.Option(
        [flag, name], is_flag=True, default=False, help=text, expose_value=False, callback=_gather
    )


def _gather(ctx: click.Context, option: click.Parameter, value: Any) -> None:
    if not value or not option.name:
        return
    flags = ctx.meta.setdefault(_FLAGS, {})
    flags[option.name] = flags.get(option.name, ()) + value if isinstance(value, tuple) else value


def _print_version(ctx: click.Context, _option: click.Parameter, value: bool) -> None:
    if value:
        from importlib.metadata import version  # 20 ms that only this option needs

        click.echo(f"iptui {version('iptui')}")
        ctx.exit()


def _options_in_two(
    command: click.Command, ctx: click.Context
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The options of the command itself and the common ones, which alone keep their value to themselves."""
    own: list[tuple[str, str]] = []
    common: list[tuple[str, str]] = []
    for parameter in command.get_params(ctx):
        if isinstance(parameter, click.Argument):
            continue  # the usage line and the text above have them
        record = parameter.get_help_record(ctx)
        if record is not None:
            (own if parameter.expose_value else common).append(record)
    return own, common


def _write(formatter: click.HelpFormatter, title: str, rows: list[tuple[str, str]]) -> None:
    if rows:
        with formatter.section(title):
            formatter.write_dl(rows)
