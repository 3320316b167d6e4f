"""The deep look: objects of other services that name an instance profile, read on demand.

Which services can name one comes from AWS's service models. One row a listing: the calls that lead to the
objects, and where the reference stands in the last reply. WorkSpaces Instances has no reply that names the
instance profile; its instances are listed by EC2. Cloud9 has none either.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import msgspec

from instance_profiles.aws.action_names import action_name
from instance_profiles.aws.errors import AwsError, NotFound
from instance_profiles.aws.offered import why_not_offered
from instance_profiles.inventory.model import Coverage
from instance_profiles.inventory.reading import state_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

    from instance_profiles.aws.account import AwsAccount
    from instance_profiles.inventory.model import InstanceProfile

Item = dict[str, Any]


class ServiceReference(msgspec.Struct, frozen=True):
    """An object of another service that uses an instance profile; `what` is its kind in words."""

    account: str
    region: str
    service: str
    what: str
    name: str
    reference: str
    """As it is written there: an ARN, a name, or the ARN of the role inside."""


class Step(msgspec.Struct, frozen=True):
    """One call: `items` is the path to what it lists, `hands_down` gives the next call its parameters.

    A path goes by dots, through lists as well; an empty one is the item itself. Of the items only those with
    the values of `where` count. `cursor` is the token of listings that the SDK has no paginator for.
    """

    operation: str
    items: str
    parameters: Mapping[str, Any] = {}
    hands_down: Mapping[str, str] = {}
    where: Mapping[str, str] = {}
    paged: bool = True
    cursor: str = ""


class Table(msgspec.Struct, frozen=True):
    """How one kind of object is found: `steps` lead to it, `references` are paths in the last items."""

    service: str
    what: str
    steps: tuple[Step, ...]
    references: tuple[str, ...]
    name: str
    by_role: bool = False
    """The reference is the role; the service makes an instance profile of its own around it (eks-...)."""


TABLES: Final = (
    Table(
        "batch",
        "Batch compute environment",
        (Step("DescribeComputeEnvironments", "computeEnvironments"),),
        (
            "computeResources.instanceRole",
            "computeResources.managedInstancesProvider.instanceLaunchTemplate.ec2InstanceProfileArn",
        ),
        "computeEnvironmentName",
    ),
    Table(
        "bedrock-agentcore-control",
        "Bedrock AgentCore capacity provider",
        (
            Step(
                "ListCapacityProviders",
                "capacityProviders",
                hands_down={"capacityProviderId": "capacityProviderId"},
            ),
            Step("GetCapacityProvider", "", paged=False),
        ),
        ("computeConfiguration.ec2Configuration.launchTemplateSource.launchParameters.instanceProfileArn",),
        "capacityProviderId",
    ),
    Table(
        "ec2",
        "spot instance request",
        (
            Step(
                "DescribeSpotInstanceRequests",
                "SpotInstanceRequests",
                {"Filters": [{"Name": "state", "Values": ["open", "active"]}], "MaxResults": 1000},
            ),
        ),
        ("LaunchSpecification.IamInstanceProfile.Arn", "LaunchSpecification.IamInstanceProfile.Name"),
        "SpotInstanceRequestId",
    ),
    Table(
        "ecs",
        "ECS capacity provider",
        (Step("DescribeCapacityProviders", "capacityProviders", cursor="nextToken"),),
        ("managedInstancesProvider.instanceLaunchTemplate.ec2InstanceProfileArn",),
        "name",
    ),
    Table(
        "eks",
        "EKS node group",
        (
            Step("ListClusters", "clusters", hands_down={"clusterName": ""}),
            Step("ListNodegroups", "nodegroups", hands_down={"nodegroupName": ""}),
            Step("DescribeNodegroup", "nodegroup", paged=False),
        ),
        ("nodeRole",),
        "nodegroupName",
        by_role=True,
    ),
    Table(
        "elasticbeanstalk",
        "Elastic Beanstalk environment",
        (
            Step(
                "DescribeEnvironments",
                "Environments",
                {"IncludeDeleted": False},
                {"ApplicationName": "ApplicationName", "EnvironmentName": "EnvironmentName"},
            ),
            Step(
                "DescribeConfigurationSettings",
                "ConfigurationSettings.OptionSettings",
                where={
                    "Namespace": "aws:autoscaling:launchconfiguration",
                    "OptionName": "IamInstanceProfile",
                },
                paged=False,
            ),
        ),
        ("Value",),
        "EnvironmentName",
    ),
    Table(
        "emr",
        "EMR cluster",
        (
            Step(
                "ListClusters",
                "Clusters",
                {"ClusterStates": ["STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING", "TERMINATING"]},
                {"ClusterId": "Id"},
            ),
            Step("DescribeCluster", "Cluster", paged=False),
        ),
        ("Ec2InstanceAttributes.IamInstanceProfile",),
        "Name",
    ),
    Table(
        "imagebuilder",
        "Image Builder infrastructure configuration",
        (Step("ListInfrastructureConfigurations", "infrastructureConfigurationSummaryList"),),
        ("instanceProfileName",),
        "name",
    ),
    Table(
        "pcs",
        "PCS compute node group",
        (
            Step("ListClusters", "clusters", hands_down={"clusterIdentifier": "id"}),
            Step(
                "ListComputeNodeGroups", "computeNodeGroups", hands_down={"computeNodeGroupIdentifier": "id"}
            ),
            Step("GetComputeNodeGroup", "computeNodeGroup", paged=False),
        ),
        ("iamInstanceProfileArn",),
        "name",
    ),
    Table(
        "rds",
        "RDS Custom database",
        (Step("DescribeDBInstances", "DBInstances"),),
        ("CustomIamInstanceProfile",),
        "DBInstanceIdentifier",
    ),
)


async def service_references(
    account: AwsAccount, instance_profile: InstanceProfile, regions: Sequence[str]
) -> AsyncIterator[ServiceReference | Coverage]:
    """What other services launch with this instance profile, and a coverage row for what was not readable.

    A service that a region does not offer brings nothing; trouble with AWS never raises.
    """
    looks = [
        asyncio.ensure_future(_look(account, table, instance_profile, region))
        for region in regions
        for table in TABLES
    ]
    try:
        for done in asyncio.as_completed(looks):
            for found in await done:
                yield found
    finally:
        for look in looks:
            look.cancel()
        await asyncio.gather(*looks, return_exceptions=True)


async def _look(
    account: AwsAccount, table: Table, profile: InstanceProfile, region: str
) -> list[ServiceReference | Coverage]:
    found: list[ServiceReference | Coverage] = []
    try:
        async for bound, item in _walk(account, table, region, 0, {}):
            for path in table.references:
                for written in _values(item, path):
                    if _names(table, str(written), profile):
                        name = next(_values(item, table.name), bound.get(table.name, ""))
                        found.append(
                            ServiceReference(
                                profile.account, region, table.service, table.what, str(name), str(written)
                            )
                        )
    except AwsError as error:
        if await why_not_offered(account, error) is None:
            source = action_name(table.service, table.steps[0].operation)
            found.append(Coverage(profile.account, region, source, state_of(error), str(error)))
    return found


def _names(table: Table, written: str, profile: InstanceProfile) -> bool:
    if table.by_role:
        own = profile.instance_profile_name.startswith(f"{table.service}-")
        return own and profile.role is not None and written == profile.role.arn
    return written in (profile.arn, profile.instance_profile_name)


async def _walk(
    account: AwsAccount, table: Table, region: str, depth: int, bound: Mapping[str, Any]
) -> AsyncIterator[tuple[Mapping[str, Any], Item]]:
    """Every object of the last step, with the parameters that led to it."""
    step = table.steps[depth]
    async for item in _items(account, table.service, region, step, bound):
        if depth + 1 == len(table.steps):
            yield bound, item
            continue
        deeper = {**bound, **{name: next(_values(item, path)) for name, path in step.hands_down.items()}}
        try:
            async for found in _walk(account, table, region, depth + 1, deeper):
                yield found
        except NotFound:
            # It went away between the two calls.
            continue


async def _items(
    account: AwsAccount, service: str, region: str, step: Step, bound: Mapping[str, Any]
) -> AsyncIterator[Item]:
    parameters = {**step.parameters, **bound}
    async for reply in _replies(account, service, region, step, parameters):
        for item in _values(reply, step.items):
            if all(item.get(key) == value for key, value in step.where.items()):
                yield item


async def _replies(
    account: AwsAccount, service: str, region: str, step: Step, parameters: dict[str, Any]
) -> AsyncIterator[Item]:
    if step.paged and not step.cursor:
        async for page in account.pages(service, step.operation, parameters, region=region):
            yield page
        return
    reply = await account.call(service, step.operation, parameters, region=region)
    yield reply
    while step.cursor and reply.get(step.cursor):
        more = {**parameters, step.cursor: reply[step.cursor]}
        reply = await account.call(service, step.operation, more, region=region)
        yield reply


def _values(item: Any, path: str) -> Iterator[Any]:
    """What stands at a path, one by one where lists are on the way; nothing where it is not there."""
    if isinstance(item, list):
        for one in item:
            yield from _values(one, path)
    elif not path:
        if item is not None:
            yield item
    elif isinstance(item, dict):
        first, _, rest = path.partition(".")
        yield from _values(item.get(first), rest)
