"""One account: calls, pages, requests counted, retries, closing."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
import warnings

import pytest
from aiohttp import web

from instance_profiles.aws.account import AwsAccount
from instance_profiles.aws.connection import Connection
from instance_profiles.aws.errors import (
    ConfigUnreadable,
    CredentialsExpired,
    CredentialsMissing,
    NotAnAwsAnswer,
    NotFound,
    RefusedReadOnly,
    Throttled,
    TimedOut,
    Unreachable,
    WrongNamedProfile,
)
from tests.aws.place import Place, Received, refused, refusing, xml

HTML = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><p>Welcome</p></body></html>"
XHTML = '<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><body><p>Sign in</p></body></html>'


def test_importing_the_account_imports_no_sdk():
    code = (
        "import sys, instance_profiles.aws.account, instance_profiles.inventory.load, "
        "instance_profiles.inventory.reread\n"
        "print([name for name in sys.modules if name.split('.')[0] in "
        "('botocore', 'aiobotocore', 'boto3', 'aiohttp')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


async def test_a_call_gives_the_answer_and_counts_its_request(place: Place):
    async with AwsAccount(Connection(endpoint_url=place.url)) as account:
        answer = await account.call("sts", "GetCallerIdentity")
        assert answer["Account"] == "111122223333"
        assert account.requests == {"sts:GetCallerIdentity": 1}


async def test_nothing_is_sent_before_the_first_call(place: Place):
    async with AwsAccount(Connection(endpoint_url=place.url)) as account:
        await account.ready()
        assert (account.partition, account.default_region) == ("aws", "us-east-1")
        assert place.received == []


async def test_the_clients_of_a_service_share_a_class_and_nothing_else(place: Place):
    held = AwsAccount(Connection(endpoint_url=place.url, read_only=True))
    async with AwsAccount(Connection(endpoint_url=place.url)) as free, held:
        for region in ("eu-west-1", "us-east-1"):
            await free.call("ec2", "DescribeInstances", region=region)
        with pytest.raises(RefusedReadOnly):
            await held.call("ec2", "DeleteLaunchTemplate", {"LaunchTemplateName": "web"}, region="eu-west-1")
        await free.call("ec2", "DeleteLaunchTemplate", {"LaunchTemplateName": "web"}, region="us-east-1")
        assert [(one.operation, one.region) for one in place.received] == [
            ("DescribeInstances", "eu-west-1"),
            ("DescribeInstances", "us-east-1"),
            ("DeleteLaunchTemplate", "us-east-1"),
        ]
        pools = [(await account._prepared())[1] for account in (free, held)]
        clients = [
            await pool.client("ec2", region) for pool in pools for region in ("eu-west-1", "us-east-1")
        ]
        assert len({id(client) for client in clients}) == 4
        assert len({type(client) for client in clients}) == 1


def test_partition_and_region_are_not_guessed_before_they_are_known():
    with pytest.raises(RuntimeError, match="ready"):
        _ = AwsAccount(Connection()).partition


@pytest.mark.parametrize(
    ("regions", "configured", "partition", "region"),
    [
        (("eu-west-1",), "us-west-2", "aws", "us-west-2"),
        (("eu-west-1",), "cn-north-1", "aws", "us-east-1"),
        (("all",), "us-west-2", "aws", "us-west-2"),
        (("cn-north-1",), "us-west-2", "aws-cn", "cn-north-1"),
        (("eu-wset-1",), "us-west-2", "aws", "us-west-2"),
        ((), "us-gov-west-1", "aws-us-gov", "us-gov-west-1"),
    ],
)
async def test_the_region_to_start_from(monkeypatch, regions, configured, partition, region):
    monkeypatch.setenv("AWS_DEFAULT_REGION", configured)
    async with AwsAccount(Connection(regions=regions)) as account:
        await account.ready()
        assert (account.partition, account.default_region) == (partition, region)


async def test_the_region_of_a_call_is_the_one_asked_for(place: Place):
    async with AwsAccount(Connection(endpoint_url=place.url)) as account:
        await account.call("ec2", "DescribeInstances", region="ap-south-1")
        assert place.received[0].region == "ap-south-1"


async def test_the_endpoint_of_the_environment_is_honoured_service_by_service(place: Place, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", place.url)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    async with AwsAccount(Connection()) as account:
        assert (await account.call("sts", "GetCallerIdentity"))["Account"] == "111122223333"
        with pytest.raises(Unreachable):
            await account.call("iam", "ListRoles")


async def test_all_pages_of_a_listing_come_and_each_request_is_counted(place: Place):
    def page(received: Received) -> web.Response:
        number = int(received.form.get("NextToken", "1"))
        token = f"<nextToken>{number + 1}</nextToken>" if number < 3 else ""
        return xml(received, f"<reservationSet/>{token}")

    place.answers["DescribeInstances"] = page
    async with AwsAccount(Connection(endpoint_url=place.url)) as account:
        pages = [page async for page in account.pages("ec2", "DescribeInstances", {"MaxResults": 5})]
        assert len(pages) == 3
        assert account.requests["ec2:DescribeInstances"] == 3
        assert [one.form["MaxResults"] for one in place.received] == ["5", "5", "5"]


async def test_retries_are_counted_as_requests(place: Place):
    def once_busy(received: Received) -> web.Response:
        if place.count("ListRoles") == 1:
            return refused(received, 400, "Throttling", "Rate exceeded")
        return xml(received, "<Roles/><IsTruncated>false</IsTruncated>")

    place.answers["ListRoles"] = once_busy
    async with AwsAccount(Connection(endpoint_url=place.url)) as account:
        assert (await account.call("iam", "ListRoles"))["Roles"] == []
        assert account.requests["iam:ListRoles"] == place.count("ListRoles") == 2


async def test_throttling_that_does_not_end_is_told(place: Place, monkeypatch):
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    place.answers["DescribeRegions"] = refusing(503, "RequestLimitExceeded", "Request limit exceeded.")
    async with AwsAccount(Connection(endpoint_url=place.url)) as account:
        with pytest.raises(Throttled, match="slow down ec2:DescribeRegions in us-east-1"):
            await account.call("ec2", "DescribeRegions")


async def test_an_error_reply_carries_its_details(place: Place):
    place.answers["GetRole"] = refusing(404, "NoSuchEntity", "The role with name x cannot be found.")
    async with AwsAccount(Connection(endpoint_url=place.url)) as account:
        with pytest.raises(NotFound) as caught:
            await account.call("iam", "GetRole", {"RoleName": "x"})
    error = caught.value
    assert (error.code, error.http_status, error.request_id) == ("NoSuchEntity", 404, "r-1")
    assert (error.service, error.operation, error.region) == ("iam", "GetRole", None)
    assert error.message == "The role with name x cannot be found."


@pytest.mark.parametrize("page", [HTML, XHTML, "", "OK", '{"error": "no such route"}'])
@pytest.mark.parametrize("status", [200, 302, 403])
@pytest.mark.parametrize(
    ("service", "operation"),
    [("ec2", "DescribeInstances"), ("iam", "ListRoles"), ("sts", "GetCallerIdentity")],
)
async def test_what_is_not_an_answer_of_aws_is_never_taken_for_an_empty_one(
    place: Place, service: str, operation: str, status: int, page: str
):
    place.answers[operation] = lambda _: web.Response(status=status, text=page, content_type="text/html")
    async with AwsAccount(Connection(endpoint_url=place.url)) as account:
        with pytest.raises(NotAnAwsAnswer, match="did not come from AWS"):
            await account.call(service, operation)


async def test_a_page_of_a_broken_gateway_says_that_the_place_could_not_answer(place: Place, monkeypatch):
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    place.answers["DescribeInstances"] = lambda _: web.Response(
        status=502, text="<html><body>Bad Gateway</body></html>", content_type="text/html"
    )
    async with AwsAccount(Connection(endpoint_url=place.url)) as account:
        with pytest.raises(Unreachable, match="could not answer ec2:DescribeInstances") as caught:
            await account.call("ec2", "DescribeInstances")
    assert caught.value.http_status == 502


async def test_a_place_that_never_answers_is_asked_once_and_given_up(place: Place):
    async def never(_: Received) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError

    place.answers["DescribeInstances"] = never
    async with AwsAccount(Connection(endpoint_url=place.url, read_timeout=1)) as account:
        with pytest.raises(TimedOut, match="ec2:DescribeInstances in us-east-1 was not answered in time"):
            await account.call("ec2", "DescribeInstances")
        assert account.requests["ec2:DescribeInstances"] == 1


async def test_a_write_whose_connection_breaks_is_not_repeated():
    requests: list[bytes] = []

    async def slam(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests.append(await reader.readuntil(b"\r\n\r\n"))
        writer.transport.abort()

    server = await asyncio.start_server(slam, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server, AwsAccount(Connection(endpoint_url=url)) as account:
        with pytest.raises(Unreachable):
            await account.call("iam", "DeleteInstanceProfile", {"InstanceProfileName": "web"})
    assert len(requests) == 1


async def test_no_connection_names_the_endpoint(place: Place):
    async with AwsAccount(Connection(endpoint_url="http://127.0.0.1:9")) as account:
        with pytest.raises(Unreachable, match=r"Could not reach http://127\.0\.0\.1:9"):
            await account.call("sts", "GetCallerIdentity")


@pytest.mark.parametrize("sent", [b"SSH-2.0-OpenSSH_9.6\r\n", b"220 mail ready\r\n"])
async def test_what_does_not_speak_http(sent: bytes):
    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(sent)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server, AwsAccount(Connection(endpoint_url=url)) as account:
        with pytest.raises(NotAnAwsAnswer, match="did not come from AWS"):
            await account.call("iam", "ListRoles")


@pytest.mark.parametrize("endpoint", ["http://no such host/", "localhost:8080", "foo"])
async def test_an_endpoint_that_is_no_address(endpoint: str):
    async with AwsAccount(Connection(endpoint_url=endpoint)) as account:
        with pytest.raises(ConfigUnreadable, match="A setting for AWS is wrong"):
            await account.call("sts", "GetCallerIdentity")


@pytest.mark.parametrize("name", ["AWS_MAX_ATTEMPTS", "AWS_METADATA_SERVICE_TIMEOUT"])
async def test_a_number_of_the_environment_that_is_none(name: str, monkeypatch):
    monkeypatch.setenv(name, "lots")
    async with AwsAccount(Connection()) as account:
        with pytest.raises(ConfigUnreadable, match="lots"):
            await account.call("sts", "GetCallerIdentity")


async def test_no_credentials(place: Place, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    async with AwsAccount(Connection(endpoint_url=place.url)) as account:
        with pytest.raises(CredentialsMissing, match="run 'aws configure' or 'aws sso login'"):
            await account.call("sts", "GetCallerIdentity")
        assert account.credentials_failed


async def test_an_unknown_named_profile():
    async with AwsAccount(Connection(named_profile="prdo")) as account:
        with pytest.raises(WrongNamedProfile, match="no named profile 'prdo'"):
            await account.ready()


async def test_an_sso_session_that_ended_says_how_to_sign_in(place: Place, aws_folder, monkeypatch):
    monkeypatch.setenv("HOME", str(aws_folder))
    (aws_folder / "config").write_text(
        "[profile prod]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Admin\n"
        "[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\n"
    )
    async with AwsAccount(Connection(named_profile="prod", endpoint_url=place.url)) as account:
        with pytest.raises(CredentialsExpired, match="run 'aws sso login --profile prod'"):
            await account.call("sts", "GetCallerIdentity")


async def test_an_mfa_prompt_never_reaches_the_terminal(place: Place, aws_folder):
    (aws_folder / "credentials").write_text("[base]\naws_access_key_id = a\naws_secret_access_key = b\n")
    (aws_folder / "config").write_text(
        "[profile admin]\nrole_arn = arn:aws:iam::111122223333:role/admin\nsource_profile = base\n"
        "mfa_serial = arn:aws:iam::111122223333:mfa/kim\n"
    )
    async with AwsAccount(Connection(named_profile="admin", endpoint_url=place.url)) as account:
        with pytest.raises(CredentialsMissing, match="need an MFA code"):
            await account.call("sts", "GetCallerIdentity")


async def test_starting_over_reads_the_credentials_again(place: Place, aws_folder):
    async with AwsAccount(Connection(named_profile="late", endpoint_url=place.url)) as account:
        with pytest.raises(WrongNamedProfile):
            await account.call("sts", "GetCallerIdentity")
        (aws_folder / "credentials").write_text("[late]\naws_access_key_id = a\naws_secret_access_key = b\n")
        account.start_over()
        assert (await account.call("sts", "GetCallerIdentity"))["Account"] == "111122223333"


async def test_many_first_calls_at_once_share_one_client(place: Place):
    async with AwsAccount(Connection(endpoint_url=place.url)) as account:
        await asyncio.gather(*(account.call("iam", "ListRoles") for _ in range(8)))
        _, pool = await account._prepared()
        assert await pool.client("iam", "us-east-1") is await pool.client("iam", "eu-west-1")
        assert await pool.client("ec2", "us-east-1") is not await pool.client("ec2", "eu-west-1")


async def test_closing_leaves_nothing_open_and_allows_no_call(place: Place):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        account = AwsAccount(Connection(endpoint_url=place.url))
        await account.call("sts", "GetCallerIdentity")
        account.start_over()
        await account.call("iam", "ListRoles")
        await account.close()
        with pytest.raises(RuntimeError, match="closed"):
            await account.call("iam", "ListRoles")
        del account
        gc.collect()
    assert [str(one.message) for one in caught if issubclass(one.category, ResourceWarning)] == []


async def test_whether_the_installed_model_knows_a_parameter():
    async with AwsAccount(Connection()) as account:
        assert await account.knows_parameter("ec2", "DescribeInstances", "IncludeManagedResources")
        assert not await account.knows_parameter("ec2", "DescribeInstances", "IncludeTheMoon")


async def test_an_operation_that_does_not_exist_is_a_mistake_of_the_programmer():
    async with AwsAccount(Connection()) as account:
        with pytest.raises(ValueError, match="no operation GetMoon"):
            await account.call("iam", "GetMoon")
