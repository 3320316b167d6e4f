"""The role inside instance profiles as rules tell of it: who uses it, how severe that makes a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from instance_profiles.findings.subjects import InnerRole, Use
from instance_profiles.findings.wording import count, names, refs, sentences, verb
from instance_profiles.inventory.model import ObjectRef

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.finding import Severity
    from instance_profiles.findings.view import View


SERVICE_PATH = "/aws-service-role/"
"""Where the roles stand that AWS services make for themselves."""


class RoleUse(msgspec.Struct, frozen=True, gc=False):
    """What uses a role through the instance profiles that hold it."""

    use: Use
    related: tuple[ObjectRef, ...]
    holders: str

    @property
    def instances(self) -> int:
        return len(self.use.instances)

    @property
    def severity(self) -> Severity:
        """An error where an instance goes without credentials by it, a warning where none does yet."""
        return "error" if self.use.instances else "warning"

    @property
    def without_credentials(self) -> str:
        """The effect of a role that EC2 may not assume, for `told`."""
        return f" and {verb(self.instances, 'gets', 'get')} no credentials"

    def told(self, effect: str = "", otherwise: str = "No instance uses it now.") -> str:
        """Who holds the role and who uses it, in sentences; `effect` follows on the instances."""
        number = self.instances
        return sentences(
            f"It is inside the instance profile {self.holders}.",
            f"{count(number, 'instance')} {verb(number, 'uses', 'use')} it{effect}." if number else otherwise,
        )


def is_service_linked(inner: InnerRole) -> bool:
    """Whether the role belongs to an AWS service, so that nobody but AWS may change it."""
    return inner.role.path.startswith(SERVICE_PATH)


def inner_roles(view: View) -> Iterable[InnerRole]:
    """The subjects of rules about roles: those inside instance profiles."""
    return view.inner_roles


def inner_roles_in_question(view: View) -> Iterable[InnerRole]:
    """The subjects of rules about trust policies: of the others there is nothing to tell."""
    return view.inner_roles_in_question


def use_of(inner: InnerRole, view: View) -> RoleUse:
    """What uses a role, with the objects to name beside it."""
    use = view.use_of_all(inner.instance_profiles)
    holders = [profile.ref for profile in inner.instance_profiles]
    related = refs([*holders, *(instance.ref for instance in use.instances), *use.templates])
    return RoleUse(use, related, names(holders))
