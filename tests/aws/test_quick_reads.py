"""Reads that go past the SDK's machinery are the requests that the SDK would have sent."""

from __future__ import annotations

import json
import shutil
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import botocore
import pytest
from botocore import auth

from instance_profiles.aws.account import AwsAccount
from instance_profiles.aws.action_names import sdk_call
from instance_profiles.aws.clients import ClientPool, method_of
from instance_profiles.aws.connection import Connection
from instance_profiles.aws.errors import Denied, Throttled
from instance_profiles.inventory import sources
from instance_profiles.inventory.wanted import WANTED
from tests.aws.place import Place, Received, refusing, xml

if TYPE_CHECKING:
    from aiohttp import web

READS = [
    *(sdk_call(source) for source in WANTED),
    sdk_call(sources.CALLER_IDENTITY),
    sdk_call(sources.REGIONS),
    sdk_call(sources.ACCOUNT_SUMMARY),
    sdk_call(sources.METADATA_DEFAULTS),
]
PARAMETERS: dict[str, dict[str, Any]] = {
    "DescribeInstances": {"MaxResults": 1000, "IncludeManagedResources": True, "NextToken": "a+b/c=="},
    "DescribeLaunchTemplateVersions": {"Versions": ["$Latest", "$Default"], "MaxResults": 200},
    "DescribeFleets": {"Filters": [{"Name": "fleet-state", "Values": ["active", "modifying"]}]},
    "GetAccountAuthorizationDetails": {"Filter": ["Role", "LocalManagedPolicy"], "MaxItems": 1000},
    "DescribeInstanceInformation": {"MaxResults": 50, "NextToken": "ünï"},
    "GetResources": {"ResourceTypeFilters": ["iam:instance-profile"], "ResourcesPerPage": 100},
}
NUMBER = uuid.UUID(int=7)


class Caught(Exception):
    """Holds a request that the SDK was about to send."""


async def sent_by_the_sdk(pool: ClientPool, service: str, operation: str, region: str) -> Any:
    client = await pool.client(service, region)

    def catch(request: Any, **_: Any) -> None:
        raise Caught(request)

    client.meta.events.register("before-send", catch)
    with pytest.raises(Caught) as caught:
        await getattr(client, method_of(client, operation))(**PARAMETERS.get(operation, {}))
    return caught.value.args[0]


async def compared(account: AwsAccount, service: str, operation: str, region: str) -> bool:
    """Whether a read has a quick way in a region; where it has, it is compared with the SDK's request."""
    _, pool = await account._prepared()
    await pool.client(service, account.default_region)
    place = pool._place(service, region)
    quick = pool._quick[service]
    way = await quick.way(operation, place)
    if way is None:
        return False
    ours = await quick._signed(way, PARAMETERS.get(operation, {}))
    theirs = await sent_by_the_sdk(pool, service, operation, place)
    assert (ours.method, ours.url, ours.body) == (theirs.method, theirs.url, theirs.body)
    assert dict(ours.headers) == {
        name: value.decode() if isinstance(value, bytes) else value for name, value in theirs.headers.items()
    }
    return True


@pytest.fixture
def stopped(monkeypatch: pytest.MonkeyPatch):
    """The same second and the same random number for both, so that signatures must be equal."""
    monkeypatch.setattr(uuid, "uuid4", lambda: NUMBER)
    monkeypatch.setattr(auth, "get_current_datetime", lambda: datetime(2026, 11, 20, 12, tzinfo=UTC))


PLACES = [
    ("us-east-1", "us-east-1"),
    ("us-east-1", "eu-west-1"),
    ("eu-central-2", "ap-southeast-3"),
    ("cn-northwest-1", "cn-north-1"),
    ("us-gov-east-1", "us-gov-west-1"),
    ("eusc-de-east-1", "eusc-de-east-1"),
    ("us-iso-east-1", "us-iso-west-1"),
]


@pytest.mark.parametrize("token", [None, "t/+="])
@pytest.mark.parametrize(("start", "region"), PLACES)
async def test_they_are_the_requests_of_the_sdk(stopped, monkeypatch, start, region, token):
    monkeypatch.setenv("AWS_DEFAULT_REGION", start)
    if token:
        monkeypatch.setenv("AWS_SESSION_TOKEN", token)
    async with AwsAccount(Connection()) as account:
        await account.ready()
        for service, operation in READS:
            assert await compared(account, service, operation, region), (service, operation)


@pytest.mark.parametrize(
    ("settings", "elsewhere"),
    [
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, True),
        ({"AWS_ENDPOINT_URL": "https://proxy.example/aws/"}, True),
        ({"AWS_ENDPOINT_URL_EC2": "http://127.0.0.1:9", "AWS_ENDPOINT_URL": "http://127.0.0.1:10"}, True),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}, True),
        ({"AWS_USE_FIPS_ENDPOINT": "true"}, False),
        ({"AWS_USE_DUALSTACK_ENDPOINT": "true"}, False),
        ({"AWS_SDK_UA_APP_ID": "billing"}, True),
    ],
)
async def test_settings_are_honoured(stopped, monkeypatch, settings, elsewhere):
    """What gives regions addresses that differ in more than their names has a quick way at home only."""
    for name, value in ({"AWS_DEFAULT_REGION": "us-east-1"} | settings).items():
        monkeypatch.setenv(name, value)
    async with AwsAccount(Connection()) as account:
        await account.ready()
        for service, operation in (("ec2", "DescribeInstances"), ("ssm", "DescribeInstanceInformation")):
            await compared(account, service, operation, account.default_region)
            assert await compared(account, service, operation, "us-west-2") is elsewhere


async def test_an_own_list_of_endpoints_is_left_to_the_sdk(monkeypatch, tmp_path: Path):
    data = Path(botocore.__file__).parent / "data"
    shutil.copy(data / "endpoints.json", tmp_path)
    monkeypatch.setenv("AWS_DATA_PATH", str(tmp_path))
    async with AwsAccount(Connection()) as account:
        await account.ready()
        assert not await compared(account, "ec2", "DescribeInstances", "us-west-2")


async def test_a_region_that_nobody_knows_is_left_to_the_sdk():
    async with AwsAccount(Connection()) as account:
        await account.ready()
        assert not await compared(account, "ec2", "DescribeInstances", "nowhere")


@pytest.mark.parametrize("operation", ["AssumeRoleWithSAML", "GetMoon"])
async def test_what_is_not_plain_is_left_to_the_sdk(operation):
    async with AwsAccount(Connection()) as account:
        await account.ready()
        assert not await compared(account, "sts", operation, "us-east-1")


async def test_a_service_needs_one_client_for_all_regions(place: Place):
    async with AwsAccount(Connection(endpoint_url=place.url)) as account:
        for region in ("us-east-1", "eu-west-1", "ap-south-1"):
            await account.call("ec2", "GetInstanceMetadataDefaults", region=region)
        _, pool = await account._prepared()
        assert list(pool._clients) == [("ec2", "us-east-1")]
        assert [one.region for one in place.received] == ["us-east-1", "eu-west-1", "ap-south-1"]
        assert account.requests == {"ec2:GetInstanceMetadataDefaults": 3}


async def test_a_refusal_is_asked_for_once(place: Place):
    place.answers["DescribeFleets"] = refusing(403, "UnauthorizedOperation", "You are not authorized.")
    async with AwsAccount(Connection(endpoint_url=place.url)) as account:
        with pytest.raises(Denied):
            await account.call("ec2", "DescribeFleets", region="eu-west-1")
        assert account.requests == {"ec2:DescribeFleets": 1}
    assert place.count("DescribeFleets") == 1


async def test_where_aws_asks_to_slow_down_the_sdk_goes_on_alone(place: Place, monkeypatch):
    """Its clients measure what is sent there, and hold it back."""
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    place.answers["DescribeFleets"] = refusing(503, "RequestLimitExceeded", "Request limit exceeded.")
    async with AwsAccount(Connection(endpoint_url=place.url)) as account:
        with pytest.raises(Throttled):
            await account.call("ec2", "DescribeFleets", region="eu-west-1")
        assert account.requests["ec2:DescribeFleets"] == place.count("DescribeFleets") == 1
        _, pool = await account._prepared()
        assert await pool._sent_quickly("ec2", "DescribeRegions", {}, "eu-west-1") is None
        assert isinstance(await pool._sent_quickly("ec2", "DescribeRegions", {}, "us-east-1"), dict)
        client = await pool.client("ec2", "eu-west-1")
        assert client.pace_keeper._rate_clocker is pool._measure("ec2", "eu-west-1")


async def test_a_dry_run_of_a_read_is_left_to_the_sdk(place: Place):
    operation = "DescribeIamInstanceProfileAssociations"
    place.answers[operation] = refusing(412, "DryRunOperation", "Request would have succeeded.")
    async with AwsAccount(Connection(endpoint_url=place.url)) as account:
        assert not (await account.dry_run("ec2", operation, {})).executed
    assert [one.form.get("DryRun") for one in place.received] == ["true"]


async def test_credentials_that_expire_are_renewed_before_the_next_request(
    place: Place, aws_folder: Path, monkeypatch
):
    def assumed(received: Received) -> web.Response:
        soon = (datetime.now(UTC) + timedelta(minutes=5)).isoformat(timespec="seconds")
        return xml(
            received,
            f"<Credentials><AccessKeyId>ASIA{place.count('AssumeRole')}</AccessKeyId>"
            "<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
            f"<Expiration>{soon}</Expiration></Credentials>",
        )

    place.answers["AssumeRole"] = assumed
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", place.url)
    (aws_folder / "credentials").write_text("[base]\naws_access_key_id = a\naws_secret_access_key = b\n")
    (aws_folder / "config").write_text(
        "[profile ops]\nrole_arn = arn:aws:iam::111122223333:role/ops\nsource_profile = base\n"
        "region = us-east-1\n"
    )
    async with AwsAccount(Connection(named_profile="ops", endpoint_url=place.url)) as account:
        for _ in range(3):
            await account.call("ec2", "DescribeFleets")
    keys = [one.access_key for one in place.received if one.operation == "DescribeFleets"]
    assert len(set(keys)) == 3
    assert all(key.startswith("ASIA") for key in keys)


async def test_policy_documents_of_a_role_are_unpacked_as_the_sdk_does(place: Place):
    document = {"Version": "2012-10-17", "Statement": []}
    place.answers["GetRole"] = lambda received: xml(
        received,
        "<Role><Path>/</Path><RoleName>web</RoleName><RoleId>AROA1</RoleId><Arn>a</Arn>"
        "<CreateDate>2026-01-01T00:00:00Z</CreateDate>"
        f"<AssumeRolePolicyDocument>{json.dumps(document)}</AssumeRolePolicyDocument></Role>",
    )
    async with AwsAccount(Connection(endpoint_url=place.url)) as account:
        answer = await account.call("iam", "GetRole", {"RoleName": "web"})
    assert answer["Role"]["AssumeRolePolicyDocument"] == document
