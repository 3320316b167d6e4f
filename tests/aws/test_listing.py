"""Listings: each page once, the next one asked for while one is read, and no more than there are."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from instance_profiles.aws.account import AwsAccount
from instance_profiles.aws.connection import Connection
from instance_profiles.aws.errors import AwsError, Throttled
from instance_profiles.aws.layouts import Layout
from instance_profiles.aws.page_reader import Cursor, PageReader
from tests.aws.place import Place, Received, refused, xml

if TYPE_CHECKING:
    from aiohttp import web

    from instance_profiles.aws.xml_values import Wanted

ASSOCIATIONS: Wanted = {"IamInstanceProfileAssociations": {"AssociationId": None}, "NextToken": None}
PROFILES: Wanted = {"InstanceProfiles": {"Arn": None}, "IsTruncated": None, "Marker": None}
DESCRIBE = "DescribeIamInstanceProfileAssociations"


def associations(received: Received, token: str | None, *, last: bool = True) -> web.Response:
    """A page with one association, named for the token that it was asked with; the token last or first."""
    asked = received.form.get("NextToken", "first")
    item = f"<item><associationId>{asked}</associationId></item>"
    listing = f"<iamInstanceProfileAssociationSet>{item}</iamInstanceProfileAssociationSet>"
    told = f"<nextToken>{token}</nextToken>" if token else ""
    return xml(received, listing + told if last else told + listing)


def ids(page: dict[str, Any]) -> list[str]:
    return [one["AssociationId"] for one in page["IamInstanceProfileAssociations"]]


async def all_pages(place: Place, make: Any = ids) -> list[Any]:
    async with AwsAccount(Connection(endpoint_url=place.url)) as account:
        return [page async for page in account.listing("ec2", DESCRIBE, ASSOCIATIONS, make)]


@pytest.mark.parametrize("last", [True, False])
async def test_pages_come_in_order_and_each_is_asked_for_once(place: Place, last: bool):
    after = {"first": "second", "second": "third", "third": None}
    place.answers[DESCRIBE] = lambda received: associations(
        received, after[received.form.get("NextToken", "first")], last=last
    )
    assert await all_pages(place) == [["first"], ["second"], ["third"]]
    assert place.count(DESCRIBE) == 3


async def test_the_next_page_is_asked_for_before_one_is_read(place: Place):
    """Whoever makes something of the first page waits here for the request of the second."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()

    def pages(received: Received) -> web.Response:
        if "NextToken" in received.form:
            asked.set()
            return associations(received, None)
        # Large enough to be read beside the event loop.
        return xml(
            received,
            "<iamInstanceProfileAssociationSet>"
            + "<item><associationId>first</associationId></item>" * 1000
            + "</iamInstanceProfileAssociationSet><nextToken>second</nextToken>",
        )

    def make(page: dict[str, Any]) -> int:
        asyncio.run_coroutine_threadsafe(asyncio.wait_for(asked.wait(), 30), loop).result()
        return len(ids(page)) if page["IamInstanceProfileAssociations"] else 0

    place.answers[DESCRIBE] = pages
    async with AwsAccount(Connection(endpoint_url=place.url)) as account:
        first = await anext(account.listing("ec2", DESCRIBE, ASSOCIATIONS, make))
    assert first == 1000


async def test_a_token_that_cannot_be_told_before_reading_is_followed_after_it(place: Place):
    """The same element twice, of which only one is the listing's own."""

    def pages(received: Received) -> web.Response:
        if "NextToken" in received.form:
            return associations(received, None)
        decoy = "<brandNew><nextToken>decoy</nextToken></brandNew>"
        return xml(received, f"<iamInstanceProfileAssociationSet/>{decoy}<nextToken>second</nextToken>")

    place.answers[DESCRIBE] = pages
    assert await all_pages(place) == [[], ["second"]]
    assert [one.form.get("NextToken") for one in place.received] == [None, "second"]


async def test_a_token_told_wrongly_costs_a_request_and_nothing_else(place: Place):
    def pages(received: Received) -> web.Response:
        if "NextToken" in received.form:
            return associations(received, None)
        return xml(
            received,
            "<iamInstanceProfileAssociationSet/><brandNew><nextToken>decoy</nextToken></brandNew>",
        )

    place.answers[DESCRIBE] = pages
    assert await all_pages(place) == [[]]


@pytest.mark.parametrize(("more", "requests"), [("true", 2), ("false", 1)])
async def test_iam_says_itself_whether_there_is_more(place: Place, more: str, requests: int):
    def pages(received: Received) -> web.Response:
        if "Marker" in received.form:
            return xml(received, "<InstanceProfiles/><IsTruncated>false</IsTruncated>")
        return xml(received, f"<IsTruncated>{more}</IsTruncated><InstanceProfiles/><Marker>second</Marker>")

    place.answers["ListInstanceProfiles"] = pages
    async with AwsAccount(Connection(endpoint_url=place.url)) as account:
        found = [page async for page in account.listing("iam", "ListInstanceProfiles", PROFILES, dict)]
    assert len(found) == place.count("ListInstanceProfiles") == requests


async def test_a_listing_that_would_never_end_is_an_error(place: Place):
    place.answers[DESCRIBE] = lambda received: associations(received, "again")
    with pytest.raises(AwsError, match="did not come from AWS"):
        await all_pages(place)
    assert place.count(DESCRIBE) == 2


async def test_a_refusal_on_a_later_page_comes_after_the_pages_before(place: Place):
    def pages(received: Received) -> web.Response:
        if "NextToken" in received.form:
            return refused(received, 403, "UnauthorizedOperation", "no")
        return associations(received, "second")

    place.answers[DESCRIBE] = pages
    async with AwsAccount(Connection(endpoint_url=place.url)) as account:
        pages = account.listing("ec2", DESCRIBE, ASSOCIATIONS, ids)
        assert await anext(pages) == ["first"]
        with pytest.raises(AwsError) as caught:
            await anext(pages)
    assert caught.value.code == "UnauthorizedOperation"


async def test_stopping_in_the_middle_stops_the_request_that_is_on_its_way(place: Place):
    stopped = asyncio.Event()

    async def never(received: Received) -> web.Response:
        if "NextToken" not in received.form:
            return associations(received, "second")
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()
        raise AssertionError

    place.answers[DESCRIBE] = never
    async with AwsAccount(Connection(endpoint_url=place.url)) as account:
        pages = account.listing("ec2", DESCRIBE, ASSOCIATIONS, ids)
        assert await anext(pages) == ["first"]
        while place.count(DESCRIBE) < 2:
            await asyncio.sleep(0)
        before = asyncio.all_tasks()
        await pages.aclose()
        assert asyncio.all_tasks() < before


async def test_no_answer_to_a_listing_is_parsed_by_the_sdk(place: Place, monkeypatch: pytest.MonkeyPatch):
    def parse(*_: Any) -> None:
        raise AssertionError("parsed by the SDK")

    async with AwsAccount(Connection(endpoint_url=place.url)) as account:
        await account.call("ec2", "DescribeRegions")
        monkeypatch.setattr("botocore.parsers.ResponseParser.parse", parse)
        pages = account.listing("ec2", DESCRIBE, ASSOCIATIONS, ids)
        assert [page async for page in pages] == [[]]


async def test_an_error_stays_what_it_is_when_only_members_are_wanted(place: Place, monkeypatch):
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    place.answers[DESCRIBE] = lambda received: refused(received, 503, "RequestLimitExceeded", "slow down")
    with pytest.raises(Throttled):
        await all_pages(place)


def test_what_is_not_xml_tells_no_token_before_it_is_read():
    layout = Layout("structure", "", whole=False, members={"NextToken": Layout("string", "NextToken")})
    body = b'{"NextToken": "more"}'
    assert PageReader("json", layout).peek(body, Cursor("NextToken", "NextToken")) is None
