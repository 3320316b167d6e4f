"""What a key is meant for: everything that is marked, or else what the cursor stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.relations import problems_of
from widgets.text import safe

if TYPE_CHECKING:
    from instance_profiles.findings.finding import Finding
    from instance_profiles.inventory.model import ObjectRef
    from tui.marks import Marks
    from tui.store import Store
    from tui.views.node import Node, Tree


def problems_chosen(store: Store, marks: Marks, source: Tree, node: Node | None) -> list[Finding]:
    """What is wrong with what is marked, or else with what is selected."""
    if marks:
        return marks.problems(store)
    if node is None:
        return []
    if node.rule is not None:
        ids = [one.finding for one in source.markable(node.key)]
        return [finding for name in ids if name and (finding := store.finding(name))]
    if node.finding is not None:
        finding = store.finding(node.finding)
        return [finding] if finding else []
    return problems_of(store, node.ref)


def why_no_fix(store: Store, marks: Marks, node: Node | None, problems: list[Finding]) -> str:
    """Why there is nothing that iptui could fix, in a sentence for people."""
    if marks:
        return "Nothing that is marked has a problem that iptui can fix; esc unmarks all."
    if node is None or node.ref is None:
        return "Select an object first; f shows the ways to fix it."
    if problems:
        return "iptui has no fix for this; the Problem tab says what can be done."
    if store.picture is not None:
        return "Wait a moment: what was wrong the last time is judged anew."
    if store.loading and store.loaded_at is None:
        return f"Still reading; nothing wrong was seen with {safe(node.ref.name, 60)} so far."
    return f"Nothing is wrong with {safe(node.ref.name, 60)}."


def refs_chosen(marks: Marks, node: Node | None) -> list[ObjectRef]:
    return marks.refs() or ([node.ref] if node is not None and node.ref is not None else [])
