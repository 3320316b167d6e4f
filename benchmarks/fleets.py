"""Made-up companies of any size: what a real one of so many instances has, in the emulator's fleet format."""

from __future__ import annotations

from typing import Any

REGIONS = (
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "us-east-1",
)
"""Those that every account has enabled; the last one, where IAM lives, is in companies of any size."""
ACCOUNT = "210987654321"

_INSTANCES_OF_AN_APPLICATION = 25
_TYPES = ("t3.medium", "m6i.large", "m6i.xlarge", "c6i.2xlarge", "r6g.large")
_TEAMS = ("payments", "search", "identity", "logistics", "platform", "data", "mobile", "growth")


def fleet(instances: int, instance_profiles: int, regions: tuple[str, ...] = REGIONS) -> dict[str, Any]:
    """So many instances, spread evenly over the regions, and so many instance profiles, each with a role.

    Applications have some 25 instances with one instance profile; a tenth of them has a launch template and
    a scaling group. One instance profile in twenty holds no role, one in ten is used by nothing.
    """
    names = [f"app-{number:05}" for number in range(instance_profiles)]
    used = names[: max(1, instance_profiles * 9 // 10)]
    parts: list[dict[str, Any]] = []
    templates: list[dict[str, Any]] = []
    groups: list[dict[str, Any]] = []
    number = 0
    for place, region in enumerate(regions):
        left = instances // len(regions) + (place < instances % len(regions))
        while left > 0:
            count = min(left, _INSTANCES_OF_AN_APPLICATION)
            left -= count
            parts.append(_application(number, region, used[number % len(used)], count))
            if number % 10 == 0 and count > 1:
                templates.append(_template(number, region, used[number % len(used)]))
                groups.append(_group(number, region))
            number += 1
    return {
        "account": {
            "id": ACCOUNT,
            "alias": "acme",
            "instance_profiles_quota": max(1000, instance_profiles),
            "roles_quota": max(1000, instance_profiles),
        },
        "regions": list(regions),
        "default_region": regions[-1],
        "policies": [
            {"name": f"read-{team}", "actions": ["s3:GetObject", "s3:ListBucket"]} for team in _TEAMS
        ],
        "roles": [_role(place, name) for place, name in enumerate(names)],
        "instance_profiles": [
            {"name": name, "role": "" if place % 20 == 19 else name} for place, name in enumerate(names)
        ],
        "instances": parts,
        "launch_templates": templates,
        "scaling_groups": groups,
    }


def _role(place: int, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "policies": ["AmazonSSMManagedInstanceCore", f"read-{_TEAMS[place % len(_TEAMS)]}"],
        "inline": {"logs": ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"]},
        "used_hours": place % 200,
        "used_region": REGIONS[place % len(REGIONS)],
        "tags": {"team": _TEAMS[place % len(_TEAMS)], "managed-by": "terraform"},
    }


def _application(number: int, region: str, instance_profile: str, count: int) -> dict[str, Any]:
    team = _TEAMS[number % len(_TEAMS)]
    return {
        "region": region,
        "name": f"app-{number:05}",
        "count": count,
        "instance_profile": instance_profile,
        "state": "stopped" if number % 25 == 24 else "running",
        "type": _TYPES[number % len(_TYPES)],
        "launched_days": 1 + number % 300,
        # Every second application reports to Systems Manager; said here, because to work it out from the
        # roles would take the emulator longer than anything that is measured.
        "ping_status": "Online" if number % 2 else "none",
        "tags": {
            "team": team,
            "service": f"app-{number:05}",
            "environment": ("production", "staging", "development")[number % 3],
            "cost-center": f"{4000 + number % 97}",
            "owner": f"{team}-on-call@example.com",
            "repository": f"https://git.example.com/{team}/app-{number:05}",
            "managed-by": "terraform",
            "compliance": "pci & sox" if number % 7 == 0 else "none",
            "backup": "daily-35d",
            "patch-group": f"{region}-{number % 4}",
        },
    }


def _template(number: int, region: str, instance_profile: str) -> dict[str, Any]:
    return {
        "region": region,
        "name": f"group-{number:05}",
        "instance_profile": instance_profile,
        "versions": 2,
        "type": _TYPES[number % len(_TYPES)],
    }


def _group(number: int, region: str) -> dict[str, Any]:
    return {
        "region": region,
        "name": f"group-{number:05}",
        "desired": 2,
        "members": [f"app-{number:05}-1", f"app-{number:05}-2"],
        "launch_template": f"group-{number:05}",
    }
