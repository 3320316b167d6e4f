"""Statements 27 to 35 and section 5: order of checks, dry runs, names, filters and pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conformance.recorded import Recorded

ASSOCIATE = "AssociateIamInstanceProfile"
REPLACE = "ReplaceIamInstanceProfileAssociation"
DISASSOCIATE = "DisassociateIamInstanceProfile"
DESCRIBE = "DescribeIamInstanceProfileAssociations"
DRY_RUN = (412, "DryRunOperation", "Request would have succeeded, but DryRun flag is set.")
NEVER_MADE = "iip-assoc-0123456789abcdef0"


async def test_27_missing_parameters_come_first(aws: Recorded):
    aws.world.deny("ec2:*")
    both = await aws.refused("ec2", ASSOCIATE, dry_run=True)
    assert both == (
        400,
        "MissingParameter",
        (
            "The request must include the following parameters: IamInstanceProfile, InstanceId. "
            "Add the required parameters and retry the request."
        ),
    )
    for profile in ({}, {"IamInstanceProfile": {}}):
        one = await aws.refused(
            "ec2", ASSOCIATE, dry_run=True, InstanceId=aws.instance("INSTANCE"), **profile
        )
        assert one == (
            400,
            "MissingParameter",
            (
                "The request must include the IamInstanceProfile parameter. "
                "Add the required parameter and retry the request."
            ),
        )


async def test_27_syntax_of_ids_comes_before_authorization(aws: Recorded):
    aws.world.deny("*")
    refused = await aws.refused(
        "ec2", ASSOCIATE, InstanceId="bad", IamInstanceProfile={"Arn": aws.arn("PROFILE_A")}
    )
    assert refused == (400, "InvalidInstanceID.Malformed", "The instance ID 'bad' is malformed")


async def test_27_the_right_to_associate_comes_before_pass_role(aws: Recorded):
    aws.world.deny("*")
    refused = await aws.refused_association("INSTANCE", "PROFILE_A", dry_run=True)
    assert (refused.status, refused.code) == (403, "UnauthorizedOperation")
    assert "perform: ec2:AssociateIamInstanceProfile on resource: arn:aws:ec2:us-east-1:" in refused.message


async def test_27_pass_role_comes_before_the_answer_to_a_dry_run(aws: Recorded):
    aws.world.deny("iam:PassRole")
    refused = await aws.refused_association("INSTANCE", "PROFILE_A", dry_run=True)
    assert refused.code == "UnauthorizedOperation"
    assert "iam:PassRole on resource: arn:aws:iam::123456789012:role/PROFILE_A" in refused.message


async def test_27_the_answer_to_a_dry_run_comes_before_state(aws: Recorded):
    assert (await aws.refused_association("ATTACHED", "PROFILE_A")).code == "IncorrectState"
    assert await aws.refused_association("ATTACHED", "PROFILE_A", dry_run=True) == DRY_RUN


async def test_27_neither_role_nor_trust_is_checked(aws: Recorded):
    assert await aws.refused_association("INSTANCE", "PROFILE_EMPTY", dry_run=True) == DRY_RUN
    assert (await aws.associate("STOPPED", "PROFILE_EMPTY"))["State"] == "associating"
    assert (await aws.associate("INSTANCE", "PROFILE_DENIED"))["State"] == "associating"


async def test_28_ids_of_zeros_are_malformed(aws: Recorded):
    profile = {"Arn": aws.arn("PROFILE_A")}
    zeros = "i-00000000000000000"
    refused = await aws.refused("ec2", ASSOCIATE, InstanceId=zeros, IamInstanceProfile=profile)
    assert refused.code == "InvalidInstanceID.Malformed"


@pytest.mark.parametrize("association_id", ["bad", "iip-assoc-00000000000000000"])
async def test_28_malformed_association_ids(aws: Recorded, association_id: str):
    invalid = (400, "InvalidParameterValue", f"Invalid Id: {association_id}")
    assert await aws.refused("ec2", REPLACE, **aws.to(association_id, "PROFILE_A")) == invalid
    assert await aws.refused("ec2", DISASSOCIATE, AssociationId=association_id) == invalid
    described = await aws.refused("ec2", DESCRIBE, AssociationIds=[association_id])
    assert described == (400, "InvalidParameterValue", "Invalid value for association-id.")


async def test_29_a_well_formed_id_that_is_gone_is_not_found(aws: Recorded):
    association = await aws.settled("INSTANCE", "PROFILE_A")
    await aws.disassociate(association)
    aws.wait(46.6)
    not_found = (
        400,
        "InvalidAssociationID.NotFound",
        f"An invalid association-id of '{association}' was given",
    )
    assert await aws.refused("ec2", REPLACE, **aws.to(association, "PROFILE_A")) == not_found
    assert await aws.refused("ec2", DISASSOCIATE, AssociationId=association) == not_found
    assert await aws.refused("ec2", DESCRIBE, AssociationIds=[association]) == not_found


async def test_section_5_every_call_honours_a_dry_run_in_the_body_and_changes_nothing(aws: Recorded):
    association = await aws.settled("INSTANCE", "PROFILE_A")
    before = await aws("ec2", DESCRIBE)
    calls: list[tuple[str, dict[str, Any]]] = [
        (ASSOCIATE, aws.attach("STOPPED", "PROFILE_A")),
        (REPLACE, aws.to(association, "PROFILE_B")),
        (DISASSOCIATE, {"AssociationId": association}),
        (DESCRIBE, {}),
    ]
    for operation, parameters in calls:
        assert await aws.refused("ec2", operation, dry_run=True, **parameters) == DRY_RUN
    aws.wait(10)
    after = await aws("ec2", DESCRIBE)
    assert after["IamInstanceProfileAssociations"] == before["IamInstanceProfileAssociations"]


async def test_section_5_a_dry_run_of_replace_asks_pass_role_on_the_new_role(aws: Recorded):
    association = await aws.settled("INSTANCE", "PROFILE_A")
    aws.world.deny("iam:PassRole")
    refused = await aws.refused("ec2", REPLACE, dry_run=True, **aws.to(association, "PROFILE_B"))
    assert refused.status == 403
    assert "role/PROFILE_B" in refused.message


async def test_section_5_bad_input_is_told_as_without_a_dry_run(aws: Recorded):
    refused = await aws.refused(
        "ec2",
        ASSOCIATE,
        dry_run=True,
        InstanceId=aws.instance("INSTANCE"),
        IamInstanceProfile={"Name": "absent"},
    )
    assert refused.code == "InvalidParameterValue"


async def test_30_where_name_and_arn_differ_arn_wins(aws: Recorded):
    both = {"Name": "PROFILE_B", "Arn": aws.arn("PROFILE_A")}
    parameters = {"InstanceId": aws.instance("INSTANCE"), "IamInstanceProfile": both}
    assert await aws.refused("ec2", ASSOCIATE, dry_run=True, **parameters) == DRY_RUN
    reply = await aws("ec2", ASSOCIATE, **parameters)
    assert reply["IamInstanceProfileAssociation"]["IamInstanceProfile"]["Arn"] == aws.arn("PROFILE_A")


async def test_31_an_unknown_name(aws: Recorded):
    refused = await aws.refused(
        "ec2", ASSOCIATE, InstanceId=aws.instance("INSTANCE"), IamInstanceProfile={"Name": "absent"}
    )
    assert refused == (
        400,
        "InvalidParameterValue",
        "Value (absent) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name",
    )


@pytest.mark.parametrize("name", ["iam-instance-profile.arn", "association-id", "tag:suite", "bad"])
async def test_32_an_unknown_filter(aws: Recorded, name: str):
    refused = await aws.refused("ec2", DESCRIBE, Filters=[{"Name": name, "Values": ["x"]}])
    assert refused == (400, "InvalidParameterValue", f"An unknown filter '{name}' was given")


async def test_33_state_takes_its_three_words(aws: Recorded):
    every = ["associated", "associating", "disassociating"]
    await aws.associate("STOPPED", "PROFILE_B")
    for values, found in [(["associated"], 1), (["associating"], 1), (["disassociating"], 0), (every, 2)]:
        reply = await aws("ec2", DESCRIBE, Filters=[{"Name": "state", "Values": values}])
        assert len(reply["IamInstanceProfileAssociations"]) == found


@pytest.mark.parametrize(
    ("name", "values", "message"),
    [
        (
            "state",
            ["disassociated"],
            "Only 'associated', 'associating' and 'disassociating' are allowed",
        ),
        ("state", ["assoc*"], "A filter for an unknown association state of 'assoc*' was given"),
        ("state", ["gone"], "A filter for an unknown association state of 'gone' was given"),
        ("instance-id", ["i-*"], "A filter with an invalid instance-id of 'i-*' was given"),
        (
            "state",
            [],
            (
                "Invalid value 'null/empty' for 'filter'. Invalid filter - "
                "one of more name/value pair was incomplete"
            ),
        ),
    ],
)
async def test_33_values_that_a_filter_does_not_take(
    aws: Recorded, name: str, values: list[str], message: str
):
    refused = await aws.refused("ec2", DESCRIBE, Filters=[{"Name": name, "Values": values}])
    assert refused == (400, "InvalidParameterValue", message)


async def test_33_repeated_values_and_terminated_instances_are_fine(aws: Recorded):
    attached = aws.instance("ATTACHED")
    twice = [{"Name": "instance-id", "Values": [attached, attached]}]
    assert len((await aws("ec2", DESCRIBE, Filters=twice))["IamInstanceProfileAssociations"]) == 1
    await aws.change_state("TerminateInstances", "ATTACHED")
    aws.wait(60)
    assert (await aws("ec2", DESCRIBE, Filters=twice))["IamInstanceProfileAssociations"] == []


async def test_34_max_results_takes_1_and_1001_but_not_0(aws: Recorded):
    for size in (1, 1001):
        assert (await aws("ec2", DESCRIBE, MaxResults=size))["IamInstanceProfileAssociations"]
    assert await aws.refused("ec2", DESCRIBE, MaxResults=0) == (
        400,
        "InvalidParameterValue",
        "Invalid value '0' for 'maxResults'. MaxResult must be a positive integer",
    )


async def test_34_max_results_goes_together_with_ids(aws: Recorded):
    [association] = await aws.associations("ATTACHED")
    reply = await aws("ec2", DESCRIBE, MaxResults=5, AssociationIds=[association["AssociationId"]])
    assert reply["IamInstanceProfileAssociations"] == [association]


async def test_34_a_bad_token(aws: Recorded):
    refused = await aws.refused("ec2", DESCRIBE, NextToken="bad")
    assert refused == (400, "InvalidNextToken", "Pagination token is invalid")


async def test_35_a_full_page_carries_a_token_even_if_nothing_follows(aws: Recorded):
    full = await aws("ec2", DESCRIBE, MaxResults=1)
    assert len(full["IamInstanceProfileAssociations"]) == 1
    last = await aws("ec2", DESCRIBE, MaxResults=1, NextToken=full["NextToken"])
    assert (last["IamInstanceProfileAssociations"], last.get("NextToken")) == ([], None)
    assert "NextToken" not in await aws("ec2", DESCRIBE, MaxResults=1001)
