"""The policies that bear on a caller, each with where it comes from and how AWS refers to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from instance_profiles.emulator.identifiers import iam_id
from instance_profiles.emulator.managed_policies import aws_managed_policy
from instance_profiles.policies.decide import Decision, Grants, PolicyKind
from instance_profiles.policies.principal import principal_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from instance_profiles.emulator.resources import Account, Caller, Role

Kind = PolicyKind | Literal["resource-control-policy", "vpc-endpoint-policy"]

SourceType = Literal["user", "role", "aws-managed", "user-managed", "none"]
"""As SimulatePrincipalPolicy calls it; `none` for what it lists no statements of."""

_MANAGEMENT_ACCOUNT = "111122223333"


@dataclass(frozen=True, slots=True)
class PolicySource:
    """`arn` is empty for what is written into its user, role or session; `level` counts from the root."""

    kind: Kind
    document: str
    name: str
    attached_to: str
    arn: str = ""
    source_type: SourceType = "none"
    level: int = 0

    @property
    def uri(self) -> str:
        """What AWS calls the policy by: its ARN, or an id that means nothing to people."""
        return self.arn or iam_id("inline-", self.kind, self.attached_to, self.name).lower()


def sources_of(account: Account, principal: str, caller: Caller | None) -> list[PolicySource]:
    """Return the policies of a user, a role or a session of one, those of the organisation first.

    `caller` adds the documents that a fleet gives to whoever holds an access key.
    """
    return [
        *_service_control_policies(account),
        *_of_principal(account, principal),
        *(_of_caller(account, caller) if caller is not None else ()),
    ]


def grants_of(sources: Sequence[PolicySource]) -> Grants:
    """Return the documents as `policies.decide` takes them."""
    levels = sorted({source.level for source in _of_kind(sources, "service-control-policy")})
    return Grants(
        identity=[source.document for source in _of_kind(sources, "identity-policy")],
        boundary=_document(sources, "permissions-boundary"),
        scps=[
            [source.document for source in _of_kind(sources, "service-control-policy", level)]
            for level in levels
        ],
        session=_document(sources, "session-policy"),
    )


def deciding(sources: Sequence[PolicySource], decision: Decision) -> PolicySource | None:
    """Return the policy whose statement decides, None where none does."""
    if decision.decided_by is None or not decision.policy:
        return None
    levels = sorted({source.level for source in _of_kind(sources, decision.decided_by)})
    level = levels[decision.policy[0]] if len(decision.policy) > 1 else None
    return _of_kind(sources, decision.decided_by, level)[decision.policy[-1]]


def _of_kind(sources: Sequence[PolicySource], kind: Kind, level: int | None = None) -> list[PolicySource]:
    return [source for source in sources if source.kind == kind and level in (None, source.level)]


def _document(sources: Sequence[PolicySource], kind: Kind) -> str | None:
    return next((source.document for source in _of_kind(sources, kind)), None)


def _of_principal(account: Account, arn: str) -> Iterator[PolicySource]:
    principal = principal_of(arn)
    if principal.kind == "user":
        owner = account.arn("iam", f"user/{principal.path}{principal.name}")
        for name, document in account.user_policies.get(principal.name, {}).items():
            yield PolicySource("identity-policy", document, name, owner, source_type="user")
    role = account.roles.get(principal.name.casefold()) if principal.kind in ("session", "role") else None
    if role is not None:
        yield from _of_role(account, role)


def _of_role(account: Account, role: Role) -> Iterator[PolicySource]:
    for name, document in role.inline.items():
        yield PolicySource("identity-policy", document, name, role.arn, source_type="role")
    for arn, name in role.attached.items():
        attached = _managed(account, arn)
        kind: SourceType = "user-managed" if arn in account.policies else "aws-managed"
        if attached is not None:
            yield PolicySource("identity-policy", attached, name, role.arn, arn, kind)
    boundary = _managed(account, role.boundary) if role.boundary else None
    if role.boundary and boundary is not None:
        name = role.boundary.rpartition("/")[2]
        yield PolicySource("permissions-boundary", boundary, name, role.arn, role.boundary)


def _of_caller(account: Account, caller: Caller) -> Iterator[PolicySource]:
    principal = principal_of(caller.arn)
    kind: SourceType = "user" if principal.kind == "user" else "role"
    role = account.roles.get(principal.name.casefold()) if principal.kind == "session" else None
    owner = role.arn if role is not None else caller.arn
    for number, document in enumerate(caller.policies, 1):
        yield PolicySource("identity-policy", document, f"given-{number}", owner, source_type=kind)
    if caller.boundary is not None:
        yield PolicySource("permissions-boundary", caller.boundary, "boundary", owner)
    if caller.session_policy is not None:
        yield PolicySource("session-policy", caller.session_policy, "session", caller.arn)


def _service_control_policies(account: Account) -> Iterator[PolicySource]:
    organisation = f"o-{_id(account.partition, 'organisation')}"
    for level, documents in enumerate(account.scps):
        target = _target(account, organisation, level)
        for place, document in enumerate(documents):
            name = f"p-{_id(account.id, level, place)[:8]}"
            arn = f"policy/{organisation}/service_control_policy/{name}"
            yield PolicySource(
                "service-control-policy", document, name, target, _organisations(account, arn), level=level
            )


def _target(account: Account, organisation: str, level: int) -> str:
    """What a level hangs on: the root, an organisational unit, or (the last of several) the account."""
    if level == 0:
        return _organisations(account, f"root/{organisation}/r-{_id('root')[:4]}")
    if level == len(account.scps) - 1:
        return _organisations(account, f"account/{organisation}/{account.id}")
    return _organisations(account, f"ou/{organisation}/ou-{_id('root')[:4]}-{_id('ou', level)[:8]}")


def _organisations(account: Account, resource: str) -> str:
    return f"arn:{account.partition}:organizations::{_MANAGEMENT_ACCOUNT}:{resource}"


def _managed(account: Account, arn: str) -> str | None:
    policy = account.policies.get(arn) or aws_managed_policy(arn)
    return policy.document if policy is not None else None


def _id(*what: object) -> str:
    return iam_id("", *what).lower()[:10]
