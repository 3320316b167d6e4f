"""What a plan writes and what it relies on: two plans that share something are never applied side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from instance_profiles.fixes.plan import Call, Plan, Step

Thing = tuple[str, str, str, str]
"""Kind (as the parameter that names it), account, region ('' for IAM) and name, whatever its case."""

_NAMING = (
    "InstanceProfileName",
    "RoleName",
    "UserName",
    "GroupName",
    "PolicyArn",
    "InstanceId",
    "InstanceIds",
    "LaunchTemplateId",
    "LaunchTemplateName",
    "AutoScalingGroupName",
    "QuotaCode",
    "File",
)
"""Parameters that name an object; the first of them in a call is what the call writes."""
_ASSOCIATION = "AssociationId"
_POINTING = "IamInstanceProfile"


def written(plan: Plan) -> frozenset[Thing]:
    """The objects that the calls of a plan change."""
    return frozenset(thing for step in plan.steps for thing in _written(plan, step))


def relied_on(plan: Plan) -> frozenset[Thing]:
    """The objects that the calls name without changing them, such as the instance profile to attach."""
    found = {thing for step in plan.steps for thing in _named(plan, step.call)}
    return frozenset(found) - written(plan)


def touched_by(plan: Plan, step: Step) -> frozenset[Thing]:
    """The objects that one step changes, and those that it builds on."""
    return frozenset(_written(plan, step)) | frozenset(_named(plan, step.call))


def written_by(plan: Plan, step: Step) -> frozenset[Thing]:
    """The objects that one step changes."""
    return frozenset(_written(plan, step))


def signatures(plan: Plan) -> frozenset[bytes]:
    """The calls of a plan as comparable values: what is sent, whatever is to take it back."""
    return frozenset(
        msgspec.json.encode(
            (plan.account, call.service, call.operation, call.region, call.parameters), order="deterministic"
        )
        for call in plan.calls
    )


def region_of(plan: Plan) -> str | None:
    """The region that a plan works in; None for IAM and local files alone."""
    return next((call.region for call in plan.calls if call.region), None)


def _written(plan: Plan, step: Step) -> Iterator[Thing]:
    parameters = step.call.parameters
    if _ASSOCIATION in parameters:
        # An association belongs to its instance, which the group of the step names: region/instance.
        instance_id = step.group.rpartition("/")[2] or str(parameters[_ASSOCIATION])
        yield _thing(plan, step.call, "InstanceId", instance_id)
        return
    for key in _NAMING:
        if key in parameters:
            yield from _things(plan, step.call, key, parameters[key])
            return


def _named(plan: Plan, call: Call) -> Iterator[Thing]:
    for key in _NAMING:
        if key in call.parameters:
            yield from _things(plan, call, key, call.parameters[key])
    for name in _pointed_to(call.parameters):
        yield ("InstanceProfileName", plan.account, "", name.casefold())


def _pointed_to(parameters: Mapping[str, Any]) -> Iterator[str]:
    """The names of the instance profiles that a call attaches, wherever in its parameters they stand."""
    for key, value in parameters.items():
        if not isinstance(value, dict):
            continue
        if key == _POINTING:
            named = value.get("Name") or value.get("Arn")
            if isinstance(named, str):
                yield named.rpartition("/")[2]
        else:
            yield from _pointed_to(value)


def _things(plan: Plan, call: Call, key: str, value: Any) -> Iterator[Thing]:
    values = value if isinstance(value, list | tuple) else [value]
    for one in values:
        yield _thing(plan, call, key.removesuffix("s") if key == "InstanceIds" else key, str(one))


def _thing(plan: Plan, call: Call, kind: str, name: str) -> Thing:
    return (kind, plan.account, call.region or "", name.casefold())
