"""The managed policies that a fix can name: the account's own, and those of AWS that instances need."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from instance_profiles.fixes.plan import CannotPlan
from instance_profiles.fixes.recipe import Candidate

if TYPE_CHECKING:
    from instance_profiles.fixes.situation import Situation

SSM_CORE = "AmazonSSMManagedInstanceCore"
"""What Systems Manager needs to manage an instance, and no more."""
CLOUDWATCH = "CloudWatchAgentServerPolicy"
_ARN = re.compile(r"arn:[\w-]+:iam::(aws|\d{12}):policy/[\w+=,.@/-]+")


def aws_policy_arn(situation: Situation, name: str) -> str:
    """The ARN of one of AWS's own policies in the partition in question."""
    return f"arn:{situation.partition}:iam::aws:policy/{name}"


def own_policies(situation: Situation) -> tuple[Candidate, ...]:
    """The account's own policies by name; none of them is a sure choice."""
    found = [
        policy
        for policy in situation.inventory.managed_policies
        if policy.account == situation.account and ":iam::aws:" not in policy.arn
    ]
    return tuple(
        Candidate(policy.arn, policy.policy_name, "of this account", sure=False)
        for policy in sorted(found, key=lambda policy: policy.policy_name)
    )


def chosen_policy(situation: Situation, wanted: str) -> str:
    """The ARN of the policy that was asked for by ARN, by own name, or by AWS's name; raises CannotPlan."""
    if wanted.startswith("arn:"):
        if _ARN.fullmatch(wanted) is None:
            raise CannotPlan(f"{wanted} is not the ARN of a managed policy.", "policy")
        owner = wanted.split(":")[4]
        if owner not in ("aws", situation.account):
            raise CannotPlan(
                f"{wanted} belongs to account {owner}; a role takes policies of its own account and of AWS.",
                "policy",
            )
        return wanted
    for policy in situation.inventory.managed_policies:
        if policy.account == situation.account and policy.policy_name == wanted:
            return policy.arn
    if re.fullmatch(r"[\w+=,.@/-]{1,128}", wanted) is None:
        raise CannotPlan(f"{wanted} is not the name of a policy.", "policy")
    # AWS has hundreds of its own, which nothing lists here: whether this is one is looked at before the yes.
    return aws_policy_arn(situation, wanted)
