"""boto3 does the same listings as iptui, one after the other; an argument says in how many regions."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import boto3

REGIONAL: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("ec2", "describe_instances", {"MaxResults": 1000, "IncludeManagedResources": True}),
    ("ec2", "describe_iam_instance_profile_associations", {"MaxResults": 1000}),
    ("ec2", "describe_launch_template_versions", {"Versions": ["$Latest", "$Default"], "MaxResults": 200}),
    ("ec2", "describe_spot_fleet_requests", {"MaxResults": 1000}),
    ("ec2", "describe_fleets", {"MaxResults": 1000}),
    ("autoscaling", "describe_auto_scaling_groups", {"MaxRecords": 100}),
    ("autoscaling", "describe_launch_configurations", {"MaxRecords": 100}),
    ("ssm", "describe_instance_information", {"MaxResults": 50}),
)
WIDE: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("iam", "list_instance_profiles", {"MaxItems": 1000}),
    (
        "iam",
        "get_account_authorization_details",
        {"Filter": ["Role", "LocalManagedPolicy"], "MaxItems": 1000},
    ),
    (
        "resourcegroupstaggingapi",
        "get_resources",
        {"ResourceTypeFilters": ["iam:instance-profile"], "ResourcesPerPage": 100},
    ),
)


def main() -> None:
    begin = time.perf_counter()
    session = boto3.Session()
    session.client("sts").get_caller_identity()
    iam = session.client("iam")
    iam.get_account_summary()
    iam.list_account_aliases()
    enabled = sorted(one["RegionName"] for one in session.client("ec2").describe_regions()["Regions"])
    for service, method, parameters in WIDE:
        list(session.client(service).get_paginator(method).paginate(**parameters))
    wide = time.perf_counter()
    regions = enabled[: int(sys.argv[1])] if len(sys.argv) > 1 else enabled
    for region in regions:
        clients = {
            service: session.client(service, region_name=region) for service in ("ec2", "autoscaling", "ssm")
        }
        for service, method, parameters in REGIONAL:
            # As iptui, keep nothing of a page once it was looked at.
            for _ in clients[service].get_paginator(method).paginate(**parameters):
                pass
        clients["ec2"].get_instance_metadata_defaults()
    regional = time.perf_counter() - wide
    print(
        json.dumps(
            {
                "regions": len(regions),
                "wide": wide - begin,
                "regional": regional,
                "seconds": wide - begin + regional * len(enabled) / len(regions),
            }
        )
    )


main()
