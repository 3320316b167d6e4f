"""May somebody do something? Asked of IAM's simulation, and where that is denied judged from the documents.

Both only read. A simulation knows no session policies, endpoint policies and resource control policies; the
local judgement knows no service control policies either, so that it never says a plain yes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from instance_profiles.aws.errors import AwsError, Denied, NotFound
from instance_profiles.denials.attached import held_by
from instance_profiles.denials.simulation import simulate
from instance_profiles.policies.decide import Decision, decide
from instance_profiles.policies.principal import principal_of
from instance_profiles.policies.request import Request

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Sequence

    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.denials.attached import Held

Engine = Literal["local", "simulation", "dry-run", "authorization-details"]
Values = Mapping[str, tuple[str, ...]]

NOT_SIMULATED: Final = "Not simulated: iam:SimulatePrincipalPolicy is denied to you."
PROBABLY: Final = (
    "Probably: the policies that could be read allow it; service control policies could not be read."
)
ROOT: Final = (
    "Nothing limits the root user but the policies of the organization, and IAM simulates nobody's for root."
)
_CALLS_AT_ONCE: Final = 4
"""IAM's limits are the account's, so that a table of questions must not take all of them."""


class Question(msgspec.Struct, frozen=True):
    """One thing that somebody may want to do; `context` are the condition keys that AWS would see."""

    action: str
    resource: str
    context: dict[str, tuple[str, ...]] = {}


class Answer(msgspec.Struct, frozen=True):
    """A decision, and what it rests on. `notes` say what was tried in vain and what is not known.

    `policies` are the names or ARNs of those that decide, where they are told. `probably` says that an
    unknown is a yes as far as could be read.
    """

    decision: Decision
    engine: Engine
    principal: str
    notes: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    probably: bool = False


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
    if principal_of(asked).kind == "account":
        raise NobodyToAsk("No IAM policy limits the root user, so there is nothing to ask.")
    (answer,) = await _Judge(account, asked).answers([Question(action, resource, dict(context))])
    return answer


async def may_each(
    account: AwsAccount, principal: str | None, questions: Sequence[Question]
) -> AsyncIterator[tuple[int, Answer]]:
    """The answer to each question with its place, as they come; trouble with one leaves it unknown.

    Questions under the same circumstances are asked in few calls.

    Raises:
        AwsError: it could not be found out who calls.
        NobodyToAsk: the principal is no user and no role, or IAM does not know it.
    """
    asked = await source_of(account, principal)
    if principal_of(asked).kind == "account":
        for place in range(len(questions)):
            yield place, Answer(Decision("unknown", reason=ROOT), "local", asked, probably=True)
        return
    judge = _Judge(account, asked)
    first, *others = _together(questions) or [()]
    # By itself: whether the simulation may be asked at all is learnt once.
    for told in await _settled(judge, questions, first):
        yield told
    limit = asyncio.Semaphore(_CALLS_AT_ONCE)

    async def limited(places: Sequence[int]) -> list[tuple[int, Answer]]:
        async with limit:
            return await _settled(judge, questions, places)

    tasks = [asyncio.ensure_future(limited(places)) for places in others]
    try:
        for done in asyncio.as_completed(tasks):
            for told in await done:
                yield told
    finally:
        for task in tasks:
            task.cancel()


def _together(questions: Sequence[Question]) -> list[tuple[int, ...]]:
    """The places of questions that one simulation answers, exactly as each would be answered alone.

    They share their circumstances, and every action is asked about every resource.
    """
    by_resource: dict[tuple[_Circumstances, str], list[int]] = {}
    for place, question in enumerate(questions):
        circumstances = tuple(sorted(question.context.items()))
        by_resource.setdefault((circumstances, question.resource), []).append(place)
    groups: dict[tuple[_Circumstances, frozenset[str]], list[int]] = {}
    for (circumstances, _), places in by_resource.items():
        actions = frozenset(questions[place].action for place in places)
        groups.setdefault((circumstances, actions), []).extend(places)
    return [tuple(places) for places in groups.values()]


async def _settled(
    judge: _Judge, questions: Sequence[Question], places: Iterable[int]
) -> list[tuple[int, Answer]]:
    here = list(places)
    try:
        answers = await judge.answers([questions[place] for place in here])
    except AwsError as error:
        unknown = Answer(Decision("unknown", reason=str(error)), judge.engine, judge.source)
        answers = [unknown] * len(here)
    return list(zip(here, answers, strict=True))


_Circumstances = tuple[tuple[str, tuple[str, ...]], ...]


class _Judge:
    """One principal's judge: simulates until that is denied, then reads the documents once and judges."""

    def __init__(self, account: AwsAccount, source: str) -> None:
        self.source = source
        self.engine: Engine = "simulation"
        self._account = account
        self._held: asyncio.Future[Held] | None = None

    async def answers(self, questions: Sequence[Question]) -> list[Answer]:
        """The answers to questions that belong together; raises AwsError."""
        if not questions:
            return []
        if self.engine == "simulation":
            try:
                return await self._simulated(questions)
            except Denied:
                self.engine = "local"
            except NotFound as error:
                raise NobodyToAsk(f"IAM does not know {self.source}; check the ARN.") from error
        if self._held is None:
            self._held = asyncio.ensure_future(held_by(self._account, self.source))
        held = await asyncio.shield(self._held)
        return [_judged(held, self.source, question) for question in questions]

    async def _simulated(self, questions: Sequence[Question]) -> list[Answer]:
        actions = list(dict.fromkeys(question.action for question in questions))
        resources = list(dict.fromkeys(question.resource for question in questions))
        told = await simulate(self._account, self.source, actions, resources, questions[0].context)
        verdicts = [told[question.action, question.resource] for question in questions]
        return [Answer(one.decision, "simulation", self.source, policies=one.policies) for one in verdicts]


def _judged(held: Held, source: str, question: Question) -> Answer:
    request = Request(question.action, question.resource, source, question.context)
    decision = decide(request, held.grants)
    policies = held.names_of(decision)
    if decision.decision != "allow":
        return Answer(decision, "local", source, (NOT_SIMULATED,), policies)
    unsure = msgspec.structs.replace(decision, decision="unknown", effect=None)
    return Answer(unsure, "local", source, (NOT_SIMULATED, PROBABLY), policies, probably=True)


async def source_of(account: AwsAccount, principal: str | None) -> str:
    """The user's or role's ARN, as a simulation wants it; a session's ARN has lost the role's path.

    The root user's stays as it is, though no simulation takes it.

    Raises:
        NobodyToAsk: the principal is neither of these.
    """
    arn = principal or str((await account.identity())["Arn"])
    read = principal_of(arn)
    if read.kind in ("user", "role", "account"):
        return arn
    if read.kind == "session":
        try:
            answer = await account.call("iam", "GetRole", {"RoleName": read.name})
        except NotFound as error:
            raise NobodyToAsk(f"There is no role {read.name} in this account.") from error
        except AwsError:
            return f"arn:{read.partition}:iam::{read.account}:role/{read.name}"
        return str(answer["Role"]["Arn"])
    raise NobodyToAsk(f"{arn} is no user and no role; give an ARN as in arn:aws:iam::123456789012:role/web.")
