from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from instance_profiles.findings.coverage import scope_ref
from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.wording import count, listed, names, refs, sentences, verb
from instance_profiles.inventory.model import Instance, ObjectRef
from instance_profiles.inventory.sources import INSTANCES
from instance_profiles.inventory.traits import GONE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.view import View


class Hidden(msgspec.Struct, frozen=True):
    """The instances of an account that EC2 shows only to those who ask for managed resources."""

    account: str
    instances: tuple[Instance, ...]

    @property
    def ref(self) -> ObjectRef:
        return scope_ref(self.account, None)


def _hidden(view: View) -> Iterable[Hidden]:
    found: dict[str, list[Instance]] = {}
    for instance in view.hidden_instances:
        if instance.state not in GONE:
            found.setdefault(instance.account, []).append(instance)
    return (Hidden(account, tuple(instances)) for account, instances in found.items())


@rule(
    id="instances-hidden",
    order=374,
    kind="account",
    severity="info",
    title="Instances that other tools do not show",
    listings=(INSTANCES,),
    subjects=_hidden,
    meaning=(
        "EC2 leaves instances that AWS services manage out of its lists, unless it is asked for managed "
        "resources, and the console does not ask. iptui does. Without them an instance profile looks unused, "
        "and deleting it takes the credentials of machines that nobody sees. It is a note: nothing is wrong."
    ),
    detection=(
        "`Operator.HiddenByDefault` is true; DescribeInstances is called with `IncludeManagedResources`. "
        "It is told once for an account."
    ),
    false_positives=(
        "None: EC2 says so itself. Where an endpoint does not know managed resources, there are none."
    ),
    source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html",
)
def instances_hidden(hidden: Hidden, view: View) -> Draft | None:
    number = len(hidden.instances)
    regions = listed(sorted({instance.region for instance in hidden.instances}))
    related = refs(instance.ref for instance in hidden.instances)
    return Present(
        cause=f"{count(number, 'instance')} hidden from other tools",
        detail=sentences(
            f"{names(related)} in {regions} {verb(number, 'is', 'are')} hidden by default: the console and "
            "the command line show them only with IncludeManagedResources.",
            "They count here wherever it is told what uses an instance profile.",
        ),
        related=related,
    )
