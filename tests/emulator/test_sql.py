"""The SQL of the emulator: what holds for which row, and what is refused."""

from __future__ import annotations

import pytest

from instance_profiles.emulator.sql import SqlError, parse

ROW = {"name": "AssumeRole", "code": None, "at": "2026-11-27T10:00:00Z", "who.arn": "arn:x", "n": "7"}


def holds(where: str) -> bool:
    select = parse(f"SELECT name FROM t WHERE {where}")
    return all(term.holds(ROW.get) is True for term in select.terms)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("name = 'AssumeRole'", True),
        ("name <> 'AssumeRole'", False),
        ("name != 'x' AND n = 7", True),
        ("at BETWEEN '2026-11-27T09' AND '2026-11-27T11'", True),
        ("at > '2026-11-27T11' OR name = 'AssumeRole'", True),
        ("name = 'x' AND n = 7 OR n = 7", True),
        ("n = 7 OR name = 'x' AND n = 8", True),
        ("(n = 7 OR name = 'x') AND n = 8", False),
        ("name IN ('x', 'AssumeRole')", True),
        ("name NOT IN ('x', 'y')", True),
        ("name LIKE 'Assume%'", True),
        ("name LIKE 'assume%'", False),
        ("lower(name) LIKE '%_merole'", True),
        ("upper(name) = 'ASSUMEROLE'", True),
        ("name NOT LIKE '%Role'", False),
        ("code IS NULL", True),
        ("code IS NOT NULL", False),
        ("code = 'x' OR n = 7", True),
        ("NOT (code = 'x')", False),
        ("code <> 'x'", False),
        ("lower(code) LIKE '%x%'", False),
        ("who.arn = 'arn:x'", True),
        ('"who"."arn" = \'arn:x\'', True),
        ("name = 'it''s'", False),
        ("n >= 7 and n <= 7 and not n < 7", True),
    ],
)
def test_a_condition_holds_as_in_sql(where, expected):
    assert holds(where) is expected


def test_the_parts_of_a_statement():
    select = parse(
        "select a.b AS c, d from \"base\".\"table\" where x = '1' and y = '2' order by d desc limit 9;"
    )
    assert select.columns == (("a.b", "c"), ("d", "d"))
    assert (select.table, select.order, select.descending, select.limit) == ("base.table", "d", True, 9)
    assert [term.columns for term in select.terms] == [{"x"}, {"y"}]


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("SELEC a FROM t", "SELEC"),
        ("DROP TABLE t", "DROP"),
        ("SELECT a FROM t WHERE", "<EOF>"),
        ("SELECT a FROM t WHERE a", "<EOF>"),
        ("SELECT a FROM t WHERE a = ", "<EOF>"),
        ("SELECT a FROM t WHERE a ~ 'b'", "~ 'b'"),
        ("SELECT a FROM t WHERE sleep(a) = 'b'", "sleep"),
        ("SELECT a FROM t; DROP TABLE t", "; DROP TAB"),
        ("SELECT a FROM t LIMIT 5 6", "6"),
        ("SELECT a FROM t WHERE " + "(" * 60 + "a = '1'" + ")" * 60, "("),
    ],
)
def test_anything_else_is_refused_with_the_place(statement, found):
    with pytest.raises(SqlError) as caught:
        parse(statement)
    assert str(caught.value).endswith(f"mismatched input '{found}'")
