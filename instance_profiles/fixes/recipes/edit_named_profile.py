"""R19: put one value of a named profile in the local AWS config right, where it is certain which.

Only the file it would edit is read to make the plan, so that the plan can show the very change.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import msgspec

from instance_profiles.fixes import calls, config_edit, config_text
from instance_profiles.fixes.assemble import assemble
from instance_profiles.fixes.conditions import ConfigFileIs, NamedProfileSets
from instance_profiles.fixes.plan import CannotPlan, Diff, Plan, Step
from instance_profiles.fixes.recipe import Candidate, Need, Recipe
from instance_profiles.inventory.chains import SESSION_LIMIT, walk, whole_seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from instance_profiles.fixes.situation import Situation
    from instance_profiles.inventory.chains import Hop
    from instance_profiles.inventory.model import NamedProfile

SHORTEST = 900
CREDENTIAL_SOURCES = ("Environment", "Ec2InstanceMetadata", "EcsContainer")


class _Edit(msgspec.Struct, frozen=True):
    """A key of a named profile and its value to be; None takes the key out."""

    named_profile: str
    key: str
    value: str | None
    warning: str = ""
    adds: bool = False
    """The key is not there yet."""

    @property
    def title(self) -> str:
        if self.value is None:
            return f"Take {self.key} out of named profile {self.named_profile}"
        return f"Set {self.key} of named profile {self.named_profile} to {self.value}"


def build(situation: Situation, answers: Mapping[str, str]) -> Plan:
    rule = situation.finding.rule
    finder = _EDITS.get(rule)
    if finder is None:
        raise CannotPlan(
            f"Nobody but you can tell which edit is right for {rule}; open {config_edit.config_file()} and "
            f"correct the named profile {situation.subject.name}."
        )
    edit = finder(situation, answers)
    path = config_edit.config_file()
    text, edited = _texts(path, edit)
    step = _step(path, text, edit)
    return assemble(
        RECIPE,
        situation,
        title=edit.title,
        steps=(step,),
        verify=step.after,
        warnings=_still_broken(situation, edit),
        diffs=(Diff(str(path), text, edited),),
        delay="At once, for every program that reads the file from now on.",
        undo="Puts it back as it was; a backup of the file is kept beside it as well.",
    )


def choices(situation: Situation, key: str) -> tuple[Candidate, ...]:
    rule = situation.finding.rule
    if rule == "chain-duration-over-1h" and key == "duration":
        return (Candidate(str(SESSION_LIMIT), "1 hour", "the most that role chaining allows"),)
    if rule == "chain-duration-over-1h" and key == "name":
        return _roots(situation)
    if rule in ("duration-over-role-max", "duration-invalid") and key == "duration":
        most = _most_allowed(situation)
        return (Candidate(str(most), f"{most} s", "the longest that its role is known to give"),)
    if rule in _SOURCE_RULES and key == "name":
        return tuple(Candidate(name, name, fit=near) for name, near in _sources(situation, _at(situation)))
    if rule == "chain-both-sources" and key == "name":
        at = _at(situation)
        return (
            Candidate(str(at.source_profile), str(at.source_profile), "keeps source_profile", fit=False),
            Candidate(
                str(at.credential_source), str(at.credential_source), "keeps credential_source", fit=False
            ),
        )
    return ()


def _shorter_session(situation: Situation, answers: Mapping[str, str]) -> _Edit:
    hop = _long_hop(situation)
    if "name" in answers:
        return _rooted(situation, hop, answers["name"])
    asked = answers.get("duration", str(SESSION_LIMIT))
    seconds = whole_seconds(asked)
    if seconds is None or not SHORTEST <= seconds <= SESSION_LIMIT:
        raise CannotPlan(
            f"{asked} will not do: role chaining allows sessions of {SHORTEST} to {SESSION_LIMIT} seconds.",
            "duration",
        )
    return _Edit(hop.named_profile, "duration_seconds", str(seconds))


def _long_hop(situation: Situation) -> Hop:
    """The AssumeRole call that asks for more than an hour; raises CannotPlan."""
    known, name = situation.inventory.named_profiles, situation.subject.name
    if name not in known:
        raise CannotPlan(f"There is no named profile {name} any more; reload and look again.")
    hops = [hop for hop in walk(known, name).hops if (hop.duration_seconds or 0) > SESSION_LIMIT]
    hop = next((hop for hop in hops if hop.named_profile == name), hops[0] if hops else None)
    if hop is None:
        raise CannotPlan(f"No duration_seconds behind {name} is over 1 hour any more; reload and look again.")
    return hop


def _rooted(situation: Situation, hop: Hop, name: str) -> _Edit:
    """Take the credentials from where the role is not chained, so that its own maximum counts."""
    if name not in {one.value for one in _roots(situation)}:
        raise CannotPlan(
            f"With {name} as its source the role of {hop.named_profile} would be chained still, or not be "
            "assumed at all.",
            "name",
        )
    return _Edit(
        hop.named_profile,
        "source_profile",
        name,
        f"The trust policy of {hop.role_arn} must let the principal behind {name} assume it, and the role "
        f"must allow sessions of {hop.duration_seconds} seconds.",
    )


def _roots(situation: Situation) -> tuple[Candidate, ...]:
    """Named profiles that the role could be assumed from without chaining; never chosen by themselves."""
    known = situation.inventory.named_profiles
    at = known[_long_hop(situation).named_profile]
    if at.source_profile is None:
        return ()
    found = []
    for source in sorted(known):
        chain = walk(_replaced(known, msgspec.structs.replace(at, source_profile=source)), at.name)
        if source != at.source_profile and chain.fault is None and chain.hops[0].chained == "no":
            hint = "not a chained role from there; its trust policy must allow it"
            found.append(Candidate(source, source, hint, fit=False))
    return tuple(found)


def _allowed_session(situation: Situation, answers: Mapping[str, str]) -> _Edit:
    name, most = situation.subject.name, _most_allowed(situation)
    asked = answers.get("duration", str(most))
    seconds = whole_seconds(asked)
    if seconds is None or not SHORTEST <= seconds <= most:
        raise CannotPlan(
            f"{asked} will not do: the role behind {name} is known to give {SHORTEST} to {most} seconds.",
            "duration",
        )
    return _Edit(name, "duration_seconds", str(seconds))


def _most_allowed(situation: Situation) -> int:
    """The longest session that the role behind a named profile is known to give; every role gives an hour."""
    known, name = situation.inventory.named_profiles, situation.subject.name
    hops = walk(known, name).hops if name in known else ()
    if not hops or known[name].duration_seconds is None:
        raise CannotPlan(f"{name} asks for no duration_seconds any more; reload and look again.")
    role = situation.inventory.role_by_arn(hops[0].role_arn)
    # Of a chained role STS gives an hour at most, whatever the role allows.
    allowed = role.max_session_duration if role and hops[0].chained == "no" else None
    return allowed or SESSION_LIMIT


def _existing_source(situation: Situation, answers: Mapping[str, str]) -> _Edit:
    at = _at(situation)
    sources = dict(_sources(situation, at))
    name = answers.get("name") or next((name for name, near in sources.items() if near), None)
    if name is None:
        raise CannotPlan(f"Say which named profile {at.name} should take its credentials from.", "name")
    if name not in sources:
        raise CannotPlan(
            f"{name} cannot be the source of {at.name}: it does not exist or leads back.", "name"
        )
    return _Edit(at.name, "source_profile", name, adds=at.source_profile is None)


def _one_source(situation: Situation, answers: Mapping[str, str]) -> _Edit:
    """Of two sources the one that was named stays."""
    at = _at(situation)
    kept = answers.get("name")
    if kept not in (at.source_profile, at.credential_source):
        raise CannotPlan(
            f"Say which source {at.name} is to keep: the named profile {at.source_profile}, or "
            f"{at.credential_source}.",
            "name",
        )
    gone = "credential_source" if kept == at.source_profile else "source_profile"
    return _Edit(at.name, gone, None)


def _spelled_source(situation: Situation, answers: Mapping[str, str]) -> _Edit:
    at = _at(situation)
    written = at.credential_source or ""
    near = {source.casefold(): source for source in CREDENTIAL_SOURCES}
    meant = difflib.get_close_matches(written.casefold(), near, n=1, cutoff=0.7)
    if not meant:
        raise CannotPlan(
            f"{written} is no credential source, and none is spelled like it; set one of "
            f"{', '.join(CREDENTIAL_SOURCES)} for {at.name} in {config_edit.config_file()}."
        )
    return _Edit(at.name, "credential_source", near[meant[0]])


_EDITS: Mapping[str, Callable[[Situation, Mapping[str, str]], _Edit]] = {
    "chain-duration-over-1h": _shorter_session,
    "duration-over-role-max": _allowed_session,
    "duration-invalid": _allowed_session,
    "chain-source-missing": _existing_source,
    "chain-loop": _existing_source,
    "chain-no-source": _existing_source,
    "chain-source-no-credentials": _existing_source,
    "chain-both-sources": _one_source,
    "chain-bad-credential-source": _spelled_source,
}


_SOURCE_RULES = frozenset(rule for rule, finder in _EDITS.items() if finder is _existing_source)


def _at(situation: Situation) -> NamedProfile:
    """The named profile to put right: the one where the chain breaks, of a loop the one in question."""
    known, name = situation.inventory.named_profiles, situation.subject.name
    if name not in known:
        raise CannotPlan(f"There is no named profile {name} any more; reload and look again.")
    fault = walk(known, name).fault
    if fault is None or fault.id != situation.finding.rule:
        raise CannotPlan(f"The chain behind {name} is another one by now; reload and look again.")
    return known[name if fault.id == "chain-loop" else fault.at]


def _sources(situation: Situation, at: NamedProfile) -> list[tuple[str, bool]]:
    """Named profiles that would make the chain work, those spelled like the missing one first and marked."""
    known = situation.inventory.named_profiles
    good = [
        name
        for name in known
        if walk(_replaced(known, msgspec.structs.replace(at, source_profile=name)), at.name).fault is None
    ]
    near = difflib.get_close_matches(at.source_profile or "", good, n=1, cutoff=0.8)
    return [*((name, True) for name in near), *((name, False) for name in sorted(good) if name not in near)]


def _replaced(known: Mapping[str, NamedProfile], changed: NamedProfile) -> dict[str, NamedProfile]:
    return {**known, changed.name: changed}


def _texts(path: Path, edit: _Edit) -> tuple[str, str]:
    """The file as it is and as it will be; raises CannotPlan."""
    credentials = config_edit.credentials_file()
    try:
        text = config_edit.read(path)
        shadowed = _sets_in_credentials(credentials, edit)
    except config_edit.EditFailed as failed:
        raise CannotPlan(str(failed)) from failed
    if shadowed:
        raise CannotPlan(
            f"{edit.key} of {edit.named_profile} is set in {credentials}, which wins over {path}; "
            "correct it there by hand."
        )
    if not config_text.has_named_profile(text, edit.named_profile):
        raise CannotPlan(f"{path} has no named profile {edit.named_profile} any more; reload and look again.")
    there = config_text.value_of(text, edit.named_profile, edit.key) is not None
    if there is edit.adds:
        state = "sets" if there else "does not set"
        raise CannotPlan(f"{path} {state} {edit.key} of {edit.named_profile} by now; reload.")
    if edit.value is None:
        return text, config_text.without(text, edit.named_profile, edit.key)
    return text, config_text.with_value(text, edit.named_profile, edit.key, edit.value)


def _sets_in_credentials(path: Path, edit: _Edit) -> bool:
    if not path.exists():
        return False
    # Sections of the credentials file have no "profile" before the name.
    text = config_edit.read(path).replace(f"[{edit.named_profile}]", f'[profile "{edit.named_profile}"]')
    return config_text.value_of(text, edit.named_profile, edit.key) is not None


def _step(path: Path, text: str, edit: _Edit) -> Step:
    file = str(path)
    old = config_text.value_of(text, edit.named_profile, edit.key)
    place = config_text.place_of(text, edit.named_profile, edit.key) if edit.value is None else None
    return Step(
        calls.edit_named_profile(file, edit.named_profile, edit.key, edit.value, old, place),
        before=(ConfigFileIs(file, config_edit.digest(text)),),
        after=(NamedProfileSets(file, edit.named_profile, edit.key, edit.value),),
        taken_back=(NamedProfileSets(file, edit.named_profile, edit.key, old),),
        timeout=2.0,
        interval=1.0,
    )


def _still_broken(situation: Situation, edit: _Edit) -> tuple[str, ...]:
    known, name = situation.inventory.named_profiles, situation.subject.name
    fields = {edit.key: edit.value}
    after = _replaced(known, msgspec.structs.replace(known[edit.named_profile], **fields))
    fault = walk(after, name).fault
    return (
        *((edit.warning,) if edit.warning else ()),
        *((f"The chain has another fault after this one: {fault.message}",) if fault else ()),
    )


RECIPE = Recipe(
    name="edit-named-profile",
    number="R19",
    title="Edit the AWS config",
    summary="Changes one value in the local AWS config file; comments, order and everything else stay.",
    needs=(
        Need("duration", "Session length in seconds", optional=True),
        Need("name", "Source named profile", optional=True),
    ),
    build=build,
    choices=choices,
)
