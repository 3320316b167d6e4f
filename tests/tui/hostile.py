"""An estate whose names and tags try to act on the terminal, and the load that brings it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from instance_profiles.inventory.model import Batch
from instance_profiles.inventory.sources import LAUNCH_TEMPLATE_VERSIONS
from tests.findings.estate import EU, TRUSTS_RDS, US, Estate, deleted
from tests.widgets.conftest import HOSTILE

if TYPE_CHECKING:
    from instance_profiles.inventory.model import LoadEvent

NAMES = [
    *(name for name in HOSTILE if "\ud800" not in name),
    "[/foo]",
    "[bold]prod[/bold]",
    "[@click=app.quit]x",
]
"""What AWS lets into a tag is less; but a proxy, or another back end, may send anything."""


def hostile_events() -> list[LoadEvent]:
    """What a load of it yields: each name as role, instance profile, instance, tag, template and cause."""
    estate = Estate(EU, US)
    for number, name in enumerate(NAMES):
        unique = f"{name}{number}"
        role = estate.role(unique, TRUSTS_RDS)
        profile = estate.profile(unique, role, tags={name: name})
        estate.profile(f"{unique} empty")
        instance = estate.instance(unique, profile)
        estate.association(instance, profile)
        estate.instance(f"{unique} bare")
        estate.instance(f"{unique} gone", deleted(unique))
        estate.template(unique, unique)
        estate.named(unique or "empty", role_arn=f"arn:aws:iam::1:role/{name}", source_profile=unique)
    estate.state(LAUNCH_TEMPLATE_VERSIONS, "denied", US, "".join(NAMES)[:2000])
    events = [event for stream in estate.events() for event in stream]
    return [_tagged(event) for event in events]


def _tagged(event: LoadEvent) -> LoadEvent:
    """The same, with every tag value also as a tag key."""
    if not isinstance(event, Batch):
        return event
    objects = tuple(
        msgspec.structs.replace(item, tags={**item.tags, **{value: value for value in item.tags.values()}})
        if getattr(item, "tags", None)
        else item
        for item in event.objects
    )
    return msgspec.structs.replace(event, objects=objects)
