from __future__ import annotations

import pytest

from instance_profiles.inventory.sources import AUTHORIZATION_DETAILS, INSTANCE_PROFILES
from tests.findings.estate import TRUSTS_EC2, Estate, trusting

RULE = "role-trust-wrong-partition-principal"
CHINA = "ec2.amazonaws.com.cn"
EKS = ("AmazonEKSWorkerNodePolicy",)


def test_the_name_of_another_partition_is_an_error_in_use(estate: Estate) -> None:
    role = estate.role("mirror", trusting(CHINA))
    estate.instance("mirror-1", estate.profile("mirror", role))
    found = estate.only(RULE)
    assert (found.object, found.severity, found.cause) == (role.ref, "error", f"trusts {CHINA}")
    assert "means nothing in aws; here it is ec2.amazonaws.com" in found.detail
    assert found.fixes == ("repair-trust",)


def test_without_an_instance_it_is_a_warning(estate: Estate) -> None:
    estate.profile("mirror", estate.role("mirror", trusting(CHINA)))
    assert estate.only(RULE).severity == "warning"


@pytest.mark.parametrize("names", [("ec2.amazonaws.com",), (CHINA,), ("ec2.amazonaws.com", CHINA)])
def test_in_china_either_name_will_do(estate: Estate, names: tuple[str, ...]) -> None:
    role = estate.role("web", trusting(*names), partition="aws-cn")
    estate.instance("web-1", estate.profile("web", role, partition="aws-cn"))
    assert not estate.findings(RULE)


def test_but_eks_wants_its_own_for_nodes(estate: Estate) -> None:
    role = estate.role("node", TRUSTS_EC2, policies=EKS, partition="aws-cn")
    estate.instance("node-1", estate.profile("node", role, partition="aws-cn"))
    found = estate.only(RULE)
    assert (found.severity, found.cause) == ("warning", f"EKS wants {CHINA} as well")


@pytest.mark.parametrize(("partition", "names"), [("aws-cn", ("ec2.amazonaws.com", CHINA)), ("aws", ())])
def test_nodes_that_eks_is_content_with(estate: Estate, partition: str, names: tuple[str, ...]) -> None:
    trust = trusting(*(names or ("ec2.amazonaws.com",)))
    role = estate.role("node", trust, policies=EKS, partition=partition)
    estate.profile("node", role, partition=partition)
    assert not estate.findings(RULE)


def test_a_foreign_name_beside_the_right_one_does_no_harm(estate: Estate) -> None:
    estate.profile("web", estate.role("web", trusting(CHINA, "ec2.amazonaws.com")))
    assert not estate.findings(RULE)


def test_judged_by_the_instance_profile_listing_alone(estate: Estate) -> None:
    estate.profile("mirror", Estate().role("mirror", trusting(CHINA)))
    estate.state(AUTHORIZATION_DETAILS, "denied")
    assert estate.only(RULE).verdict == "present"


def test_unknown_where_instance_profiles_could_not_be_listed(estate: Estate) -> None:
    estate.state(INSTANCE_PROFILES, "denied")
    assert estate.only(RULE).verdict == "unknown"
