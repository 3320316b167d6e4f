"""Dry runs: modelled where the model has the member, injected for the association calls."""

from __future__ import annotations

import asyncio

import pytest

from instance_profiles.aws.account import AwsAccount
from instance_profiles.aws.connection import Connection
from instance_profiles.aws.errors import Denied
from tests.aws.place import Place, Received, refused, refusing, xml

ASSOCIATE = {
    "InstanceId": "i-0123456789abcdef0",
    "IamInstanceProfile": {"Arn": "arn:aws:iam::1:instance-profile/w"},
}
WOULD = "Request would have succeeded, but DryRun flag is set."


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("AssociateIamInstanceProfile", ASSOCIATE),
        ("DisassociateIamInstanceProfile", {"AssociationId": "iip-assoc-1"}),
        (
            "ReplaceIamInstanceProfileAssociation",
            {"AssociationId": "iip-assoc-1", "IamInstanceProfile": {"Arn": "a"}},
        ),
        ("DescribeIamInstanceProfileAssociations", {}),
        ("ModifyInstanceMetadataOptions", {"InstanceId": "i-1", "HttpEndpoint": "enabled"}),
        ("RunInstances", {"MinCount": 1, "MaxCount": 1}),
    ],
)
async def test_the_request_says_dry_run_and_a_yes_executes_nothing(place: Place, operation, parameters):
    place.answers[operation] = refusing(412, "DryRunOperation", WOULD)
    async with AwsAccount(Connection(endpoint_url=place.url)) as account:
        outcome = await account.dry_run("ec2", operation, parameters)
    assert (outcome.executed, outcome.response) == (False, None)
    assert [one.form["DryRun"] for one in place.received] == ["true"]


async def test_a_refusal_raises_it(place: Place):
    message = (
        "You are not authorized to perform this operation. User: arn:aws:iam::1:user/kim is not authorized "
        "to perform: iam:PassRole on resource: arn:aws:iam::1:role/web because no identity-based policy "
        "allows the iam:PassRole action. Encoded authorization failure message: abcdef"
    )
    place.answers["AssociateIamInstanceProfile"] = refusing(403, "UnauthorizedOperation", message)
    async with AwsAccount(Connection(endpoint_url=place.url)) as account:
        with pytest.raises(Denied, match="AWS denied iam:PassRole on arn:aws:iam::1:role/web"):
            await account.dry_run("ec2", "AssociateIamInstanceProfile", ASSOCIATE)


async def test_a_place_that_ignores_the_dry_run_is_told_apart(place: Place):
    made = "<associationId>iip-assoc-9</associationId>"
    body = f"<iamInstanceProfileAssociation>{made}</iamInstanceProfileAssociation>"
    place.answers["AssociateIamInstanceProfile"] = lambda received: xml(received, body)
    async with AwsAccount(Connection(endpoint_url=place.url)) as account:
        outcome = await account.dry_run("ec2", "AssociateIamInstanceProfile", ASSOCIATE)
    assert outcome.executed
    assert outcome.response is not None
    assert outcome.response["IamInstanceProfileAssociation"]["AssociationId"] == "iip-assoc-9"


async def test_the_same_call_of_another_task_is_not_made_a_dry_run(place: Place):
    both = asyncio.Barrier(2)

    async def together(received: Received):
        await both.wait()
        if "DryRun" in received.form:
            return refused(received, 412, "DryRunOperation", WOULD)
        return xml(received)

    place.answers["AssociateIamInstanceProfile"] = together
    async with AwsAccount(Connection(endpoint_url=place.url)) as account:
        outcome, _ = await asyncio.gather(
            account.dry_run("ec2", "AssociateIamInstanceProfile", ASSOCIATE),
            account.call("ec2", "AssociateIamInstanceProfile", ASSOCIATE),
        )
        assert not outcome.executed
        place.answers.clear()
        await account.call("ec2", "AssociateIamInstanceProfile", ASSOCIATE)
    assert sorted("DryRun" in one.form for one in place.received) == [False, False, True]
