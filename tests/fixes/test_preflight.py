"""The checks before confirmation: what they find, what they cannot know, and that they change nothing."""

from __future__ import annotations

import pytest

from instance_profiles.emulator.resources import Caller
from instance_profiles.fixes.plan import CannotPlan
from tests.fixes.bench import Bench, connected
from tests.fixes.cases import CASES
from tests.fixes.estate import FLEET, REGION, instance, profile, shape

BY_ID = {case.id: case for case in CASES}


async def test_a_role_that_does_not_trust_ec2_fails(bench: Bench) -> None:
    plan = bench.plan(
        "add-role", bench.finding("profile-without-role", bench.profile_ref("crawler")), role="mailer"
    )
    check = (await bench.checks(plan))["role mailer trusts EC2"]
    assert check.state == "failed"
    assert "trust policy first" in check.detail


async def test_the_role_is_read_now_not_taken_from_the_inventory(bench: Bench) -> None:
    plan = BY_ID["add-role"].plan(bench)
    bench.world.account.roles["crawler"].trust = bench.world.account.roles["mailer"].trust
    bench.world.changed()
    assert (await bench.checks(plan))["role crawler trusts EC2"].state == "failed"


async def test_an_object_that_changed_since_the_plan_fails(bench: Bench) -> None:
    plan = BY_ID["add-role"].plan(bench)
    profile(bench.world, "crawler").role = bench.world.account.roles["db"]
    bench.world.changed()
    check = (await bench.checks(plan))["crawler is still empty"]
    assert (check.state, check.detail) == ("failed", "Instance profile crawler holds role db.")


async def test_a_missing_pass_role_is_found_by_simulation(bench: Bench) -> None:
    bench.world.deny("iam:PassRole", effect="explicit")
    check = (await bench.checks(BY_ID["add-role"].plan(bench)))["you may iam:PassRole"]
    assert check.state == "failed"
    assert "explicitly denied" in check.detail
    assert "grant-caller" not in check.detail


async def test_where_only_an_allow_is_missing_the_recipe_that_writes_it_is_named(bench: Bench) -> None:
    bench.world.deny("iam:PassRole")
    check = (await bench.checks(BY_ID["add-role"].plan(bench)))["you may iam:PassRole"]
    assert check.detail.endswith("The recipe grant-caller writes the policy for it.")


async def test_a_denied_simulation_is_unknown_and_says_so(bench: Bench) -> None:
    bench.world.deny("iam:SimulatePrincipalPolicy")
    check = (await bench.checks(BY_ID["add-role"].plan(bench)))["you may iam:PassRole"]
    assert check.state == "unknown"
    assert "SimulatePrincipalPolicy is denied" in check.detail


@pytest.mark.parametrize(
    ("who", "user_id", "state", "said"),
    [
        ("arn:aws:iam::111122223333:root", "111122223333", "unknown", "cannot simulate"),
        ("arn:aws:sts::111122223333:federated-user/kim", "111122223333:kim", "unknown", "cannot simulate"),
        ("arn:aws:sts::111122223333:assumed-role/web/session", "AROAX:session", "passed", "simulated"),
        (
            "arn:aws:sts::111122223333:assumed-role/gone/session",
            "AROAX:session",
            "unknown",
            "name gone",
        ),
    ],
)
async def test_the_caller_is_simulated_as_the_principal_behind_it(
    bench: Bench, who: str, user_id: str, state: str, said: str
) -> None:
    old = bench.world.caller
    bench.world.callers[old.access_key] = Caller(old.access_key, old.account, who, user_id)
    bench.world.changed()
    async with connected() as account:
        bench.account = account
        checks = await bench.checks(BY_ID["add-role"].plan(bench))
    check = checks["you may iam:PassRole"]
    assert (check.state, said in check.detail) == (state, True), check.detail


async def test_a_use_in_a_region_that_was_not_read_refuses_deletion(bench: Bench) -> None:
    plan = BY_ID["delete-instance-profile"].plan(bench)
    far = instance(bench.world, "stale-1")
    unused = profile(bench.world, "unused")
    region = bench.world.account.region("us-east-1")
    for association in region.associations_of(far.id):
        association.profile.arn, association.profile.id = unused.arn, unused.id
    bench.world.changed()
    check = (await bench.checks(plan))["no instance uses it"]
    assert check.state == "failed"
    assert far.id in check.detail
    outcome = await bench.apply(plan)
    assert outcome.result == "refused"
    assert bench.writes() == []


async def test_a_region_that_cannot_be_read_is_named_and_the_name_must_be_typed(bench: Bench) -> None:
    plan = BY_ID["delete-instance-profile"].plan(bench)
    bench.world.deny("ec2:DescribeInstances", "us-east-1")
    bench.world.deny("autoscaling:DescribeLaunchConfigurations", REGION)
    checks = await bench.checks(plan)
    assert checks["no instance uses it"].state == "unknown"
    assert "us-east-1" in checks["no instance uses it"].detail
    assert REGION in checks["no launch configuration names it"].detail
    assert plan.typed_name == "unused"
    assert (await bench.apply(plan)).result == "applied"


async def test_an_instance_profile_with_another_owner_is_warned_about(bench: Bench) -> None:
    plan = bench.plan(
        "delete-instance-profile", bench.finding("profile-orphaned", bench.profile_ref("owned"))
    )
    check = (await bench.checks(plan))["nobody else manages it"]
    assert check.state == "unknown"
    assert "CloudFormation" in check.detail


async def test_a_launch_template_that_names_it_by_name_alone_refuses_deletion(bench: Bench) -> None:
    plan = BY_ID["delete-instance-profile"].plan(bench)
    template = next(iter(bench.world.account.region(REGION).launch_templates.values()))
    template.versions[template.latest].data["IamInstanceProfile"] = {"Name": "unused"}
    bench.world.changed()
    assert (await bench.checks(plan))["no launch template names it"].state == "failed"


@pytest.mark.parametrize("reference", [{"Name": "UnUsed"}, {"Name": "app/unused"}, "arn"])
async def test_a_launch_template_that_means_it_and_misses_it_refuses_deletion(
    bench: Bench, reference: dict[str, str] | str
) -> None:
    plan = BY_ID["delete-instance-profile"].plan(bench)
    wrong = {"Arn": profile(bench.world, "unused").arn.replace("/unused", "/app/unused")}
    template = next(iter(bench.world.account.region(REGION).launch_templates.values()))
    template.versions[template.latest].data["IamInstanceProfile"] = wrong if reference == "arn" else reference
    bench.world.changed()
    assert (await bench.checks(plan))["no launch template names it"].state == "failed"
    await bench.load()
    with pytest.raises(CannotPlan, match=f"{template.name} in {REGION}, which means it"):
        BY_ID["delete-instance-profile"].plan(bench)


async def test_a_name_taken_in_another_case_fails(bench: Bench) -> None:
    plan = BY_ID["create-for-orphans"].plan(bench)
    model = profile(bench.world, "db")
    bench.world.account.instance_profiles["reporting"] = type(model)(
        "REPORTING", "/", "AIPAZ", model.arn.replace("/db", "/REPORTING"), model.created
    )
    bench.world.changed()
    check = (await bench.checks(plan))["the name reporting is free"]
    assert check.state == "failed"
    assert "REPORTING" in check.detail


async def test_a_used_up_quota_fails(bench: Bench) -> None:
    plan = BY_ID["create-for-orphans"].plan(bench)
    bench.world.account.quotas.instance_profiles = len(bench.world.account.instance_profiles)
    bench.world.changed()
    assert (await bench.checks(plan))["the account may have one more"].state == "failed"


async def test_a_trust_policy_over_the_quota_fails(bench: Bench) -> None:
    plan = BY_ID["repair-trust"].plan(bench)
    bench.world.account.quotas.trust_policy_size = 100
    bench.world.changed()
    check = (await bench.checks(plan))["the trust policy fits the quota"]
    assert check.state == "failed"
    assert "of 100 characters" in check.detail


ANALYZED = "Access Analyzer finds no error"


async def test_a_trust_policy_is_validated_as_one(bench: Bench) -> None:
    check = (await bench.checks(BY_ID["repair-trust"].plan(bench)))[ANALYZED]
    assert (check.state, check.detail) == ("passed", "validated")


async def test_an_error_that_the_analyzer_finds_refuses(bench: Bench) -> None:
    role = bench.world.account.roles["mailer"]
    role.trust = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"}}]}'
    bench.world.changed()
    await bench.load()
    check = (await bench.checks(BY_ID["repair-trust"].plan(bench)))[ANALYZED]
    assert check.state == "failed"
    assert "Add Action" in check.detail


async def test_an_analyzer_that_may_not_be_asked_does_not_block(bench: Bench) -> None:
    bench.world.deny("access-analyzer:ValidatePolicy")
    plan = BY_ID["repair-trust"].plan(bench)
    check = (await bench.checks(plan))[ANALYZED]
    assert (check.state, "denied to you" in check.detail) == ("unknown", True)
    assert (await bench.apply(plan)).result == "applied"


async def test_a_modelled_dry_run_that_is_denied_fails(bench: Bench) -> None:
    bench.world.deny("ec2:ModifyInstanceMetadataOptions")
    checks = await bench.checks(BY_ID["enable-imds"].plan(bench))
    assert checks["EC2 would accept ModifyInstanceMetadataOptions"].state == "failed"


async def test_association_calls_are_never_dry_run_before_confirmation(bench: Bench) -> None:
    for name in ("attach", "replace-association", "reattach-running", "detach"):
        await bench.checks(BY_ID[name].plan(bench))
    assert bench.writes() == []


async def test_no_answer_at_all_leaves_unknowns_not_an_exception(bench: Bench) -> None:
    plan = BY_ID["repair-trust"].plan(bench)
    bench.world.html("*")
    checks = await bench.checks(plan)
    assert {check.state for check in checks.values()} == {"unknown"}


async def test_giving_up_midway_cancels_the_rest(bench: Bench) -> None:
    from instance_profiles.fixes.preflight import preflight

    checks = preflight(BY_ID["delete-instance-profile"].plan(bench), bench.account, bench.inventory)
    await anext(checks)
    await checks.aclose()
    before = shape(bench.world)
    assert shape(bench.world) == before


def test_the_fleet_of_these_tests_has_more_regions_than_one() -> None:
    assert len(FLEET["regions"]) > 1
