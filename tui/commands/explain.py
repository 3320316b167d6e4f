"""`iptui explain`: what an error message means and what to do about it, from the text alone or by asking."""

from __future__ import annotations

import asyncio
import sys
import textwrap
from typing import TYPE_CHECKING

import msgspec

from instance_profiles.denials.reading import understood_in
from tui.commands.exits import CommandError, Exit
from tui.commands.output import visible, write, write_json
from tui.explanation import as_json as shape_of
from tui.explanation import explain, readable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from config.settings import ResolvedSettings
    from instance_profiles.denials.reading import ReadError
    from instance_profiles.inventory.model import NamedProfile
    from tui.explanation import Explained, Explanation

_WIDTH = 100
_FACTS = (
    ("who", "principal"),
    ("action", "action"),
    ("on", "resource"),
    ("policy", "policy"),
)


class Wish(msgspec.Struct, frozen=True):
    """What was asked for; `athena` and `lake` are the consent to queries that AWS bills."""

    message: tuple[str, ...]
    ask: bool = False
    athena: bool = False
    lake: bool = False
    as_json: bool = False


def run(settings: Callable[[], ResolvedSettings], wish: Wish, *, demo: bool) -> int:
    """Explain a message given as words, or read from standard input for `-` and where it is piped in.

    The settings are only read where AWS is asked: the text alone needs none.
    """
    if (wish.athena or wish.lake) and not wish.ask:
        raise CommandError("--athena and --lake are questions to AWS: add --ask.", Exit.USAGE)
    text = _text(wish.message)
    if not text.strip():
        raise CommandError(
            "There is nothing to explain: the text is empty. Paste the whole message.", Exit.USAGE
        )
    named_profiles = _named_profiles() if "DurationSeconds" in text else ()
    explanation = explain(text, named_profiles)
    if wish.ask:
        from tui.commands.asking import ask  # only where AWS is asked

        return ask(settings(), explanation, wish, demo=demo)
    if wish.as_json:
        write_json(shape_of(explanation))
    else:
        write("\n".join(_page(explanation)).rstrip())
    return Exit.DONE


def _text(message: tuple[str, ...]) -> str:
    if message and message != ("-",):
        return " ".join(message)
    if not message and sys.stdin.isatty():
        raise CommandError(
            "Give the message in quotes, or pipe it in: `some-command 2>&1 | iptui explain`.", Exit.USAGE
        )
    return sys.stdin.buffer.read().decode("utf-8", errors="replace")


def _named_profiles() -> tuple[NamedProfile, ...]:
    from instance_profiles.inventory.load import read_local_config

    return asyncio.run(read_local_config()).named_profiles


def _page(explanation: Explanation) -> Iterable[str]:
    for one in explanation.errors:
        yield from said_of(one)
        yield ""
        yield from meaning_of(one)
        yield ""
    yield from not_recognised(explanation)


def not_recognised(explanation: Explanation) -> Iterable[str]:
    """The lines that nobody knows, with what can be made out in them."""
    if not explanation.unrecognised:
        return
    yield "Not recognised:"
    for line in explanation.unrecognised:
        yield f"  {visible(line)}"
        understood = understood_in(line)
        if understood:
            yield f"    understood of it: {visible(', '.join(understood))}"
    if not explanation.errors:
        yield ""
        yield "Paste the whole message, from its first line on; `iptui rules TEXT` looks for words."


def said_of(one: Explained) -> Iterable[str]:
    """What the text itself says of one error."""
    error = one.error
    times = f"  ({error.count} times)" if error.count > 1 else ""
    yield f"{visible(one.title)}{times}"
    yield from wrapped(readable(error.message), "  ")
    yield ""
    for label, value in _facts(error):
        yield f"  {label:<7} {visible(value)}"


def meaning_of(one: Explained) -> Iterable[str]:
    """What it means and what to do."""
    yield from wrapped(one.advice.meaning, "  ")
    if one.advice.next_steps:
        yield ""
        yield "  What to do"
        for number, step in enumerate(one.advice.next_steps, 1):
            yield from wrapped(step, f"  {number}. ", "     ")
    if one.error.rule:
        yield ""
        yield f"  More: iptui rules {one.error.rule}"


def _facts(error: ReadError) -> Iterable[tuple[str, str]]:
    if error.code:
        yield "code", error.code
    for label, name in _FACTS:
        value = getattr(error, name)
        if value:
            yield label, value
    if error.effect:
        by = f", {error.denied_by.replace('-', ' ')}" if error.denied_by else ""
        yield "denied", f"{'by a Deny' if error.effect == 'explicit' else 'no Allow'}{by}"


def wrapped(text: str, first: str, further: str | None = None) -> list[str]:
    """Words that may be copied, such as a statement or a command, are never broken."""
    return textwrap.wrap(
        visible(text),
        _WIDTH,
        initial_indent=first,
        subsequent_indent=first if further is None else further,
        break_long_words=False,
        break_on_hyphens=False,
    )
