"""Policy variables such as ${aws:username}, filled in from the context of a request.

Rests on https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from instance_profiles.policies.wildcards import Pattern, Wild, pattern_of

if TYPE_CHECKING:
    from instance_profiles.policies.request import Context

_VARIABLE = re.compile(r"\$\{(?P<inner>[^{}]*)\}")
_DEFAULT = re.compile(r"(?P<key>[^,]+?)\s*,\s*'(?P<default>[^']*)'\s*", re.DOTALL)
_LITERALS = frozenset("*?$")


class Variable(msgspec.Struct, frozen=True):
    key: str
    default: str | None = None


class Unresolved(msgspec.Struct, frozen=True):
    """A variable has no value in this request: AWS lets no statement match by it."""

    key: str


def filled_in(text: str, context: Context, *, wildcards: bool, variables: bool) -> Pattern | Unresolved:
    """The pattern of a policy's text. A value that is not known leaves a hole.

    `variables` is false for policies of a version that has none, where ${...} is plain text.
    """
    if not variables or "${" not in text:
        return pattern_of(text) if wildcards else tuple(text)
    pattern: list[str | Wild] = []
    for piece in _pieces(text):
        if isinstance(piece, str):
            pattern += pattern_of(piece) if wildcards else piece
            continue
        if piece.key in _LITERALS:
            pattern.append(piece.key)
            continue
        values = context.look_up(piece.key)
        if values is None or len(values) > 1:
            pattern.append(Wild.HOLE)
        elif values:
            pattern += values[0]
        elif piece.default is not None:
            pattern += piece.default
        else:
            return Unresolved(piece.key)
    return tuple(pattern)


def lacks_a_value(text: str, context: Context) -> bool:
    """Whether the text has a variable that is certain to have no value."""
    return isinstance(filled_in(text, context, wildcards=False, variables=True), Unresolved)


@lru_cache(maxsize=4096)
def _pieces(text: str) -> tuple[str | Variable, ...]:
    pieces: list[str | Variable] = []
    end = 0
    for found in _VARIABLE.finditer(text):
        if found.start() > end:
            pieces.append(text[end : found.start()])
        defaulted = _DEFAULT.fullmatch(found["inner"])
        pieces.append(
            Variable(defaulted["key"].strip(), defaulted["default"])
            if defaulted
            else Variable(found["inner"].strip())
        )
        end = found.end()
    if end < len(text):
        pieces.append(text[end:])
    return tuple(pieces)
