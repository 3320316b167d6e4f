"""View 5, named profiles: the chains of roles that the local AWS config describes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from instance_profiles.inventory.chains import walk
from tui.views import rows
from tui.views.node import Node
from tui.views.parts import field_node, group_node

if TYPE_CHECKING:
    from collections.abc import Sequence

    from instance_profiles.inventory.model import NamedProfile
    from tui.store import Store
    from widgets.resource_tree import Row


def roots(store: Store) -> Sequence[Node]:
    names = [profile.ref for profile in store.inventory.named_profiles.values()]
    return [group_node(store, "named", "Named profiles", names, partial(named_profile_nodes, store))]


def named_profile_nodes(store: Store) -> Sequence[Node]:
    ordered = sorted(store.inventory.named_profiles.values(), key=lambda profile: profile.name.casefold())
    return [_named_profile_node(store, profile) for profile in ordered]


def _named_profile_node(store: Store, profile: NamedProfile) -> Node:
    key = f"named/{profile.name}"
    return Node(key, partial(_row, store, profile), profile.ref, partial(_inside, store, key, profile))


def _row(store: Store, profile: NamedProfile) -> Row:
    chain = walk(store.inventory.named_profiles, profile.name)
    facts = " ← ".join([hop.role_arn.rpartition("/")[2] for hop in chain.hops] + [chain.origin])
    return rows.object_row(store, profile.ref, facts)


def _inside(store: Store, key: str, profile: NamedProfile) -> Sequence[Node]:
    chain = walk(store.inventory.named_profiles, profile.name)
    nodes: list[Node] = []
    for number, hop in enumerate(chain.hops):
        seconds = f" for {hop.duration_seconds:,} s" if hop.duration_seconds else ""
        named = store.inventory.named_profiles.get(hop.named_profile)
        ref = named.ref if named and named.name != profile.name else None
        nodes.append(field_node(f"{key}/hop/{number}", "assumes", f"{hop.role_arn}{seconds}", ref))
    nodes.append(field_node(f"{key}/origin", "starts at", chain.origin))
    if profile.region:
        nodes.append(field_node(f"{key}/region", "region", profile.region))
    return nodes
