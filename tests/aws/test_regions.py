"""Regions: which are enabled, which are known offline, which are spelt wrong."""

from __future__ import annotations

import pytest

from instance_profiles.aws.account import AwsAccount
from instance_profiles.aws.connection import Connection
from instance_profiles.aws.errors import Denied
from instance_profiles.aws.regions import enabled_regions, known_regions, misspelt
from tests.aws.place import BODIES, Place, Received, refused, refusing, xml


async def test_enabled_regions_are_those_of_the_account(place: Place):
    async with AwsAccount(Connection(endpoint_url=place.url)) as account:
        assert await enabled_regions(account) == ("eu-west-1", "us-east-1")
    assert place.received[0].form["AllRegions"] == "false"


async def test_a_disabled_home_of_the_person_is_stepped_around(place: Place, monkeypatch):
    monkeypatch.setenv("AWS_REGION", "ap-east-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-east-1")

    def answer(received: Received):
        if received.region == "ap-east-1":
            return refused(received, 401, "OptInRequired", "You are not subscribed to this service")
        return xml(received, BODIES["DescribeRegions"])

    place.answers["DescribeRegions"] = answer
    async with AwsAccount(Connection(endpoint_url=place.url)) as account:
        assert await enabled_regions(account) == ("eu-west-1", "us-east-1")


async def test_a_denied_listing_raises(place: Place):
    place.answers["DescribeRegions"] = refusing(403, "UnauthorizedOperation")
    async with AwsAccount(Connection(endpoint_url=place.url)) as account:
        with pytest.raises(Denied):
            await enabled_regions(account)


async def test_known_regions_need_no_network(place: Place):
    async with AwsAccount(Connection(endpoint_url=place.url)) as account:
        known = await known_regions(account)
    assert {"us-east-1", "eu-west-1", "ap-southeast-2"} <= set(known)
    assert "cn-north-1" not in known
    assert place.received == []


def test_a_misspelt_region_is_answered_with_the_nearest():
    known = ("eu-west-1", "us-east-1")
    assert misspelt("eu-wset-1", known) == "There is no region 'eu-wset-1': did you mean eu-west-1?"
    assert misspelt("mars", known) == "There is no region 'mars': check its spelling."
