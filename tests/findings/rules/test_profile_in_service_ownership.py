from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from instance_profiles.inventory.sources import INSTANCE_PROFILE_TAGS

if TYPE_CHECKING:
    from tests.findings.estate import Estate

RULE = "profile-in-service-ownership"


def test_tags_of_an_owner(estate: Estate) -> None:
    role = estate.role("node")
    profile = estate.profile("node", role)
    estate.tagged(profile, **{"karpenter.k8s.aws/ec2nodeclass": "default"})
    found = estate.only(RULE)
    assert (found.object, found.severity, found.cause) == (profile.ref, "info", "belongs to Karpenter")
    assert "EC2NodeClass default" in found.detail
    assert found.related == (role.ref,)
    assert found.fixes == ()


@pytest.mark.parametrize(
    "name", ["eks-8ec2b7f0-4a63-9c1d-55aa-0123456789ab", "aws-elasticbeanstalk-ec2-role", "ecsInstanceRole"]
)
def test_a_name_is_a_hint(estate: Estate, name: str) -> None:
    estate.profile(name, estate.role("node"))
    found = estate.only(RULE)
    assert found.cause.startswith("seems to belong to ")
    assert "By its name" in found.detail


@pytest.mark.parametrize("name", ["web", "eks-nodes", "my-ecsInstanceRole"])
def test_ones_own(estate: Estate, name: str) -> None:
    estate.tagged(estate.profile(name, estate.role("web")), team="storefront")
    assert not estate.findings(RULE)


def test_unknown_where_tags_could_not_be_read(estate: Estate) -> None:
    estate.healthy_profile("web")
    estate.state(INSTANCE_PROFILE_TAGS, "denied")
    found = estate.only(RULE)
    assert (found.verdict, found.object.kind) == ("unknown", "account")


def test_an_endpoint_without_tags_leaves_the_names(estate: Estate) -> None:
    estate.profile("ecsInstanceRole", estate.role("node"))
    estate.state(INSTANCE_PROFILE_TAGS, "disabled")
    assert estate.only(RULE).verdict == "present"
