"""The read-only guard: only what is known to read goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from instance_profiles.aws.account import AwsAccount
from instance_profiles.aws.connection import Connection
from instance_profiles.aws.errors import RefusedReadOnly
from instance_profiles.aws.guard import is_read

if TYPE_CHECKING:
    from tests.aws.place import Place

WRITES = [
    ("iam", "AddRoleToInstanceProfile", {"InstanceProfileName": "web", "RoleName": "web"}),
    ("iam", "UpdateAssumeRolePolicy", {"RoleName": "web", "PolicyDocument": "{}"}),
    ("iam", "GenerateCredentialReport", {}),
    ("ec2", "AssociateIamInstanceProfile", {"InstanceId": "i-1", "IamInstanceProfile": {"Arn": "a"}}),
    ("ec2", "RunInstances", {"MinCount": 1, "MaxCount": 1}),
    ("autoscaling", "StartInstanceRefresh", {"AutoScalingGroupName": "web"}),
    ("sts", "GetSessionToken", {}),
    ("sts", "AssumeRole", {"RoleArn": "arn:aws:iam::111122223333:role/x", "RoleSessionName": "s1"}),
]


@pytest.mark.parametrize(("service", "operation", "parameters"), WRITES)
async def test_what_is_not_known_to_read_is_not_sent(place: Place, service, operation, parameters):
    async with AwsAccount(Connection(endpoint_url=place.url, read_only=True)) as account:
        with pytest.raises(RefusedReadOnly, match=f"{service}:{operation} was not sent"):
            await account.call(service, operation, parameters)
        assert account.requests == {}
    assert place.received == []


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("AssociateIamInstanceProfile", {"InstanceId": "i-1", "IamInstanceProfile": {"Arn": "a"}}),
        ("ModifyInstanceMetadataOptions", {"InstanceId": "i-1", "HttpEndpoint": "enabled"}),
    ],
)
async def test_a_write_as_a_dry_run_is_not_sent_either(place: Place, operation, parameters):
    async with AwsAccount(Connection(endpoint_url=place.url, read_only=True)) as account:
        with pytest.raises(RefusedReadOnly):
            await account.dry_run("ec2", operation, parameters)
    assert place.received == []


async def test_a_client_taken_from_the_pool_is_held_to_it_too(place: Place):
    async with AwsAccount(Connection(endpoint_url=place.url, read_only=True)) as account:
        _, pool = await account._prepared()
        client = await pool.client("iam", "us-east-1")
        with pytest.raises(RefusedReadOnly):
            await client.delete_instance_profile(InstanceProfileName="web")
        await client.list_roles()
    assert [one.operation for one in place.received] == ["ListRoles"]


async def test_the_same_write_goes_out_without_the_flag(place: Place):
    async with AwsAccount(Connection(endpoint_url=place.url)) as account:
        await account.call("iam", "DeleteInstanceProfile", {"InstanceProfileName": "web"})
    assert [one.operation for one in place.received] == ["DeleteInstanceProfile"]


async def test_reading_only_still_lets_the_sdk_assume_the_role_of_a_named_profile(
    place: Place, aws_folder, monkeypatch
):
    credentials = (
        "<Credentials><AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
        "<SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>"
    )
    from tests.aws.place import xml

    place.answers["AssumeRole"] = lambda received: xml(received, credentials)
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", place.url)
    (aws_folder / "credentials").write_text("[base]\naws_access_key_id = a\naws_secret_access_key = b\n")
    (aws_folder / "config").write_text(
        "[profile ops]\nrole_arn = arn:aws:iam::111122223333:role/ops\n"
        "source_profile = base\nregion = us-east-1\n"
    )
    connection = Connection(named_profile="ops", endpoint_url=place.url, read_only=True)
    async with AwsAccount(connection) as account:
        await account.call("sts", "GetCallerIdentity")
        await account.call("iam", "ListRoles")
    assert [one.operation for one in place.received] == ["AssumeRole", "GetCallerIdentity", "ListRoles"]


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("iam", "ListInstanceProfiles"),
        ("iam", "GetAccountAuthorizationDetails"),
        ("iam", "SimulatePrincipalPolicy"),
        ("ec2", "DescribeInstances"),
        ("ec2", "GetInstanceMetadataDefaults"),
        ("autoscaling", "DescribeScalingActivities"),
        ("sts", "DecodeAuthorizationMessage"),
        ("accessanalyzer", "ValidatePolicy"),
        ("athena", "StartQueryExecution"),
        ("athena", "StopQueryExecution"),
        ("athena", "GetQueryResults"),
        ("cloudtrail", "LookupEvents"),
        ("cloudtrail", "ListEventDataStores"),
        ("cloudtrail", "StartQuery"),
        ("cloudtrail", "CancelQuery"),
        ("iam-toolbox", "GetRequestAuthorizationDetails"),
        ("config", "SelectAggregateResourceConfig"),
    ],
)
def test_known_reads(service, operation):
    assert is_read(service, operation)


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("sts", "GetFederationToken"),
        ("athena", "CreateNamedQuery"),
        ("athena", "DeleteWorkGroup"),
        ("cloudtrail", "StopLogging"),
        ("unheard-of", "DescribeThings"),
        ("ec2", "CreateTags"),
    ],
)
def test_what_is_not_known_counts_as_writing(service, operation):
    assert not is_read(service, operation)
