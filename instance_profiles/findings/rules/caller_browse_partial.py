from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from instance_profiles.findings.coverage import scope_of, thing, trouble_of
from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.wording import count, sentences
from instance_profiles.inventory.model import Coverage, ObjectRef
from instance_profiles.inventory.sources import EXTRA_SOURCES, SOURCES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.view import View

_DISTINCT_CAUSES = 3


class _Gap(msgspec.Struct, frozen=True):
    """What could not be read of one region, of one account's global side, or behind one named profile."""

    ref: ObjectRef
    missing: tuple[Coverage, ...]


def _gaps(view: View) -> Iterable[_Gap]:
    missing: dict[ObjectRef, list[Coverage]] = {}
    for coverage in view.coverage:
        if coverage.state in ("denied", "failed") or _region_disabled(coverage):
            missing.setdefault(scope_of(coverage), []).append(coverage)
    for ref, found in missing.items():
        yield _Gap(ref, tuple(sorted(found, key=lambda coverage: coverage.source)))


def _region_disabled(coverage: Coverage) -> bool:
    """A listing that an endpoint does not offer is no gap: nothing of it can exist there."""
    return coverage.state == "disabled" and coverage.source not in EXTRA_SOURCES


@rule(
    id="caller-browse-partial",
    order=690,
    kind="region",
    severity="warning",
    title="Part of the account could not be read",
    listings=(),
    needs=SOURCES,
    subjects=_gaps,
    meaning=(
        "A listing was denied, failed or ran out of time. What rests on it is shown as unknown, never as "
        "clean. A region that was asked for and is not enabled is told as a note."
    ),
    detection="A source of an account or region ended denied or failed; one each for a region or account.",
    error_texts=(
        "… is not authorized to perform: … because no identity-based policy allows the … action",
        "UnauthorizedOperation: You are not authorized to perform this operation.",
    ),
    false_positives="None: it says what this run could not see, not that something is broken.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html",
)
def caller_browse_partial(gap: _Gap, view: View) -> Draft | None:
    broken = [coverage for coverage in gap.missing if coverage.state != "disabled"]
    if not broken:
        return Present(
            cause="region is not enabled",
            detail=sentences(_causes(gap.missing), "Nothing in it was read."),
            severity="info",
        )
    unknown = sorted(
        {rule_id for coverage in broken for rule_id in view.dependents.get(coverage.source, ())}
        - {"caller-browse-partial"}
    )
    return Present(
        cause=_cause(broken),
        detail=sentences(
            _causes(broken),
            f"What rests on it is unknown, not clean: {', '.join(unknown)}." if unknown else "",
        ),
    )


def _cause(broken: list[Coverage]) -> str:
    if len(broken) == 1:
        return f"{thing(broken[0].source)} {'denied' if broken[0].state == 'denied' else 'not read'}"
    denied = all(coverage.state == "denied" for coverage in broken)
    return f"{count(len(broken), 'listing')} {'denied' if denied else 'not read'}"


def _causes(missing: Iterable[Coverage]) -> str:
    """Each different reason once: one expired token breaks everything in the same words."""
    sources: dict[tuple[str, str | None], list[Coverage]] = {}
    for coverage in missing:
        sources.setdefault((coverage.state, coverage.cause), []).append(coverage)
    told = [
        msgspec.structs.replace(group[0], source=", ".join(coverage.source for coverage in group))
        for group in sources.values()
    ]
    rest = len(told) - _DISTINCT_CAUSES
    return sentences(
        " ".join(trouble_of(coverage) for coverage in told[:_DISTINCT_CAUSES]),
        f"And {count(rest, 'more reason')}." if rest > 0 else "",
    )
