"""What AWS answered about an error, as blocks of a note."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.inquiry import latest
from widgets.asked_lines import Asked, AskedLine
from widgets.policy_sheet import Policy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from instance_profiles.denials.inquiry.step import Step

_MOST_FACTS: Final = 6


def asked_block(steps: Sequence[Step]) -> Asked:
    """The questions so far, each as it stands."""
    return Asked("Asked of AWS", tuple(_line(step) for step in latest(steps)))


def policy_blocks(steps: Sequence[Step]) -> Iterator[Policy]:
    """The policies that were found, with the statement that matters."""
    for step in latest(steps):
        for one in step.documents:
            yield Policy(one.title, one.text, one.note, one.statement)


def _line(step: Step) -> AskedLine:
    facts = step.facts[:_MOST_FACTS]
    if len(step.facts) > _MOST_FACTS:
        facts = (*facts, f"and {len(step.facts) - _MOST_FACTS} more")
    return AskedLine(step.title, step.state, step.words, facts)
