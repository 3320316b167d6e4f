"""What the policies of an enforced caller say: every call is judged as AWS would judge it.

Callers are allowed everything unless the fleet says `enforced`. Then the documents of the account decide:
those of the caller, of its user or role, their boundary, the service control policies and the session policy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.emulator.faults import Denial
from instance_profiles.emulator.managed_policies import aws_managed_policy
from instance_profiles.policies.decide import Decision, Grants, decide
from instance_profiles.policies.principal import principal_of
from instance_profiles.policies.request import Request as Question

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.emulator.resources import Account, Caller, Role

_WORDS = {
    "identity-policy": "identity-based policy",
    "resource-policy": "resource-based policy",
    "permissions-boundary": "permissions boundary",
    "session-policy": "session policy",
    "service-control-policy": "service control policy",
}
_KINDS = (("role ", "role"), ("instance profile ", "instance-profile"), ("policy ", "policy"))


def denial_of(
    account: Account, caller: Caller, action: str, resource: str, context: Mapping[str, tuple[str, ...]]
) -> Denial | None:
    """The denial of an enforced caller's call, None where it is allowed or the caller is not enforced."""
    if not caller.enforced:
        return None
    decision = decision_of(account, caller, action, resource, context)
    if decision.decision == "allow":
        return None
    words = _WORDS.get(decision.decided_by or "", "identity-based policy")
    return Denial(action, effect=decision.effect or "implicit", by=words)


def decision_of(
    account: Account,
    caller: Caller,
    action: str,
    resource: str,
    context: Mapping[str, tuple[str, ...]],
    *,
    complete: bool = True,
) -> Decision:
    """What the documents say; `complete` tells that a condition key that is not in the context is absent."""
    arn = _arn(account, resource)
    question = Question(action, arn, caller.arn, dict(context), account.id, complete)
    return decide(question, _grants(account, caller))


def _grants(account: Account, caller: Caller) -> Grants:
    principal = principal_of(caller.arn)
    identity = list(caller.policies)
    boundary = caller.boundary
    if principal.kind == "user":
        identity += account.user_policies.get(principal.name, {}).values()
    role = account.roles.get(principal.name.casefold()) if principal.kind == "session" else None
    if role is not None:
        identity += _documents(account, role)
        boundary = boundary or (_document(account, role.boundary) if role.boundary else None)
    return Grants(identity=identity, boundary=boundary, scps=account.scps, session=caller.session_policy)


def _documents(account: Account, role: Role) -> list[str]:
    attached = [_document(account, arn) for arn in role.attached]
    return [*role.inline.values(), *(one for one in attached if one is not None)]


def _document(account: Account, arn: str) -> str | None:
    policy = account.policies.get(arn) or aws_managed_policy(arn)
    return policy.document if policy is not None else None


def _arn(account: Account, resource: str) -> str:
    """The ARN of what IAM's messages call `role NAME`; all else is one, or stands for everything."""
    for words, kind in _KINDS:
        if resource.startswith(words):
            name = resource.removeprefix(words)
            if name.startswith("arn:"):
                return name
            held = account.roles if kind == "role" else account.instance_profiles
            known = held.get(name.casefold()) if kind != "policy" else None
            return known.arn if known is not None else account.arn("iam", f"{kind}/{name}")
    return resource or "*"
