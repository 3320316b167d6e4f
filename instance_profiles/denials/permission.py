"""May somebody do something? Asked of IAM's simulation, and where that is denied judged from the documents.

Both only read. A simulation knows no session policies, endpoint policies and resource control policies; the
local judgement knows no service control policies either, so that it never says a plain yes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

import msgspec

from instance_profiles.aws.errors import AwsError, Denied, NotFound
from instance_profiles.denials.attached import held_by
from instance_profiles.denials.simulation import simulate
from instance_profiles.policies.decide import Decision, decide
from instance_profiles.policies.principal import principal_of
from instance_profiles.policies.request import Request

if TYPE_CHECKING:
    from instance_profiles.aws.account import AwsAccount

Engine = Literal["local", "simulation", "dry-run", "authorization-details"]
Values = Mapping[str, tuple[str, ...]]


class Answer(msgspec.Struct, frozen=True):
    """A decision, and what it rests on. `notes` say what was tried in vain and what is not known."""

    decision: Decision
    engine: Engine
    principal: str
    notes: tuple[str, ...] = ()


class NobodyToAsk(Exception):
    """The principal is none whose permissions IAM can tell; the text says why."""


async def may(
    account: AwsAccount, principal: str | None, action: str, resource: str, context: Values
) -> Answer:
    """Whether the principal, or the caller, may do an action on a resource.

    Raises:
        AwsError: nothing could be asked.
        NobodyToAsk: the principal is no user and no role.
    """
    asked = await source_of(account, principal)
    try:
        told = await simulate(account, asked, [action], [resource], context)
        return Answer(told[action, resource].decision, "simulation", asked)
    except Denied:
        note = "Not simulated: iam:SimulatePrincipalPolicy is denied to you."
    except NotFound as error:
        raise NobodyToAsk(f"IAM does not know {asked}; check the ARN.") from error
    held = await held_by(account, asked)
    request = Request(action, resource, asked, dict(context))
    decision = decide(request, held.grants)
    if decision.decision != "allow":
        return Answer(decision, "local", asked, (note,))
    unsure = msgspec.structs.replace(decision, decision="unknown", effect=None)
    why = "Probably: the policies that could be read allow it; service control policies could not be read."
    return Answer(unsure, "local", asked, (note, why))


async def source_of(account: AwsAccount, principal: str | None) -> str:
    """The user's or role's ARN, as a simulation wants it; a session's ARN has lost the role's path.

    Raises:
        NobodyToAsk: the principal is no user and no role.
    """
    arn = principal or str((await account.identity())["Arn"])
    read = principal_of(arn)
    if read.kind in ("user", "role"):
        return arn
    if read.kind == "session":
        try:
            answer = await account.call("iam", "GetRole", {"RoleName": read.name})
        except NotFound as error:
            raise NobodyToAsk(f"There is no role {read.name} in this account.") from error
        except AwsError:
            return f"arn:{read.partition}:iam::{read.account}:role/{read.name}"
        return str(answer["Role"]["Arn"])
    if read.kind == "account":
        raise NobodyToAsk("No IAM policy limits the root user, so there is nothing to ask.")
    raise NobodyToAsk(f"{arn} is no user and no role; give an ARN as in arn:aws:iam::123456789012:role/web.")
