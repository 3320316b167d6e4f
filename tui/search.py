"""Finding objects by what a person types: names, ids, ARNs and tags, forgiving of small mistakes.

The text of all objects lies in blocks of some hundred kilobytes, which are looked through at the speed of
memory; everything is done in small steps, between which keys have their turn.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from functools import partial
from itertools import chain
from os.path import commonprefix
from typing import TYPE_CHECKING, cast

from rapidfuzz import fuzz, process

from instance_profiles.findings.scope import judged
from instance_profiles.inventory.model import (
    Association,
    AutoScalingGroup,
    Caller,
    Instance,
    InstanceProfile,
    LaunchConfiguration,
    LaunchTemplateVersion,
    NamedProfile,
    Role,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from instance_profiles.inventory.inventory import Inventory
    from instance_profiles.inventory.model import Object
    from tui.verdicts import Group

    Searchable = (
        Instance
        | Association
        | InstanceProfile
        | Role
        | LaunchTemplateVersion
        | AutoScalingGroup
        | LaunchConfiguration
        | NamedProfile
        | Caller
    )
    Found = dict[Group, AbstractSet[str]]

FUZZY_CUTOFF = 80
"""Below this likeness of rapidfuzz (0 to 100), what is found surprises more than it helps."""
_SIMILAR = 50
"""So many of similar names are shown at most."""
_BLOCK = 1_000
"""Objects in one block of text."""
_STEP = 100
"""Objects whose text is made between two pauses."""
_MANY_HITS = 200
"""Where a word stands more often in a block, the texts are looked at one by one."""
_MANY_FRESH = 500
"""After so many changes of one list its blocks are made anew."""

_KINDS: dict[type, str] = {
    Instance: "instance",
    Association: "association",
    InstanceProfile: "instance-profile",
    Role: "role",
    LaunchTemplateVersion: "launch-template",
    AutoScalingGroup: "auto-scaling-group",
    LaunchConfiguration: "launch-configuration",
}


class _Block:
    """The texts of some objects one after the other; `starts` tells where each begins, and the end."""

    def __init__(self, names: list[str], texts: list[str]) -> None:
        self.names = names
        self.text = "\0".join(texts)
        self.starts = array("L", [0])
        for text in texts:
            self.starts.append(self.starts[-1] + len(text) + 1)
        lines = zip(*(text.split("\n") for text in texts), strict=False)
        self.common = "\n".join(map(commonprefix, lines))
        """What all texts have in common: how each of their lines begins, as ARNs of a region do."""

    def with_all(self, words: list[str]) -> Sequence[str]:
        """The names of the objects in whose text each of the words stands."""
        text, starts = self.text, self.starts
        words = [word for word in words if word not in self.common]
        if not words:
            return self.names
        first, *further = words
        few: list[str] = []
        hits, at = 0, text.find(first)
        while at >= 0:
            hits += 1
            if hits > _MANY_HITS:
                return self._each_with_all(words)
            place = bisect_right(starts, at) - 1
            begin, end = starts[place], starts[place + 1]
            if all(text.find(word, begin, end) >= 0 for word in further):
                few.append(self.names[place])
            at = text.find(first, end)
        return few

    def _each_with_all(self, words: list[str]) -> list[str]:
        """The same, where going from one place to the next would take longer than looking at each text."""
        first, *further = words
        texts = self.text.split("\0")
        if not further:
            return [name for name, one in zip(self.names, texts, strict=True) if first in one]
        return [
            name
            for name, one in zip(self.names, texts, strict=True)
            if first in one and all(word in one for word in further)
        ]

    def titles(self) -> list[str]:
        """What each object is called: the first line of its text."""
        return [text.partition("\n")[0] for text in self.text.split("\0")]


class _Shelf:
    """One list of the inventory: its blocks, what is still to be put into them, and what changed since."""

    def __init__(self, items: Iterable[Searchable]) -> None:
        self.blocks: list[_Block] = []
        self.names: frozenset[str] = frozenset()
        """Of all blocks; what finds all of them has nothing to put together."""
        self.fresh: dict[str, str | None] = {}
        """The text of what came, changed or went (None) after its block was made, by id."""
        self._waiting = list(items)
        self._names: list[str] = []
        self._texts: list[str] = []

    def fill(self) -> Iterator[None]:
        """Go on making blocks where that was left off, in small steps."""
        while self._waiting:
            for item in self._waiting[-_STEP:]:
                name, text = _name_and_text(item)
                self._names.append(name)
                self._texts.append(text)
            del self._waiting[-_STEP:]
            if len(self._names) >= _BLOCK or not self._waiting:
                self.blocks.append(_Block(self._names, self._texts))
                self._names, self._texts = [], []
            if not self._waiting:
                self.names = frozenset(chain.from_iterable(block.names for block in self.blocks))
            yield

    def with_all(self, words: list[str]) -> Generator[None, None, AbstractSet[str]]:
        """The names of the objects in whose text each of the words stands, in small steps."""
        parts: list[Sequence[str]] = []
        for block in self.blocks:
            parts.append(block.with_all(words))
            yield
        is_all = all(part is block.names for part, block in zip(parts, self.blocks, strict=True))
        found = self.names if is_all else frozenset(chain.from_iterable(parts))
        if not self.fresh:
            return found
        fresh = {name for name, text in self.fresh.items() if text and all(word in text for word in words)}
        return (found - self.fresh.keys()) | fresh

    def titles(self) -> Iterator[tuple[list[str], list[str]]]:
        """What the objects are called, as lists of names and of titles."""
        for block in self.blocks:
            names, titles = block.names, block.titles()
            if not self.fresh.keys().isdisjoint(names):
                pairs = zip(names, titles, strict=True)
                kept = {name: title for name, title in pairs if name not in self.fresh}
                names, titles = list(kept), list(kept.values())
            yield names, titles
        fresh = {name: text.partition("\n")[0] for name, text in self.fresh.items() if text}
        yield list(fresh), list(fresh.values())


class SearchIndex:
    """What can be typed to find each object of an inventory, in step with it from the first search on."""

    def __init__(self, inventory: Inventory) -> None:
        self.inventory = inventory
        self._shelves: dict[Group, _Shelf] = {}
        inventory.watch(self._changed)

    def __len__(self) -> int:
        """How many objects can be found."""
        few = len(self.inventory.named_profiles) + len(self.inventory.callers)
        return few + sum(len(items()) for items in self._lists().values())

    def refresh(self) -> Iterator[None]:
        """Make the texts of what is new, in small steps; a search does it as well."""
        for group, items in self._lists().items():
            shelf = self._shelves.get(group)
            if shelf is None:
                shelf = self._shelves[group] = _Shelf(items())
            yield from shelf.fill()

    def find(self, typed: str, found: Found) -> Iterator[None]:
        """Put into `found` the objects in which every typed word stands, in small steps.

        Where `found` is empty after that, those of a similar name.
        """
        yield from self.refresh()
        words = typed.casefold().replace("\0", "").split()
        if not words:
            return
        shelves = [*self._shelves.items(), *self._local().items()]
        for group, shelf in shelves:
            names = yield from shelf.with_all(words)
            if names:
                found[group] = found[group] | names if group in found else names
            yield
        if not found:
            yield from self._find_similar(" ".join(words), shelves, found)

    def _find_similar(self, words: str, shelves: list[tuple[Group, _Shelf]], found: Found) -> Iterator[None]:
        best: list[tuple[float, Group, str]] = []
        for group, shelf in shelves:
            # An association has no name of its own.
            for names, titles in shelf.titles() if group[0] != "association" else ():
                for start in range(0, len(names), _STEP):
                    matches = process.extract(
                        words,
                        titles[start : start + _STEP],
                        scorer=fuzz.WRatio,
                        limit=_SIMILAR,
                        score_cutoff=FUZZY_CUTOFF,
                    )
                    best += [(score, group, names[start + place]) for _, score, place in matches]
                    yield
        best.sort(key=lambda one: -one[0])
        for _, group, name in best[:_SIMILAR]:
            found[group] = found.get(group, frozenset()) | {name}

    def _lists(self) -> dict[Group, Callable[[], Collection[Searchable]]]:
        """Each list of objects that are of one kind and place."""
        inventory = self.inventory
        lists: dict[Group, Callable[[], Collection[Searchable]]] = {}
        for kind, table in (
            ("instance-profile", inventory.instance_profiles),
            ("role", inventory.roles),
            ("instance", inventory.instances),
            ("association", inventory.associations),
            ("launch-template", inventory.launch_template_versions),
            ("auto-scaling-group", inventory.auto_scaling_groups),
            ("launch-configuration", inventory.launch_configurations),
        ):
            for place in table.places():
                account, region = (*map(str, place), None)[:2]
                lists[kind, str(account), region] = partial(table.at, *place)
        return lists

    def _local(self) -> dict[Group, _Shelf]:
        """The named profiles and callers, of which there are few."""
        inventory = self.inventory
        shelves: dict[Group, _Shelf] = {}
        few: list[NamedProfile | Caller] = [*inventory.named_profiles.values(), *inventory.callers.values()]
        for item in few:
            shelf = shelves.setdefault(judged(item.ref)[:3], _Shelf(()))
            name, text = _name_and_text(item)
            shelf.fresh[name] = text
        return shelves

    def _changed(self, old: Object | None, new: Object | None) -> None:
        item = new if new is not None else old
        kind = _KINDS.get(type(item))
        if kind is None or not self._shelves:
            return
        some = cast("Searchable", item)
        group = judged(some.ref)[:3]
        shelf = self._shelves.get(group)
        if shelf is None:
            return
        if isinstance(item, LaunchTemplateVersion) or len(shelf.fresh) >= _MANY_FRESH:
            # Versions share the id of their launch template.
            del self._shelves[group]
        else:
            name, text = _name_and_text(some)
            shelf.fresh[name] = text if new is not None else None


def _name_and_text(item: Searchable) -> tuple[str, str]:
    """The id of an object, and all that it is found by; its name stands in the first line."""
    ref = item.ref
    parts = [ref.name, ref.arn or ref.id]
    if ref.id not in parts[1]:
        parts.append(ref.id)
    parts += _words(item)
    return ref.id, "\n".join(parts).replace("\0", "").casefold()


def _words(item: Searchable) -> Iterator[str]:
    """What is searched beside name, id and ARN."""
    for key, value in (getattr(item, "tags", None) or {}).items():
        yield f"{key}={value}"
    if isinstance(item, Instance):
        yield from (item.private_ip_address or "", item.region)
    elif isinstance(item, NamedProfile):
        yield from (item.role_arn or "", item.source_profile or "")
    elif isinstance(item, Caller):
        yield item.account
