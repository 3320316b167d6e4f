"""The tagging API: tags of instance profiles, which no listing of IAM sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.emulator.operations.registry import operation
from instance_profiles.emulator.paging import json_page

if TYPE_CHECKING:
    from instance_profiles.emulator.request import Request

_HOME = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}


@operation("tagging", "GetResources")
def get_resources(request: Request) -> dict[str, Any]:
    """Tagged instance profiles only, and only in the region where IAM lives; no other type is emulated."""
    account, wanted = request.account, request.parameters.get("ResourceTypeFilters") or ["iam"]
    at_home = request.region_name == _HOME.get(account.partition, request.region_name)
    tagged = [
        (profile.arn, profile)
        for profile in account.instance_profiles.values()
        if profile.tags and at_home and {"iam", "iam:instance-profile"} & set(wanted)
    ]
    page, more = json_page(
        request,
        tagged,
        size="ResourcesPerPage",
        cursor="PaginationToken",
        default=50,
        smallest=1,
        largest=100,
    )
    return {
        # An empty token, not a missing one, ends this listing.
        "PaginationToken": "",
        "ResourceTagMappingList": [
            {
                "ResourceARN": profile.arn,
                "Tags": [{"Key": key, "Value": value} for key, value in profile.tags.items()],
            }
            for profile in page
        ],
        **more,
    }
