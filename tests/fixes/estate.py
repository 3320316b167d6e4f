"""A small company with one thing of each kind to fix, and its state written down to be compared."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from instance_profiles.emulator.clock import Clock
from instance_profiles.emulator.fleet import build_world

if TYPE_CHECKING:
    from instance_profiles.emulator.resources import Instance, InstanceProfile, Region, Role
    from instance_profiles.emulator.world import World

ACCOUNT = "111122223333"
REGION = "eu-west-1"
START = 1_790_000_000.0

FLEET: dict[str, Any] = {
    "regions": [REGION, "us-east-1"],
    "default_region": REGION,
    "account": {"id": ACCOUNT},
    "timing": {"retry_longest": 6.0},
    "callers": [{"who": "user/kim", "access_key": "AKIAIOSFODNN7EXAMPLE"}],
    "policies": [
        {"name": "everyday", "actions": ["s3:*", "ssm:*"]},
        {"name": "limits", "actions": ["s3:*"]},
    ],
    "roles": [
        {"name": "web", "instance_profile": True, "used_hours": 1.0},
        {"name": "db", "instance_profile": True, "used_hours": 30.0},
        {"name": "crawler"},
        {"name": "misnamed"},
        {"name": "reporting"},
        {"name": "mailer", "trust": ["rds"], "instance_profile": True},
        {
            "name": "leftover",
            "path": "/old/",
            "instance_profile": True,
            "policies": ["everyday"],
            "inline": {"work": ["s3:GetObject"]},
            "boundary": "limits",
            "description": "Nobody knows",
            "max_session_duration": 7200,
            "tags": {"team": "search"},
        },
        {
            "name": "haunted",
            "trust_document": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "lambda.amazonaws.com", "AWS": "AROAEXAMPLEOFADEADROLE"},
                        "Action": "sts:AssumeRole",
                    },
                    {
                        "Effect": "Allow",
                        "Principal": {"AWS": "AIDAEXAMPLEOFADEADUSER"},
                        "Action": "sts:AssumeRole",
                    },
                ],
            },
        },
        {
            "name": "guarded",
            "trust_document": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "ec2.amazonaws.com"},
                        "Action": "sts:AssumeRole",
                        "Condition": {"StringEquals": {"sts:ExternalId": "42"}},
                    },
                ],
            },
        },
        {"name": "worker", "inline": {"work": ["s3:GetObject"]}},
        {"name": "fenced", "instance_profile": True, "policies": ["everyday"], "boundary": "limits"},
        {"name": "revoked", "instance_profile": True, "policies": ["AmazonS3ReadOnlyAccess"]},
        {
            "name": "quarantined",
            "instance_profile": True,
            "policies": ["AWSDenyAll"],
            "inline": {"work": ["s3:GetObject"]},
        },
        {
            "name": "held",
            "instance_profile": True,
            "trust_document": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "ec2.amazonaws.com"},
                        "Action": "sts:AssumeRole",
                    },
                    {
                        "Effect": "Deny",
                        "Principal": {"Service": "ec2.amazonaws.com"},
                        "Action": "sts:AssumeRole",
                    },
                    {
                        "Sid": "Keep",
                        "Effect": "Allow",
                        "Principal": {"Service": "lambda.amazonaws.com"},
                        "Action": "sts:AssumeRole",
                    },
                ],
            },
        },
    ],
    "instance_profiles": [
        {"name": "crawler"},
        {"name": "wrongly-named", "role": "misnamed"},
        {"name": "unused", "role": "db", "path": "/old/", "tags": {"team": "search", "cost": "17"}},
        {"name": "owned", "role": "db", "tags": {"aws:cloudformation:stack-name": "base"}},
        {"name": "Taken", "role": "db", "path": "/old/"},
    ],
    "instances": [
        {"region": REGION, "name": "web", "count": 2, "instance_profile": "web"},
        {"region": REGION, "name": "parked", "instance_profile": "web", "state": "stopped"},
        {"region": REGION, "name": "crawl", "instance_profile": "crawler"},
        {"region": REGION, "name": "bare"},
        {"region": REGION, "name": "drifted", "instance_profile": "db"},
        {"region": REGION, "name": "bare-parked", "state": "stopped"},
        {"region": REGION, "name": "mail", "instance_profile": "mailer"},
        {
            "region": REGION,
            "name": "boxed",
            "instance_profile": "web",
            "metadata": {"HttpPutResponseHopLimit": 1},
        },
        {
            "region": REGION,
            "name": "dark",
            "instance_profile": "web",
            "metadata": {"HttpEndpoint": "disabled"},
        },
        {
            "region": "us-east-1",
            "name": "stale",
            "count": 2,
            "instance_profile": "db",
            "deleted_profile": True,
        },
        {
            "region": "us-east-1",
            "name": "orphan",
            "count": 2,
            "instance_profile": "reporting",
            "deleted_profile": True,
        },
        {"region": REGION, "name": "odd", "instance_profile": "wrongly-named"},
        {
            "region": REGION,
            "name": "two",
            "associations": [{"instance_profile": "web"}, {"instance_profile": "db"}],
        },
    ],
    "launch_templates": [
        {"region": REGION, "name": "nightly", "instance_profile": "gone", "versions": 3},
        {"region": REGION, "name": "untidy", "instance_profile": "taken", "versions": 1},
        {"region": REGION, "name": "crawler-lt", "instance_profile": "crawler"},
        {"region": REGION, "name": "pool", "instance_profile": "web"},
    ],
    "launch_configurations": [
        {"region": REGION, "name": "old-workers", "instance_profile": "vanished"},
    ],
    "scaling_groups": [
        {"region": REGION, "name": "nightly", "launch_template": "nightly", "version": "3", "failing": True},
        {"region": REGION, "name": "pool", "launch_template": "pool", "members": ["drifted"], "desired": 1},
        {"region": REGION, "name": "old-workers", "launch_configuration": "old-workers"},
    ],
}


REVOKED = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Deny",
                "Action": ["*"],
                "Resource": ["*"],
                "Condition": {"DateLessThan": {"aws:TokenIssueTime": "2026-09-20T10:00:00.000Z"}},
            }
        ],
    }
)
DENY_ALL = '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}'


def make_world() -> World:
    """The company at a moment that stands still until a test moves it on."""
    world = build_world(FLEET, Clock(START))
    roles = world.account.roles
    roles["revoked"].inline["AWSRevokeOlderSessions"] = REVOKED
    roles["quarantined"].inline["Incident"] = DENY_ALL
    return world


def profile(world: World, name: str) -> InstanceProfile:
    return world.account.instance_profiles[name.casefold()]


def instance(world: World, name: str) -> Instance:
    return next(
        found
        for region in world.account.regions.values()
        for found in region.instances.values()
        if found.tags.get("Name") == name
    )


def shape(world: World) -> dict[str, Any]:
    """All that a fix may change, without the ids that AWS gives anew."""
    world.settle()
    account = world.account
    return {
        "roles": {role.name: _role(role) for role in account.roles.values()},
        "policies": {found.name: found.documents for found in account.policies.values()},
        "instance_profiles": {
            found.name: (found.path, found.role.name if found.role else None, dict(found.tags))
            for found in account.instance_profiles.values()
        },
        "regions": {region.name: _region(region) for region in account.regions.values()},
        "users": {name: dict(found) for name, found in account.user_policies.items() if found},
        "quota_requests": [(made.quota_code, made.desired) for made in account.quota_requests],
    }


def _role(role: Role) -> dict[str, Any]:
    return {
        "trust": json.loads(role.trust),
        "attached": sorted(role.attached),
        "inline": {name: json.loads(text) for name, text in sorted(role.inline.items())},
        "boundary": role.boundary,
        "longest": role.max_session_duration,
        "description": role.description,
        "path": role.path,
        "tags": dict(role.tags),
    }


def _region(region: Region) -> dict[str, Any]:
    return {
        "instances": {
            found.tags.get("Name", found.id): (
                found.state,
                # On a stopped instance associating and associated come to the same.
                sorted(
                    (a.profile.arn, a.state if found.state == "running" else "there")
                    for a in region.associations_of(found.id)
                ),
                {key: value for key, value in found.metadata.items() if key != "State"},
            )
            for found in region.instances.values()
        },
        "templates": {
            found.name: (found.default, {number: v.data for number, v in sorted(found.versions.items())})
            for found in region.launch_templates.values()
        },
        "groups": {
            found.name: (found.launch_template, found.launch_configuration)
            for found in region.scaling_groups.values()
        },
    }
