"""The aws command lines, run by a real shell with an `aws` that shows what it was given."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from instance_profiles.fixes.command_line import aws_command
from instance_profiles.fixes.currents import CurrentAssociation, CurrentRole, CurrentTags, NewVersion
from instance_profiles.fixes.plan import Call
from tests.fixes.cases import CASES, Case

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fixes.bench import Bench


@pytest.fixture
def shell(tmp_path: Path):
    """Run a line and give the words that `aws` got; asked for an association, `aws` answers with an id."""
    aws = tmp_path / "aws"
    aws.write_text(
        f"#!{sys.executable}\n"
        "import json, sys\n"
        "if 'describe-iam-instance-profile-associations' in sys.argv: print('iip-assoc-0123')\n"
        "else: print(json.dumps(sys.argv[1:]))\n"
    )
    aws.chmod(0o755)

    def run(line: str) -> list[str]:
        done = subprocess.run(
            ["/bin/sh", "-c", line],
            env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=True,
        )
        return json.loads(done.stdout)

    return run


def test_iam_calls_have_no_region(shell) -> None:
    call = Call("iam", "AddRoleToInstanceProfile", None, {"InstanceProfileName": "a b", "RoleName": "web"})
    assert aws_command(call) == (
        "aws iam add-role-to-instance-profile --instance-profile-name 'a b' --role-name web"
    )
    assert shell(aws_command(call))[3] == "a b"


def test_structures_lists_and_numbers(shell) -> None:
    call = Call(
        "ec2",
        "CreateLaunchTemplateVersion",
        "eu-west-1",
        {
            "LaunchTemplateData": {"IamInstanceProfile": {"Arn": "arn:aws:iam::1:instance-profile/x"}},
            "Versions": ["1", "$Latest"],
            "HopLimit": 2,
            "Tags": [{"Key": "a", "Value": "it's"}, {"Key": "b", "Value": "c"}],
            "Plain": {"Arn": "arn:aws:iam::1:instance-profile/p/x"},
        },
    )
    words = shell(aws_command(call))
    assert words[:4] == ["ec2", "create-launch-template-version", "--region", "eu-west-1"]
    assert (
        json.loads(words[words.index("--launch-template-data") + 1]) == call.parameters["LaunchTemplateData"]
    )
    assert words[words.index("--versions") + 1 :][:2] == ["1", "$Latest"]
    assert words[words.index("--hop-limit") + 1] == "2"
    assert words[words.index("--tags") + 1 :][:2] == ['{"Key":"a","Value":"it\'s"}', "Key=b,Value=c"]
    assert words[words.index("--plain") + 1] == "Arn=arn:aws:iam::1:instance-profile/p/x"


@pytest.mark.parametrize(
    "name", ["; rm -rf ~", "$(id)", "`id`", "a'b\"c", "-rf", "--profile", "@x", "=", "a\nb"]
)
def test_hostile_names_stay_one_word(shell, name: str) -> None:
    words = shell(aws_command(Call("iam", "GetRole", None, {"RoleName": name})))
    assert words[2:] in (["--role-name", name], [f"--role-name={name}"])


def test_an_association_that_is_not_known_yet_is_asked_for_in_the_line(shell) -> None:
    current = CurrentAssociation("eu-west-1", "i-0abc")
    call = Call("ec2", "DisassociateIamInstanceProfile", "eu-west-1", {"AssociationId": current})
    assert shell(aws_command(call))[-1] == "iip-assoc-0123"
    assert aws_command(call, "prod two").count("--profile 'prod two'") == 2


def test_versions_are_numbers_and_tags_of_the_past_are_left_out(shell) -> None:
    call = Call("ec2", "ModifyLaunchTemplate", "eu-west-1", {"DefaultVersion": NewVersion(7)})
    assert shell(aws_command(call))[-2:] == ["--default-version", "7"]
    made = Call("iam", "CreateInstanceProfile", None, {"InstanceProfileName": "x", "Tags": CurrentTags("x")})
    assert "tags" not in aws_command(made)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
async def test_every_call_of_every_recipe_is_a_line_that_the_models_know(
    bench: Bench, case: Case, shell
) -> None:
    """Operation, parameters and their names are those of the SDK's own models."""
    from botocore.session import get_session

    session = get_session()
    plan = case.plan(bench)
    for call in [*plan.calls, *(call.inverse for call in plan.calls if call.inverse)]:
        words = shell(aws_command(call))
        assert words[0] == call.service
        model = session.get_service_model(call.service).operation_model(call.operation)
        for parameter in call.parameters:
            assert parameter in model.input_shape.members
        options = {re.sub(r"=.*", "", word) for word in words if word.startswith("--")}
        assert len(options - {"--region"}) == len(
            [value for value in call.parameters.values() if not isinstance(value, CurrentTags | CurrentRole)]
        )
