from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.in_region import InRegion, in_regions
from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.wording import count, listed, names, sentences, verb
from instance_profiles.inventory.model import Instance
from instance_profiles.inventory.sources import INSTANCE_PROFILES, INSTANCES
from instance_profiles.inventory.traits import traits_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.view import View


def _managed(view: View) -> Iterable[InRegion | Instance]:
    """Each that has a fault by itself, all others once for their region."""
    yield from (one for one in view.instances if one.operator and _is_told(one, view) and _fault(one, view))
    managed = view.instances_of_regions("managed-by-service")
    yield from in_regions(one for one in managed if _is_told(one, view) and not _fault(one, view))


def _is_told(instance: Instance, view: View) -> bool:
    return (
        "managed-by-service" in traits_of(instance)
        and view.state(instance.account, None, INSTANCE_PROFILES) != "loading"
    )


@rule(
    id="instance-managed-by-service",
    order=372,
    kind="instance",
    severity="warning",
    title="Instances that an AWS service manages",
    listings=(INSTANCES,),
    needs=(INSTANCE_PROFILES,),
    subjects=_managed,
    meaning=(
        "EKS Auto Mode, ECS Managed Instances and others run instances in your account and keep the say over "
        "them. EC2 refuses changes to their instance profile, or the service takes them back. Change it in "
        "the settings of the service. It is a warning where the instance profile has a fault that has to be "
        "put right there; that the service manages healthy instances is a note, once for a region."
    ),
    detection=(
        "`Operator.Managed` is true on an instance that is not gone. A fault is an instance profile that "
        "does not exist any more, or that holds no role."
    ),
    false_positives=(
        "Only what EC2 itself calls managed counts; nodes of EKS node groups and Beanstalk instances are "
        "not. Where the instance profiles could not be listed, no fault is told."
    ),
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/amazon-ec2-managed-instances.html",
)
def instance_managed_by_service(found: InRegion | Instance, view: View) -> Draft | None:
    if isinstance(found, Instance):
        return _broken(found, view)
    number = len(found.instances)
    return Present(
        cause=f"{count(number, 'instance')} managed by {_services(found.instances)}",
        detail=sentences(
            f"{names(found.related)} {verb(number, 'belongs', 'belong')} to {_services(found.instances)}.",
            "Changes to their instance profiles are made there; EC2 refuses others, or they do not last.",
        ),
        related=found.related,
        severity="info",
        fixes=(),
    )


def _broken(instance: Instance, view: View) -> Present:
    service = _services((instance,))
    profile = view.inventory.instance_profile_of(instance)
    return Present(
        cause=f"{_fault(instance, view)}; {service} has to mend it",
        detail=sentences(
            f"{service} manages it. Its instance profile {_name(instance)} {_fault_told(instance, view)}.",
            f"A change from here is refused or taken back; make it in the settings of {service}.",
        ),
        related=(profile.ref,) if profile else (),
    )


def _fault(instance: Instance, view: View) -> str:
    """What is wrong with its instance profile in few words, empty where nothing is or that is not known."""
    if instance.iam_instance_profile is None:
        return ""
    profile = view.inventory.instance_profile_of(instance)
    if profile is not None:
        return "" if profile.role else "no role"
    listing = view.state(instance.account, None, INSTANCE_PROFILES)
    return "instance profile is gone" if listing == "complete" else ""


def _fault_told(instance: Instance, view: View) -> str:
    return "holds no role" if _fault(instance, view) == "no role" else "does not exist any more"


def _name(instance: Instance) -> str:
    ref = instance.iam_instance_profile
    return ref.name if ref else ""


def _services(instances: Iterable[Instance]) -> str:
    principals = (instance.operator.principal for instance in instances if instance.operator)
    return listed(sorted({principal or "an AWS service" for principal in principals}), 2)
