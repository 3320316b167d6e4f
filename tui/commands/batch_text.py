"""A batch as lines of text: every fix with its calls, what is left out, and what all of it reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.fixes.batch_undo import lasting
from instance_profiles.fixes.command_line import aws_command
from tui.commands.output import visible
from tui.commands.plan_text import checks, labelled, reach
from tui.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from instance_profiles.fixes.batch_checks import Refused
    from instance_profiles.fixes.batch_undo import Stays
    from instance_profiles.fixes.several import Batch, Item
    from widgets.severity import Glyphs


def batch_lines(
    batch: Batch, refused: Iterable[Refused], glyphs: Glyphs, stays: Iterable[Stays] = ()
) -> Iterator[str]:
    """Everything a person needs to know to say yes to all of it; `stays` is what an undo leaves as it is."""
    yield visible(f"{batch.title}: {counted(batch.calls, 'call')} in {_where(batch)}")
    place: str | None = ""
    for number, item in enumerate(batch.items, start=1):
        if item.region != place:
            place = item.region
            yield from ("", place or "IAM")
        yield from _item_lines(number, item, glyphs)
    yield ""
    yield from labelled("Reaches", reach(batch.blast_radius))
    for words, count in lasting(batch.items).items():
        yield from labelled("Undo", f"{count} × {words}" if len(batch.items) > 1 else words)
    yield from labelled("Needs", ", ".join(batch.permissions))
    yield from _left_lines(batch, refused, stays, glyphs)


def _item_lines(number: int, item: Item, glyphs: Glyphs) -> Iterator[str]:
    """The fix with its calls; of its checks only those that did not pass."""
    yield visible(f"  {number}. {item.plan.title}")
    for call in item.plan.calls:
        yield f"     {visible(aws_command(call))}"
    for warning in item.plan.warnings:
        yield f"     {glyphs.warning} {visible(warning)}"
    odd = [check for check in item.plan.checks if check.state != "passed"]
    for line in checks(odd, glyphs):
        yield f"   {line}"


def _left_lines(
    batch: Batch, refused: Iterable[Refused], stays: Iterable[Stays], glyphs: Glyphs
) -> Iterator[str]:
    lines = [f"{one.item.plan.title}: {one.reason}" for one in refused]
    lines += [f"{left.finding.object.name}: {left.reason}" for left in batch.left_out]
    lines += [f"{one.title}: {one.reason}" for one in stays]
    if lines:
        yield from ("", f"Left out: {len(lines)}")
    for line in lines:
        yield visible(f"  {glyphs.warning} {line}")


def _where(batch: Batch) -> str:
    regions = {item.region for item in batch.items if item.region}
    parts = ["IAM"] if any(item.region is None for item in batch.items) else []
    parts += [counted(len(regions), "region")] if regions else []
    accounts = len(batch.accounts)
    where = " and ".join(parts) or "no region"
    return f"{where}, account {batch.accounts[0]}" if accounts == 1 else f"{where}, {accounts} accounts"
