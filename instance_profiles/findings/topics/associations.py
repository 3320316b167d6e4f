"""Associations: what EC2 refuses."""

from __future__ import annotations

from instance_profiles.findings.topic import Topic

_REPLACE_PAGE = (
    "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReplaceIamInstanceProfileAssociation.html"
)
_NOT_ACTIVE = "IncorrectState: The association iip-assoc-… is not the active association"

ASSOCIATION_REPLACE_ON_STOPPED = Topic(
    id="association-replace-on-stopped",
    order=442,
    kind="association",
    severity="error",
    title="Hot replacement refused",
    meaning=(
        "ReplaceIamInstanceProfileAssociation works on a running instance. On a stopped one EC2 says that "
        "the association is not the active one. It does not mean that an instance profile holds several "
        "roles: none ever does."
    ),
    detection=(
        "The text, and the instance is stopped. Two rarer causes give the same text: the association is "
        "stuck in `disassociating`, or its id was replaced meanwhile. The state of the instance and a "
        "fresh listing tell them apart."
    ),
    error_texts=(_NOT_ACTIVE,),
    steps=(
        "Detach and attach instead: on a stopped instance both take no time.",
        "Or start the instance and replace then.",
    ),
    ways={
        "reattach": "detaches and attaches, which works on a stopped instance",
        "start-and-replace": "starts it first, so that it is never without an instance profile",
    },
    source="https://github.com/aws/aws-cli/issues/5251",
)

ASSOCIATION_ID_STALE = Topic(
    id="association-id-stale",
    order=444,
    kind="association",
    severity="error",
    title="Association id that is no more",
    meaning=(
        "Every replacement and every new attachment makes a new association id; the old one is gone. A "
        "script or a plan that holds on to it fails. For a detachment it means that it is done."
    ),
    detection=(
        "InvalidAssociationID.NotFound for an id that was good once. An id that never was one, or one of "
        "zeros, gives InvalidParameterValue instead."
    ),
    error_texts=(
        "InvalidAssociationID.NotFound: An invalid association-id of 'iip-assoc-…' was given",
        "InvalidParameterValue: Invalid Id: …",
        "InvalidParameterValue: Invalid value for association-id.",
    ),
    steps=("Reload, and begin again with the id that the instance has now.",),
    source=_REPLACE_PAGE,
)

ASSOCIATION_ALREADY_EXISTS = Topic(
    id="association-already-exists",
    order=446,
    kind="association",
    severity="error",
    title="Instance that has an instance profile already",
    meaning=(
        "An instance takes one instance profile. Attaching the same one again is refused as well, and so "
        "is attaching while an old association is not quite gone."
    ),
    detection="AssociateIamInstanceProfile answers IncorrectState and names an existing association.",
    error_texts=("IncorrectState: There is an existing association for instance i-…",),
    steps=(
        "Replace the association while the instance runs.",
        "On a stopped instance detach the old one, then attach.",
        "While the old one is `disassociating`, wait a few seconds.",
    ),
    ways={
        "replace-association": "moves a running instance over in one call",
        "reattach": "detaches the old one and attaches, running or stopped",
    },
    source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateIamInstanceProfile.html",
)

SERVICE_REFERENCE_BROKEN = Topic(
    id="service-reference-broken",
    order=590,
    kind="instance-profile",
    severity="error",
    title="Setting of another service that names a broken instance profile",
    seen="on demand",
    needs=("iam:ListInstanceProfiles",),
    meaning=(
        "Batch, ECS, EKS, EMR, Image Builder, PCS, RDS Custom, WorkSpaces, DataZone, Bedrock AgentCore and "
        "Elastic Beanstalk keep the name or ARN of an instance profile in settings of their own. Where it "
        "is gone, they cannot start instances. EKS says so itself, in the health of the node group."
    ),
    detection=(
        "The settings of these services are read before an instance profile is deleted, and when you ask; "
        "no scan reads them. EKS reports the issues by name."
    ),
    error_texts=(
        "IamInstanceProfileNotFound",
        "IamNodeRoleNotFound",
        "AsgInstanceLaunchFailures",
        (
            "We couldn't find the instance profile associated with your managed node group. You may be "
            "able to recreate an instance profile with the same settings to recover."
        ),
    ),
    steps=(
        "Make an instance profile of exactly that name and path, with the same role, again.",
        "Or name another one in the settings of the service.",
    ),
    ways={"create-instance-profile": "makes one of exactly that name again"},
    false_positives="A node group that is being deleted may report the same for a moment.",
    source="https://docs.aws.amazon.com/eks/latest/APIReference/API_Issue.html",
)
