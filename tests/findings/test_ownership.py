"""Who owns an object: told by tags and reserved paths, hinted at by names, and never made up."""

from __future__ import annotations

import msgspec
import pytest

from instance_profiles.findings.owner import line, warning
from instance_profiles.findings.ownership import owner_of, owner_of_ref
from instance_profiles.inventory.model import Operator
from tests.findings.estate import ACCOUNT, EU, Estate

UUID = "3ac1b2c3-0a1b-4c5d-8e9f-001122334455"
STACK_ID = f"arn:aws:cloudformation:{EU}:{ACCOUNT}:stack/web/0123"
STACK = {
    "aws:cloudformation:stack-name": "web",
    "aws:cloudformation:stack-id": STACK_ID,
    "aws:cloudformation:logical-id": "AppProfile",
}


@pytest.mark.parametrize(
    ("tags", "owner_id", "where"),
    [
        (STACK, "cloudformation", "stack web, logical id AppProfile"),
        (
            STACK | {"aws:cloudformation:logical-id": "AppProfile1A2B3C4D"},
            "cloudformation",
            "stack web, logical id AppProfile1A2B3C4D (CDK, by the logical id; the command shows the path)",
        ),
        (
            STACK | {"aws:cdk:path": "Web/App/Profile"},
            "cdk",
            "stack web, logical id AppProfile, CDK path Web/App/Profile",
        ),
        ({"ManagedBy": "Terraform"}, "terraform", "the Terraform configuration that makes it"),
        ({"managed-by": "HCP Terraform"}, "terraform", "the Terraform configuration that makes it"),
        ({"terraform": "true"}, "terraform", "the Terraform configuration that makes it"),
        (
            {"terraform:address": "module.web.aws_iam_instance_profile.app"},
            "terraform",
            "Terraform address module.web.aws_iam_instance_profile.app",
        ),
        ({"yor_trace": "1", "yor_name": "app", "git_file": "iam.tf"}, "terraform", "iam.tf, resource app"),
        ({"pulumi:project": "shop", "pulumi:stack": "prod"}, "pulumi", "project shop, stack prod"),
        (
            {"karpenter.k8s.aws/ec2nodeclass": "default", "kubernetes.io/cluster/blue": "owned"},
            "karpenter",
            "EC2NodeClass default of cluster blue",
        ),
        ({"kubernetes.io/cluster/blue": "owned"}, "kubernetes", "what makes the nodes of cluster blue"),
        (
            {"elasticbeanstalk:environment-name": "shop", **STACK},
            "elastic-beanstalk",
            "environment shop, option IamInstanceProfile of aws:autoscaling:launchconfiguration",
        ),
        (
            {"aws:elasticmapreduce:job-flow-id": "j-1"},
            "emr",
            "the instance profile that cluster j-1 is started with",
        ),
        ({"AWSBatchServiceTag": "batch"}, "batch", "the instance role of its compute environment"),
        ({"aws:cloud9:environment": "e1"}, "cloud9", "Cloud9 environment e1"),
        (
            {"parallelcluster:cluster-name": "hpc"},
            "parallelcluster",
            "the configuration of cluster hpc, under Iam",
        ),
        ({"kops.k8s.io/instancegroup": "nodes"}, "kops", "instance group nodes"),
    ],
)
def test_a_tag_proves_the_owner_and_where_the_lasting_change_belongs(tags, owner_id, where):
    estate = Estate()
    profile = estate.profile("app", tags=tags)
    owner = owner_of(profile, estate.inventory())
    assert owner is not None
    assert (owner.id, owner.certainty, owner.where) == (owner_id, "tag", where)
    assert owner.evidence.removeprefix("tag ") in tags


@pytest.mark.parametrize(
    "tags",
    [
        {},
        None,
        {"Team": "terraform"},
        {"terraform": "false"},
        {"ManagedBy": "the platform team"},
        {"kubernetes.io/cluster/blue": "shared"},
        {"yor_trace": "1", "git_file": "template.yaml"},
        {"iptui:keep": "true"},
    ],
)
def test_other_tags_prove_no_owner(tags):
    estate = Estate()
    assert owner_of(estate.profile("app", tags=tags), estate.inventory()) is None


@pytest.mark.parametrize(
    ("name", "owner_id"),
    [
        (f"eks-{UUID}", "eks-node-group"),
        ("aws-elasticbeanstalk-ec2-role", "elastic-beanstalk"),
        ("AWSCloud9SSMInstanceProfile", "cloud9"),
        ("EMR_EC2_DefaultRole", "emr"),
        ("ecsInstanceRole-2", "ecs"),
        ("AmazonSSMRoleForInstancesQuickSetup", "ssm-quick-setup"),
        ("app-20240131123456789000000001", "terraform"),
        ("terraform-20240131123456789000000001", "terraform"),
        ("web-prod-AppProfile-1ABC2DEF3GHI", "cloudformation"),
    ],
)
def test_a_name_is_only_a_hint_and_says_so(name, owner_id):
    estate = Estate()
    owner = owner_of(estate.profile(name), estate.inventory())
    assert owner is not None
    assert (owner.id, owner.certainty) == (owner_id, "name")
    assert "by its name" in line(owner)
    assert warning(owner, name).startswith(f"By its name, {name} belongs to")


@pytest.mark.parametrize(
    "name", ["app", "eks-nodes", "eks-3ac1b2c3", "web-prod-app", "backup-20240131", "a-Profile-ABCDEFGHIJKL"]
)
def test_names_that_only_look_a_little_like_it_are_nobodys(name):
    estate = Estate()
    assert owner_of(estate.profile(name), estate.inventory()) is None


def test_a_tag_outweighs_a_name():
    estate = Estate()
    owner = owner_of(estate.profile("ecsInstanceRole", tags=STACK), estate.inventory())
    assert owner is not None
    assert (owner.id, owner.certainty) == ("cloudformation", "tag")


def test_the_command_asks_the_stack_in_its_own_region():
    estate = Estate()
    owner = owner_of(estate.profile("app", tags=STACK), estate.inventory())
    assert owner is not None
    assert owner.command == (
        "aws cloudformation describe-stack-resource --stack-name web "
        f"--logical-resource-id AppProfile --region {EU}"
    )


def test_what_stands_in_a_tag_is_quoted_in_the_command():
    estate = Estate()
    tags = {"terraform:address": 'aws_iam_instance_profile.app["a; rm -rf b"]'}
    owner = owner_of(estate.profile("app", tags=tags), estate.inventory())
    assert owner is not None
    assert owner.command == "terraform state show 'aws_iam_instance_profile.app[\"a; rm -rf b\"]'"


def test_nodes_tell_the_node_group_of_the_hidden_instance_profile_of_eks():
    estate = Estate()
    profile = estate.profile(f"eks-{UUID}")
    node = estate.instance("node", profile)
    inventory = estate.inventory()
    inventory.put(
        msgspec.structs.replace(node, tags={"eks:nodegroup-name": "workers", "eks:cluster-name": "blue"})
    )
    owner = owner_of(profile, inventory)
    assert owner is not None
    assert (owner.certainty, owner.where) == ("tag", "node group workers of cluster blue")


def test_reserved_paths_prove_service_linked_and_identity_center_roles():
    estate = Estate()
    role = estate.role("x")
    linked = msgspec.structs.replace(
        role, role_name="AWSServiceRoleForAutoScaling", path="/aws-service-role/autoscaling.amazonaws.com/"
    )
    reserved = msgspec.structs.replace(
        role,
        role_name="AWSReservedSSO_Admin_Access_0123456789abcdef",
        path="/aws-reserved/sso.amazonaws.com/eu-west-1/",
    )
    inventory = estate.inventory()
    first, second = owner_of(linked, inventory), owner_of(reserved, inventory)
    assert first is not None
    assert second is not None
    assert (first.id, first.certainty, first.tool) == ("service-linked", "field", "autoscaling.amazonaws.com")
    assert (second.id, second.where) == ("identity-center", "permission set Admin_Access")


def test_an_instance_of_a_scaling_group_belongs_to_the_group_and_that_to_its_stack():
    estate = Estate()
    group = estate.group("web-asg")
    instance = estate.instance("web-1")
    inventory = estate.inventory()
    inventory.put(msgspec.structs.replace(group, tags=STACK))
    inventory.put(msgspec.structs.replace(instance, tags={"aws:autoscaling:groupName": "web-asg", **STACK}))
    owner = owner_of_ref(instance.ref, inventory)
    assert owner is not None
    assert owner.id == "auto-scaling"
    assert owner.where == (
        "the launch template of scaling group web-asg (CloudFormation: stack web, logical id AppProfile)"
    )


def test_a_node_belongs_to_its_node_group_though_a_scaling_group_started_it():
    estate = Estate()
    node = estate.instance("node")
    inventory = estate.inventory()
    inventory.put(
        msgspec.structs.replace(
            node, tags={"aws:autoscaling:groupName": "eks-workers", "eks:nodegroup-name": "workers"}
        )
    )
    owner = owner_of_ref(node.ref, inventory)
    assert owner is not None
    assert owner.id == "eks-node-group"


def test_an_instance_that_a_service_operates_is_that_services():
    estate = Estate()
    instance = estate.instance("mi", operator=Operator(True, "ecs.amazonaws.com"))
    owner = owner_of(instance, estate.inventory())
    assert owner is not None
    assert (owner.tool, owner.certainty) == ("ecs.amazonaws.com", "field")


def test_an_association_is_owned_as_its_instance_is():
    estate = Estate()
    profile = estate.healthy_profile("app")
    instance = estate.instance("web-1", profile)
    association = estate.association(instance, profile)
    inventory = estate.inventory()
    inventory.put(msgspec.structs.replace(instance, tags={"aws:ec2:fleet-id": "fleet-1"}))
    owner = owner_of_ref(association.ref, inventory)
    assert owner is not None
    assert owner.where == "what EC2 fleet fleet-1 launches from"


def test_the_scaling_group_of_a_node_group_names_it():
    estate = Estate()
    owner = owner_of(estate.group(f"eks-workers-{UUID}"), estate.inventory())
    assert owner is not None
    assert (owner.id, owner.where) == ("eks-node-group", "node group workers")


def test_a_template_of_eks_is_the_node_groups_whose_scaling_group_launches_from_it():
    estate = Estate()
    template = estate.template(f"eks-{UUID}")
    group = estate.group("eks-workers", template)
    inventory = estate.inventory()
    assert owner_of(template, inventory).certainty == "name"
    inventory.put(msgspec.structs.replace(group, tags={"eks:nodegroup-name": "workers"}))
    owner = owner_of_ref(template.ref, inventory)
    assert owner is not None
    assert (owner.certainty, owner.where) == ("tag", "node group workers")
