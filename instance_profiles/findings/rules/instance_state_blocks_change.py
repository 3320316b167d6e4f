from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.in_region import InRegion, in_regions
from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.wording import count, names, sentences
from instance_profiles.inventory.sources import INSTANCES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.view import View

_ORDER = ("pending", "stopping", "shutting-down", "terminated")


def _in_passing(view: View) -> Iterable[InRegion]:
    return in_regions(view.instances_of_regions("in-passing"))


@rule(
    id="instance-state-blocks-change",
    order=370,
    kind="instance",
    severity="info",
    title="Instances that cannot be changed in their state",
    listings=(INSTANCES,),
    subjects=_in_passing,
    meaning=(
        "EC2 attaches, replaces and detaches instance profiles only while an instance is running or stopped. "
        "It is a note: starting and stopping pass, and a terminated instance is listed for up to an hour and "
        "is of no use to anybody. Wait and reload."
    ),
    detection=(
        "The state of the instance is pending, stopping, shutting-down or terminated. It is told once for a "
        "region, with all instances."
    ),
    error_texts=("IncorrectInstanceState: The instance 'i-…' is not in the 'running' or 'stopped' states.",),
    false_positives=(
        "None: the state is EC2's own. It may have passed since the region was read; a plan reads it again."
    ),
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html",
)
def instance_state_blocks_change(found: InRegion, view: View) -> Draft | None:
    by_state = {
        state: [instance.ref for instance in found.instances if instance.state == state]
        for state in sorted({instance.state for instance in found.instances}, key=_place)
    }
    return Present(
        cause=", ".join(f"{len(some):,} {state}" for state, some in by_state.items()) + ": not changeable",
        detail=sentences(
            f"{count(len(found.instances), 'instance')} of {found.region}:",
            "; ".join(f"{state}: {names(some)}" for state, some in by_state.items()) + ".",
            "EC2 refuses to change their instance profile now. Terminated ones have none any more.",
        ),
        related=found.related,
    )


def _place(state: str) -> int:
    return _ORDER.index(state) if state in _ORDER else len(_ORDER)
