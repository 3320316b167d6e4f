"""The answers to "could this caller do it" and "would a launch work" in words, as text and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import msgspec

from instance_profiles.denials.permission import Answer
from instance_profiles.inventory.model import ObjectRef
from instance_profiles.questions.ability import grantable, policy_for, standing, why
from instance_profiles.questions.launch import Launch, Line, works
from instance_profiles.questions.needs import FixNeeds, Row, key_of
from tui.words import KIND_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from instance_profiles.fixes.plan import CheckState, Permission
    from widgets.severity import Glyphs

STATES: Final[dict[str, CheckState]] = {"allow": "passed", "deny": "failed", "unknown": "unknown"}
FIX_STATES: Final[dict[str, CheckState]] = {"yes": "passed", "no": "failed", "unknown": "unknown"}
_WORKS: Final = {"passed": "yes", "failed": "no", "unknown": "unknown"}


class Asked(msgspec.Struct, frozen=True):
    """Everything about one question so far; `answers` by the place of their row."""

    principal: str
    subject: ObjectRef
    fixes: tuple[FixNeeds, ...]
    rows: tuple[Row, ...]
    answers: dict[int, Answer]

    @property
    def lacking(self) -> tuple[Permission, ...]:
        """What an Allow would lift."""
        return grantable(self.rows, self.answers)


def on_words(permission: Permission) -> str:
    """The resource in short, and of iam:PassRole to where the role is passed."""
    short = permission.resource.split(":", 5)[-1]
    where = permission.context.get("iam:AssociatedResourceArn", "").split(":")
    if permission.action == "iam:PassRole" and len(where) > 3:
        return f"{short} to EC2" + (f" in {where[3]}" if where[3] != "*" else "")
    return short


def answer_word(answer: Answer) -> str:
    """`allowed`, `denied`, `probably allowed` or `unknown`."""
    if answer.probably:
        return "probably allowed"
    return {"allow": "allowed", "deny": "denied"}.get(answer.decision.decision, "unknown")


def fix_reason(asked: Asked, fix: FixNeeds) -> str:
    """What stands against a fix, or what is not known of it; empty where it is allowed."""
    wanted = {key_of(need) for need in fix.needs}
    mine = [
        (row, asked.answers[place])
        for place, row in enumerate(asked.rows)
        if place in asked.answers and key_of(row.permission) in wanted
    ]
    for said in ("deny", "unknown"):
        found = [(row.permission, answer) for row, answer in mine if answer.decision.decision == said]
        if found:
            permission, answer = found[0]
            more = f", and {len(found) - 1} more" if len(found) > 1 else ""
            return f"{permission.action} {on_words(permission)}: {answer_word(answer)}{more}"
    return f"asked about some of its objects, {fix.left_out} permissions are left out" if fix.left_out else ""


def answer_detail(row: Row, answer: Answer | None) -> str:
    """The recipes that need a row, and what decides its answer."""
    reason = why(answer) if answer else ""
    return ", ".join(row.needed_by) + (f": {reason}" if reason else "")


# -- text --------------------------------------------------------------------------------------------------


def ability_text(asked: Asked, glyphs: Glyphs) -> str:
    """The table as text, with the smallest policy for what is missing."""
    kind = KIND_WORDS[asked.subject.kind]
    lines = [f"Could {asked.principal} fix {kind} {asked.subject.name}?"]
    if not asked.rows:
        return "\n".join(
            [
                *lines,
                "",
                f"  As it is, no fix of this {kind} calls AWS, so that there is nothing to be allowed.",
            ]
        )
    lines += ["", "Fixes", *_text_rows(_fix_rows(asked), glyphs)]
    lines += ["", "Actions that they need", *_text_rows(_action_rows(asked, undo_only=False), glyphs)]
    if any(row.undo_only for row in asked.rows):
        lines += ["", "Actions to take them back", *_text_rows(_action_rows(asked, undo_only=True), glyphs)]
    return "\n".join([*lines, *_missing_lines(asked.principal, asked.lacking), *_notes(asked)])


def launch_text(launch: Launch, principal: str, lines: Sequence[Line], glyphs: Glyphs) -> str:
    """The checklist as text."""
    head = f"Would a launch with {launch.instance_profile} in {launch.region} work for {principal}?"
    rows = [(line.state, {"passed": "yes", "failed": "no"}.get(line.state, "unknown"), line.name, line.detail)
            for line in lines]  # fmt: skip
    lacks = [permission for line in lines for permission in line.lacks]
    offers = [f"  {line.name}: iptui fix, recipe {' or '.join(line.offers)}" for line in lines if line.offers]
    fixes = ["", "Ways to fix it", *offers] if offers else []
    return "\n".join([head, "", *_text_rows(rows, glyphs), *fixes, *_missing_lines(principal, lacks)])


_TextRow = tuple["CheckState", str, str, str]


def _fix_rows(asked: Asked) -> Iterator[_TextRow]:
    for fix in asked.fixes:
        said = standing(fix, asked.rows, asked.answers)
        yield FIX_STATES.get(said, "unknown"), said, fix.title, fix_reason(asked, fix)


def _action_rows(asked: Asked, *, undo_only: bool) -> Iterator[_TextRow]:
    for place, row in enumerate(asked.rows):
        if row.undo_only != undo_only:
            continue
        answer = asked.answers.get(place)
        name = f"{row.permission.action} {on_words(row.permission)}"
        if answer is None:
            yield "unknown", "not asked", name, answer_detail(row, None)
        else:
            state = STATES[answer.decision.decision]
            yield state, answer_word(answer), name, answer_detail(row, answer)


def _text_rows(rows: Iterable[_TextRow], glyphs: Glyphs) -> Iterator[str]:
    listed = list(rows)
    word = max((len(one[1]) for one in listed), default=0)
    name = max((len(one[2]) for one in listed), default=0)
    marks = {"passed": glyphs.done, "failed": glyphs.error, "unknown": glyphs.unknown}
    for state, said, title, detail in listed:
        yield f"  {marks[state]} {said:<{word}}  {title:<{name}}  {detail}".rstrip()


def _missing_lines(principal: str, lacking: Sequence[Permission]) -> Iterator[str]:
    if not lacking:
        return
    policy, place = policy_for(principal, lacking)
    yield ""
    yield f"What is missing; it belongs to {place}:" if place else "What is missing:"
    yield from (f"  {line}" for line in json.dumps(policy, indent=2).splitlines())


def _notes(asked: Asked) -> Iterator[str]:
    notes = dict.fromkeys(note for answer in asked.answers.values() for note in answer.notes)
    if notes:
        yield ""
        yield from notes


# -- JSON --------------------------------------------------------------------------------------------------


def ability_json(asked: Asked) -> dict[str, Any]:
    subject = asked.subject
    policy, place = policy_for(asked.principal, asked.lacking)
    return {
        "schema": "iptui.abilities/1",
        "principal": asked.principal,
        "object": {"kind": subject.kind, "account": subject.account, "region": subject.region,
                   "id": subject.id, "name": subject.name, "arn": subject.arn},
        "fixes": [
            {"recipe": fix.recipe, "title": fix.title, "possible": standing(fix, asked.rows, asked.answers),
             "reason": fix_reason(asked, fix) or None}
            for fix in asked.fixes
        ],
        "actions": [_action_json(row, asked.answers.get(place)) for place, row in enumerate(asked.rows)],
        "policy": policy if asked.lacking else None,
        "attach_to": place if asked.lacking else None,
    }  # fmt: skip


def _action_json(row: Row, answer: Answer | None) -> dict[str, Any]:
    decision = answer.decision if answer else None
    return {
        "action": row.permission.action,
        "resource": row.permission.resource,
        "context": row.permission.context,
        "needed_by": list(row.needed_by),
        "undo_only": row.undo_only,
        "decision": decision.decision if decision else "unknown",
        "effect": decision.effect if decision else None,
        "decided_by": decision.decided_by if decision else None,
        "policies": list(answer.policies) if answer else [],
        "statement": decision.statement if decision else None,
        "missing": list(decision.missing) if decision else [],
        "probably": answer.probably if answer else False,
        "reason": why(answer) if answer else "not asked",
        "engine": answer.engine if answer else None,
    }


def launch_json(launch: Launch, principal: str, lines: Sequence[Line]) -> dict[str, Any]:
    lacks = [permission for line in lines for permission in line.lacks]
    policy, place = policy_for(principal, lacks)
    return {
        "schema": "iptui.launch/1",
        "principal": principal,
        "instance_profile": launch.instance_profile,
        "region": launch.region,
        "launch_template": launch.launch_template,
        "works": _WORKS[works(lines)],
        "checks": [
            {"name": line.name, "state": line.state, "detail": line.detail, "fixes": list(line.offers)}
            for line in lines
        ],
        "policy": policy if lacks else None,
        "attach_to": place if lacks else None,
    }
