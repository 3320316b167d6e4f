"""Policy documents that a person hands in: JSON text, or @ and the path of a file that holds it."""

from __future__ import annotations

from pathlib import Path

from instance_profiles.fixes.plan import CannotPlan
from instance_profiles.policies import UnreadableDocument
from instance_profiles.policies.document import parse, statements, write

LARGEST = 100_000
"""Characters: more than IAM takes for any policy."""


def given_document(answer: str) -> str:
    """The document as compact JSON text; raises CannotPlan where there is none that IAM could take."""
    text = _from_file(Path(answer[1:]).expanduser()) if answer.startswith("@") else answer
    try:
        parsed = parse(text)
        listed = statements(parsed)
    except UnreadableDocument as unreadable:
        raise CannotPlan(f"{unreadable} Give JSON text, or @ and a path.", "document") from unreadable
    if not all(isinstance(statement, dict) and statement.get("Effect") for statement in listed):
        raise CannotPlan("Every statement of the policy document needs an Effect.", "document")
    return write(parsed)


def _from_file(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            text = file.read(LARGEST + 1)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise CannotPlan(f"{path} cannot be read: {reason}.", "document") from error
    if len(text) > LARGEST:
        raise CannotPlan(f"{path} is too large for a policy document.", "document")
    return text
