"""The answers to "could this caller do it" and "would a launch work" as blocks of a note."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from instance_profiles.fixes.catalogue import RECIPES
from instance_profiles.questions.ability import policy_for, standing
from tui.answers import FIX_STATES, STATES, answer_detail, answer_word, fix_reason, on_words
from tui.words import KIND_WORDS
from widgets.check_list import CheckLine
from widgets.note import Checks, Heading, Paragraph, Section, Way, Ways

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from instance_profiles.fixes.plan import Permission
    from instance_profiles.questions.launch import Launch, Line
    from instance_profiles.questions.needs import FixNeeds
    from tui.answers import Asked
    from widgets.note import Block


def ability_blocks(asked: Asked, lacking: Sequence[Permission]) -> Iterator[Block]:
    """The fixes first, then the actions; `lacking` is what would be granted from here."""
    subject = asked.subject
    kind = KIND_WORDS[subject.kind]
    yield Heading(subject.name, kind, subject.arn or subject.id)
    if not asked.rows:
        yield Paragraph(f"As it is, no fix of this {kind} calls AWS, so that there is nothing to be allowed.")
        return
    yield Checks("Fixes", tuple(_fix_line(asked, fix) for fix in asked.fixes))
    yield Checks("Actions that they need", _action_lines(asked, undo_only=False))
    if any(row.undo_only for row in asked.rows):
        yield Checks("Actions to take them back", _action_lines(asked, undo_only=True))
    yield from _policy(asked.principal, lacking)
    notes = tuple(dict.fromkeys(note for answer in asked.answers.values() for note in answer.notes))
    if notes:
        yield Section("What this rests on", notes)


def launch_blocks(launch: Launch, principal: str, lines: Sequence[Line], *, done: bool) -> Iterator[Block]:
    """The checklist as far as it has come, with the ways to put right what failed."""
    name = launch.instance_profile.rpartition("/")[2]
    where = f"in {launch.region}"
    if launch.launch_template:
        where += f" from launch template {launch.launch_template}, version {launch.version}"
    yield Heading(f"Launch with {name}", where)
    shown = [CheckLine(line.name, line.state, line.detail) for line in lines]
    if not done:
        shown.append(CheckLine("asking AWS", "waiting"))
    yield Checks("What a launch needs", tuple(shown))
    offers = [line for line in lines if line.offers]
    if offers:
        ways = (
            Way("" if number else "f", RECIPES[line.offers[0]].title) for number, line in enumerate(offers)
        )
        yield Ways("Ways to fix it", tuple(ways))
    yield from _policy(principal, [permission for line in lines for permission in line.lacks])


def _fix_line(asked: Asked, fix: FixNeeds) -> CheckLine:
    said = standing(fix, asked.rows, asked.answers)
    state = FIX_STATES.get(said)
    if state is None:
        return CheckLine(fix.title, "waiting")
    return CheckLine(fix.title, state, fix_reason(asked, fix), "")


def _action_lines(asked: Asked, *, undo_only: bool) -> tuple[CheckLine, ...]:
    return tuple(
        _action_line(asked, place) for place, row in enumerate(asked.rows) if row.undo_only == undo_only
    )


def _action_line(asked: Asked, place: int) -> CheckLine:
    row, answer = asked.rows[place], asked.answers.get(place)
    name = f"{row.permission.action} {on_words(row.permission)}"
    if answer is None:
        return CheckLine(name, "waiting")
    state = STATES[answer.decision.decision]
    word = answer_word(answer) if state != "passed" else ""
    return CheckLine(name, state, answer_detail(row, answer), word)


def _policy(principal: str, lacking: Sequence[Permission]) -> Iterator[Block]:
    if lacking:
        policy, place = policy_for(principal, lacking)
        where = f"What is missing, for {place}" if place else "What is missing"
        yield Section(where, tuple(json.dumps(statement) for statement in policy["Statement"]))
