"""The work of reading grows with the length of a text and no faster, whatever it is made of.

Counted, not timed: how many functions are called, and how many characters the expressions look at.
"""

from __future__ import annotations

import json
import re
import sys
from re import _parser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instance_profiles.denials.known import KNOWN
from instance_profiles.denials.reading import read
from tests.denials.counting import Looked, counted
from tests.denials.test_corpus import CORPUS
from tests.denials.test_reading import DENIED, PIECES

SMALL = 2_000
TIMES = 4
WHOLE = frozenset({"join", "lower", "replace", "rsplit", "rstrip", "split", "splitlines", "strip"})
"""Methods of texts that go through all of it."""
RECORD = json.dumps({"errorCode": "AccessDenied", "errorMessage": DENIED, "userIdentity": {"arn": "arn:x"}})


def work(text: str, looked: Looked) -> tuple[int, int]:
    """Calls made and characters looked at while a text is read."""
    calls = 0

    def count(_frame: Any, event: str, called: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")
        if event == "c_call" and called.__name__ in WHOLE and isinstance(called.__self__, str):
            looked.characters += len(called.__self__)

    before, held = looked.characters, sys.getprofile()
    sys.setprofile(count)
    try:
        read(text)
    finally:
        sys.setprofile(held)
    return calls, looked.characters - before


def grows_evenly(piece: str, looked: Looked) -> bool:
    """Whether so many times the text is so many times the work; the rest is for what happens once."""
    small, large = (work(piece * (size // len(piece) + 1), looked) for size in (SMALL, SMALL * TIMES))
    return all(much <= 1.6 * TIMES * little + 2_000 for little, much in zip(small, large, strict=True))


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> Looked:
    return counted(monkeypatch)


PARTS = [
    *(
        "User: ",
        "User: \n",
        "is not authorized to perform: ",
        "You are not authorized to perform this operation",
    ),
    *("Encoded authorization failure message: ", '{"errorCode": ', '{"errorCode"\n', f"{RECORD}\n"),
    *("error occurred (AccessDenied) when calling the X operation ", "<Code>AccessDenied</Code>"),
    *(
        "ExpiredToken ",
        "ExpiredToken\n",
        "rate exceeded",
        "policy\n",
        "arn:aws:iam::",
        "arn:",
        "\\\\n",
        "\\u005c",
    ),
    *("\x1b]", "\x1b[", "&amp;", "&#", "│ ", "│\n", "a", " ", "\n", '"', "{", "(", "\u0130", "Instances [["),
    *(
        "Value (",
        "Value (x) for parameter ",
        "The source_profile ",
        "following required service principals [",
    ),
    *("authorization-details/aaaaaaaaaa ", "with an explicit deny in a ", "on resource: ", "because no "),
]


@pytest.mark.parametrize(
    "piece", [*PARTS, f"2026-11-24T03:00:00Z app: AccessDenied: {DENIED}\n", f"{DENIED} "]
)
def test_work_grows_with_the_length(piece, looked):
    assert grows_evenly(piece, looked)


@pytest.mark.parametrize("needle", sorted({known.needle for known in KNOWN}))
def test_the_words_of_a_known_text_alone_make_no_more_work(needle, looked):
    assert grows_evenly(f"{needle} ", looked)
    assert grows_evenly(f"{needle}\n", looked)


def test_the_corpus_over_and_over_makes_no_more_work(looked):
    assert grows_evenly("\n\n".join(message["text"] for message in CORPUS), looked)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.one_of(PIECES, st.sampled_from(PARTS), st.text(max_size=4)), min_size=1, max_size=4))
def test_no_mixture_makes_more_work(pieces):
    with pytest.MonkeyPatch.context() as patch:
        assert grows_evenly("".join(pieces) or "x", counted(patch))


def repeats_in(parsed: Any) -> list[Any]:
    """The repeats without end of an expression that stand within another one."""
    found = []
    for operation, argument in parsed:
        name = str(operation)
        for inner in _inner(argument):
            found += repeats_in(inner)
            if name in ("MAX_REPEAT", "MIN_REPEAT") and argument[1] == _parser.MAXREPEAT:
                found += _endless(inner)
    return found


def _inner(argument: Any) -> list[Any]:
    if isinstance(argument, _parser.SubPattern):
        return [argument]
    if isinstance(argument, list | tuple):
        return [inner for one in argument for inner in _inner(one)]
    return []


def _endless(parsed: Any) -> list[Any]:
    found = []
    for operation, argument in parsed:
        if str(operation) in ("MAX_REPEAT", "MIN_REPEAT") and argument[1] == _parser.MAXREPEAT:
            found.append((operation, argument))
        for inner in _inner(argument):
            found += _endless(inner)
    return found


def test_a_repeat_within_a_repeat_would_be_found():
    assert repeats_in(_parser.parse("(?:a+b*)*c"))
    assert not repeats_in(_parser.parse("(?:a{1,3}b)*c+"))


def test_no_expression_repeats_a_repeat(looked):
    """What a count of characters does not see: one place tried in ever more ways."""
    from tests.denials import counting

    patterns = [known.pattern for known in KNOWN]
    for module in counting._MODULES:
        patterns += [
            one._pattern for one in vars(module).values() if isinstance(one, counting.CountingPattern)
        ]
    assert len(patterns) > 60
    assert [
        one.pattern for one in patterns if repeats_in(_parser.parse(one.pattern, one.flags & ~re.UNICODE))
    ] == []
