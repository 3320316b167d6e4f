"""An inventory of any size as a load would yield it, without AWS, to measure screen and rules on.

Ten instances for each instance profile, one association each, realistic tags; some per cent of faults. The
same numbers give the same inventory every time.
"""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from instance_profiles.inventory import sources
from instance_profiles.inventory.model import (
    AccountSummary,
    Association,
    AttachedPolicy,
    AutoScalingGroup,
    AutoScalingInstance,
    Batch,
    Caller,
    ContainedRole,
    Coverage,
    EnabledRegions,
    Instance,
    InstanceProfile,
    InstanceProfileRef,
    LaunchTemplateSpecification,
    LaunchTemplateVersion,
    LocalConfig,
    MetadataOptions,
    NamedProfile,
    Role,
    RoleLastUsed,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from instance_profiles.inventory.model import CoverageState, LoadEvent, Object

NOW: Final = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ACCOUNT: Final = "123456789012"
PAGE: Final = 1_000
REGIONS: Final = tuple(
    f"{area}-{number}"
    for area, numbers in (
        ("us-east", 2),
        ("us-west", 2),
        ("eu-west", 3),
        ("eu-central", 2),
        ("ap-southeast", 3),
        ("ap-northeast", 3),
        ("sa-east", 1),
        ("ca-central", 1),
    )
    for number in range(1, numbers + 1)
)
_TYPES = ("t3.nano", "m6i.large", "m6i.xlarge", "c7g.2xlarge", "r6i.4xlarge")
# Texts that repeat are one object each, as in what is read from AWS.
_TEAMS = tuple(f"team-{number}" for number in range(40))
_COST_CENTERS = tuple(f"cc-{number}" for number in range(100))
_TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)
_NO_TRUST = _TRUST.replace("ec2.amazonaws.com", "lambda.amazonaws.com")


class LargeInventory:
    """`instances` over `regions`, `profiles` with a role each; `faults` of a hundred of them are broken."""

    def __init__(
        self,
        instances: int = 100_000,
        profiles: int = 10_000,
        regions: Sequence[str] = REGIONS,
        faults: int = 3,
        seed: int = 1,
    ) -> None:
        self.regions = tuple(regions)
        self._random = random.Random(seed)
        self._faults = faults
        self.roles = [self._role(number) for number in range(profiles)]
        self.profiles = [self._profile(number) for number in range(profiles)]
        self._zones = {region: tuple(f"{region}{letter}" for letter in "abc") for region in self.regions}
        self.instances: dict[str, list[Instance]] = {region: [] for region in self.regions}
        self.associations: dict[str, list[Association]] = {region: [] for region in self.regions}
        for number in range(instances):
            self._launch(number, self.regions[number // 10 % len(self.regions)])

    def events(self) -> Iterator[LoadEvent]:
        """What a load of it yields; the listings of all regions come interleaved, page by page."""
        yield Caller(
            ACCOUNT, f"arn:aws:sts::{ACCOUNT}:assumed-role/operator/me", "AROA:me", "aws", "prod", "prod"
        )
        yield LocalConfig(
            (NamedProfile("prod", has_static_keys=True, region="us-east-1"),),
            Coverage("", None, sources.LOCAL_CONFIG, "complete"),
        )
        yield EnabledRegions(ACCOUNT, self.regions, self.regions)
        yield self._note(None, sources.REGIONS, "complete")
        waiting = [iter(listing) for listing in self._listings()]
        while waiting:
            for listing in tuple(waiting):
                event = next(listing, None)
                if event is None:
                    waiting.remove(listing)
                else:
                    yield event

    def _listings(self) -> Iterator[Iterator[LoadEvent]]:
        yield self._listing(None, sources.INSTANCE_PROFILES, self.profiles)
        yield self._listing(None, sources.AUTHORIZATION_DETAILS, self.roles)
        yield self._listing(
            None, sources.ACCOUNT_SUMMARY, [AccountSummary(ACCOUNT, 10_000, 20_000, 10_000, 20_000, 2048)]
        )
        yield self._listing(None, sources.INSTANCE_PROFILE_TAGS, ())
        yield self._listing(None, sources.ROLE_DURATIONS, ())
        for region in self.regions:
            groups, versions = self._launching(region)
            yield self._listing(region, sources.INSTANCES, self.instances[region])
            yield self._listing(region, sources.ASSOCIATIONS, self.associations[region])
            yield self._listing(region, sources.AUTO_SCALING_GROUPS, groups)
            yield self._listing(region, sources.LAUNCH_TEMPLATE_VERSIONS, versions)
            for source in (
                sources.LAUNCH_CONFIGURATIONS,
                sources.SPOT_FLEETS,
                sources.EC2_FLEETS,
                sources.SCALING_ACTIVITIES,
                sources.METADATA_DEFAULTS,
            ):
                yield self._listing(region, source, ())
            yield iter((self._note(region, sources.MANAGED_NODES, "disabled"),))

    def _listing(self, region: str | None, source: str, objects: Sequence[Object]) -> Iterator[LoadEvent]:
        yield self._note(region, source, "loading")
        for start in range(0, len(objects), PAGE):
            page = tuple(objects[start : start + PAGE])
            yield Batch(Coverage(ACCOUNT, region, source, "loading"), page)
        yield self._note(region, source, "complete")

    def _note(self, region: str | None, source: str, state: CoverageState) -> Batch:
        return Batch(Coverage(ACCOUNT, region, source, state))

    def _is_broken(self) -> bool:
        return self._random.randrange(100) < self._faults

    def _role(self, number: int) -> Role:
        name = f"service-{number:05}"
        used = NOW - timedelta(days=self._random.randrange(60))
        return Role(
            account=ACCOUNT,
            role_id=f"AROA{number:017}",
            role_name=name,
            arn=f"arn:aws:iam::{ACCOUNT}:role/{name}",
            path="/",
            create_date=NOW - timedelta(days=500),
            assume_role_policy_document=_NO_TRUST if self._is_broken() else _TRUST,
            last_used=RoleLastUsed(used, "us-east-1"),
            attached_policies=(AttachedPolicy("ReadOnlyAccess", "arn:aws:iam::aws:policy/ReadOnlyAccess"),),
            inline_policies=(),
            tags={"team": _TEAMS[number % 40]},
        )

    def _profile(self, number: int) -> InstanceProfile:
        role = self.roles[number]
        inside = ContainedRole(
            role.role_id,
            role.role_name,
            role.arn,
            role.path,
            role.create_date,
            role.assume_role_policy_document,
        )
        return InstanceProfile(
            account=ACCOUNT,
            instance_profile_id=f"AIPA{number:017}",
            instance_profile_name=role.role_name,
            arn=f"arn:aws:iam::{ACCOUNT}:instance-profile/{role.role_name}",
            path="/",
            create_date=role.create_date,
            role=None if self._is_broken() else inside,
        )

    def _launch(self, number: int, region: str) -> None:
        profile = self.profiles[number // 10 % len(self.profiles)]
        instance_id = f"i-{number:017x}"
        reference = InstanceProfileRef(profile.arn, profile.instance_profile_id)
        instance = Instance(
            account=ACCOUNT,
            region=region,
            instance_id=instance_id,
            arn=f"arn:aws:ec2:{region}:{ACCOUNT}:instance/{instance_id}",
            state="stopped" if number % 20 == 0 else "running",
            instance_type=_TYPES[number % len(_TYPES)],
            availability_zone=self._zones[region][number % 3],
            launch_time=NOW - timedelta(days=number % 300, seconds=number % 86_400),
            iam_instance_profile=None if self._is_broken() else reference,
            metadata_options=MetadataOptions(
                "applied", "enabled", "optional" if number % 50 == 0 else "required", 2
            ),
            private_ip_address=f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
            tags={
                "Name": f"{profile.instance_profile_name}-{number % 10}",
                "team": _TEAMS[number % 40],
                "environment": ("production", "staging")[number % 2],
                "cost-center": _COST_CENTERS[number % 100],
            },
        )
        self.instances[region].append(instance)
        if instance.iam_instance_profile is not None:
            self.associations[region].append(
                Association(ACCOUNT, region, f"iip-assoc-{number:017x}", instance_id, reference, "associated")
            )

    def _launching(self, region: str) -> tuple[list[AutoScalingGroup], list[LaunchTemplateVersion]]:
        groups, versions = [], []
        for number in range(20):
            members = self.instances[region][number * 10 : number * 10 + 10]
            if not members:
                break
            held = {member.iam_instance_profile.arn for member in members if member.iam_instance_profile}
            template = f"lt-{number:017x}"
            versions.append(
                LaunchTemplateVersion(
                    ACCOUNT,
                    region,
                    template,
                    f"template-{number}",
                    1,
                    True,
                    True,
                    NOW,
                    min(held, default=None),
                )
            )
            groups.append(
                AutoScalingGroup(
                    ACCOUNT,
                    region,
                    f"group-{number}",
                    f"arn:aws:autoscaling:{region}:{ACCOUNT}:group-{number}",
                    len(members),
                    (LaunchTemplateSpecification(template, None, "$Default"),),
                    instances=tuple(
                        AutoScalingInstance(member.instance_id, "InService") for member in members
                    ),
                )
            )
        return groups, versions
