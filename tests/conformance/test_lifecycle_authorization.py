"""Statements 36, 39 and 40: denials. Conditions of policies (37, 38) are not evaluated by the emulator."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conformance.recorded import Recorded

ENCODED = re.compile(r"Encoded authorization failure message: (\S+)$")


async def test_36_the_text_of_a_session_policy_that_does_not_allow_pass_role(aws: Recorded):
    aws.world.deny("iam:PassRole", by="session policy")
    refused = await aws.refused_association("INSTANCE", "PROFILE_A")
    assert ENCODED.sub("...", refused.message) == (
        "You are not authorized to perform this operation. "
        "User: arn:aws:sts::123456789012:assumed-role/LAUNCHER/probe is not authorized to perform: "
        "iam:PassRole on resource: arn:aws:iam::123456789012:role/PROFILE_A "
        "because no session policy allows the iam:PassRole action. ..."
    )
    assert "authorization-details" not in refused.message


async def test_39_pass_role_is_not_asked_for_disassociate(aws: Recorded):
    aws.world.deny("iam:PassRole")
    [association] = await aws.associations("ATTACHED")
    parameters = {"AssociationId": association["AssociationId"]}
    refused = await aws.refused("ec2", "DisassociateIamInstanceProfile", dry_run=True, **parameters)
    assert refused.code == "DryRunOperation"
    assert (await aws.disassociate(association["AssociationId"]))["State"] == "disassociating"


@pytest.mark.parametrize(
    ("denied", "resource"),
    [
        ("iam:PassRole", "arn:aws:iam::123456789012:role/PROFILE_A"),
        ("ec2:AssociateIamInstanceProfile", "arn:aws:ec2:us-east-1:123456789012:instance/i-"),
    ],
)
async def test_40_the_decoded_message_names_the_ec2_action_and_the_resource(
    aws: Recorded, denied: str, resource: str
):
    aws.world.deny(denied)
    refused = await aws.refused_association("INSTANCE", "PROFILE_A")
    decoded = await _decoded(aws, refused.message)
    assert (decoded["allowed"], decoded["explicitDeny"]) == (False, False)
    assert decoded["matchedStatements"]["items"] == decoded["failures"]["items"] == []
    context = decoded["context"]
    assert context["action"] == "AssociateIamInstanceProfile"
    assert context["resource"].startswith(resource)
    assert set(context["principal"]) == {"id", "arn"}
    assert context["principal"]["id"].endswith(":probe")


async def test_40_41_seven_keys_for_pass_role_and_passed_to_service_not_among_them(aws: Recorded):
    aws.world.deny("iam:PassRole")
    refused = await aws.refused_association("INSTANCE", "PROFILE_A")
    conditions = (await _decoded(aws, refused.message))["context"]["conditions"]["items"]
    keys = {condition["key"] for condition in conditions}
    assert keys == {
        *(f"aws:{name}" for name in ("ARN", "Account", "Region", "Resource", "Service", "Type")),
        "iam:RoleName",
    }


@pytest.mark.parametrize(("name", "there"), [("INSTANCE", False), ("ATTACHED", True)])
async def test_38_40_the_context_of_an_instance(aws: Recorded, name: str, there: bool):
    """ec2:InstanceProfile is absent on an instance without one; the new one is there."""
    aws.world.deny("ec2:AssociateIamInstanceProfile")
    refused = await aws.refused_association(name, "PROFILE_B")
    conditions = (await _decoded(aws, refused.message))["context"]["conditions"]["items"]
    context = {each["key"]: each["values"]["items"][0]["value"] for each in conditions}
    assert context["ec2:NewInstanceProfile"] == aws.arn("PROFILE_B")
    assert ("ec2:InstanceProfile" in context) == there
    assert context["ec2:ResourceTag/Name"] == context["aws:ResourceTag/Name"] == name
    assert context["ec2:InstanceID"] == aws.instance(name)


async def _decoded(aws: Recorded, message: str) -> dict[str, Any]:
    found = ENCODED.search(message)
    assert found
    reply = await aws("sts", "DecodeAuthorizationMessage", EncodedMessage=found[1])
    return dict(json.loads(reply["DecodedMessage"]))
