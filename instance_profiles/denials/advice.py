"""What a denial means and what to do about exactly that one, best first."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import msgspec

from instance_profiles.denials.known import KNOWN
from instance_profiles.denials.statement import smallest_statement
from instance_profiles.denials.who import Who, who

if TYPE_CHECKING:
    from collections.abc import Callable

    from instance_profiles.denials.reading import ReadError
    from instance_profiles.denials.sentence import DeniedBy

Steps = tuple[str, ...]

_WORDS: Final[dict[DeniedBy, str]] = {
    "identity-policy": "policies attached to the caller",
    "resource-policy": "the policy of the resource",
    "permissions-boundary": "the caller's permissions boundary",
    "session-policy": "the session policy with which the credentials were made",
    "service-control-policy": "a service control policy of the organisation",
    "resource-control-policy": "a resource control policy of the organisation",
    "vpc-endpoint-policy": "the policy of the VPC endpoint",
    "role-trust-policy": "the trust policy of the role",
}


class Advice(msgspec.Struct, frozen=True):
    """One sentence on what happened, the steps, and the recipes of iptui that do them."""

    meaning: str
    next_steps: Steps
    fixes: tuple[str, ...] = ()


def advice(error: ReadError) -> Advice | None:
    """Advice on a denial, and on a text that no rule covers; None where the catalogue knows more."""
    if error.rule is None:
        return _of_text(error)
    if error.effect is None and error.principal is None and error.encoded is None:
        return None
    if not error.rule.startswith(("caller-", "role-self")):
        return None
    caller = who(error.principal)
    steps, fixes = _steps(error, caller)
    return Advice(_meaning(error, caller), (*steps, *_more(error)), fixes)


def _of_text(error: ReadError) -> Advice | None:
    for known in KNOWN:
        if known.meaning and known.pattern.search(error.message):
            return Advice(known.meaning, known.steps)
    return None


def _meaning(error: ReadError, caller: Who) -> str:
    action = error.action or "an action that the message does not name"
    on = f" on {error.resource}" if error.resource else ""
    if error.effect is None:
        reason = "The message does not say which policy is the cause."
    elif error.denied_by is None:
        reason = "A Deny statement forbids it; the message does not say in which kind of policy."
    elif error.effect == "explicit":
        reason = f"A Deny statement in {_WORDS[error.denied_by]} forbids it; a Deny wins over every Allow."
    elif error.denied_by == "identity-policy":
        reason = "No policy attached to the caller allows it."
    else:
        reason = f"It is not allowed by {_WORDS[error.denied_by]}, and without that no other Allow counts."
    trap = ""
    if error.rule == "caller-passrole-denied":
        trap = " The call itself may be allowed: what is missing is the right to pass the role along with it."
    return f"{_upper(caller.words)} may not do {action}{on}. {reason}{trap}"


def _steps(error: ReadError, caller: Who) -> tuple[Steps, tuple[str, ...]]:
    if error.rule == "role-self-assume-denied":
        return (
            "Remove the AssumeRole call: the application has the credentials of this role already.",
            "If the call must stay, let the role's trust policy name the role itself.",
        ), ("repair-trust",)
    if error.effect == "explicit":
        return _forbidden(error, caller)
    if error.denied_by is None:
        return _unsaid(error, caller)
    return _NOT_ALLOWED[error.denied_by](error, caller)


# -- not allowed -----------------------------------------------------------------------------------------


def _identity(error: ReadError, caller: Who) -> tuple[Steps, tuple[str, ...]]:
    if caller.place is None:
        return (f"Find out which policies apply to {caller.words}; they must allow {error.action}.",), ()
    steps = [f"Add this statement to a policy of {caller.place}: {_statement(error, caller)}"]
    if caller.permission_set:
        steps.append(
            "Change the permission set, not the role: IAM Identity Center would take the change back."
        )
    if _passes(error):
        steps.append(
            "If an Allow for iam:PassRole is there already: its Resource must be the ARN of the role, not of"
            " the"
            " instance profile, with the right path; iam:PassedToService must be ec2.amazonaws.com; and"
            " iam:AssociatedResourceArn must not be a single instance."
        )
    else:
        steps.append("If an Allow is there already, look at its Resource and at its conditions.")
    return tuple(steps), ("grant-caller",)


def _boundary(error: ReadError, caller: Who) -> tuple[Steps, tuple[str, ...]]:
    return (
        (
            f"Let the permissions boundary of {caller.place or 'the caller'} allow {error.action}:"
            f" {_statement(error, caller)}"
        ),
        "A boundary grants nothing: a policy attached to the caller must allow the action as well.",
        "If the boundary is not yours, ask its owner; it is there to limit what you can grant yourself.",
    ), ("change-boundary",)


def _session(error: ReadError, caller: Who) -> tuple[Steps, tuple[str, ...]]:
    return (
        f"Sign in again without a session policy, or with one that allows {error.action}.",
        "No change to an IAM policy helps: the session policy was given when the credentials were made.",
    ), ()


def _scp(error: ReadError, caller: Who) -> tuple[Steps, tuple[str, ...]]:
    return (_ticket(error, caller, "service control policy"), _ONLY_ADMINS), ()


def _rcp(error: ReadError, caller: Who) -> tuple[Steps, tuple[str, ...]]:
    return (_ticket(error, caller, "resource control policy"), _ONLY_ADMINS), ()


def _endpoint(error: ReadError, caller: Who) -> tuple[Steps, tuple[str, ...]]:
    return (
        f"Let the policy of the VPC endpoint allow {error.action}, or call from a network without it.",
        "`aws ec2 describe-vpc-endpoints` shows the endpoints and their policies.",
    ), ()


def _resource(error: ReadError, caller: Who) -> tuple[Steps, tuple[str, ...]]:
    return (
        f"Let the policy of {error.resource or 'the resource'} name {caller.words} and allow {error.action}.",
        "From another account, a policy attached to the caller must allow it as well.",
    ), ()


def _trust(error: ReadError, caller: Who) -> tuple[Steps, tuple[str, ...]]:
    principal = error.principal or "the caller"
    return (
        f"Let the trust policy of {error.resource or 'the role'} allow sts:AssumeRole for {principal}.",
        (
            "From another account, a policy attached to the caller must allow sts:AssumeRole on the role as"
            " well."
        ),
        "Check the conditions of the trust policy: sts:ExternalId, MFA, and the name of the session.",
    ), ("repair-trust",)


_NOT_ALLOWED: Final[dict[DeniedBy, Callable[[ReadError, Who], tuple[Steps, tuple[str, ...]]]]] = {
    "identity-policy": _identity,
    "permissions-boundary": _boundary,
    "session-policy": _session,
    "service-control-policy": _scp,
    "resource-control-policy": _rcp,
    "vpc-endpoint-policy": _endpoint,
    "resource-policy": _resource,
    "role-trust-policy": _trust,
}

# -- forbidden, or not said ------------------------------------------------------------------------------


def _forbidden(error: ReadError, caller: Who) -> tuple[Steps, tuple[str, ...]]:
    named = f" ({error.policy})" if error.policy else ""
    if error.denied_by in ("service-control-policy", "resource-control-policy"):
        kind = error.denied_by.replace("-", " ")
        return (_ticket(error, caller, f"{kind}{named}"), _ONLY_ADMINS), ()
    if error.denied_by == "session-policy":
        return _session(error, caller)
    where = _WORDS[error.denied_by] if error.denied_by else "the policies that apply to the caller"
    steps = [
        (
            f"Open {error.policy or where} and find the Deny statement that matches"
            f" {error.action or 'the action'}."
        ),
        (
            "Look at its conditions first: MFA (aws:MultiFactorAuthPresent), address (aws:SourceIp), region"
            " (aws:RequestedRegion), tags. Meeting them may be all that is needed."
        ),
        "Adding an Allow does not help: a Deny wins.",
    ]
    if error.denied_by == "identity-policy":
        steps.append(
            "A Deny named AWSRevokeOlderSessions or AWSCompromisedKeyQuarantine was put there on purpose:"
            " ask why."
        )
    fixes = ("change-boundary",) if error.denied_by == "permissions-boundary" else ()
    return tuple(steps), fixes


def _unsaid(error: ReadError, caller: Who) -> tuple[Steps, tuple[str, ...]]:
    steps: list[str] = []
    if error.encoded:
        steps.append("Decode the message: `aws sts decode-authorization-message --encoded-message ...`.")
    elif error.encoded is not None:
        steps.append("The encoded message was cut off; get the whole of it, it names the policy.")
    if caller.place is None and error.principal and error.principal.endswith(":root"):
        steps.append(
            "No IAM policy limits the root user: the cause is a service control policy, a resource control"
            " policy or the policy of the resource."
        )
        return tuple(steps), ()
    if error.action:
        steps.append(
            f"If no policy of {caller.place or 'the caller'} allows it, add: {_statement(error, caller)}"
        )
    if (error.action or "").lower() == "sts:assumerole":
        steps.append(
            f"The trust policy of {error.resource or 'the role'} must allow"
            f" {error.principal or 'the caller'} as well: check both."
        )
    if (error.action or "").lower() == "ec2:runinstances":
        steps.append(
            "Launch once without the instance profile. If that works, iam:PassRole on its role is missing,"
            " or the instance profile does not exist or has no role."
        )
    steps.append(
        "If an administrator is denied, the cause is a Deny, a boundary, a session policy or the"
        " organisation."
    )
    return tuple(steps), ("grant-caller",) if error.action else ()


def _more(error: ReadError) -> Steps:
    if error.authorization_id is None:
        return ()
    region = f" --region {error.region}" if error.region else ""
    return (
        (
            "AWS keeps the whole evaluation for 24 hours: `aws iam-toolbox get-request-authorization-details"
            f" --authorization-id {error.authorization_id}{region}`."
        ),
    )


_ONLY_ADMINS: Final = "No policy in this account can change that, and it binds the root user too."


def _ticket(error: ReadError, caller: Who, policy: str) -> str:
    on = f" on {error.resource}" if error.resource else ""
    wish = f"{_upper(caller.words)} needs {error.action or 'an action'}{on}. It is denied by a {policy}."
    account = caller.account or "<account>"
    return (
        f'Ask the administrators of the organisation: "{wish} Please allow it for account {account}, or tell'
        ' us what to use instead."'
    )


def _passes(error: ReadError) -> bool:
    return (error.action or "").lower() == "iam:passrole"


def _statement(error: ReadError, caller: Who) -> str:
    return json.dumps(smallest_statement(error.action or "<action>", error.resource, caller))


def _upper(words: str) -> str:
    return words if "@" in words.partition(" ")[0] else words[:1].upper() + words[1:]
