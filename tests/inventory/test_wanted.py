"""The tables of wanted members name exactly what `from_aws` asks an answer for."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel

from instance_profiles.aws.action_names import sdk_call
from instance_profiles.inventory import from_aws, from_aws_details, sources
from instance_profiles.inventory.wanted import WANTED

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.model import Shape

    from instance_profiles.aws.xml_values import Wanted

CONVERSIONS: dict[str, Callable[[dict[str, Any]], object]] = {
    sources.INSTANCES: lambda page: from_aws.instances("1", "aws", "us-east-1", page),
    sources.ASSOCIATIONS: lambda page: from_aws.associations("1", "us-east-1", page),
    sources.LAUNCH_TEMPLATE_VERSIONS: lambda page: [
        from_aws.launch_template_version("1", "us-east-1", one) for one in page["LaunchTemplateVersions"]
    ],
    sources.LAUNCH_CONFIGURATIONS: lambda page: [
        from_aws.launch_configuration("1", "us-east-1", one) for one in page["LaunchConfigurations"]
    ],
    sources.AUTO_SCALING_GROUPS: lambda page: [
        from_aws.auto_scaling_group("1", "us-east-1", one) for one in page["AutoScalingGroups"]
    ],
    sources.INSTANCE_PROFILES: lambda page: [
        from_aws.instance_profile("1", one) for one in page["InstanceProfiles"]
    ],
    sources.AUTHORIZATION_DETAILS: lambda page: (
        [from_aws.role_with_policies("1", one) for one in page["RoleDetailList"]],
        [from_aws_details.managed_policy("1", one) for one in page["Policies"]],
    ),
    sources.ROLES: lambda page: [from_aws.listed_role("1", one) for one in page["Roles"]],
    sources.SPOT_FLEETS: lambda page: [
        from_aws_details.spot_fleet("1", "us-east-1", one) for one in page["SpotFleetRequestConfigs"]
    ],
    sources.EC2_FLEETS: lambda page: [
        from_aws_details.ec2_fleet("1", "us-east-1", one) for one in page["Fleets"]
    ],
    sources.MANAGED_NODES: lambda page: from_aws_details.managed_nodes("1", "us-east-1", page),
    sources.INSTANCE_PROFILE_TAGS: lambda page: [
        from_aws_details.resource_tags("1", one) for one in page["ResourceTagMappingList"]
    ],
}


class Asked(dict[str, Any]):
    """An answer that remembers which of its members were asked for."""

    def __init__(self, members: dict[str, Any]) -> None:
        super().__init__(members)
        self.names: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.names.add(key)
        return super().get(key, default)

    def __getitem__(self, key: str) -> Any:
        self.names.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.names.add(str(key))
        return super().__contains__(key)


def whole(shape: Shape, depth: int = 0) -> Any:
    """An answer with every member that the model knows."""
    found: Any = shape
    if shape.type_name == "structure":
        return Asked({name: whole(member, depth + 1) for name, member in found.members.items() if depth < 9})
    if shape.type_name == "list":
        return [whole(found.member, depth + 1)]
    plain = {"integer": 1, "long": 1, "boolean": True, "timestamp": datetime(2026, 1, 1, tzinfo=UTC)}
    # An id of EC2: machines of other kinds are passed over before all is asked of them.
    return plain.get(shape.type_name, "i-text")


def asked(value: Any) -> Wanted | None:
    """The table that would have sufficed."""
    if isinstance(value, list):
        return asked(value[0])
    if not isinstance(value, Asked):
        return None
    return {name: asked(value[name]) for name in sorted(value.names)}


@cache
def output_of(source: str) -> Any:
    service, operation = sdk_call(source)
    model = ServiceModel(Loader().load_service_model(service, "service-2"), service)
    return model.operation_model(operation).output_shape


@pytest.mark.parametrize("source", sorted(WANTED))
def test_nothing_is_asked_for_that_is_not_read(source: str):
    page = whole(output_of(source))
    CONVERSIONS[source](page)
    # What leads to the next page is asked for by the reading of listings.
    tokens = {"NextToken", "PaginationToken", "IsTruncated", "Marker"} & page.keys()
    assert {**asked(page), **dict.fromkeys(tokens)} == WANTED[source]
