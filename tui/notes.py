"""The detail as a note from a good colleague: what it is, what is wrong, what it means, how to fix it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from instance_profiles.findings.catalogue import RULES
from instance_profiles.findings.muting import in_words
from instance_profiles.findings.owner import line as owner_line
from instance_profiles.findings.ownership import owner_of_ref
from instance_profiles.findings.transitions import moving_since
from instance_profiles.fixes.offers import offers
from tui.overviews import overview_of, still_reading
from tui.relations import muted_of, object_of, problems_of
from tui.store import mark_of, ref_key
from tui.words import KIND_WORDS, ago, counted, span
from widgets.note import Block, Fault, Heading, Paragraph, Section, Way, Ways

if TYPE_CHECKING:
    from collections.abc import Sequence

    from instance_profiles.findings.finding import Finding
    from instance_profiles.findings.muting import Muted
    from instance_profiles.inventory.model import Association, ObjectRef
    from tui.narrowing import Narrowing
    from tui.store import Store
    from tui.views.node import Node

FACTS_SHOWN = 8


def note_of(store: Store, node: Node | None, keep: Narrowing | None = None) -> list[Block]:
    """The blocks of the Problem tab for what is selected; under a heading, what `keep` wants."""
    if node is None:
        return []
    if node.ref is None:
        return overview_of(store, node, keep)
    blocks: list[Block] = [Heading(node.ref.name, KIND_WORDS[node.ref.kind], node.ref.arn or node.ref.id)]
    finding = store.finding(node.finding) if node.finding else None
    problems = [finding] if finding else problems_of(store, node.ref)
    for number, problem in enumerate(problems):
        blocks += _problem(store, problem, node.ref, first=number == 0)
    muted = muted_of(store, node.ref)
    if not problems:
        blocks += (
            [Paragraph("Nothing is wrong here that is not muted.")] if muted else _healthy(store, node.ref)
        )
    if muted:
        blocks.append(_muted(muted, node.ref))
    denied = store.denials.of(node.ref) if store.denials else []
    if denied:
        count = sum(group.count for group in denied)
        last = ago(store.clock(), denied[0].last)
        actions = ", ".join(dict.fromkeys(group.action for group in denied))
        line = f"{counted(count, 'denial')} of {actions}, the last {last}; press d for them"
        blocks.append(Section("Recent denials", (line,)))
    owner = owner_of_ref(node.ref, store.inventory)
    facts = (*facts_of(store, node.ref), *((f"owner  {owner_line(owner)}",) if owner else ()))
    if facts:
        blocks.append(Section("Facts", facts))
    return blocks


def _problem(store: Store, finding: Finding, shown: ObjectRef, *, first: bool) -> list[Block]:
    rule = RULES[finding.rule]
    elsewhere = finding.object != shown
    line = rule.title if finding.verdict == "present" else f"{rule.title}: {finding.cause}"
    blocks: list[Block] = [
        Fault(mark_of(finding), line, since=_since(store, finding), source=_source_of(finding)),
        Paragraph(f"{finding.object.name}: {finding.detail}" if elsewhere else finding.detail),
    ]
    if finding.verdict == "unknown":
        return blocks
    if rule.error_texts and first:
        blocks.append(Section("What people see", rule.error_texts[:3]))
    ways = [
        Way(
            "f" if first and position == 0 else "",
            offer.title,
            offer.blocked or "",
            offer.blocked is not None,
        )
        for position, offer in enumerate(offers(finding, store.inventory))
    ]
    if ways:
        blocks.append(Ways("Ways to fix it", tuple(ways)))
    return blocks


def _muted(muted: Sequence[Muted], shown: ObjectRef) -> Section:
    """What is muted stays findable: what it is, who muted it, why, and until when."""
    lines = []
    for one in muted:
        finding = one.finding
        whose = "" if finding.object == shown else f" of {finding.object.name}"
        title = RULES[finding.rule].title
        lines.append(f"{mark_of(finding)}  {title}{whose} ({finding.cause}), {in_words(one.mute)}")
    return Section("Muted", tuple(lines))


def _healthy(store: Store, ref: ObjectRef) -> list[Block]:
    if store.loading:
        return [Paragraph(still_reading(store))]
    naming = store.verdicts.naming(ref_key(ref))
    if naming:
        named = ", ".join(dict.fromkeys(finding.object.name for finding in naming[:5]))
        return [Paragraph(f"Nothing is wrong here. It is mentioned in what is wrong with {named}.")]
    return [Paragraph("Nothing is wrong here.")]


def _since(store: Store, finding: Finding) -> str:
    """How long iptui itself has seen it; AWS tells no times for associations."""
    association = _association(store, finding)
    if association is None:
        return ""
    account, region = association.account, association.region
    since = moving_since(association, store.inventory.instance(account, region, association.instance_id))
    return "at least " + span(max(store.clock() - since, timedelta(0))) if since else ""


def _association(store: Store, finding: Finding) -> Association | None:
    ref = finding.object
    if ref.kind != "association":
        return None
    return store.inventory.associations.get((ref.account, ref.region, ref.id))


def _source_of(finding: Finding) -> str:
    listings = RULES[finding.rule].listings
    return listings[0].partition(":")[2] if listings else ""


def facts_of(store: Store, ref: ObjectRef) -> Sequence[str]:
    """What is known of an object, a line each: `label  value`."""
    from instance_profiles.inventory.model import (
        Association,
        AutoScalingGroup,
        Instance,
        InstanceProfile,
        LaunchTemplateVersion,
        Role,
    )

    now = store.clock()
    item = object_of(store.inventory, ref)
    match item:
        case InstanceProfile():
            role = item.role.role_name if item.role else "none"
            users = counted(len(store.inventory.instances_naming(item)), "instance")
            return (f"id  {item.instance_profile_id}", f"role  {role}", f"used by  {users}",
                    f"made  {ago(now, item.create_date)}")  # fmt: skip
        case Role():
            used = item.last_used.last_used_date if item.last_used else None
            return (
                f"id  {item.role_id}",
                f"last used  {ago(now, used)}",
                f"made  {ago(now, item.create_date)}",
            )
        case Instance():
            profile = item.iam_instance_profile
            options = item.metadata_options
            return (
                f"state  {item.state}, started {ago(now, item.launch_time)}",
                f"instance profile  {profile.name if profile else 'none'}",
                f"metadata  {options.http_endpoint}, tokens {options.http_tokens}"
                if options
                else "metadata  not told",
                *(f"{key}  {value}" for key, value in list(item.tags.items())[:FACTS_SHOWN] if key != "Name"),
            )
        case Association():
            return (f"state  {item.state}", f"instance  {item.instance_id}",
                    f"instance profile  {item.iam_instance_profile.name}")  # fmt: skip
        case LaunchTemplateVersion():
            named = item.iam_instance_profile_arn or item.iam_instance_profile_name or "none"
            return (f"version  {item.version_number}", f"instance profile  {named}")
        case AutoScalingGroup():
            return (f"instances  {len(item.instances)} of {item.desired_capacity} wanted",)
        case _:
            return ()
