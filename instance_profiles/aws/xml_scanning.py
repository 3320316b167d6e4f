"""Scanning a page of a listing: a regular expression walks each record once and picks what is wanted.

Four fifths of a page's elements are of no interest, and to make an object of each is what costs. The
expression is compiled from the service model: it takes the members of a record in any order, steps over
every other element, whatever its name, and refuses to match where the answer is not plain. Then the page is
left to `xml_reading`, which is slower and reads the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any, Final

import msgspec

from instance_profiles.aws.xml_reading import Reader, reader_of
from instance_profiles.aws.xml_values import ROOT, VALUES, Pairs, Unusual

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instance_profiles.aws.layouts import Layout

Groups = tuple[str | None, ...]
Path = tuple[str, ...]
"""The members of an answer that lead to a list of records."""


class Record(msgspec.Struct, frozen=True):
    """One item of a list: its pattern, white space after it included, and what to make of the groups."""

    pattern: re.Pattern[str]
    take: Callable[[Groups], Any]


class Scanner(msgspec.Struct, frozen=True):
    """How to scan the answers of one operation: see `scanner_of`."""

    around: Reader
    """Reads what stands around the records."""
    begins: str
    """What every list begins with."""
    opening: re.Pattern[str]
    records: Mapping[str, tuple[Path, Record]]
    """By the tag of the list that they stand in."""

    def read(self, body: bytes) -> dict[str, Any]:
        """The wanted members of a successful answer and its RequestId.

        Raises:
            Unusual: let `xml_reading` read it.
        """
        text = _plain(body)
        around: list[str] = []
        found: dict[str, list[list[Any]]] = {tag: [] for tag in self.records}
        position = 0
        while opening := self._next(text, position):
            around.append(text[position : opening.end()])
            tag, closed = opening.groups()
            position = opening.end()
            items: list[Any] = []
            if not closed:
                position = _scan(self.records[tag][1], text, position, f"</{tag}>", items)
            found[tag].append(items)
        around.append(text[position:])
        answer = self.around.read("".join(around).encode())
        for tag, (path, _) in self.records.items():
            _fill(answer, path, found[tag])
        return answer

    def _next(self, text: str, position: int) -> re.Match[str] | None:
        """Where the next list begins; a plain search comes before the expression, which looks at each tag."""
        begin = text.find(self.begins, position)
        return self.opening.search(text, begin) if begin >= 0 else None


def scanner_of(layout: Layout) -> Scanner:
    """Compile how to scan answers of a layout (query and ec2 protocols)."""
    records = {listed.tag: (path, _record(listed.the_item())) for path, listed in _record_lists(layout)}
    opening = re.compile(f"<({'|'.join(map(re.escape, records))})(?:(/)>|>[^<]*+)")
    begins = f"<{next(iter(records))}" if len(records) == 1 else "<"
    return Scanner(reader_of(layout), begins, opening, records)


def _record_lists(layout: Layout, path: Path = ()) -> Iterator[tuple[Path, Layout]]:
    """The lists that hold the bulk of an answer: the outermost, or the one that is all they hold."""
    for name, member in layout.members.items():
        if layout.whole or member.kind != "list" or member.the_item().kind != "structure":
            continue
        deeper = list(_record_lists(member.the_item(), (*path, name)))
        if len(deeper) == len(member.the_item().members) == 1:
            yield from deeper
        else:
            yield (*path, name), member


def _fill(answer: dict[str, Any], path: Path, found: list[list[Any]]) -> None:
    """Put the records into the lists that were read without them, which stand in the same order."""
    places = list(_places([answer], path))
    if len(places) != len(found):
        raise Unusual("a list of records in another place")
    for holder, items in zip(places, found, strict=True):
        if holder[path[-1]]:
            raise Unusual("something between the records")
        holder[path[-1]] = items


def _places(holders: list[dict[str, Any]], path: Path) -> Iterator[dict[str, Any]]:
    for holder in holders:
        if path[0] in holder:
            if len(path) == 1:
                yield holder
            else:
                yield from _places(holder[path[0]], path[1:])


def _scan(record: Record, text: str, position: int, closing: str, items: list[Any]) -> int:
    """Take the records from a position on; returns where they end, which is where the list is closed."""
    match, take = record.pattern.match, record.take
    while found := match(text, position):
        items.append(take(found.groups()))
        position = found.end()
    if not text.startswith(closing, position):
        raise Unusual("a record out of the ordinary")
    return position


# -- plain answers ---------------------------------------------------------------------------------------

_CONTROLS: Final = bytes(set(range(32)) - {9, 10})
_NOT_UTF_8: Final = re.compile(rb"encoding=(?![\"']utf-8[\"'])", re.IGNORECASE)
_REFERENCE: Final = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#(\d+)|#x([0-9A-Fa-f]+));", re.ASCII)
_NAMED: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_NAMED_ENDS: Final = tuple(f"{name};" for name in _NAMED)


def _plain(body: bytes) -> str:
    """The text of an answer; raises Unusual where a parser must look closer.

    The rare character of each sign is looked for first: the others stand everywhere.
    """
    head = ROOT.match(body)
    if head is None or _NOT_UTF_8.search(body, 0, head.start(1)):
        raise Unusual("another beginning")
    if b"!" in body and b"<!" in body:
        raise Unusual("a comment or CDATA")
    if body.find(b"?", head.end()) >= 0 and body.find(b"<?", head.end()) >= 0:
        raise Unusual("a processing instruction")
    if len(body.translate(None, _CONTROLS)) != len(body):
        raise Unusual("a character that XML does not have, or another end of line")
    try:
        text = body.decode()
    except UnicodeDecodeError as exc:
        raise Unusual("not UTF-8") from exc
    if ("]" in text and "]]>" in text) or "\ufffe" in text or "\uffff" in text:
        raise Unusual("not well-formed")
    if "&" in text:
        _check_references(text)
    return text


def _check_references(text: str) -> None:
    place = text.find("&")
    while place >= 0:
        if not text.startswith(_NAMED_ENDS, place + 1):
            reference = _REFERENCE.match(text[place : place + 13])
            if reference is None:
                raise Unusual("an entity of its own")
            _character(reference)
        place = text.find("&", place + 1)


def _character(reference: re.Match[str]) -> str:
    name, decimal, hexadecimal = reference.groups()
    if name:
        return _NAMED[name]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    if code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000:
        return chr(code)
    raise Unusual("a character that XML does not have")


def _unescaped(text: str) -> str:
    return _REFERENCE.sub(_character, text) if "&" in text else text


# -- patterns of elements --------------------------------------------------------------------------------

_NAME: Final = "[A-Za-z_][A-Za-z0-9_.-]*+"


def _inside(closing: str) -> str:
    """All up to the first closing tag of a name, which is the element's own unless it holds itself."""
    return f"[^<]*+(?:<[^/][^<]*+|</(?!{closing}>)[^<]*+)*+"


def _record(layout: Layout) -> Record:
    name = re.escape(layout.tag)
    if layout.kind != "structure":
        value = _value(layout)
        return Record(
            re.compile(f"<{name}(/>|>[^<]*+</{name}>)[^<]*+"), lambda groups: value(groups[0] or "")
        )
    within, take = _structure(layout, count(1))
    return Record(re.compile(f"<{name}(?:/>|>{within}</{name}>)[^<]*+"), take)


def _structure(layout: Layout, numbers: Iterator[int]) -> tuple[str, Callable[[Groups], dict[str, Any]]]:
    """The pattern of what stands within a structure's element, and how to make the structure of its groups.

    A member that has been met already does not match again (`(?(1)(?!))`): the record is unusual then.
    """
    branches: list[str] = []
    tags: list[str] = []
    plain: list[tuple[str, int, Callable[[str], Any]]] = []
    nested: list[tuple[str, int, Callable[[Groups], dict[str, Any]]]] = []
    for name, member in layout.members.items():
        tag, group = re.escape(member.tag), next(numbers)
        once = f"{tag}(?=[/>])(?({group})(?!))"
        tags.append(tag)
        if member.kind == "structure":
            within, take_member = _structure(member, numbers)
            branches.append(f"{once}()(?:/>|>{within}</{tag}>)")
            nested.append((name, group - 1, take_member))
        elif member.kind == "list":
            branches.append(f"{once}(/>|>{_inside(tag)}</{tag}>)")
            plain.append((name, group - 1, _list(member)))
        else:
            branches.append(f"{once}(/>|>[^<]*+</{tag}>)")
            plain.append((name, group - 1, _value(member)))
    other = f"other{next(numbers)}"
    of_no_interest = (
        f"(?!(?:{'|'.join(tags)})[/>])(?P<{other}>{_NAME})(?:/>|>{_inside(f'(?P={other})')}</(?P={other})>)"
    )
    pattern = f"[^<]*+(?:<(?:{'|'.join([*branches, of_no_interest])})[^<]*+)*+"

    def take(groups: Groups) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, place, value in plain:
            text = groups[place]
            if text is not None:
                found[name] = value(text)
        for name, place, take_member in nested:
            if groups[place] is not None:
                found[name] = take_member(groups)
        return found

    return pattern, take


def _value(layout: Layout) -> Callable[[str], Any]:
    """From `>text</tag>` or `/>` to a value."""
    value, end = VALUES[layout.kind], -len(layout.tag) - 3
    if layout.kind == "string":
        return lambda text: _unescaped(text[1:end]) if "&" in text else text[1:end]
    return lambda text: value(_unescaped(text[1:end]))


def _list(layout: Layout) -> Callable[[str], Sequence[Any]]:
    """From `>items</tag>` or `/>` to a list."""
    record, closing = _record(layout.the_item()), f"</{layout.tag}>"
    quick = _quick_list(layout.the_item())

    def take(text: str) -> Sequence[Any]:
        if text == "/>":
            return []
        pairs = quick(text)
        if pairs is not None:
            return pairs
        items: list[Any] = []
        _scan(record, text, text.index("<"), closing, items)
        return items

    return take


def _quick_list(item: Layout) -> Callable[[str], Pairs | None]:
    """A list whose items are but two texts in the model's order, as tags are; None where it is not so."""
    if len(item.members) != 2 or any(member.kind != "string" for member in item.members.values()):
        return lambda _: None
    first, second = item.members
    tag = re.escape(item.tag)
    texts = [re.escape(member.tag) for member in item.members.values()]
    inner = "".join(f"<{one}>([^<]*+)</{one}>[^<]*+" for one in texts)
    find = re.compile(f"<{tag}>[^<]*+{inner}</{tag}>").findall
    elements = 2 * (1 + len(texts))

    def take(text: str) -> Pairs | None:
        found = find(text)
        if len(found) * elements + 1 != text.count("<"):
            return None
        if "&" in text:
            found = [(_unescaped(one), _unescaped(other)) for one, other in found]
        return Pairs((first, second), found)

    return take
