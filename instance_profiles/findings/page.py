"""The page about a rule or a topic, Markdown: what `iptui rules ID` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Seen = Literal["listings", "on demand", "error"]
"""Where iptui sees a fault: while it reads, only when asked to look, or only in an error just received."""

_SEEN = {
    "listings": "iptui sees it while it reads. It rests on: {needs}.",
    "on demand": "iptui sees it when it looks closer, before something is deleted or when you ask. "
    "It rests on: {needs}.",
    "error": "No listing shows it: iptui knows it by the error of a call, its own or one that you paste.",
}


def page(
    *,
    id: str,  # noqa: A002 - the name that rules are known by everywhere
    title: str,
    kind: str,
    severity: str,
    seen: Seen,
    needs: tuple[str, ...],
    meaning: str,
    detection: str,
    error_texts: tuple[str, ...],
    steps: Iterable[str],
    ways: Mapping[str, str],
    false_positives: str,
    source: str,
) -> str:
    """The whole page; `steps` are what to do by hand, `ways` the recipes with their reasons, best first."""
    by_hand = [f"- {step}" for step in steps]
    return "\n\n".join(
        [
            f"# {id}",
            f"**{title}**",
            f"Object: {kind}. Severity: {severity}, where nothing below says otherwise.",
            f"## What it means\n\n{meaning}",
            f"## How it is detected\n\n{detection}\n\n{_SEEN[seen].format(needs=', '.join(needs))}",
            f"## What people see\n\n{_error_list(error_texts)}",
            *(["## What to do\n\n" + "\n".join(by_hand)] if by_hand else []),
            f"## Ways to fix it\n\n{_ways_list(ways)}",
            f"## False alarms, and how they are kept out\n\n{false_positives}",
            f"## Source\n\n<{source}>\n",
        ]
    )


def _error_list(texts: tuple[str, ...]) -> str:
    return "\n".join(f"- `{text}`" for text in texts) if texts else "No error text: nothing fails by itself."


def _ways_list(ways: Mapping[str, str]) -> str:
    if not ways:
        return "iptui has no fix for it."
    return "\n".join(f"{number}. `{name}`: {why}" for number, (name, why) in enumerate(ways.items(), 1))
