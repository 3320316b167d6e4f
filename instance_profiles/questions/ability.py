"""Could this caller do it? Each permission that fixes need, asked of IAM for a user, a role or oneself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from instance_profiles.denials.permission import Answer, Question, may_each
from instance_profiles.denials.statement import smallest_policy
from instance_profiles.denials.who import who
from instance_profiles.policies.principal import principal_of
from instance_profiles.questions.needs import key_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Sequence

    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.fixes.plan import Permission
    from instance_profiles.questions.needs import FixNeeds, Row

Standing = Literal["yes", "no", "unknown", "asking"]
Answers = Mapping[int, Answer]
"""The answers so far, by the place of their row."""


def trouble_with(principal: str, account: str) -> str | None:
    """One sentence on why nobody can be asked about this principal; None where it can."""
    read = principal_of(principal)
    if read.kind not in ("user", "role", "session", "account"):
        return (
            f"{principal} is no user and no role; give an ARN as in arn:aws:iam::{account or '123456789012'}"
            ":role/web."
        )
    if account and read.account != account:
        return f"{principal} is in account {read.account}, and its policies can only be asked about there."
    return None


async def could(
    account: AwsAccount, principal: str | None, rows: Sequence[Row]
) -> AsyncIterator[tuple[int, Answer]]:
    """The answer to each row with its place, as they come; raises as `may_each` does."""
    async for told in may_each(account, principal, [question_of(row.permission) for row in rows]):
        yield told


def question_of(permission: Permission) -> Question:
    """As a question to IAM."""
    context: dict[str, tuple[str, ...]] = {key: (value,) for key, value in permission.context.items()}
    return Question(permission.action, permission.resource, context)


def standing(fix: FixNeeds, rows: Sequence[Row], answers: Answers) -> Standing:
    """Whether all that a fix needs is allowed: one denial is a no, before anything that is not known.

    Where it was not asked about all of its objects, a yes for some is no yes for all.
    """
    wanted = {key_of(need) for need in fix.needs}
    places = [place for place, row in enumerate(rows) if key_of(row.permission) in wanted]
    said = [answers[place].decision.decision if place in answers else None for place in places]
    if "deny" in said:
        return "no"
    if None in said:
        return "asking"
    return "unknown" if "unknown" in said or fix.left_out else "yes"


def grantable_for(fix: FixNeeds, rows: Sequence[Row], answers: Answers) -> tuple[Permission, ...]:
    """What a fix is denied, where Allows would lift all of it; empty otherwise."""
    wanted = {key_of(need) for need in fix.needs}
    denied = [
        (row.permission, answers[place])
        for place, row in enumerate(rows)
        if place in answers
        and key_of(row.permission) in wanted
        and answers[place].decision.decision == "deny"
    ]
    if not all(lacks_an_allow(answer) for _, answer in denied):
        return ()
    return tuple(permission for permission, _ in denied)


def grantable(rows: Sequence[Row], answers: Answers) -> tuple[Permission, ...]:
    """What is denied only because no policy of the principal allows it: an Allow would lift that."""
    return tuple(row.permission for place, row in enumerate(rows) if lacks_an_allow(answers.get(place)))


def policy_for(principal: str, permissions: Iterable[Permission]) -> tuple[dict[str, Any], str | None]:
    """The smallest policy that allows them, and where it belongs; None where none can be attached."""
    caller = who(principal)
    return smallest_policy(((one.action, one.resource) for one in permissions), caller), caller.place


def lacks_an_allow(answer: Answer | None) -> bool:
    """Whether a denial is for want of an Allow in the principal's own policies, and for nothing else."""
    if answer is None:
        return False
    decision = answer.decision
    lacking = (decision.decision, decision.effect, decision.decided_by)
    return lacking == ("deny", "implicit", "identity-policy")


def why(answer: Answer) -> str:
    """What decides, in a few words: a policy's kind and name, or what is not known; empty for a plain yes."""
    decision = answer.decision
    if decision.decision == "unknown":
        judged = answer.probably and answer.notes
        return "service control policies could not be read" if judged else decision.reason
    kind = (decision.decided_by or "policy").replace("-", " ")
    named = f" {answer.policies[0]}" if answer.policies else ""
    if decision.decision == "allow":
        return f"allowed by{named}" if named else ""
    if decision.effect == "explicit":
        return f"a Deny in the {kind}{named}"
    return "no policy allows it" if kind == "identity policy" else f"the {kind}{named} does not allow it"
