from __future__ import annotations

from typing import TYPE_CHECKING

from instance_profiles.findings.arns import partition_of
from instance_profiles.findings.inner_roles import use_of
from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.wording import listed, sentences
from instance_profiles.inventory.sources import AUTHORIZATION_DETAILS, INSTANCE_PROFILES, INSTANCES
from instance_profiles.policies import ec2_principals

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.subjects import InnerRole
    from instance_profiles.findings.view import View

_CHINA = "aws-cn"
_OF_EKS = "policy/AmazonEKSWorkerNodePolicy"


def _named_otherwise(view: View) -> Iterable[InnerRole]:
    china = f"arn:{_CHINA}:"
    return (one for one in view.inner_roles if not one.is_plain or one.role.arn.startswith(china))


@rule(
    id="role-trust-wrong-partition-principal",
    order=250,
    kind="role",
    severity="warning",
    title="Role that trusts EC2 as another partition names it",
    listings=(INSTANCE_PROFILES,),
    needs=(INSTANCES, AUTHORIZATION_DETAILS),
    subjects=_named_otherwise,
    ways={"repair-trust": "adds the names that EC2 has in this partition; all others stay"},
    meaning=(
        "EC2's name in a trust policy differs by partition, and templates get copied. Where only a name of "
        "another partition stands, EC2 cannot assume the role: an error where an instance uses it. In "
        "China EC2 takes either of its two names, but EKS refuses a node role that lacks "
        "ec2.amazonaws.com.cn: a warning for roles of EKS nodes."
    ),
    detection=(
        "The trust policy names EC2 only as another partition does; or, in aws-cn, a role with "
        "AmazonEKSWorkerNodePolicy trusts ec2.amazonaws.com and not ec2.amazonaws.com.cn."
    ),
    error_texts=(
        "MalformedPolicyDocument: Invalid principal in policy",
        "Following required service principals [ec2.amazonaws.com.cn] were not found",
        '"Code" : "AssumeRoleUnauthorizedAccess", "Message" : "EC2 cannot assume the role …"',
    ),
    false_positives=(
        "A name of another partition beside the right one does no harm and is not told. ec2.amazonaws.com "
        "is right in every partition, so roles in China that are not for EKS nodes may have either."
    ),
    source="https://github.com/hashicorp/terraform-provider-aws/issues/47141",
)
def role_trust_wrong_partition_principal(inner: InnerRole, view: View) -> Draft | None:
    partition = partition_of(inner.role.arn)
    judgement, wanted = inner.trust, " and ".join(ec2_principals(partition))
    if judgement.decision == "no-statement" and judgement.wrong_partition_principals:
        if judgement.wrong_actions:
            return None
        use = use_of(inner, view)
        return Present(
            cause=f"trusts {listed(judgement.wrong_partition_principals, 1)}",
            detail=sentences(
                (
                    f"The trust policy names EC2 as {listed(judgement.wrong_partition_principals)}, which "
                    f"means nothing in {partition}; here it is {wanted}."
                ),
                use.told(use.without_credentials, "No instance uses it now; the next one will fail."),
            ),
            related=use.related,
            severity=use.severity,
        )
    if partition != _CHINA or judgement.decision != "allow" or not _is_for_eks(inner, view):
        return None
    if "ec2.amazonaws.com.cn" in inner.trust_policy:
        return None
    return Present(
        cause="EKS wants ec2.amazonaws.com.cn as well",
        detail=(
            "It is a role for EKS nodes and trusts ec2.amazonaws.com alone. EC2 takes that in China, EKS "
            f"does not: name {wanted}."
        ),
        related=use_of(inner, view).related,
    )


def _is_for_eks(inner: InnerRole, view: View) -> bool:
    role = inner.details
    return any(
        policy.policy_arn.endswith(_OF_EKS) for policy in (role.attached_policies if role else None) or ()
    )
