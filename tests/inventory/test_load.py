"""Loading: what comes first, what is asked, and how trouble is told while the rest goes on."""

from __future__ import annotations

import asyncio
import gc
import warnings
from contextlib import aclosing

import pytest
from aiohttp import web

from instance_profiles.aws.account import AwsAccount
from instance_profiles.aws.connection import Connection
from instance_profiles.inventory import sources
from instance_profiles.inventory.inventory import Inventory
from instance_profiles.inventory.load import load
from instance_profiles.inventory.model import Caller, EnabledRegions, LaunchTemplateSpecification
from tests.aws.place import Place, Received, refused, refusing, usual, xml

ACCOUNT = "111122223333"


async def take_all(place: Place, regions=(), **connection) -> tuple[Inventory, AwsAccount]:
    inventory = Inventory()
    async with AwsAccount(Connection(endpoint_url=place.url, **connection)) as account:
        async for event in load(account, regions):
            inventory.take(event)
    return inventory, account


def states(inventory: Inventory, region: str | None) -> dict[str, str]:
    return {row.source: row.state for row in inventory.coverage.values() if row.region == region}


def in_region(region: str, answer):
    """An answer for one region, the usual one elsewhere."""

    def choose(received: Received):
        return answer(received) if received.region == region else usual(received)

    return choose


COMPLETE_REGION = dict.fromkeys(sources.REGIONAL_SOURCES, "complete")


async def test_everything_is_asked_once_and_ends_complete(place: Place):
    inventory, account = await take_all(place)
    assert states(inventory, "eu-west-1") == states(inventory, "us-east-1") == COMPLETE_REGION
    assert states(inventory, None) == {
        sources.LOCAL_CONFIG: "complete",
        sources.CALLER_IDENTITY: "complete",
        sources.REGIONS: "complete",
        **dict.fromkeys(sources.GLOBAL_SOURCES, "complete"),
    }
    assert account.requests == {
        "sts:GetCallerIdentity": 1,
        "ec2:DescribeRegions": 1,
        "iam:ListInstanceProfiles": 1,
        "iam:GetAccountAuthorizationDetails": 1,
        "iam:GetAccountSummary": 1,
        "iam:ListAccountAliases": 1,
        "tag:GetResources": 1,
        **dict.fromkeys(set(sources.REGIONAL_SOURCES) - {sources.SCALING_ACTIVITIES}, 2),
    }
    assert sum(account.requests.values()) == len(place.received)


async def test_the_largest_pages_are_asked_for_and_hidden_instances_too(place: Place):
    await take_all(place, ("eu-west-1",))
    asked = {one.operation: one.form for one in place.received}
    assert asked["ListInstanceProfiles"]["MaxItems"] == "1000"
    assert asked["GetAccountAuthorizationDetails"]["MaxItems"] == "1000"
    assert asked["DescribeInstances"]["MaxResults"] == "1000"
    assert asked["DescribeInstances"]["IncludeManagedResources"] == "true"
    assert asked["DescribeIamInstanceProfileAssociations"]["MaxResults"] == "1000"
    assert asked["DescribeLaunchTemplateVersions"]["MaxResults"] == "200"
    assert asked["DescribeLaunchTemplateVersions"]["LaunchTemplateVersion.1"] == "$Latest"
    assert asked["DescribeAutoScalingGroups"]["MaxRecords"] == "100"
    assert asked["DescribeLaunchConfigurations"]["MaxRecords"] == "100"


async def test_the_caller_comes_before_anything_that_belongs_to_the_account(place: Place):
    async with AwsAccount(Connection(endpoint_url=place.url, named_profile=None)) as account:
        events = [event async for event in load(account)]
    kinds = [type(event).__name__ for event in events]
    assert kinds.index("Caller") < kinds.index("EnabledRegions")
    first = next(at for at, event in enumerate(events) if isinstance(event, Caller))
    assert not any(event.coverage.account for event in events[:first] if hasattr(event, "coverage"))


async def test_all_regions_is_the_same_as_none_named(place: Place):
    inventory, _ = await take_all(place, ("all",))
    assert inventory.asked_regions[ACCOUNT] == ("eu-west-1", "us-east-1")


async def test_only_the_regions_asked_for_are_read(place: Place):
    inventory, _ = await take_all(place, ("eu-west-1",))
    assert inventory.regions_not_asked(ACCOUNT) == ("us-east-1",)
    assert states(inventory, "us-east-1") == {}
    assert {one.region for one in place.received if one.service == "autoscaling"} == {"eu-west-1"}


async def test_a_region_that_is_not_enabled_and_one_that_does_not_exist(place: Place):
    inventory, _ = await take_all(place, ("eu-west-1", "ap-east-1", "eu-wset-1"))
    assert states(inventory, "ap-east-1") == dict.fromkeys(sources.REGIONAL_SOURCES, "disabled")
    assert states(inventory, "eu-wset-1") == dict.fromkeys(sources.REGIONAL_SOURCES, "failed")
    assert "did you mean eu-west-1?" in inventory.coverage_of(ACCOUNT, "eu-wset-1", sources.INSTANCES).cause
    assert inventory.asked_regions[ACCOUNT] == ("eu-west-1",)


async def test_where_the_regions_may_not_be_listed_the_known_ones_are_read(place: Place):
    place.answers["DescribeRegions"] = refusing(403, "UnauthorizedOperation")
    place.answers["DescribeInstances"] = in_region("ap-east-1", refusing(401, "OptInRequired"))
    inventory, _ = await take_all(place)
    assert inventory.enabled_regions[ACCOUNT] is None
    assert {"eu-west-1", "us-east-1", "ap-east-1"} <= set(inventory.asked_regions[ACCOUNT])
    assert states(inventory, None)[sources.REGIONS] == "denied"
    assert states(inventory, "ap-east-1")[sources.INSTANCES] == "disabled"
    assert states(inventory, "eu-west-1") == COMPLETE_REGION


@pytest.mark.parametrize(("listed", "state"), [(False, "disabled"), (True, "failed")])
async def test_good_credentials_refused_in_one_region(place: Place, listed: bool, state: str):
    """Regions that are not enabled answer so; one that is listed as enabled must not be taken for unused."""
    if not listed:
        place.answers["DescribeRegions"] = refusing(403, "UnauthorizedOperation")
    place.answers["DescribeInstances"] = in_region("eu-west-1", refusing(401, "AuthFailure"))
    inventory, _ = await take_all(place, ("eu-west-1", "us-east-1"))
    assert states(inventory, "eu-west-1")[sources.INSTANCES] == state
    assert states(inventory, "us-east-1") == COMPLETE_REGION


async def test_a_listing_denied_in_one_region_leaves_the_rest(place: Place):
    place.answers["DescribeInstances"] = in_region("eu-west-1", refusing(403, "UnauthorizedOperation", "no"))
    inventory, _ = await take_all(place)
    row = inventory.coverage_of(ACCOUNT, "eu-west-1", sources.INSTANCES)
    assert row.state == "denied"
    assert row.cause.startswith("AWS denied ec2:DescribeInstances in eu-west-1")
    assert states(inventory, "eu-west-1") == {**COMPLETE_REGION, sources.INSTANCES: "denied"}
    assert states(inventory, "us-east-1") == COMPLETE_REGION


async def test_a_region_that_never_answers_fails_alone(place: Place):
    async def never(_: Received) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError

    for source in sources.REGIONAL_SOURCES:
        operation = source.partition(":")[2]
        place.answers[operation] = in_region("eu-west-1", never)
    inventory = Inventory()
    finished: list[str] = []
    async with AwsAccount(Connection(endpoint_url=place.url, read_timeout=2)) as account:
        async for event in load(account):
            inventory.take(event)
            coverage = getattr(event, "coverage", None)
            if coverage is not None and coverage.region and coverage.state != "loading":
                finished.append(coverage.region)
    assert states(inventory, "eu-west-1") == dict.fromkeys(sources.REGIONAL_SOURCES, "failed")
    assert states(inventory, "us-east-1") == COMPLETE_REGION
    assert finished == ["us-east-1"] * 10 + ["eu-west-1"] * 10
    assert "not answered in time" in inventory.coverage_of(ACCOUNT, "eu-west-1", sources.INSTANCES).cause


async def test_a_page_that_is_not_from_aws_fails_its_listing(place: Place):
    page = web.Response
    place.answers["DescribeIamInstanceProfileAssociations"] = lambda _: page(
        text="<html><body>Sign in</body></html>", content_type="text/html"
    )
    inventory, _ = await take_all(place, ("eu-west-1",))
    row = inventory.coverage_of(ACCOUNT, "eu-west-1", sources.ASSOCIATIONS)
    assert (row.state, "did not come from AWS" in row.cause) == ("failed", True)


async def test_an_answer_that_lacks_what_aws_always_sends_fails_its_listing(place: Place):
    place.answers["DescribeInstances"] = lambda received: xml(
        received,
        "<reservationSet><item><instancesSet><item><x/></item></instancesSet></item></reservationSet>",
    )
    inventory, _ = await take_all(place, ("eu-west-1",))
    row = inventory.coverage_of(ACCOUNT, "eu-west-1", sources.INSTANCES)
    assert (row.state, row.cause) == (
        "failed",
        "The answer to ec2:DescribeInstances lacks InstanceId: check the endpoint.",
    )


async def test_expired_credentials_end_the_load_in_one_row(place: Place):
    place.answers["GetCallerIdentity"] = refusing(403, "ExpiredToken", "The security token is expired")
    inventory, account = await take_all(place)
    row = inventory.coverage_of("", None, sources.CALLER_IDENTITY)
    assert row.state == "failed"
    assert row.cause.startswith("The credentials have expired: run 'aws sso login'")
    assert inventory.callers == {}
    assert inventory.is_complete("", None, sources.LOCAL_CONFIG)
    assert set(account.requests) <= {"sts:GetCallerIdentity", "ec2:DescribeRegions"}


async def test_a_second_load_after_signing_in_again_takes_the_failure_back(place: Place):
    place.answers["GetCallerIdentity"] = refusing(403, "ExpiredToken")
    inventory = Inventory()
    async with AwsAccount(Connection(endpoint_url=place.url)) as account:
        async for event in load(account):
            inventory.take(event)
        del place.answers["GetCallerIdentity"]
        async for event in load(account):
            inventory.take(event)
    assert list(inventory.callers) == [ACCOUNT]
    assert "failed" not in {row.state for row in inventory.coverage.values()}


async def test_a_wrong_endpoint_is_told_as_the_caller_that_was_not_found():
    inventory = Inventory()
    async with AwsAccount(Connection(endpoint_url="http://127.0.0.1:9")) as account:
        async for event in load(account):
            inventory.take(event)
    assert "Could not reach" in inventory.coverage_of("", None, sources.CALLER_IDENTITY).cause


async def test_an_unreadable_config_does_not_stop_the_rest(place: Place, aws_folder, monkeypatch):
    def broken(*_args):
        from instance_profiles.aws.errors import ConfigUnreadable

        raise ConfigUnreadable("The AWS config cannot be read: put the file right.")

    monkeypatch.setattr("instance_profiles.inventory.load.read_sections", broken)
    inventory, _ = await take_all(place, ("eu-west-1",))
    assert states(inventory, None)[sources.LOCAL_CONFIG] == "failed"
    assert list(inventory.callers) == [ACCOUNT]


async def test_roles_come_from_the_plain_listing_where_the_detailed_one_is_denied(place: Place):
    role = (
        "<Roles><member><RoleId>AROA1</RoleId><RoleName>web</RoleName><Path>/</Path>"
        "<Arn>arn:aws:iam::111122223333:role/web</Arn><CreateDate>2026-01-02T03:04:05Z</CreateDate>"
        "<AssumeRolePolicyDocument>%7B%22Version%22%3A%222012-10-17%22%7D</AssumeRolePolicyDocument>"
        "<MaxSessionDuration>7200</MaxSessionDuration></member></Roles><IsTruncated>false</IsTruncated>"
    )
    place.answers["GetAccountAuthorizationDetails"] = refusing(403, "AccessDenied")
    place.answers["ListRoles"] = lambda received: xml(received, role)
    inventory, _ = await take_all(place, ("eu-west-1",))
    assert states(inventory, None)[sources.AUTHORIZATION_DETAILS] == "denied"
    assert states(inventory, None)[sources.ROLES] == "complete"
    found = inventory.role_by_name(ACCOUNT, "web")
    assert (found.max_session_duration, found.attached_policies, found.inline_policies) == (7200, None, None)
    assert found.assume_role_policy_document == '{"Version":"2012-10-17"}'


async def test_the_plain_listing_of_roles_is_not_asked_for_without_need(place: Place):
    await take_all(place, ("eu-west-1",))
    assert place.count("ListRoles") == 0


VERSION = (
    "<item><launchTemplateId>lt-1</launchTemplateId><launchTemplateName>web</launchTemplateName>"
    "<versionNumber>{0}</versionNumber><defaultVersion>{1}</defaultVersion>"
    "<createTime>2026-01-02T03:04:05Z</createTime></item>"
)
GROUP = (
    "<AutoScalingGroups><member><AutoScalingGroupName>web</AutoScalingGroupName>"
    "<LaunchTemplate><LaunchTemplateId>lt-1</LaunchTemplateId><Version>{0}</Version></LaunchTemplate>"
    "</member></AutoScalingGroups>"
)


def template_versions(received: Received) -> web.Response:
    """Version 1 is the default, 7 the latest, 3 exists; each on a page of its own."""
    asked = received.form.get("LaunchTemplateVersion.1")
    if asked in ("3", "4"):
        if asked == "4":
            return refused(received, 400, "InvalidLaunchTemplateId.VersionNotFound", "no version 4")
        return xml(
            received, f"<launchTemplateVersionSet>{VERSION.format(3, 'false')}</launchTemplateVersionSet>"
        )
    if "NextToken" in received.form:
        return xml(
            received, f"<launchTemplateVersionSet>{VERSION.format(7, 'false')}</launchTemplateVersionSet>"
        )
    return xml(
        received,
        f"<launchTemplateVersionSet>{VERSION.format(1, 'true')}</launchTemplateVersionSet>"
        "<nextToken>more</nextToken>",
    )


async def test_the_latest_version_is_the_highest_even_across_pages(place: Place):
    place.answers["DescribeLaunchTemplateVersions"] = template_versions
    inventory, _ = await take_all(place, ("eu-west-1",))
    marks = {
        version.version_number: (version.default_version, version.latest_version)
        for version in inventory.launch_template_versions
    }
    assert marks == {1: (True, False), 7: (False, True)}


@pytest.mark.parametrize(("pinned", "requests", "known"), [("3", 3, True), ("7", 2, True), ("4", 3, False)])
async def test_a_pinned_version_is_read_once_and_only_where_it_is_not_known(
    place: Place, pinned: str, requests: int, known: bool
):
    place.answers["DescribeLaunchTemplateVersions"] = template_versions
    place.answers["DescribeAutoScalingGroups"] = lambda received: xml(received, GROUP.format(pinned))
    inventory, _ = await take_all(place, ("eu-west-1",))
    assert place.count("DescribeLaunchTemplateVersions") == requests
    specification = LaunchTemplateSpecification("lt-1", None, pinned)
    found = inventory.resolve(ACCOUNT, "eu-west-1", specification)
    assert (found is not None) == known
    assert states(inventory, "eu-west-1")[sources.LAUNCH_TEMPLATE_VERSIONS] == "complete"


async def test_an_empty_last_page_forgets_nothing(place: Place):
    association = (
        "<iamInstanceProfileAssociationSet><item><associationId>iip-assoc-1</associationId>"
        "<instanceId>i-1</instanceId><state>associated</state><iamInstanceProfile>"
        "<arn>arn:aws:iam::111122223333:instance-profile/web</arn><id>AIPA1</id></iamInstanceProfile>"
        "</item></iamInstanceProfileAssociationSet><nextToken>more</nextToken>"
    )

    def pages(received: Received) -> web.Response:
        return usual(received) if "NextToken" in received.form else xml(received, association)

    place.answers["DescribeIamInstanceProfileAssociations"] = pages
    inventory, account = await take_all(place, ("eu-west-1",))
    assert inventory.counts()["associations"] == 1
    assert account.requests[sources.ASSOCIATIONS] == 2


async def test_stopping_in_the_middle_leaves_nothing_behind(place: Place):
    async def never(_: Received) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError

    place.answers["DescribeInstances"] = never
    complaints: list[dict] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: complaints.append(context))
    before = asyncio.all_tasks()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        async with AwsAccount(Connection(endpoint_url=place.url)) as account:
            async with aclosing(load(account)) as events:
                async for event in events:
                    if isinstance(event, EnabledRegions):
                        break
            assert {task for task in asyncio.all_tasks() - before if "load" in repr(task.get_coro())} == set()
        gc.collect()
    assert complaints == []
    assert [one for one in caught if issubclass(one.category, ResourceWarning | RuntimeWarning)] == []


async def test_cancelling_the_reader_stops_the_load(place: Place):
    asked = asyncio.Event()

    async def never(_: Received) -> web.Response:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError

    place.answers["DescribeInstances"] = never
    async with AwsAccount(Connection(endpoint_url=place.url)) as account:

        async def read() -> None:
            async with aclosing(load(account)) as events:
                async for _ in events:
                    pass

        reader = asyncio.create_task(read())
        await asked.wait()
        reader.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reader
        place.answers.clear()
        assert [event async for event in load(account)]
