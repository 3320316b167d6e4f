"""Nodes that are made when they are looked at, and the tree that hands them to the widget."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from instance_profiles.findings.scope import judged

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from instance_profiles.inventory.model import ObjectRef
    from tui.marks import Marks
    from tui.narrowing import Narrowing
    from tui.verdicts import Mark
    from widgets.resource_tree import Row

_OPENED = 400
"""A search opens as many places as this at most; beyond it nobody reads on, and the headings say how many."""


class Member(NamedTuple):
    """One thing below a heading that is in trouble; `ref` is None where it is no object."""

    ref: ObjectRef | None
    mark: Mark | None
    draw: Callable[[], Row]


@dataclass(frozen=True, slots=True)
class Node:
    """One place in a tree. `key` is unique in the tree and the same after every load.

    `draw` makes the row when it comes into sight, `children` what is below when it is opened; None means
    that there is nothing. `finding` is set where the place stands for one finding rather than for an object,
    `rule` where it stands for one rule; `members` are the things below a heading that may be in trouble.
    """

    key: str
    draw: Callable[[], Row]
    ref: ObjectRef | None = None
    children: Callable[[], Children] | None = None
    finding: str | None = None
    rule: str | None = None
    members: Callable[[], Sequence[Member]] | None = None


@dataclass(frozen=True, slots=True)
class Many:
    """A long list of nodes, each made when it comes into sight.

    `keys` are those below `under`, with one more name each; `make` gets that name and may find that there is
    nothing of it any more. `opens` says whether there is something below each. `kept` are the names that
    stay when the tree is narrowed, `whole` those that stay for themselves and not for what is below them.
    """

    under: str
    keys: Sequence[str]
    make: Callable[[str], Node | None]
    opens: bool
    kept: Callable[[Narrowing], Collection[str]]
    whole: Callable[[Narrowing], Collection[str]]


Children: TypeAlias = "Sequence[Node] | Many"


class Tree:
    """A view of the inventory as the tree widget wants it (`widgets.resource_tree.TreeSource`).

    `made` counts the nodes made so far: no more may be made than are looked at.
    """

    def __init__(self, make_roots: Callable[[], Sequence[Node]], marks: Marks | None = None) -> None:
        self.made = 0
        self._make_roots = make_roots
        self._marks = marks
        self._keep: Narrowing | None = None
        self._nodes: dict[str, Node] = {}
        self._children: dict[str, Sequence[str]] = {}
        self._many: dict[str, Many] = {}
        self._roots: Sequence[str] | None = None
        self._whole: set[str] = set()
        self._kept: dict[str, bool] = {}

    def changed(self) -> None:
        """The data behind the tree changed: forget what was made from it."""
        self._nodes.clear()
        self._children.clear()
        self._many.clear()
        self._whole.clear()
        self._kept.clear()
        self._roots = None

    def narrow(self, keep: Narrowing | None) -> None:
        """Show only what `keep` wants, what contains it and what it contains; None shows all."""
        self._keep = keep
        self.changed()

    @property
    def is_narrowed(self) -> bool:
        return self._keep is not None

    def node(self, key: str | None) -> Node | None:
        if not key:
            return None
        known = self._nodes.get(key)
        if known is None:
            under, _, name = key.rpartition("/")
            many = self._many.get(under)
            known = many.make(name) if many is not None else None
            if known is not None:
                self.made += 1
                self._nodes[key] = known
        return known

    def roots(self) -> Sequence[str]:
        if self._roots is None:
            self._roots = self._register(self._make_roots(), whole=False)
        return self._roots

    def children(self, key: str) -> Sequence[str]:
        known = self._children.get(key)
        if known is None:
            node = self.node(key)
            made = node.children() if node is not None and node.children else ()
            known = self._children[key] = self._register(made, whole=key in self._whole)
        return known

    def has_children(self, key: str) -> bool:
        node = self._nodes.get(key)
        if node is None and (many := self._many.get(key.rpartition("/")[0])) is not None:
            return many.opens
        return node is not None and node.children is not None

    def row(self, key: str) -> Row:
        node = self.node(key)
        if node is None:
            raise KeyError(key)
        row = node.draw()
        return replace(row, marked=True) if self._marks and self._is_marked(key, self._marks) else row

    def markable(self, key: str) -> list[Node]:
        """What marking a place marks: its object or finding, or everything that a rule finds and is shown."""
        node = self.node(key)
        if node is None:
            return []
        if node.rule is not None:
            return [one for child in self.children(key) if (one := self.node(child)) is not None]
        return [node] if node.ref is not None else []

    def _is_marked(self, key: str, marks: Marks) -> bool:
        """A rule is marked where all that it finds is."""
        below = self.markable(key)
        return bool(below) and all(marks.holds(one) for one in below)

    def keys_to_open(self) -> Iterator[str]:
        """The places that have to be open for the kept objects to be in sight, as far as a person reads."""
        if self._keep is None:
            return
        level, opened = list(self.roots()), 0
        while level and opened < _OPENED:
            below: list[str] = []
            for key in level:
                if key in self._whole or not self.has_children(key):
                    continue
                yield key
                opened += 1
                if opened >= _OPENED:
                    break
                below.extend(self.children(key))
            level = below

    def path_to(self, ref: ObjectRef) -> tuple[str, ...]:
        """The keys from a root down to the own row of an object; empty where the tree has none.

        Headings are looked into, objects are not: of a long list only the row of this id is made.
        """
        level: list[tuple[str, ...]] = [(key,) for key in self.roots()]
        while level:
            for path in level:
                if path[-1].rpartition("/")[2] != ref.id and path[-1] not in self._nodes:
                    continue
                node = self.node(path[-1])
                if node is not None and node.ref is not None and judged(node.ref) == judged(ref):
                    return path
            level = [
                (*path, key)
                for path in level
                if self._is_heading(path[-1])
                for key in self.children(path[-1])
            ]
        return ()

    def _is_heading(self, key: str) -> bool:
        node = self._nodes.get(key)
        return node is not None and node.ref is None and node.children is not None

    def _register(self, nodes: Sequence[Node] | Many, *, whole: bool) -> Sequence[str]:
        """Remember nodes by key; below a kept object (`whole`) everything stays."""
        if isinstance(nodes, Many):
            return self._register_many(nodes, whole=whole)
        keys = []
        for node in nodes:
            self.made += 1
            if whole:
                self._whole.add(node.key)
            elif self._keep is not None and not self._is_kept(node):
                continue
            self._nodes[node.key] = node
            keys.append(node.key)
        return keys

    def _register_many(self, many: Many, *, whole: bool) -> Sequence[str]:
        self._many[many.under] = many
        if whole or self._keep is None:
            if whole:
                self._whole.update(many.keys)
            return many.keys
        kept, cut = many.kept(self._keep), len(many.under) + 1
        keys = [key for key in many.keys if key[cut:] in kept] if kept else []
        own = many.whole(self._keep)
        self._whole.update(key for key in keys if key[cut:] in own)
        return keys

    def _is_kept(self, node: Node) -> bool:
        known = self._kept.get(node.key)
        if known is None:
            if node.ref is not None and self._keep is not None and self._keep(node.ref):
                self._whole.add(node.key)
                known = True
            else:
                known = self._keeps_any(node.children() if node.children else ())
            self._kept[node.key] = known
        return known

    def _keeps_any(self, below: Sequence[Node] | Many) -> bool:
        if isinstance(below, Many):
            if self._keep is None:
                return True
            kept, cut = below.kept(self._keep), len(below.under) + 1
            return bool(kept) and any(key[cut:] in kept for key in below.keys)
        return any(self._is_kept(child) for child in below)
