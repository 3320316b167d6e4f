"""Finding IAM's objects by name or ARN, with IAM's words for what is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.emulator.refusal import RefusalError

if TYPE_CHECKING:
    from instance_profiles.emulator.request import Request
    from instance_profiles.emulator.resources import InstanceProfile, Role


def the_profile(request: Request) -> InstanceProfile:
    """Return the instance profile that the request names; raises NoSuchEntity."""
    name = request.parameters["InstanceProfileName"]
    profile = request.account.instance_profiles.get(name.casefold())
    if profile is None or profile.name != name:
        raise RefusalError("NoSuchEntity", f"Instance Profile {name} cannot be found.")
    return profile


def the_role(request: Request) -> Role:
    """Return the role that the request names; raises NoSuchEntity."""
    name = request.parameters["RoleName"]
    role = request.account.roles.get(name.casefold())
    if role is None or role.name != name:
        raise RefusalError("NoSuchEntity", f"The role with name {name} cannot be found.")
    return role


def the_role_to_change(request: Request) -> Role:
    """Return the role that the request names unless AWS alone may change it."""
    role = the_role(request)
    refuse_protected(role)
    return role


def refuse_protected(role: Role) -> None:
    """Raise UnmodifiableEntity for a service-linked role."""
    if role.path.startswith("/aws-service-role/"):
        raise RefusalError(
            "UnmodifiableEntity",
            f"Cannot perform the operation on the protected role '{role.name}' - "
            "this role is only modifiable by AWS",
        )
