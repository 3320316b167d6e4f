"""Owners by tags. Tags that begin with `aws:` or with the service's own prefix are set by that service alone;
those of Terraform and Pulumi are conventions of people, and prove what their writer wanted to say.

Every function takes tags and tells the owner, or None. The more particular owner comes first: an Elastic
Beanstalk environment is a CloudFormation stack as well, but only Elastic Beanstalk may change that.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from instance_profiles.findings.owner import Owner, shell

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_REPLACED = "What replaces the instance is made without the change."
_STACK = "The stack drifts, and its next update of this resource may undo the change."
_TERRAFORM_WORDS = frozenset({"terraform", "terragrunt", "opentofu", "tofu"})
_SAYS_WHO = frozenset({"managedby", "createdby", "provisioner", "provisionedby", "deployedby", "iac"})
_YES = frozenset({"true", "yes", "1"})
_ADDRESS_KEYS = frozenset({"terraformaddress", "tfaddress", "terraformresource", "tfresource"})
_CDK_LOGICAL_ID = re.compile(r"[A-Za-z][A-Za-z0-9]*[0-9A-F]{8}")
_STACK_ARN = re.compile(r"arn:[^:]+:cloudformation:([^:]+):\d+:stack/")


def owner_by_tags(tags: Mapping[str, str]) -> Owner | None:
    """The owner that tags prove; None where no tag names one."""
    if not tags:
        return None
    return next((owner for find in _FINDERS if (owner := find(tags)) is not None), None)


def eks_node_group(tags: Mapping[str, str]) -> Owner | None:
    """The managed node group, from the tags that EKS puts on its instances and scaling groups."""
    group = tags.get("eks:nodegroup-name")
    if not group:
        return None
    cluster = tags.get("eks:cluster-name", "")
    return Owner(
        "eks-node-group",
        "an EKS node group",
        "tag",
        "tag eks:nodegroup-name",
        f"node group {group}" + (f" of cluster {cluster}" if cluster else ""),
        "EKS calls the node group degraded where it finds a change, and new nodes come without it.",
        shell("aws", "eks", "describe-nodegroup", "--cluster-name", cluster, "--nodegroup-name", group)
        if cluster
        else None,
    )


def _karpenter(tags: Mapping[str, str]) -> Owner | None:
    key = next((key for key in sorted(tags) if key.startswith(("karpenter.sh/", "karpenter.k8s.aws/"))), None)
    if key is None:
        return None
    node_class, pool = tags.get("karpenter.k8s.aws/ec2nodeclass"), tags.get("karpenter.sh/nodepool")
    cluster = tags.get("eks:eks-cluster-name") or _owned_cluster(tags)
    place = (
        f"EC2NodeClass {node_class}" if node_class else f"the EC2NodeClass of NodePool {pool}" if pool else ""
    )
    return Owner(
        "karpenter",
        "Karpenter",
        "tag",
        f"tag {key}",
        (place or "the EC2NodeClass") + (f" of cluster {cluster}" if cluster else ""),
        "Karpenter puts its instance profiles back as its EC2NodeClass says, and new nodes come from it.",
        shell("kubectl", "edit", "ec2nodeclass", node_class) if node_class else None,
    )


def _eks(tags: Mapping[str, str]) -> Owner | None:
    cluster = tags.get("eks:eks-cluster-name")
    if not cluster:
        return None
    return Owner(
        "eks",
        "EKS",
        "tag",
        "tag eks:eks-cluster-name",
        f"the NodeClass of cluster {cluster}",
        "EKS puts back what its NodeClass says, and new nodes come from that.",
        shell("aws", "eks", "describe-cluster", "--name", cluster),
    )


def _elastic_beanstalk(tags: Mapping[str, str]) -> Owner | None:
    environment = tags.get("elasticbeanstalk:environment-name") or tags.get("elasticbeanstalk:environment-id")
    if not environment:
        return None
    name = tags.get("elasticbeanstalk:environment-name")
    return Owner(
        "elastic-beanstalk",
        "Elastic Beanstalk",
        "tag",
        f"tag elasticbeanstalk:environment-{'name' if name else 'id'}",
        f"environment {environment}, option IamInstanceProfile of aws:autoscaling:launchconfiguration",
        "The next update of the environment may undo the change.",
        shell("eb", "config", name) if name else None,
    )


def _emr(tags: Mapping[str, str]) -> Owner | None:
    cluster = tags.get("aws:elasticmapreduce:job-flow-id")
    if not cluster:
        return None
    return Owner(
        "emr",
        "EMR",
        "tag",
        "tag aws:elasticmapreduce:job-flow-id",
        f"the instance profile that cluster {cluster} is started with",
        _REPLACED,
        shell("aws", "emr", "describe-cluster", "--cluster-id", cluster),
    )


def _batch(tags: Mapping[str, str]) -> Owner | None:
    environment = tags.get("aws:batch:compute-environment")
    if environment is None and "AWSBatchServiceTag" not in tags:
        return None
    return Owner(
        "batch",
        "AWS Batch",
        "tag",
        "tag aws:batch:compute-environment" if environment else "tag AWSBatchServiceTag",
        f"the instance role of compute environment {environment}"
        if environment
        else "the instance role of its compute environment",
        _REPLACED,
        shell("aws", "batch", "describe-compute-environments", "--compute-environments", environment)
        if environment
        else None,
    )


def _ecs(tags: Mapping[str, str]) -> Owner | None:
    cluster = tags.get("aws:ecs:clusterName")
    if not cluster:
        return None
    return Owner(
        "ecs",
        "ECS",
        "tag",
        "tag aws:ecs:clusterName",
        f"the capacity provider of cluster {cluster}",
        _REPLACED,
        shell("aws", "ecs", "describe-clusters", "--clusters", cluster),
    )


def _cloud9(tags: Mapping[str, str]) -> Owner | None:
    environment = tags.get("aws:cloud9:environment")
    if not environment:
        return None
    return Owner(
        "cloud9",
        "Cloud9",
        "tag",
        "tag aws:cloud9:environment",
        f"Cloud9 environment {environment}",
        "Cloud9 may put its own instance profile back when the environment starts.",
    )


def _parallel_cluster(tags: Mapping[str, str]) -> Owner | None:
    cluster = tags.get("parallelcluster:cluster-name")
    if not cluster:
        return None
    return Owner(
        "parallelcluster",
        "ParallelCluster",
        "tag",
        "tag parallelcluster:cluster-name",
        f"the configuration of cluster {cluster}, under Iam",
        "The next update of the cluster may undo the change.",
        shell("pcluster", "describe-cluster", "--cluster-name", cluster),
    )


def _kops(tags: Mapping[str, str]) -> Owner | None:
    group = tags.get("kops.k8s.io/instancegroup")
    if not group:
        return None
    cluster = tags.get("KubernetesCluster")
    return Owner(
        "kops",
        "kOps",
        "tag",
        "tag kops.k8s.io/instancegroup",
        f"instance group {group}" + (f" of cluster {cluster}" if cluster else ""),
        "kOps puts back what it made when the cluster is updated.",
        shell("kops", "edit", "instancegroup", group, *(("--name", cluster) if cluster else ())),
    )


def _cloudformation(tags: Mapping[str, str]) -> Owner | None:
    stack = tags.get("aws:cloudformation:stack-name")
    stack_id = tags.get("aws:cloudformation:stack-id", "")
    if not stack and not stack_id:
        return None
    stack = stack or stack_id
    logical_id = tags.get("aws:cloudformation:logical-id")
    path = tags.get("aws:cdk:path")
    cdk = bool(path or (logical_id and _CDK_LOGICAL_ID.fullmatch(logical_id)))
    where = f"stack {stack}" + (f", logical id {logical_id}" if logical_id else "")
    if path:
        where += f", CDK path {path}"
    elif cdk:
        where += " (CDK, by the logical id; the command shows the path)"
    elif stack.startswith("StackSet-"):
        where += " (made by a StackSet, change that)"
    return Owner(
        "cdk" if path else "cloudformation",
        "CDK" if path else "CloudFormation",
        "tag",
        f"tag aws:cloudformation:stack-{'name' if tags.get('aws:cloudformation:stack-name') else 'id'}",
        where,
        _STACK,
        _describe_resource(stack, logical_id, stack_id),
        address=logical_id,
        stack=stack,
    )


def _describe_resource(stack: str, logical_id: str | None, stack_id: str) -> str | None:
    region = _STACK_ARN.match(stack_id)
    which = ("--logical-resource-id", logical_id) if logical_id else ()
    operation = "describe-stack-resource" if logical_id else "describe-stack-resources"
    where = ("--region", region[1]) if region else ()
    return shell("aws", "cloudformation", operation, "--stack-name", stack, *which, *where)


def _service_catalog(tags: Mapping[str, str]) -> Owner | None:
    product = tags.get("aws:servicecatalog:provisionedProductArn")
    if not product:
        return None
    return Owner(
        "service-catalog",
        "Service Catalog",
        "tag",
        "tag aws:servicecatalog:provisionedProductArn",
        f"provisioned product {product.rpartition('/')[2]}",
        "The next update of the provisioned product may undo the change.",
    )


def _terraform(tags: Mapping[str, str]) -> Owner | None:
    plain = {_plain(key): (key, value) for key, value in tags.items()}
    address = next((plain[key] for key in sorted(_ADDRESS_KEYS) if key in plain and plain[key][1]), None)
    key = address[0] if address else _key_saying(tags, _TERRAFORM_WORDS)
    file = tags.get("git_file", "")
    from_yor = "yor_trace" in tags and file.endswith(".tf")
    if key is None and not from_yor:
        return None
    if address:
        where = f"Terraform address {address[1]}"
    elif from_yor:
        block = tags.get("yor_name")
        where = f"{file}" + (f", resource {block}" if block else "")
    else:
        where = "the Terraform configuration that makes it"
    return Owner(
        "terraform",
        "Terraform",
        "tag",
        f"tag {key or 'yor_trace'}",
        where,
        "The next terraform apply undoes the change.",
        shell("terraform", "state", "show", address[1]) if address else None,
        address=address[1] if address else None,
    )


def _pulumi(tags: Mapping[str, str]) -> Owner | None:
    project, stack = tags.get("pulumi:project"), tags.get("pulumi:stack")
    key = (
        "pulumi:project" if project else "pulumi:stack" if stack else _key_saying(tags, frozenset({"pulumi"}))
    )
    if key is None:
        return None
    place = [f"project {project}" if project else "", f"stack {stack}" if stack else ""]
    return Owner(
        "pulumi",
        "Pulumi",
        "tag",
        f"tag {key}",
        ", ".join(part for part in place if part) or "the Pulumi program that makes it",
        "The next pulumi up after a refresh undoes the change.",
    )


def _kubernetes(tags: Mapping[str, str]) -> Owner | None:
    cluster = _owned_cluster(tags)
    if not cluster:
        return None
    return Owner(
        "kubernetes",
        "a Kubernetes cluster",
        "tag",
        f"tag kubernetes.io/cluster/{cluster}",
        f"what makes the nodes of cluster {cluster}",
        "Deleting or updating the cluster takes the object along.",
    )


def _owned_cluster(tags: Mapping[str, str]) -> str:
    """A cluster shares what it tags `shared`; only `owned` is its own."""
    prefix = "kubernetes.io/cluster/"
    found = sorted(key for key, value in tags.items() if key.startswith(prefix) and value == "owned")
    return found[0].removeprefix(prefix) if found else ""


def _key_saying(tags: Mapping[str, str], tools: frozenset[str]) -> str | None:
    """The tag by which people say what manages an object: `ManagedBy = Terraform`, `terraform = true`."""
    for key in sorted(tags):
        words = set(re.findall(r"[a-z]+", tags[key].lower()))
        plain = _plain(key)
        if (plain in _SAYS_WHO and words & tools) or (plain in tools and tags[key].lower() in _YES):
            return key
    return None


def _plain(key: str) -> str:
    return re.sub(r"[^a-z0-9]", "", key.lower())


_FINDERS: tuple[Callable[[Mapping[str, str]], Owner | None], ...] = (
    eks_node_group,
    _karpenter,
    _eks,
    _elastic_beanstalk,
    _emr,
    _batch,
    _ecs,
    _cloud9,
    _parallel_cluster,
    _kops,
    _service_catalog,
    _cloudformation,
    _terraform,
    _pulumi,
    _kubernetes,
)
