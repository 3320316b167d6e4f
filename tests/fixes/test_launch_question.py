"""Would a launch work? The checklist, line by line, against the emulator; nothing of it changes anything."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from instance_profiles.aws.connection import Connection
from instance_profiles.questions.launch import Launch, trouble_with_launch, works, would_launch
from instance_profiles.questions.launch_subject import launch_of, regions_of, templates_in
from tests.fixes.bench import TroubledAccount
from tests.fixes.estate import ACCOUNT, REGION, profile
from tests.fixes.test_ability import KIM, LOOK, enforce

if TYPE_CHECKING:
    from instance_profiles.questions.launch import Line
    from tests.fixes.bench import Bench

DESCRIBE = {"Effect": "Allow", "Action": "ec2:Describe*", "Resource": "*"}
RUN = {"Effect": "Allow", "Action": ["ec2:RunInstances", "ec2:CreateTags"], "Resource": "*"}
PASS_WEB = {
    "Effect": "Allow",
    "Action": "iam:PassRole",
    "Resource": f"arn:aws:iam::{ACCOUNT}:role/web",
    "Condition": {
        "StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"},
        "ArnLike": {"iam:AssociatedResourceArn": f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/*"},
    },
}
EXISTS, SEES, ROLE = "the instance profile exists", "EC2 sees it", "it has a role"


async def lines(bench: Bench, named: str = "web", **more: Any) -> dict[str, Line]:
    now = datetime.fromtimestamp(bench.world.clock.now(), UTC)
    launch = Launch(named, REGION, **more)
    return {line.name: line async for line in would_launch(bench.account, launch, now)}


async def test_all_of_it_passes_where_all_is_well(bench: Bench) -> None:
    enforce(bench, LOOK, DESCRIBE, RUN, PASS_WEB)
    told = await lines(bench, launch_template="pool", dry_run=True)
    assert {name: line.detail for name, line in told.items() if line.state != "passed"} == {}
    assert works(list(told.values())) == "passed"
    assert list(told) == [
        EXISTS,
        SEES,
        ROLE,
        "role web trusts EC2",
        "launch template pool exists",
        "you may launch",
        "you may pass role web",
        "EC2's dry run of the launch",
    ]
    instances = bench.world.account.region(REGION).instances
    assert len(instances) == len([i for i in bench.inventory.instances if i.region == REGION])


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("nothing", "There is none named nothing."),
        ("taken", "There is Taken, and upper and lower case matter"),
        ("old/unused", "It is called unused, without its path"),
        (
            f"arn:aws:iam::{ACCOUNT}:instance-profile/unused",
            "old/unused; name and path must be exact",
        ),
        ("arn:aws:iam::999988887777:instance-profile/web", "only with those of its own account"),
    ],
)
async def test_the_name_the_path_and_the_account_must_be_exact(bench: Bench, named: str, said: str) -> None:
    line = (await lines(bench, named))[EXISTS]
    assert (line.state, said in line.detail) == ("failed", True), line.detail


async def test_what_is_not_there_can_be_made(bench: Bench) -> None:
    told = await lines(bench, "nothing")
    assert told[EXISTS].offers == ("create-instance-profile",)
    assert told[SEES].state == told[ROLE].state == "unknown"
    assert works(list(told.values())) == "failed"


async def test_an_instance_that_has_it_proves_that_ec2_sees_it(bench: Bench) -> None:
    line = (await lines(bench))[SEES]
    assert line.state == "passed"
    assert line.detail.endswith(f"in {REGION} has it")


@pytest.mark.parametrize(("minutes", "state"), [(1, "unknown"), (6, "passed")])
async def test_without_one_its_age_tells_and_a_young_one_is_not_known(
    bench: Bench, minutes: int, state: str
) -> None:
    made = profile(bench.world, "unused")
    made.created = bench.world.clock.now() - timedelta(minutes=minutes).total_seconds()
    bench.world.changed()
    line = (await lines(bench, "unused"))[SEES]
    assert line.state == state


async def test_an_empty_one_is_offered_a_role(bench: Bench) -> None:
    line = (await lines(bench, "crawler"))[ROLE]
    assert (line.state, line.offers) == ("failed", ("add-role",))
    assert line.about == bench.profile_ref("crawler")


async def test_a_role_that_ec2_cannot_assume_is_told_with_its_repair(bench: Bench) -> None:
    line = (await lines(bench, "mailer"))["role mailer trusts EC2"]
    assert (line.state, line.offers, line.about) == ("failed", ("repair-trust",), bench.role_ref("mailer"))


async def test_a_condition_in_the_trust_policy_is_not_known(bench: Bench) -> None:
    profile(bench.world, "unused").role = bench.world.account.roles["guarded"]
    bench.world.changed()
    assert (await lines(bench, "unused"))["role guarded trusts EC2"].state == "unknown"


async def test_passing_the_role_is_asked_as_ec2_asks_at_a_launch(bench: Bench) -> None:
    elsewhere = json.loads(json.dumps(PASS_WEB).replace(REGION, "us-east-1"))
    enforce(bench, LOOK, DESCRIBE, RUN, elsewhere)
    line = (await lines(bench))["you may pass role web"]
    assert line.state == "failed"
    assert [one.action for one in line.lacks] == ["iam:PassRole"]


async def test_a_launch_that_only_some_images_are_allowed_for_is_not_known_without_a_template(
    bench: Bench,
) -> None:
    ami = {
        "Effect": "Allow",
        "Action": "ec2:RunInstances",
        "Resource": f"arn:aws:ec2:{REGION}::image/ami-0123456789abcdef0",
    }
    others = {**RUN, "NotResource": f"arn:aws:ec2:{REGION}::image/*"}
    del others["Resource"]
    enforce(bench, LOOK, DESCRIBE, others, ami, PASS_WEB)
    line = (await lines(bench))["you may launch"]
    assert (line.state, "every image, perhaps for some" in line.detail) == ("unknown", True), line.detail


async def test_a_denied_launch_names_the_resource_and_what_is_missing(bench: Bench) -> None:
    enforce(bench, LOOK, DESCRIBE, PASS_WEB)
    line = (await lines(bench))["you may launch"]
    assert line.state == "failed"
    assert line.detail.startswith("ec2:RunInstances on instance/*")
    assert {one.action for one in line.lacks} == {"ec2:RunInstances"}


async def test_a_deny_is_not_to_be_granted_away(bench: Bench) -> None:
    deny = {"Effect": "Deny", "Action": "ec2:RunInstances", "Resource": "*"}
    enforce(bench, LOOK, DESCRIBE, RUN, deny, PASS_WEB)
    line = (await lines(bench))["you may launch"]
    assert (line.state, line.lacks, "a Deny in the identity policy" in line.detail) == ("failed", (), True)


@pytest.mark.parametrize(("template", "version"), [("nowhere", "$Default"), ("pool", "99")])
async def test_a_template_or_version_that_is_not_there(bench: Bench, template: str, version: str) -> None:
    told = await lines(bench, launch_template=template, version=version)
    line = told[f"launch template {template} exists"]
    assert (line.state, version in line.detail) == ("failed", True)


async def test_what_the_template_itself_names_is_told(bench: Bench) -> None:
    told = await lines(bench, launch_template="crawler-lt")
    assert "it names crawler, in whose place" in told["launch template crawler-lt exists"].detail


async def test_the_dry_run_is_only_sent_where_it_was_asked_for(bench: Bench) -> None:
    before = len(bench.world.requests)
    await lines(bench, launch_template="pool")
    assert "RunInstances" not in [name for _, name, _ in bench.world.requests[before:]]


async def test_the_dry_run_of_ec2_has_the_last_word(bench: Bench) -> None:
    enforce(bench, LOOK, DESCRIBE, PASS_WEB)
    line = (await lines(bench, launch_template="pool", dry_run=True))["EC2's dry run of the launch"]
    assert line.state == "failed"
    assert "UnauthorizedOperation" in line.denial


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"launch_template": "pool", "principal": f"arn:aws:iam::{ACCOUNT}:role/worker"}, "only as itself"),
        ({}, "takes a launch template"),
    ],
)
async def test_what_cannot_be_rehearsed_is_not_known(bench: Bench, more: Any, said: str) -> None:
    line = (await lines(bench, dry_run=True, **more))["EC2's dry run of the launch"]
    assert (line.state, said in line.detail) == ("unknown", True)


async def test_a_run_that_only_reads_rehearses_nothing(bench: Bench) -> None:
    async with TroubledAccount(Connection(read_only=True)) as account:
        bench.account = account
        line = (await lines(bench, launch_template="pool", dry_run=True))["EC2's dry run of the launch"]
    assert (line.state, "read only" in line.detail) == ("unknown", True)


async def test_what_may_not_be_read_is_not_known(bench: Bench) -> None:
    bench.world.deny("iam:GetInstanceProfile")
    told = await lines(bench)
    assert told[EXISTS].state == "unknown"
    assert works(list(told.values())) == "unknown"


async def test_another_principal_is_asked_about_by_its_own_policies(bench: Bench) -> None:
    enforce(bench, LOOK, DESCRIBE)
    told = await lines(bench, principal=KIM)
    assert told["kim may launch"].state == "failed"


@pytest.mark.parametrize(
    ("named", "trouble"),
    [
        (f"arn:aws:iam::{ACCOUNT}:role/web", "is not the ARN of an instance profile"),
        ("no name", "is no name of an instance profile"),
        ("", "is no name of an instance profile"),
        ("web", None),
        ("/data/web", None),
        (f"arn:aws-cn:iam::{ACCOUNT}:instance-profile/data/web", None),
    ],
)
def test_what_is_no_question_is_told_in_one_sentence(named: str, trouble: str | None) -> None:
    said = trouble_with_launch(Launch(named, REGION))
    assert (trouble in said) if trouble and said else said is trouble


async def test_an_object_stands_for_its_own_launch(bench: Bench) -> None:
    web = f"arn:aws:iam::{ACCOUNT}:instance-profile/web"
    by_instance = launch_of(bench.instance_ref("parked"), bench.inventory)
    assert by_instance == Launch(web, REGION)
    assert launch_of(bench.profile_ref("web"), bench.inventory) == by_instance
    assert launch_of(bench.role_ref("web"), bench.inventory) == by_instance
    of_template = launch_of(bench.template_ref("pool"), bench.inventory)
    assert of_template is not None
    assert of_template.launch_template == bench.template_ref("pool").id
    (group,) = (g for g in bench.inventory.auto_scaling_groups if g.auto_scaling_group_name == "pool")
    of_group = launch_of(group.ref, bench.inventory)
    assert of_group is not None
    assert of_group.launch_template == of_template.launch_template
    assert launch_of(bench.instance_ref("bare"), bench.inventory) is None


async def test_regions_and_templates_to_choose_from(bench: Bench) -> None:
    assert regions_of(ACCOUNT, bench.inventory) == (REGION, "us-east-1")
    names = [version.launch_template_name for version in templates_in(ACCOUNT, REGION, bench.inventory)]
    assert names == ["crawler-lt", "nightly", "pool", "untidy"]
