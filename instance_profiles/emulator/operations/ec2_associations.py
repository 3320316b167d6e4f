"""EC2: instance profile associations. Checks stand in the order in which AWS was recorded to make them:

parameters, syntax of ids, the right to the EC2 action, PassRole, the answer to a dry run, then state.
That the instance profile has a role, or that the role trusts EC2, is never checked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.emulator import lifecycle
from instance_profiles.emulator.identifiers import check_ec2_id
from instance_profiles.emulator.operations.ec2_lookup import (
    check_instance_id,
    instance_arn,
    need_parameters,
    the_instance,
    visible_profile,
)
from instance_profiles.emulator.operations.registry import operation
from instance_profiles.emulator.paging import ec2_page
from instance_profiles.emulator.refusal import RefusalError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.emulator.request import Request
    from instance_profiles.emulator.resources import Association, Instance

_LISTED_STATES = ("associated", "associating", "disassociating")


@operation("ec2", "AssociateIamInstanceProfile", own_checks=True)
def associate_iam_instance_profile(request: Request) -> dict[str, Any]:
    given = request.parameters
    need_parameters(given, "IamInstanceProfile", "InstanceId")
    instance = the_instance(request, given["InstanceId"])
    request.authorize(instance_arn(request, instance.id))
    profile = visible_profile(request, given["IamInstanceProfile"])
    request.authorize_pass_role(profile.role)
    request.end_dry_run()
    _check_can_take_one(request, instance)
    association = lifecycle.attach(request.world, request.account, request.region, instance, profile)
    return {"IamInstanceProfileAssociation": _wire(association)}


@operation("ec2", "ReplaceIamInstanceProfileAssociation", own_checks=True)
def replace_iam_instance_profile_association(request: Request) -> dict[str, Any]:
    """Replies a new association id, but for the instance profile that is there already: then nothing is done.

    Whether the same ARN with a stale id heals on AWS is not known; here it counts as the same.
    """
    given = request.parameters
    need_parameters(given, "AssociationId", "IamInstanceProfile")
    association = _the_association(request, given["AssociationId"])
    request.authorize(instance_arn(request, association.instance_id))
    profile = visible_profile(request, given["IamInstanceProfile"])
    request.authorize_pass_role(profile.role)
    request.end_dry_run()
    instance = request.region.instances[association.instance_id]
    if instance.state != "running" or association.state != "associated":
        raise RefusalError(
            "IncorrectState", f"The association {association.id} is not the active association"
        )
    if association.profile.arn != profile.arn:
        association = lifecycle.replace(request.world, request.account, request.region, association, profile)
    return {"IamInstanceProfileAssociation": _wire(association)}


@operation("ec2", "DisassociateIamInstanceProfile", own_checks=True)
def disassociate_iam_instance_profile(request: Request) -> dict[str, Any]:
    """Asks no PassRole. Repeated while it lasts it succeeds again."""
    need_parameters(request.parameters, "AssociationId")
    association = _the_association(request, request.parameters["AssociationId"])
    request.authorize(instance_arn(request, association.instance_id))
    request.end_dry_run()
    state = lifecycle.detach(request.world, request.region, association)
    return {"IamInstanceProfileAssociation": _wire(association) | {"State": state}}


@operation("ec2", "DescribeIamInstanceProfileAssociations")
def describe_iam_instance_profile_associations(request: Request) -> dict[str, Any]:
    """A full page carries a token even when nothing follows, so the last page may be empty."""
    given = request.parameters
    _check_size(given)
    found = list(request.region.associations.values())
    ids = given.get("AssociationIds", [])
    if ids:
        found = [_described(request, association_id) for association_id in ids]
    for entry in given.get("Filters", []):
        values = _filter_values(entry)
        read = _instance_id if entry["Name"] == "instance-id" else _state
        found = [association for association in found if read(association) in values]
    keyed = [(f"{a.instance_id}:{10**12 - a.number:013}", a) for a in found]
    page, more = ec2_page(request, keyed, smallest=1, largest=1001, full_page_goes_on=True)
    return {"IamInstanceProfileAssociations": [_wire(association) for association in page], **more}


def _wire(association: Association) -> dict[str, Any]:
    """Never a Timestamp, never a Name."""
    return {
        "AssociationId": association.id,
        "InstanceId": association.instance_id,
        "IamInstanceProfile": association.profile.wire(),
        "State": association.state,
    }


def _check_can_take_one(request: Request, instance: Instance) -> None:
    if instance.state not in ("running", "stopped"):
        raise RefusalError(
            "IncorrectInstanceState",
            f"The instance '{instance.id}' is not in the 'running' or 'stopped' states.",
        )
    if request.region.associations_of(instance.id):
        raise RefusalError("IncorrectState", f"There is an existing association for instance {instance.id}")


def _the_association(request: Request, association_id: str) -> Association:
    malformed = RefusalError("InvalidParameterValue", f"Invalid Id: {association_id}")
    check_ec2_id(association_id, "iip-assoc", malformed)
    return _existing(request, association_id)


def _described(request: Request, association_id: str) -> Association:
    malformed = RefusalError("InvalidParameterValue", "Invalid value for association-id.")
    check_ec2_id(association_id, "iip-assoc", malformed)
    return _existing(request, association_id)


def _existing(request: Request, association_id: str) -> Association:
    association = request.region.associations.get(association_id)
    if association is None:
        raise RefusalError(
            "InvalidAssociationID.NotFound",
            f"An invalid association-id of '{association_id}' was given",
        )
    return association


def _check_size(given: Mapping[str, Any]) -> None:
    """The service takes 1 and 1001, though the model says 5 to 1000."""
    size = given.get("MaxResults", 1)
    if size < 1:
        raise RefusalError(
            "InvalidParameterValue",
            f"Invalid value '{size}' for 'maxResults'. MaxResult must be a positive integer",
        )


def _filter_values(entry: Mapping[str, Any]) -> set[str]:
    """Return the values of a filter; only instance-id and state are known, and neither takes wildcards."""
    name, values = entry.get("Name", ""), entry.get("Values", [])
    if name not in ("instance-id", "state"):
        raise RefusalError("InvalidParameterValue", f"An unknown filter '{name}' was given")
    if not values:
        raise RefusalError(
            "InvalidParameterValue",
            "Invalid value 'null/empty' for 'filter'. Invalid filter - "
            "one of more name/value pair was incomplete",
        )
    for value in values:
        _check_state(value) if name == "state" else _check_filter_id(value)
    return set(values)


def _check_state(value: str) -> None:
    if value == "disassociated":
        raise RefusalError(
            "InvalidParameterValue", "Only 'associated', 'associating' and 'disassociating' are allowed"
        )
    if value not in _LISTED_STATES:
        raise RefusalError(
            "InvalidParameterValue", f"A filter for an unknown association state of '{value}' was given"
        )


def _check_filter_id(value: str) -> None:
    try:
        check_instance_id(value)
    except RefusalError as refusal:
        raise RefusalError(
            "InvalidParameterValue", f"A filter with an invalid instance-id of '{value}' was given"
        ) from refusal


def _instance_id(association: Association) -> str:
    return association.instance_id


def _state(association: Association) -> str:
    return association.state
