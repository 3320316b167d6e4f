"""Nodes that are made when they are looked at, and the tree that hands them to the widget."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from instance_profiles.inventory.model import ObjectRef
    from tui.marks import Marks
    from widgets.resource_tree import Row


class Member(NamedTuple):
    """One thing below a heading, as its row shows it; `ref` is None where it is no object."""

    ref: ObjectRef | None
    row: Row


@dataclass(frozen=True, slots=True)
class Node:
    """One place in a tree. `key` is unique in the tree and the same after every load.

    `draw` makes the row when it comes into sight, `children` the nodes below when it is opened; None means
    that there are none. `finding` is set where the place stands for one finding rather than for an object,
    `rule` where it stands for one rule; `members` are the things below a heading that may be in trouble.
    """

    key: str
    draw: Callable[[], Row]
    ref: ObjectRef | None = None
    children: Callable[[], Sequence[Node]] | None = None
    finding: str | None = None
    rule: str | None = None
    members: Callable[[], Sequence[Member]] | None = None


class Tree:
    """A view of the inventory as the tree widget wants it (`widgets.resource_tree.TreeSource`)."""

    def __init__(self, make_roots: Callable[[], Sequence[Node]], marks: Marks | None = None) -> None:
        self._make_roots = make_roots
        self._marks = marks
        self._keep: Callable[[ObjectRef], bool] | None = None
        self._nodes: dict[str, Node] = {}
        self._children: dict[str, tuple[str, ...]] = {}
        self._roots: tuple[str, ...] | None = None
        self._whole: set[str] = set()
        self._kept: dict[str, bool] = {}

    def changed(self) -> None:
        """The data behind the tree changed: forget what was made from it."""
        self._nodes.clear()
        self._children.clear()
        self._whole.clear()
        self._kept.clear()
        self._roots = None

    def narrow(self, keep: Callable[[ObjectRef], bool] | None) -> None:
        """Show only objects that `keep` wants, what contains them and what they contain; None shows all."""
        self._keep = keep
        self.changed()

    @property
    def is_narrowed(self) -> bool:
        return self._keep is not None

    def node(self, key: str | None) -> Node | None:
        return self._nodes.get(key) if key else None

    def roots(self) -> Sequence[str]:
        if self._roots is None:
            self._roots = self._register(self._make_roots(), whole=False)
        return self._roots

    def children(self, key: str) -> Sequence[str]:
        known = self._children.get(key)
        if known is None:
            node = self._nodes[key]
            made = node.children() if node.children else ()
            known = self._children[key] = self._register(made, whole=key in self._whole)
        return known

    def has_children(self, key: str) -> bool:
        return self._nodes[key].children is not None

    def row(self, key: str) -> Row:
        row = self._nodes[key].draw()
        return replace(row, marked=True) if self._marks and self._is_marked(key, self._marks) else row

    def markable(self, key: str) -> list[Node]:
        """What marking a place marks: its object or finding, or everything that a rule finds and is shown."""
        node = self._nodes[key]
        if node.rule is not None:
            return [self._nodes[child] for child in self.children(key)]
        return [node] if node.ref is not None else []

    def _is_marked(self, key: str, marks: Marks) -> bool:
        """A rule is marked where all that it finds is."""
        below = self.markable(key)
        return bool(below) and all(marks.holds(one) for one in below)

    def keys_to_open(self) -> Iterator[str]:
        """Every place that has to be open for each kept object to be in sight."""
        if self._keep is None:
            return
        stack = list(self.roots())
        while stack:
            key = stack.pop()
            if key in self._whole or not self.has_children(key):
                continue
            yield key
            stack.extend(self.children(key))

    def path_to(self, ref: ObjectRef) -> tuple[str, ...]:
        """The keys from a root down to the first place of an object; empty where the tree has none.

        Breadth first, so that an object's own row is found before a mention of it further down.
        """
        level: list[tuple[str, ...]] = [(key,) for key in self.roots()]
        for _depth in range(4):
            for path in level:
                found = self._nodes[path[-1]].ref
                if found is not None and (found.kind, found.account, found.region, found.id) == (
                    ref.kind,
                    ref.account,
                    ref.region,
                    ref.id,
                ):
                    return path
            level = [(*path, key) for path in level for key in self.children(path[-1])]
        return ()

    def _register(self, nodes: Sequence[Node], *, whole: bool) -> tuple[str, ...]:
        """Remember nodes by key; below a kept object (`whole`) everything stays."""
        keys = []
        for node in nodes:
            if whole:
                self._whole.add(node.key)
            elif self._keep is not None and not self._is_kept(node):
                continue
            self._nodes[node.key] = node
            keys.append(node.key)
        return tuple(keys)

    def _is_kept(self, node: Node) -> bool:
        known = self._kept.get(node.key)
        if known is None:
            if node.ref is not None and self._keep is not None and self._keep(node.ref):
                self._whole.add(node.key)
                known = True
            else:
                known = any(self._is_kept(child) for child in (node.children() if node.children else ()))
            self._kept[node.key] = known
        return known
