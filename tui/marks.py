"""What the person marked: objects, and single findings. It holds across views, searches and loads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.relations import object_of, problems_of
from tui.store import ref_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.finding import Finding
    from instance_profiles.inventory.model import ObjectRef
    from tui.store import RefKey, Store
    from tui.views.node import Node


class Marks:
    """An object is marked wherever it is shown; a finding is marked in the tree by problem alone."""

    def __init__(self) -> None:
        self._objects: dict[RefKey, ObjectRef] = {}
        self._findings: dict[str, ObjectRef] = {}

    def __len__(self) -> int:
        return len(self._objects) + len(self._findings)

    def holds(self, node: Node) -> bool:
        """Whether the place is drawn as marked."""
        if node.finding is not None:
            return node.finding in self._findings
        return node.ref is not None and ref_key(node.ref) in self._objects

    def toggle(self, nodes: Iterable[Node]) -> bool:
        """Mark all of them, or unmark them where all are marked; False where nothing can be marked."""
        markable = [node for node in nodes if node.ref is not None]
        if all(self.holds(node) for node in markable):
            for node in markable:
                self._unmark(node)
        else:
            for node in markable:
                self._mark(node)
        return bool(markable)

    def clear(self) -> None:
        self._objects.clear()
        self._findings.clear()

    def prune(self, store: Store) -> None:
        """Forget what is not there any more: deleted objects, and findings that were fixed."""
        self._findings = {
            name: ref for name, ref in self._findings.items() if store.finding(name) is not None
        }
        self._objects = {key: ref for key, ref in self._objects.items() if _is_there(store, ref)}

    def refs(self) -> list[ObjectRef]:
        """The objects that are marked, themselves or through a finding, each once."""
        found = {ref_key(ref): ref for ref in (*self._objects.values(), *self._findings.values())}
        return list(found.values())

    def problems(self, store: Store) -> list[Finding]:
        """What there is to fix: the marked findings, and those of the marked objects.

        Of an object's own findings, notes only count where nothing is worse; those of what is below it only
        where it has none of its own, as they mostly come of the same fault.
        """
        found: dict[str, Finding] = {}
        for finding_id in self._findings:
            finding = store.finding(finding_id)
            if finding is not None:
                found[finding.id] = finding
        for ref in self._objects.values():
            own = [finding for finding in store.findings_of(ref) if finding.fixes]
            worse = [finding for finding in own if finding.severity != "info"]
            for finding in worse or own or problems_of(store, ref):
                if finding.fixes:
                    found.setdefault(finding.id, finding)
        return list(found.values())

    def _mark(self, node: Node) -> None:
        if node.ref is None:
            return
        if node.finding is not None:
            self._findings[node.finding] = node.ref
        else:
            self._objects[ref_key(node.ref)] = node.ref

    def _unmark(self, node: Node) -> None:
        if node.finding is not None:
            self._findings.pop(node.finding, None)
        elif node.ref is not None:
            self._objects.pop(ref_key(node.ref), None)


def _is_there(store: Store, ref: ObjectRef) -> bool:
    if store.findings_of(ref) or object_of(store.inventory, ref) is not None:
        return True
    return ref.kind == "named-profile" and ref.name in {
        p.name for p in store.inventory.named_profiles.values()
    }
