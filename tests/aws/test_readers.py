"""Large pages are read by processes of their own: with the same values, and without them if need be."""

from __future__ import annotations

import asyncio
import gzip
import io
import os
import pickle
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from instance_profiles.aws import readers as reading
from instance_profiles.aws.account import AwsAccount
from instance_profiles.aws.connection import Connection
from instance_profiles.aws.errors import AwsError
from instance_profiles.aws.readers import Readers
from instance_profiles.aws.reading_process import HEAD, serve
from tests.aws.place import Place, Received, xml

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from instance_profiles.aws.xml_values import Wanted

DESCRIBE = "DescribeIamInstanceProfileAssociations"
WANTED: Wanted = {"IamInstanceProfileAssociations": {"AssociationId": None}, "NextToken": None}
PAGES = 4
MANY = 20_000
"""Associations of a page: enough that it is large even when packed."""


def ids(page: dict[str, Any]) -> list[str]:
    return [one["AssociationId"] for one in page["IamInstanceProfileAssociations"]]


def whose(page: dict[str, Any]) -> tuple[int, str]:
    """Which process made it, and what the first association is."""
    return os.getpid(), ids(page)[0]


def end_the_process(page: dict[str, Any]) -> list[str]:
    """As if the system had run out of memory, in the processes only."""
    if ids(page)[0] == "iip-assoc-2-0" and os.environ.get("IPTUI_TEST_PARENT") != str(os.getpid()):
        os._exit(1)
    return ids(page)[:1]


class NotForSending:
    """Leaves its process without trouble, and arrives nowhere."""

    def __reduce__(self) -> tuple[Callable[[], None], tuple[()]]:
        return arrive, ()


def arrive() -> None:
    raise ValueError("nobody knows how to make this")


def not_for_sending(page: dict[str, Any]) -> NotForSending:
    return NotForSending()


def refuse(page: dict[str, Any]) -> None:
    raise AwsError(f"{len(ids(page))} are too many")


@pytest.fixture
def large_pages(place: Place) -> Place:
    """A listing of some pages, packed as AWS packs them."""

    def answer(received: Received) -> web.Response:
        number = int(received.form.get("NextToken", "1"))
        items = "".join(
            f"<item><associationId>iip-assoc-{number}-{one}</associationId></item>" for one in range(MANY)
        )
        more = f"<nextToken>{number + 1}</nextToken>" if number < PAGES else ""
        listing = f"<iamInstanceProfileAssociationSet>{items}</iamInstanceProfileAssociationSet>{more}"
        plain = xml(received, listing)
        return web.Response(
            body=gzip.compress(plain.body, 1), content_type="text/xml", headers={"Content-Encoding": "gzip"}
        )

    place.answers[DESCRIBE] = answer
    return place


async def listed(place: Place, readers: Readers, make: Callable[[dict[str, Any]], Any]) -> list[Any]:
    async with AwsAccount(Connection(endpoint_url=place.url), readers=readers) as account, account.at_work():
        return [made async for made in account.listing("ec2", DESCRIBE, WANTED, make)]


async def test_large_pages_are_read_by_another_process_in_their_order(large_pages: Place):
    readers = Readers(1)
    made = await listed(large_pages, readers, whose)
    assert [first for _, first in made] == [f"iip-assoc-{number}-0" for number in range(1, PAGES + 1)]
    assert os.getpid() not in {process for process, _ in made}
    assert readers.pages == PAGES
    assert readers.seconds > 0
    assert large_pages.count(DESCRIBE) == PAGES


def how_nice(page: dict[str, Any]) -> int:
    return os.getpriority(os.PRIO_PROCESS, 0)


async def test_reading_comes_second_to_whoever_asks(large_pages: Place):
    made = await listed(large_pages, Readers(1), how_nice)
    assert min(made) > os.getpriority(os.PRIO_PROCESS, 0)


async def test_what_is_read_there_is_what_is_read_here(large_pages: Place):
    assert await listed(large_pages, Readers(2), ids) == await listed(large_pages, Readers(0), ids)


async def test_no_process_outlives_the_load(large_pages: Place):
    [(process, _), *_] = await listed(large_pages, Readers(1), whose)
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


async def test_pages_of_a_process_that_ends_are_read_again(large_pages: Place, monkeypatch):
    monkeypatch.setenv("IPTUI_TEST_PARENT", str(os.getpid()))
    made = await listed(large_pages, Readers(1), end_the_process)
    assert made == [[f"iip-assoc-{number}-0"] for number in range(1, PAGES + 1)]


async def test_where_no_process_can_be_begun_pages_are_read_in_a_thread(large_pages: Place, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    readers = Readers(1)
    made = await listed(large_pages, readers, whose)
    assert {process for process, _ in made} == {os.getpid()}
    assert readers.pages == 0


async def test_a_process_that_is_long_in_beginning_is_not_waited_for(large_pages: Place, monkeypatch):
    monkeypatch.setattr(reading, "_MODULE", "asyncio")  # waits for a person to type
    monkeypatch.setattr(reading, "_PATIENCE", 0.01)
    made = await listed(large_pages, Readers(1), whose)
    assert {process for process, _ in made} == {os.getpid()}


async def test_what_leans_on_this_process_is_made_here(large_pages: Place):
    seen: list[int] = []
    assert await listed(large_pages, Readers(1), lambda page: seen.append(len(ids(page)))) == [None] * PAGES
    assert seen == [MANY] * PAGES


async def test_what_arrives_damaged_is_made_here(large_pages: Place):
    readers = Readers(1)
    made = await listed(large_pages, readers, not_for_sending)
    assert [type(one) for one in made] == [NotForSending] * PAGES
    assert readers.pages == PAGES


async def test_an_error_in_making_is_raised_as_it_is(large_pages: Place):
    with pytest.raises(AwsError, match="20000 are too many"):
        await listed(large_pages, Readers(1), refuse)


async def test_a_page_that_is_cut_off_is_an_error(large_pages: Place):
    whole = large_pages.answers[DESCRIBE]

    def cut(received: Received) -> web.Response:
        answer = whole(received)
        assert isinstance(answer, web.Response)
        assert isinstance(answer.body, bytes)
        return web.Response(body=answer.body[:-100], headers=answer.headers)

    large_pages.answers[DESCRIBE] = cut
    with pytest.raises(AwsError):
        await listed(large_pages, Readers(1), whose)


async def test_a_listing_that_is_left_leaves_nothing_behind(large_pages: Place):
    readers = Readers(1)
    async with AwsAccount(Connection(endpoint_url=large_pages.url), readers=readers) as account:
        async with account.at_work():
            pages = account.listing("ec2", DESCRIBE, WANTED, whose)
            process, _ = await anext(pages)
            await pages.aclose()
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)
    # What is left belongs to the place and to this test.
    assert not [task for task in asyncio.all_tasks() if "instance_profiles" in repr(task)]


async def test_small_pages_are_no_reason_to_begin_a_process(place: Place):
    place.answers[DESCRIBE] = lambda received: xml(
        received,
        "<iamInstanceProfileAssociationSet><item><associationId>a</associationId></item>"
        "</iamInstanceProfileAssociationSet>",
    )
    [(process, first)] = await listed(place, Readers(1), whose)
    assert (process, first) == (os.getpid(), "a")


def test_a_process_is_given_no_credentials_and_imports_nothing_from_where_it_stands(
    tmp_path: Path, monkeypatch
):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "instance_profiles").mkdir()
    environ = reading._environ()
    assert not [name for name in environ if name.startswith("AWS_")]
    module = "instance_profiles.aws.reading_process"
    begun = subprocess.run(
        [sys.executable, "-P", "-m", module], env=environ, input=b"", capture_output=True, check=True
    )
    assert b"ready" in begun.stdout


def test_a_process_needs_no_sdk():
    asked = (
        "import sys; import instance_profiles.aws.page_reader, instance_profiles.inventory.from_aws_details;"
        "import instance_profiles.aws.reading_process, instance_profiles.inventory.conversion;"
        "print([name for name in ('botocore', 'aiohttp', 'asyncio', 'textual') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"


def test_what_cannot_be_read_there_is_answered_with_nothing_made():
    sent = (pickle.dumps("no reader"), pickle.dumps((None, None)), b"no page")
    head = HEAD.pack(*map(len, sent), False)
    answers = io.BytesIO()
    serve(io.BytesIO(head + b"".join(sent)), answers)
    assert [what for what, _ in told(answers.getvalue())] == ["ready", "done"]


def told(answers: bytes) -> list[tuple[str, Any]]:
    found = []
    while answers:
        size = int.from_bytes(answers[:4])
        found.append(pickle.loads(answers[4 : 4 + size]))
        answers = answers[4 + size :]
    return found
