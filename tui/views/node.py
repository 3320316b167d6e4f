"""Nodes that are made when they are looked at, and the tree that hands them to the widget."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from instance_profiles.findings.scope import judged
from tui.listings import Keys, template_name
from widgets.resource_tree import SiblingKeys

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from instance_profiles.inventory.model import ObjectRef
    from tui.marks import Marks
    from tui.narrowing import Narrowing
    from tui.troubled import Troubled
    from widgets.resource_tree import Row


@dataclass(frozen=True, slots=True)
class Node:
    """One place in a tree. `key` is unique in the tree and the same after every load.

    `draw` makes the row when it comes into sight, `children` what is below when it is opened; None means
    that there is nothing. `finding` is set where the place stands for one finding rather than for an object,
    `rule` where it stands for one rule; `troubled` tells what is in trouble below a heading.
    """

    key: str
    draw: Callable[[], Row]
    ref: ObjectRef | None = None
    children: Callable[[], Children] | None = None
    finding: str | None = None
    rule: str | None = None
    troubled: Callable[[], Troubled] | None = None


@dataclass(frozen=True, slots=True)
class Many:
    """A long list of nodes, each made when it comes into sight.

    `keys` are those below `under`, with one more name each; `make` gets that name and may find that there is
    nothing of it any more. `opens` says whether there is something below each. `kept` are the names that
    stay when the tree is narrowed, `whole` those that stay for themselves and not for what is below them.
    """

    under: str
    keys: Keys
    make: Callable[[str], Node | None]
    opens: bool
    kept: Callable[[Narrowing], Collection[str]]
    whole: Callable[[Narrowing], Collection[str]]


_FREED = 1_000
"""Entries that are freed between two pauses."""
_KEPT_KINDS = frozenset(
    ("instance-profile", "role", "instance", "association", "launch-template", "auto-scaling-group")
)
"""Objects whose changes an inventory tells."""

Children: TypeAlias = "Sequence[Node] | Many"


class Tree:
    """A view of the inventory as the tree widget wants it (`widgets.resource_tree.TreeSource`).

    `made` counts the nodes made so far: no more may be made than are looked at. What was made of an object
    is kept until that changes; headings, findings and what else belongs to no object are made anew.
    """

    def __init__(self, make_roots: Callable[[], Sequence[Node]], marks: Marks | None = None) -> None:
        self.made = 0
        self._make_roots = make_roots
        self._marks = marks
        self._keep: Narrowing | None = None
        self._whole: set[str] = set()
        self._whole_lists: set[str] = set()
        self._kept: dict[str, bool] = {}
        self._looked_into: dict[str, Children] = {}
        """What is below a place that stays for that, until it is opened."""
        self._nodes: dict[str, Node] = {}
        self._children: dict[str, Sequence[str]] = {}
        self._many: dict[str, Many] = {}
        self._roots: Sequence[str] | None = None
        self._owners: dict[str, tuple[str, ...]] = {}
        self._above: dict[str, str] = {}
        self._of_object: dict[str, list[str]] = {}
        self._loose: set[str] = set()
        self._before: tuple[dict[str, Node], dict[str, Many]] = ({}, {})
        self._litter: list[dict[str, Any]] = []

    def changed(self, ids: frozenset[str] | None = None) -> None:
        """The data behind the tree changed, of the objects with these ids or (None) of all.

        Who still shows what was there before gets it until the next change.
        """
        if ids is None or self._keep is not None:
            before = (self._nodes, self._many) if self._nodes else self._before
            self._throw_away(self._before[0], self._children, self._owners, self._above, self._of_object)
            self._forget()
            self._before = before
            return
        loose, self._loose = self._loose, set()
        dropped: dict[str, Node] = {}
        for keys in (loose, *(self._of_object.pop(name, ()) for name in ids)):
            for key in keys:
                self._drop(key, dropped)
        self._before = (dropped, self._many)
        self._many = {}
        self._roots = None

    def _forget(self) -> None:
        self._nodes, self._many, self._roots = {}, {}, None
        self._children, self._owners, self._above, self._of_object = {}, {}, {}, {}
        self._loose = set()
        self._whole.clear()
        self._whole_lists.clear()
        self._kept.clear()
        self._looked_into.clear()

    def tidy(self) -> Iterator[None]:
        """Free what was thrown away, in small steps: all at once it would hold keys up."""
        while self._litter:
            for _ in range(min(_FREED, len(self._litter[-1]))):
                self._litter[-1].popitem()
            if not self._litter[-1]:
                self._litter.pop()
            yield

    def _throw_away(self, *kept: dict[str, Any]) -> None:
        self._litter += [one for one in kept if len(one) > _FREED]

    def _drop(self, key: str, dropped: dict[str, Node]) -> None:
        node = self._nodes.pop(key, None)
        if node is not None:
            dropped[key] = node
        self._children.pop(key, None)
        self._children.pop(self._above.pop(key, ""), None)
        self._owners.pop(key, None)

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
            many = self._many_at(under)
            known = many.make(name) if many is not None else None
            if known is not None:
                self._note(known, under)
        return known or self._before[0].get(key)

    def _many_at(self, under: str) -> Many | None:
        return self._many.get(under) or self._before[1].get(under)

    def roots(self) -> Sequence[str]:
        if self._roots is None:
            self._roots = self._register(self._make_roots(), "", whole=False)
        return self._roots

    def children(self, key: str) -> Sequence[str]:
        known = self._children.get(key)
        if known is None:
            node = self.node(key)
            if node is None:
                return ()  # perhaps not yet: nothing would tell when it comes
            made = self._looked_into.pop(key, None)
            if made is None:
                made = node.children() if node.children else ()
            known = self._children[key] = self._register(made, key, whole=self._is_whole(key))
        return known

    def has_children(self, key: str) -> bool:
        node = self._nodes.get(key)
        if node is None and (many := self._many_at(key.rpartition("/")[0])) is not None:
            return many.opens
        node = node or self._before[0].get(key)
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

    def leads_to_wanted(self, keys: Sequence[str], places: range) -> list[int]:
        """Which places have to be open for what is wanted below them to be in sight."""
        many = self._many_at(keys.under) if isinstance(keys, Keys) else None
        if not isinstance(keys, Keys) or many is None or self._keep is None:
            shown = ((place, keys[place]) for place in places)
            return [place for place, key in shown if self.has_children(key) and not self._is_whole(key)]
        if not many.opens or many.under in self._whole_lists:
            return []
        whole, names = many.whole(self._keep), keys.names(places)
        return [place for place, name in zip(places, names, strict=True) if name not in whole]

    def path_to(self, ref: ObjectRef) -> tuple[str, ...]:
        """The keys from a root down to the own row of an object; empty where the tree has none.

        Headings are looked into, objects are not: of a long list only the row of this id is made.
        """
        level: list[tuple[str, ...]] = [(key,) for key in self.roots()]
        while level:
            for path in level:
                node = self.node(path[-1])
                if node is not None and node.ref is not None and judged(node.ref) == judged(ref):
                    return path
            level = [
                (*path, key)
                for path in level
                if self._is_heading(path[-1])
                for key in self._may_be(ref, self.children(path[-1]))
            ]
        return ()

    def _may_be(self, ref: ObjectRef, keys: Sequence[str]) -> Sequence[str]:
        """Of a long list, the keys that the object would have."""
        if not isinstance(keys, SiblingKeys):
            return keys
        names = (ref.id, template_name(str(ref.region), ref.id))
        return [key for name in names if keys.find(key := f"{keys.under}/{name}") is not None]

    def _is_heading(self, key: str) -> bool:
        node = self._nodes.get(key)
        return node is not None and node.ref is None and node.children is not None

    def _register(self, nodes: Sequence[Node] | Many, under: str, *, whole: bool) -> Sequence[str]:
        """Remember nodes by key; below a kept object (`whole`) everything stays."""
        if isinstance(nodes, Many):
            return self._register_many(nodes, whole=whole)
        keys = []
        for node in nodes:
            if whole:
                self._whole.add(node.key)
            elif self._keep is not None and not self._is_kept(node):
                continue
            self._note(node, under)
            keys.append(node.key)
        return keys

    def _note(self, node: Node, under: str) -> None:
        """Keep a node, with what it rests on: the object that it stands for and those it is below of."""
        self.made += 1
        key, ref = node.key, node.ref
        self._nodes[key] = node
        owners = self._owners.get(under, ())
        if ref is not None and ref.kind in _KEPT_KINDS and node.finding is None and ref.id not in owners:
            owners = (*owners, ref.id)
        if not owners:
            self._loose.add(key)
            return
        self._owners[key] = owners
        self._above[key] = under
        for name in owners:
            self._of_object.setdefault(name, []).append(key)

    def _register_many(self, many: Many, *, whole: bool) -> Sequence[str]:
        self._many[many.under] = many
        if whole:
            self._whole_lists.add(many.under)
        return many.keys if whole or self._keep is None else many.keys.kept(many.kept(self._keep))

    def _is_whole(self, key: str) -> bool:
        """Whether everything below a place stays, because the place itself is wanted."""
        if self._keep is None or key in self._whole:
            return self._keep is not None
        under, _, name = key.rpartition("/")
        many = self._many.get(under)
        return many is not None and (under in self._whole_lists or name in many.whole(self._keep))

    def _is_kept(self, node: Node) -> bool:
        known = self._kept.get(node.key)
        if known is None:
            if node.ref is not None and self._keep is not None and self._keep(node.ref):
                self._whole.add(node.key)
                known = True
            else:
                below = node.children() if node.children else ()
                known = self._keeps_any(below)
                if known:
                    self._looked_into[node.key] = below
            self._kept[node.key] = known
        return known

    def _keeps_any(self, below: Sequence[Node] | Many) -> bool:
        if isinstance(below, Many):
            return self._keep is None or below.keys.keeps_any(below.kept(self._keep))
        return any(self._is_kept(child) for child in below)
