"""Inline policies of IAM users: the step that puts one, and the condition around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from instance_profiles.aws.errors import NotFound
from instance_profiles.fixes import conditions as c
from instance_profiles.fixes.held import Held, compare
from instance_profiles.fixes.plan import Call, Permission, Step
from instance_profiles.inventory.from_aws import document
from instance_profiles.policies import same_document

if TYPE_CHECKING:
    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.fixes.principals import Principal


def put_user_policy(user: Principal, policy_name: str, text: str) -> Step:
    """Put an inline policy that the user does not have yet under this name."""
    none = c.UserPolicyIs(user.name, user.unique_id, policy_name, None)
    put = _call("PutUserPolicy", user, {"PolicyName": policy_name, "PolicyDocument": text})
    return Step(
        msgspec.structs.replace(put, inverse=_call("DeleteUserPolicy", user, {"PolicyName": policy_name})),
        before=(none,),
        after=(c.UserPolicyIs(user.name, user.unique_id, policy_name, text),),
        taken_back=(none,),
        timeout=40.0,
        interval=1.0,
    )


@compare.register(c.UserPolicyIs)
async def _(condition: c.UserPolicyIs, account: AwsAccount) -> Held:
    name = condition.user_name
    try:
        user = (await account.call("iam", "GetUser", {"UserName": name}))["User"]
    except NotFound:
        return Held(False, f"User {name} does not exist any more.")
    if condition.user_id not in (None, user["UserId"]):
        return Held(False, f"User {name} was deleted and made again meanwhile.")
    found = await _inline_policy(account, name, condition.policy_name)
    image = {"policy_name": condition.policy_name, "policy_document": found}
    if found is None:
        sentence = f"User {name} has no inline policy {condition.policy_name}."
        return Held(condition.document is None, sentence, image)
    same = condition.document is not None and same_document(found, condition.document)
    as_expected = "as expected" if same else "there already, and another one than expected"
    return Held(same, f"The inline policy {condition.policy_name} of user {name} is {as_expected}.", image)


async def _inline_policy(account: AwsAccount, user_name: str, policy_name: str) -> str | None:
    wanted = {"UserName": user_name, "PolicyName": policy_name}
    try:
        answer = await account.call("iam", "GetUserPolicy", wanted)
    except NotFound:
        return None
    return document(answer.get("PolicyDocument", ""))


def _call(operation: str, user: Principal, parameters: dict[str, Any]) -> Call:
    return Call(
        "iam",
        operation,
        None,
        {"UserName": user.name, **parameters},
        permissions=(Permission(f"iam:{operation}", user.arn),),
    )
