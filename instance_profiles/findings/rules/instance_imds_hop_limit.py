from __future__ import annotations

import re
from typing import TYPE_CHECKING

from instance_profiles.findings.grouping import is_attached
from instance_profiles.findings.rule import Draft, Present, rule
from instance_profiles.findings.wording import refs, sentences
from instance_profiles.inventory.sources import AUTO_SCALING_GROUPS, INSTANCES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instance_profiles.findings.view import View
    from instance_profiles.inventory.model import Instance, MetadataOptions

_CONTAINER_TAG = re.compile(
    r"eks:(eks-)?cluster-name|eks:nodegroup-name|aws:eks:cluster-name|kubernetes\.io/cluster/.+"
    r"|k8s\.io/.+|karpenter\.sh/.+|AmazonECSManaged|aws:ecs:.+|ecs:cluster.*"
)


def _one_hop_for_tokens(view: View) -> Iterable[Instance]:
    return (one for one, options in view.unusual_metadata if _has_one_hop(options) and is_attached(one))


def _has_one_hop(options: MetadataOptions) -> bool:
    return (
        options.http_endpoint == "enabled"
        and options.http_tokens == "required"
        and options.http_put_response_hop_limit == 1
    )


@rule(
    id="instance-imds-hop-limit",
    order=362,
    kind="instance",
    severity="warning",
    title="Containers that cannot reach the metadata service",
    listings=(INSTANCES,),
    needs=(AUTO_SCALING_GROUPS,),
    subjects=_one_hop_for_tokens,
    ways={"fix-hop-limit": "lets the answer travel two hops, as AWS recommends where containers run"},
    meaning=(
        "The token of the metadata service travels one network hop, and a container is one hop further than "
        "its host. With tokens required, programs on the host get credentials and those in a container get "
        "none. It is a warning, not an error: where pods or tasks have roles of their own it may be meant."
    ),
    detection=(
        "`HttpTokens` is `required`, `HttpPutResponseHopLimit` is 1, an instance profile is attached, and "
        "the instance or its scaling group has a tag of ECS, EKS, Kubernetes or Karpenter."
    ),
    error_texts=(
        "no valid providers in chain",
        "NoCredentialProviders: no valid providers in chain",
        "EC2RoleRequestError: no EC2 instance role found",
        "Unable to locate credentials",
    ),
    false_positives=(
        "A limit of 1 is sound where nothing runs in containers, so an instance without such a tag is left "
        "out. So is one that an AWS service manages: EKS Auto Mode sets 1 on purpose. Where pods use IRSA or "
        "Pod Identity, or tasks a task role, keep it and mute this."
    ),
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html",
)
def instance_imds_hop_limit(instance: Instance, view: View) -> Draft | None:
    if instance.operator is not None and instance.operator.managed:
        return None
    group = view.inventory.group_of(instance)
    evidence = _container_tag(instance.tags) or (_container_tag(group.tags) if group else None)
    if evidence is None:
        return None
    profile = view.inventory.instance_profile_of(instance)
    return Present(
        cause="containers cannot get a token: hop limit 1",
        detail=sentences(
            "HttpTokens is required and HttpPutResponseHopLimit is 1: the token does not reach a container.",
            f"The tag {evidence} says that it runs containers.",
            "If they have roles of their own (IRSA, Pod Identity, task roles), this may be meant; ask first.",
        ),
        related=refs([profile.ref if profile else None, group.ref if group else None]),
    )


def _container_tag(tags: dict[str, str]) -> str | None:
    return next((key for key in sorted(tags) if _CONTAINER_TAG.fullmatch(key)), None)
