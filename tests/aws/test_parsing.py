"""Answers come compressed, are unpacked and parsed beside the event loop, and are never half an answer."""

from __future__ import annotations

import gzip
import threading
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from instance_profiles.aws import xml_scanning
from instance_profiles.aws.account import AwsAccount
from instance_profiles.aws.connection import Connection
from instance_profiles.aws.errors import AwsError, NotAnAwsAnswer
from instance_profiles.aws.unpacking import TooLargeError, unpacked
from tests.aws.place import refused, xml

if TYPE_CHECKING:
    from collections.abc import Callable

    from instance_profiles.aws.xml_values import Wanted
    from tests.aws.place import Place, Received

ASSOCIATIONS: Wanted = {"IamInstanceProfileAssociations": {"State": None}, "NextToken": None}
GZIP = {"content-encoding": "gzip"}
REGIONS = "<regionInfo><item><regionName>moon-1</regionName></item></regionInfo>"


def packed(response: web.Response, *, cut: int | None = None) -> web.Response:
    body = response.body
    assert isinstance(body, bytes)
    response.body = gzip.compress(body)[:cut]
    response.headers["Content-Encoding"] = "gzip"
    return response


async def asked(place: Place, answer: Callable[[Received], web.Response]) -> dict[str, object]:
    place.answers["DescribeRegions"] = answer
    async with AwsAccount(Connection(endpoint_url=place.url)) as account:
        return await account.call("ec2", "DescribeRegions")


async def test_a_compressed_answer_is_read(place: Place):
    answer = await asked(place, lambda received: packed(xml(received, REGIONS)))
    assert answer["Regions"] == [{"RegionName": "moon-1"}]


async def test_an_answer_that_is_not_compressed_is_read_as_well(place: Place):
    answer = await asked(place, lambda received: xml(received, REGIONS))
    assert answer["Regions"] == [{"RegionName": "moon-1"}]


async def test_a_compressed_refusal_keeps_its_code(place: Place):
    with pytest.raises(AwsError) as caught:
        await asked(place, lambda received: packed(refused(received, 403, "UnauthorizedOperation", "no")))
    assert caught.value.code == "UnauthorizedOperation"


async def test_a_compressed_page_of_somebody_else_is_not_an_answer(place: Place):
    page = web.Response(text="<html><body>Sign in</body></html>", content_type="text/html")
    with pytest.raises(NotAnAwsAnswer):
        await asked(place, lambda _: packed(page))


async def test_an_answer_cut_off_on_its_way_is_an_error_not_half_a_listing(place: Place, monkeypatch):
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(AwsError):
        await asked(place, lambda received: packed(xml(received, REGIONS), cut=-10))


async def test_large_answers_are_parsed_beside_the_event_loop(place: Place, monkeypatch):
    threads: list[str] = []
    read = xml_scanning.Scanner.read

    def watched(self: xml_scanning.Scanner, body: bytes) -> dict[str, object]:
        threads.append(threading.current_thread().name)
        return read(self, body)

    def made(page: dict[str, object]) -> dict[str, object]:
        threads.append(threading.current_thread().name)
        return page

    monkeypatch.setattr(xml_scanning.Scanner, "read", watched)
    filler = "<item><regionName>moon-1</regionName></item>" * 2000
    place.answers["DescribeIamInstanceProfileAssociations"] = lambda received: xml(
        received, f"<iamInstanceProfileAssociationSet/><more>{filler}</more>"
    )
    async with AwsAccount(Connection(endpoint_url=place.url)) as account:
        pages = account.listing("ec2", "DescribeIamInstanceProfileAssociations", ASSOCIATIONS, made)
        assert [page["IamInstanceProfileAssociations"] async for page in pages] == [[]]
    assert [name.startswith("answers") for name in threads] == [True, True]


async def test_what_is_wanted_of_one_listing_does_not_narrow_another(place: Place):
    async with AwsAccount(Connection(endpoint_url=place.url)) as account:
        pages = account.listing("ec2", "DescribeIamInstanceProfileAssociations", ASSOCIATIONS, dict)
        async for page in pages:
            assert page["ResponseMetadata"]["HTTPStatusCode"] == 200
            regions = await account.call("ec2", "DescribeRegions")
            assert [one["RegionName"] for one in regions["Regions"]] == ["us-east-1", "eu-west-1"]


def test_the_beginning_of_a_compressed_answer_is_enough_to_look_at():
    assert unpacked(GZIP, gzip.compress(b"x" * 9000), at_most=4, whole=False) == b"xxxx"


@pytest.mark.parametrize(
    "body", [b"", b"no gzip", gzip.compress(b"x" * 9000)[:-9]], ids=["empty", "no gzip", "cut off"]
)
def test_what_cannot_be_unpacked_is_an_error(body):
    with pytest.raises(OSError, match="answer"):
        unpacked(GZIP, body)


def test_an_answer_that_unpacks_without_end_is_refused():
    with pytest.raises(TooLargeError):
        unpacked(GZIP, gzip.compress(bytes(1000)), at_most=100)
