"""The part of SQL in which people ask a trail: SELECT columns FROM table WHERE ... ORDER BY ... LIMIT n.

Conditions are of comparisons, BETWEEN, IN, LIKE, IS NULL, lower() and upper(), joined by AND, OR, NOT and
parentheses, with NULL as SQL has it. Values are compared as texts, as the columns of a trail are.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NoReturn

Row = Callable[[str], str | None]
"""The value of a column, by its name in small letters."""
Condition = Callable[[Row], bool | None]
Value = Callable[[Row], str | None]

_TOKEN: Final = re.compile(
    r"""\s*(?:
      (?P<text>'(?:[^']|'')*')
    | (?P<uuid>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22,27})
    | (?P<number>\d+)
    | (?P<word>"[^"]+"(?:\."?\w+"?)*|[A-Za-z_]\w*(?:\."?\w+"?)*)
    | (?P<sign><>|!=|<=|>=|[<>=(),*])
    )""",
    re.VERBOSE,
)
_COMPARISONS: Final[dict[str, Callable[[str, str], bool]]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_FUNCTIONS: Final[dict[str, Callable[[str], str]]] = {"lower": str.lower, "upper": str.upper}
_DEEPEST: Final = 50


class SqlError(ValueError):
    """The statement is not of the form that is understood; `at` counts characters from 1."""

    def __init__(self, at: int, found: str) -> None:
        super().__init__(f"line 1:{at}: mismatched input '{found}'")


@dataclass(frozen=True, slots=True)
class Select:
    """`columns` are pairs of a column and its name in the result; all `terms` of WHERE must hold."""

    columns: tuple[tuple[str, str], ...]
    table: str
    terms: tuple[Term, ...] = ()
    order: str = ""
    descending: bool = False
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A condition and the columns that it reads."""

    holds: Condition
    columns: frozenset[str]


def parse(statement: str) -> Select:
    """Read a statement; raises SqlError."""
    return _Parser(statement).select()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


class _Parser:
    def __init__(self, statement: str) -> None:
        self._tokens = _tokens(statement.strip().rstrip(";"))
        self._place = 0
        self._columns: set[str] = set()
        self._depth = 0

    def select(self) -> Select:
        self._expect("select")
        columns = [self._column()]
        while self._took(","):
            columns.append(self._column())
        self._expect("from")
        table = self._next().text.replace('"', "").lower()
        terms = self._terms() if self._took("where") else ()
        order, descending = self._order() if self._took("order") else ("", False)
        limit = int(self._next().text) if self._took("limit") else None
        self._expect("")
        return Select(tuple(columns), table, terms, order, descending, limit)

    def _column(self) -> tuple[str, str]:
        name = self._spelled()
        called = self._spelled() if self._took("as") else name.rpartition(".")[2]
        return name.lower(), called

    def _order(self) -> tuple[str, bool]:
        self._expect("by")
        name = self._name()
        descending = self._took("desc")
        if not descending:
            self._took("asc")
        return name, descending

    def _terms(self) -> tuple[Term, ...]:
        terms = []
        while True:
            self._columns = set()
            terms.append(Term(self._negation(), frozenset(self._columns)))
            if not self._took("and"):
                break
        if not self._is("or"):
            return tuple(terms)
        # AND binds tighter than OR: all that was read is but the first of several alternatives.
        self._columns = set().union(*(term.columns for term in terms))
        first = list(terms)
        holds = self._alternatives(lambda row: _both([term.holds(row) for term in first]))
        return (Term(holds, frozenset(self._columns)),)

    def _any(self) -> Condition:
        return self._alternatives(self._all())

    def _alternatives(self, first: Condition) -> Condition:
        parts = [first]
        while self._took("or"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else lambda row: _either([part(row) for part in parts])

    def _all(self) -> Condition:
        parts = [self._negation()]
        while self._took("and"):
            parts.append(self._negation())
        return parts[0] if len(parts) == 1 else lambda row: _both([part(row) for part in parts])

    def _negation(self) -> Condition:
        if self._took("not"):
            inner = self._negation()
            return lambda row: _turned(inner(row))
        if self._took("("):
            self._depth += 1
            if self._depth > _DEEPEST:
                self._refuse()
            inner = self._any()
            self._expect(")")
            self._depth -= 1
            return inner
        return self._comparison()

    def _comparison(self) -> Condition:
        left = self._value()
        if self._took("is"):
            wanted = not self._took("not")
            self._expect("null")
            return lambda row: (left(row) is None) is wanted
        turned = self._took("not")
        holds = self._relation(left)
        return (lambda row: _turned(holds(row))) if turned else holds

    def _relation(self, left: Value) -> Condition:
        if self._took("between"):
            low = self._value()
            self._expect("and")
            high = self._value()
            return lambda row: _both(
                [_compared(operator.ge, left(row), low(row)), _compared(operator.le, left(row), high(row))]
            )
        if self._took("in"):
            return self._membership(left)
        if self._took("like"):
            pattern = self._value()
            return lambda row: _compared(_is_like, left(row), pattern(row))
        compare = _COMPARISONS.get(self._next().text)
        if compare is None:
            self._refuse(-1)
        right = self._value()
        return lambda row: _compared(compare, left(row), right(row))

    def _membership(self, left: Value) -> Condition:
        self._expect("(")
        listed = [self._value()]
        while self._took(","):
            listed.append(self._value())
        self._expect(")")
        return lambda row: _either([_compared(operator.eq, left(row), one(row)) for one in listed])

    def _value(self) -> Value:
        token = self._next()
        if token.kind == "text":
            text = token.text[1:-1].replace("''", "'")
            return lambda _row: text
        if token.kind == "number":
            return lambda _row: token.text
        if token.kind != "word":
            self._refuse(-1)
        if self._is("("):
            return self._call(token.text.lower())
        name = token.text.replace('"', "").lower()
        self._columns.add(name)
        return lambda row: row(name)

    def _call(self, name: str) -> Value:
        function = _FUNCTIONS.get(name)
        if function is None:
            self._refuse(-1)
        self._expect("(")
        inner = self._value()
        self._expect(")")

        def called(row: Row) -> str | None:
            value = inner(row)
            return None if value is None else function(value)

        return called

    # Tokens

    def _next(self) -> _Token:
        token = self._tokens[self._place]
        if not token.kind:
            self._refuse()
        self._place += 1
        return token

    def _name(self) -> str:
        return self._spelled().lower()

    def _spelled(self) -> str:
        token = self._next()
        if token.kind != "word":
            self._refuse(-1)
        return token.text.replace('"', "")

    def _is(self, text: str) -> bool:
        return self._tokens[self._place].text.lower() == text

    def _took(self, text: str) -> bool:
        found = self._is(text)
        self._place += found
        return found

    def _expect(self, text: str) -> None:
        if not self._is(text):
            self._refuse()
        self._place += 1

    def _refuse(self, step: int = 0) -> NoReturn:
        token = self._tokens[self._place + step]
        raise SqlError(token.at + 1, token.text or "<EOF>")


def _tokens(statement: str) -> list[_Token]:
    tokens = []
    at = 0
    while at < len(statement):
        found = _TOKEN.match(statement, at)
        if found is None or found.lastgroup is None:
            raise SqlError(at + 1, statement[at : at + 10].strip())
        tokens.append(_Token(found.lastgroup, found[found.lastgroup], found.start(found.lastgroup)))
        at = found.end()
    return [*tokens, _Token("", "", len(statement))]


def _compared(compare: Callable[[str, str], bool], left: str | None, right: str | None) -> bool | None:
    return None if left is None or right is None else compare(left, right)


def _is_like(text: str, pattern: str) -> bool:
    return _like(pattern).fullmatch(text) is not None


@lru_cache(maxsize=256)
def _like(pattern: str) -> re.Pattern[str]:
    parts = re.split("(%+|_)", pattern)
    return re.compile(
        "".join(".*" if part.startswith("%") else "." if part == "_" else re.escape(part) for part in parts),
        re.DOTALL,
    )


def _turned(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def _both(answers: list[bool | None]) -> bool | None:
    if False in answers:
        return False
    return None if None in answers else True


def _either(answers: list[bool | None]) -> bool | None:
    if True in answers:
        return True
    return None if None in answers else False
