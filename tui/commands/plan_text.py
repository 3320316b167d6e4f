"""A plan as lines of text: everything a person needs to know to say yes."""

from __future__ import annotations

import sys
import textwrap
from typing import TYPE_CHECKING

from instance_profiles.fixes.command_line import aws_command
from instance_profiles.fixes.differences import changed_lines
from tui.commands.output import visible
from tui.words import counted
from widgets.severity import ASCII, UNICODE, Glyphs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from instance_profiles.fixes.plan import BlastRadius, Check, Plan
    from instance_profiles.inventory.model import ObjectRef

_SHOWN_OBJECTS = 8
_WIDTH = 100


def plan_lines(plan: Plan, glyphs: Glyphs) -> list[str]:
    """The calls, what they reach, when they are felt, what taking them back does, and the checks."""
    lines = [visible(plan.title), visible(f"account {plan.account}, {plan.recipe}"), "", "Calls"]
    for number, call in enumerate(plan.calls, start=1):
        lines.append(f"  {number}. {visible(aws_command(call))}")
    if not plan.calls:
        lines.append("  none")
    lines += ["", *labelled("Reaches", reach(plan.blast_radius))]
    lines += labelled("Felt", plan.delay)
    lines += labelled("Undo", plan.undo)
    lines += labelled("Needs", ", ".join(plan.permissions))
    for diff in plan.diffs:
        lines += [
            "",
            visible(diff.title),
            *(f"  {visible(line)}" for line in changed_lines(diff.before, diff.after)),
        ]
    for note in plan.notes:
        lines += ["", *(f"  {visible(line)}" for line in note.splitlines())]
    lines += [f"{glyphs.warning} {visible(warning)}" for warning in plan.warnings]
    lines += ["", "Checks", *checks(plan.checks, glyphs)]
    return lines


def checks(found: Sequence[Check], glyphs: Glyphs) -> Iterator[str]:
    """One line for each check: glyph, word, name and detail."""
    marks = {"passed": glyphs.done, "failed": glyphs.error, "unknown": glyphs.unknown}
    for check in found:
        detail = f": {check.detail}" if check.detail else ""
        yield f"  {marks[check.state]} {check.state:<7} {visible(check.name + detail)}"


def reach(radius: BlastRadius) -> str:
    """What a change reaches, in words."""
    parts = []
    if radius.instances:
        states = f"{radius.running} running, {radius.stopped} stopped"
        parts.append(f"{counted(len(radius.instances), 'instance')} ({states}): {_names(radius.instances)}")
    if radius.launch_templates:
        number = counted(len(radius.launch_templates), "launch template")
        parts.append(f"{number}: {_names(radius.launch_templates)}")
    if radius.auto_scaling_groups:
        number = counted(len(radius.auto_scaling_groups), "scaling group")
        parts.append(f"{number}: {_names(radius.auto_scaling_groups)}")
    return "; ".join(parts) or "no instance, launch template or scaling group"


def glyphs_for(*, ascii_only: bool) -> Glyphs:
    """The signs that standard output can show."""
    encoding = (sys.stdout.encoding or "ascii").lower().replace("-", "")
    return ASCII if ascii_only or not encoding.startswith("utf") else UNICODE


def _names(refs: Sequence[ObjectRef]) -> str:
    shown = [ref.name if ref.name == ref.id else f"{ref.name} ({ref.id})" for ref in refs[:_SHOWN_OBJECTS]]
    more = [f"and {len(refs) - _SHOWN_OBJECTS} more"] if len(refs) > _SHOWN_OBJECTS else []
    return ", ".join(shown + more)


def labelled(label: str, text: str) -> list[str]:
    """A text with its label in front, in as many lines as it needs; none where it is empty."""
    if not text:
        return []
    return textwrap.wrap(
        visible(text),
        _WIDTH,
        initial_indent=f"{label:<9}",
        subsequent_indent=" " * 9,
        break_long_words=False,
        break_on_hyphens=False,
    )
