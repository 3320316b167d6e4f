"""One error, all questions, in the order of trust."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Final, cast

import msgspec

from instance_profiles.aws.action_names import action_name
from instance_profiles.aws.errors import AwsError, Denied
from instance_profiles.aws.offered import why_not_offered
from instance_profiles.denials.inquiry import (
    authorization,
    changes,
    decoding,
    denied_call,
    documents,
    queries,
    simulating,
)
from instance_profiles.denials.inquiry.known import Known, Learnt, NothingToAsk, OnlyIfWanted, Question, Scope
from instance_profiles.denials.inquiry.step import State, Step
from instance_profiles.denials.reading import rule_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.denials.reading import ReadError

QUESTIONS: Final[Sequence[Question]] = (
    authorization.QUESTION,
    decoding.QUESTION,
    simulating.QUESTION,
    documents.QUESTION,
    denied_call.QUESTION,
    changes.QUESTION,
    queries.LAKE,
    queries.ATHENA,
)


def worth_asking(error: ReadError) -> bool:
    """Whether AWS can say more of an error: only of denials, and of those whose caller or cause is told."""
    if error.encoded or error.authorization_id:
        return True
    return error.principal is not None and (error.rule or "").startswith(("caller-", "role-self"))


async def inquire(account: AwsAccount, error: ReadError, scope: Scope) -> AsyncGenerator[Step, None]:
    """Ask everything that there is to ask about a denial; each step comes when it begins and when it ends.

    A question that is denied or fails is a step that says so; the others are asked all the same. Closing the
    generator, or cancelling the task, stops what is running at AWS as well.

    Raises:
        AwsError: it could not be found out who asks, so that nothing can be asked.
    """
    await account.ready()
    own = str((await account.identity())["Account"])
    known = Known(error, own, account.partition, None, error.action, error.resource, error.region)
    for question in QUESTIONS:
        async with aclosing(_asked(account, question, known, scope)) as steps:
            async for step, learnt in steps:
                known = learnt
                yield step


async def _asked(
    account: AwsAccount, question: Question, known: Known, scope: Scope
) -> AsyncGenerator[tuple[Step, Known], None]:
    def step(state: State, words: str = "") -> tuple[Step, Known]:
        return Step(question.name, question.title, question.call, state, words, error=informed(known)), known

    why = question.why_not(known, scope)
    if why is not None:
        yield step("skipped", why)
        return
    yield step("asking")
    asking = cast("AsyncGenerator[str | Learnt, None]", question.ask(account, known, scope))
    try:
        async with aclosing(asking) as answers:
            async for said in answers:
                if isinstance(said, str):
                    yield step("asking", said)
                else:
                    yield _answered(question, said), said.known
    except NothingToAsk as reason:
        yield step("skipped", str(reason))
    except OnlyIfWanted as offer:
        yield step("offered", str(offer))
    except Denied as error:
        service, operation = error.service or "", error.operation
        denied = action_name(service, operation) if operation else question.call
        yield step("denied", f"{denied} is denied to you; asking goes on without it.")
    except AwsError as error:
        missing = await why_not_offered(account, error)
        yield step("skipped", missing) if missing else step("failed", str(error))


def _answered(question: Question, learnt: Learnt) -> Step:
    return Step(
        question.name,
        question.title,
        question.call,
        "answered",
        learnt.words,
        learnt.ruling,
        learnt.facts,
        learnt.documents,
        learnt.events,
        informed(learnt.known),
    )


def informed(known: Known) -> ReadError:
    """The error with what was learnt: where the message was silent, what AWS said fills it in."""
    error = known.error
    ruling = known.ruling
    told = msgspec.structs.replace(error, action=known.action, resource=known.resource)
    if ruling is not None and (ruling.denied_by or error.denied_by is None):
        told = msgspec.structs.replace(
            told,
            denied_by=ruling.denied_by or error.denied_by,
            effect=ruling.effect or error.effect,
            policy=ruling.policy or error.policy,
        )
    if told == error:
        return error
    return msgspec.structs.replace(told, rule=rule_of(told, told.code))
