"""R16: give a caller the permission that it lacks, or write down what somebody else has to give it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import msgspec

from instance_profiles.fixes import role_steps, users
from instance_profiles.fixes.assemble import assemble
from instance_profiles.fixes.choices import role_choices
from instance_profiles.fixes.documents import given_document
from instance_profiles.fixes.plan import CannotPlan, Diff, Permission, Plan
from instance_profiles.fixes.principals import Principal, principal_of
from instance_profiles.fixes.probes import HandOver, InlineSpaceLeft, LacksPermission, PolicyValid
from instance_profiles.fixes.recipe import Candidate, Need, Recipe
from instance_profiles.fixes.situation import known_roles, subject_role
from instance_profiles.policies import ec2_principals
from instance_profiles.policies.document import as_list, parse, statements

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.fixes.plan import Step
    from instance_profiles.fixes.probes import Probe
    from instance_profiles.fixes.situation import Situation

ACTION: Final = "iam:PassRole"
NOT_BY_POLICY: Final = {
    "caller-scp": "a service control policy of the organization denies it",
    "caller-rcp": "a resource control policy of the organization denies it",
    "caller-vpce-policy": "the policy of a VPC endpoint denies it",
    "caller-session-policy": "the session was made with fewer rights",
    "caller-permissions-boundary": "a permissions boundary denies it",
    "caller-identity-explicit-deny": "a policy of the caller denies it",
}
"""Denials that no further Allow lifts."""
_NAME: Final = re.compile(r"[\w+=,.@-]{1,128}", re.ASCII)
_GAP: Final = re.compile(r"<[a-z-]+>")
"""What stands in a proposed policy for what nobody has told."""
_FEW: Final = 3
"""Actions that still make a title."""
_LOOKED_AT: Final = 12
"""Permissions of one document that are simulated before it is given."""
_ROLE_ARN: Final = re.compile(r"arn:[\w-]+:iam::(\d{12}):role/[\x21-\x7e]+")


class _Grant(msgspec.Struct, frozen=True):
    """What is to be allowed, in a document; `permissions` are those of it that can be looked at before."""

    title: str
    document: str
    policy_name: str
    permissions: tuple[Permission, ...] = ()


def build(situation: Situation, answers: Mapping[str, str]) -> Plan:
    denied_by = NOT_BY_POLICY.get(situation.finding.rule)
    if denied_by is not None:
        raise CannotPlan(
            f"No policy for the caller helps: {denied_by}. Send the text of the denial to its owner."
        )
    principal = _principal(situation, answers)
    grant = _grant(situation, answers)
    name = answers.get("name", grant.policy_name)
    if _NAME.fullmatch(name) is None:
        raise CannotPlan(f"{name} will not do as the name of a policy: letters, digits and +=,.@-_", "name")
    if principal.obstacle:
        return _handed_over(situation, principal, grant)
    step = _put(principal, name, grant.document)
    plan = assemble(
        RECIPE,
        situation,
        title=f"Let {principal.kind} {principal.name} {grant.title}",
        steps=(step,),
        typed=True,
        probes=_probes(principal, grant, name),
        verify=step.after,
        diffs=(Diff(f"Inline policy {name} of {principal.kind} {principal.name}", "", grant.document),),
        notes=(
            "Where you may not do this, send the policy to whoever manages permissions: it belongs to "
            + ("the user, or to a group of the user." if principal.kind == "user" else "the role."),
        ),
        delay="Within seconds to minutes; sign-in sessions that are open get it as well.",
        undo="Takes the policy away again.",
        alone="Permissions are given one at a time, by somebody who has looked at them.",
    )
    return msgspec.structs.replace(plan, typed_name=principal.name, typed_why="it gives permissions")


def choices(situation: Situation, key: str) -> tuple[Candidate, ...]:
    if key == "role":
        return _roles(situation)
    caller = situation.inventory.callers.get(situation.account)
    if key == "principal" and caller is not None:
        return (Candidate(caller.arn, caller.ref.name, "the caller"),)
    return ()


# -- who ---------------------------------------------------------------------------------------------------


def _principal(situation: Situation, answers: Mapping[str, str]) -> Principal:
    caller = situation.inventory.callers.get(situation.account)
    denied = situation.subject.id if situation.subject.kind == "caller" else None
    arn = answers.get("principal") or denied or (caller.arn if caller else None)
    if arn is None:
        raise CannotPlan("Who calls is not known; say which user or role is to be allowed.", "principal")
    unique_id = caller.user_id if caller and caller.arn == arn else None
    found = principal_of(situation, arn, unique_id)
    if found is None or found.kind == "root":
        why = found.obstacle if found else f"{arn} is not the ARN of a user or role."
        raise CannotPlan(why, "principal")
    return found


# -- what --------------------------------------------------------------------------------------------------


def _grant(situation: Situation, answers: Mapping[str, str]) -> _Grant:
    if "document" in answers:
        document = given_document(answers["document"])
        _refuse_gaps(document)
        _refuse_every_role(document)
        named = _named_permissions(document)
        whole = "do what the given policy allows"
        title = f"call {' and '.join(named.actions)}" if named.whole and len(named.actions) <= _FEW else whole
        return _Grant(title, document, "iptui-grant", named.permissions)
    arn = _role_arn(situation, answers)
    name = arn.rpartition("/")[2]
    services = ec2_principals(situation.partition)
    statement = {
        "Effect": "Allow",
        "Action": ACTION,
        "Resource": arn,
        "Condition": {
            "StringEquals": {"iam:PassedToService": list(services) if len(services) > 1 else services[0]}
        },
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    permission = Permission(ACTION, arn, {"iam:PassedToService": services[-1]})
    return _Grant(f"pass role {name} to EC2", document, f"iptui-pass-{name}"[:128], (permission,))


class _Named(msgspec.Struct, frozen=True):
    """What a document allows by full names of actions; `whole` tells that this is all that it allows."""

    permissions: tuple[Permission, ...]
    whole: bool

    @property
    def actions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.action for one in self.permissions))


def _named_permissions(document: str) -> _Named:
    found: list[Permission] = []
    whole = True
    for statement in statements(parse(document)):
        actions = [str(action) for action in as_list(statement.get("Action", []))]
        plain = statement.get("Effect") == "Allow" and "NotResource" not in statement and bool(actions)
        if not plain or any(sign in action for action in actions for sign in "*?"):
            whole = False
            continue
        context = _told_by(statement.get("Condition", {}))
        resources = [str(resource) for resource in as_list(statement.get("Resource", []))]
        found += [Permission(action, resource, context) for action in actions for resource in resources]
    return _Named(tuple(found), whole and bool(found))


def _told_by(condition: Any) -> dict[str, str]:
    """The values that a condition wants, as the context under which the permission is to hold."""
    wanted = condition.get("StringEquals", {}) if isinstance(condition, dict) else {}
    return {key: str(as_list(values)[-1]) for key, values in wanted.items() if as_list(values)}


def _roles(situation: Situation) -> tuple[Candidate, ...]:
    named = _named_roles(situation)
    certain = tuple(Candidate(arn, arn.rpartition("/")[2], "the one in question") for arn in named)
    others = role_choices(situation, situation.subject.name)
    return (*certain, *(candidate for candidate in others if candidate.value not in named))


def _named_roles(situation: Situation) -> tuple[str, ...]:
    """The roles that the finding is about, by ARN."""
    role = subject_role(situation)
    related = (ref.arn for ref in situation.finding.related if ref.kind == "role")
    return tuple(dict.fromkeys(arn for arn in (role.arn if role else None, *related) if arn))


def _role_arn(situation: Situation, answers: Mapping[str, str]) -> str:
    named = _named_roles(situation)
    wanted = answers.get("role") or (named[0] if named else None)
    if wanted is None:
        raise CannotPlan("Say which role the caller must be able to pass.", "role")
    for role in known_roles(situation.inventory, situation.account):
        if wanted in (role.arn, role.role_name):
            return role.arn
    found = _ROLE_ARN.fullmatch(wanted)
    if found is None or "*" in wanted or "?" in wanted:
        raise CannotPlan(f"There is no role {wanted} in account {situation.account}.", "role")
    if found[1] != situation.account:
        raise CannotPlan(
            f"{wanted} is in another account, and a role of another account can never be passed."
        )
    return wanted


def _refuse_gaps(document: str) -> None:
    """Raise CannotPlan where something is still to be filled in: not every denial names its resource."""
    gap = _GAP.search(document)
    if gap is not None:
        raise CannotPlan(f"The policy still has {gap[0]} in it: fill in what is meant.", "document")


def _refuse_every_role(document: str) -> None:
    """Raise CannotPlan for a document that lets a caller pass any role, an administrator's included."""
    for statement in statements(parse(document)):
        if statement.get("Effect") == "Allow" and _passes_any(statement):
            raise CannotPlan(
                "The document would let the caller pass every role, those of administrators included; name "
                "the ARNs of the roles.",
                "document",
            )


def _passes_any(statement: dict[str, Any]) -> bool:
    actions = [str(action).casefold() for action in as_list(statement.get("Action", []))]
    passes = "NotAction" in statement or any(_may_mean_pass_role(action) for action in actions)
    resources = [str(resource) for resource in as_list(statement.get("Resource", ["*"]))]
    return passes and ("NotResource" in statement or any(_names_all(resource) for resource in resources))


def _names_all(resource: str) -> bool:
    """Whether a wildcard stands before the name and path of the role, or where they begin."""
    before, found, name = resource.partition(":role/")
    return any(sign in before for sign in "*?") or (bool(found) and name[:1] in ("*", "?"))


def _may_mean_pass_role(action: str) -> bool:
    if "*" not in action and "?" not in action:
        return action == ACTION.casefold()
    head = re.split(r"[*?]", action)[0]
    return ACTION.casefold().startswith(head)


# -- where -------------------------------------------------------------------------------------------------


def _put(principal: Principal, name: str, document: str) -> Step:
    """Put the policy beside those that are there; raises CannotPlan where the name is taken."""
    if principal.role is None:
        return users.put_user_policy(principal, name, document)
    inline = principal.role.inline_policies or ()
    if any(one.policy_name == name for one in inline):
        raise CannotPlan(
            f"Role {principal.name} has an inline policy {name} already; choose another name.", "name"
        )
    return role_steps.put_inline_policy(principal.role, name, document, None)


def _probes(principal: Principal, grant: _Grant, name: str) -> tuple[Probe, ...]:
    found: list[Probe] = [PolicyValid(grant.document, "IDENTITY_POLICY")]
    if grant.permissions:
        found.insert(0, _lacks(principal, grant.permissions[:_LOOKED_AT]))
    if principal.role is not None:
        found.append(InlineSpaceLeft(principal.name, name, grant.document))
    return tuple(found)


def _lacks(principal: Principal, wanted: tuple[Permission, ...]) -> LacksPermission:
    return LacksPermission(principal.arn, tuple((one.action, one.resource, one.context) for one in wanted))


def _handed_over(situation: Situation, principal: Principal, grant: _Grant) -> Plan:
    """No calls: the text that somebody else needs."""
    return assemble(
        RECIPE,
        situation,
        title=f"Ask for the permission of {principal.name} to {grant.title}",
        steps=(),
        probes=(HandOver(principal.obstacle),),
        notes=(_text(principal, grant),),
        delay="Once somebody has attached the policy; then within seconds to minutes.",
        undo="Nothing is changed here.",
    )


def _text(principal: Principal, grant: _Grant) -> str:
    """What can be sent as it stands."""
    head = f"For whoever manages permissions: please allow {principal.arn} to {grant.title}."
    return f"{head} {principal.obstacle}\n{json.dumps(json.loads(grant.document), indent=2)}"


RECIPE = Recipe(
    name="grant-caller",
    number="R16",
    title="Give the caller the permission",
    summary="Writes the smallest policy that lets the caller pass the role, and attaches it where you may.",
    needs=(
        Need("role", "Role", unless="document"),
        Need("principal", "Who", optional=True, hint="optional: the ARN of a user or role"),
        Need("document", "Policy", optional=True, hint="optional: another policy, JSON or @file"),
        Need("name", "Name", optional=True, hint="optional: a name for the policy"),
    ),
    actions=(
        "iam:PutUserPolicy",
        "iam:DeleteUserPolicy",
        "iam:PutRolePolicy",
        "iam:DeleteRolePolicy",
    ),
    build=build,
    choices=choices,
)
