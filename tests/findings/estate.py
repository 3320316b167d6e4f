"""An estate to judge: a few words make AWS objects; they reach the inventory as a load would bring them."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from instance_profiles.findings.evaluate import evaluate
from instance_profiles.inventory.inventory import Inventory
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
    CoverageState,
    EnabledRegions,
    Fleet,
    InlinePolicy,
    Instance,
    InstanceProfile,
    InstanceProfileRef,
    LaunchConfiguration,
    LaunchTemplateSpecification,
    LaunchTemplateVersion,
    LoadEvent,
    LocalConfig,
    ManagedNode,
    ManagedPolicy,
    MetadataDefaults,
    MetadataOptions,
    NamedProfile,
    Object,
    Operator,
    ResourceTags,
    Role,
    RoleChange,
    RoleDuration,
    RoleLastUsed,
    ScalingActivity,
    SigningEnvironment,
)
from instance_profiles.inventory.passing import look
from instance_profiles.inventory.sources import (
    ACCOUNT_SUMMARY,
    ASSOCIATIONS,
    AUTHORIZATION_DETAILS,
    AUTO_SCALING_GROUPS,
    CALLER_IDENTITY,
    EC2_FLEETS,
    GLOBAL_SOURCES,
    INSTANCE_PROFILE_TAGS,
    INSTANCE_PROFILES,
    INSTANCES,
    LAUNCH_CONFIGURATIONS,
    LAUNCH_TEMPLATE_VERSIONS,
    LOCAL_CONFIG,
    MANAGED_NODES,
    METADATA_DEFAULTS,
    REGIONAL_SOURCES,
    REGIONS,
    ROLE_DURATIONS,
    SCALING_ACTIVITIES,
    SPOT_FLEETS,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from instance_profiles.findings.finding import Finding

ACCOUNT = "123456789012"
EU, US = "eu-west-1", "us-east-1"
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=400)
YESTERDAY = NOW - timedelta(days=1)


def trusting(*services: str, effect: str = "Allow", **more: Any) -> dict[str, Any]:
    return {
        "Effect": effect,
        "Principal": {"Service": list(services)},
        "Action": "sts:AssumeRole",
        **more,
    }


TRUSTS_EC2 = trusting("ec2.amazonaws.com")
TRUSTS_RDS = trusting("rds.amazonaws.com")
DENIES_EC2 = trusting("ec2.amazonaws.com", effect="Deny")


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allowing(*actions: str, effect: str = "Allow", resource: str = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": list(actions), "Resource": resource, **more}


DENIES_ALL = allowing("*", effect="Deny")


class Estate:
    """One account. Everything is read completely unless `state` says otherwise."""

    def __init__(self, *regions: str, asked: tuple[str, ...] | None = None) -> None:
        self.regions = regions or (EU, US)
        self.enabled: tuple[str, ...] | None = self.regions
        self.asked = asked or self.regions
        self.named_profiles: list[NamedProfile] = []
        self.caller = "user/ops"
        self.environment: SigningEnvironment | None = None
        self.seen_at = NOW
        """When what is normal in passing was first seen, but for associations, which tell it themselves."""
        self._own_policies: set[str] = set()
        self.role_changes: list[RoleChange] = []
        self._objects: dict[tuple[str | None, str], list[Object]] = {}
        self._states: dict[tuple[str | None, str], tuple[CoverageState, str | None]] = {}

    # -- what there is -------------------------------------------------------------------------------------

    def role(
        self,
        name: str,
        *trust: dict[str, Any],
        policies: Sequence[str] | None = ("ReadOnly",),
        inline: Mapping[str, str] | Sequence[str] | None = (),
        last_used: datetime | None = YESTERDAY,
        created: datetime = LONG_AGO,
        path: str = "/",
        boundary: str | None = None,
        partition: str = "aws",
    ) -> Role:
        """Policies go by name, those of `policy` by theirs, others are AWS's own; `inline` to their texts."""
        arn = f"arn:{partition}:iam::{ACCOUNT}:role{path}{name}"
        role = Role(
            account=ACCOUNT,
            role_id=aws_id("AROA", name),
            role_name=name,
            arn=arn,
            path=path,
            create_date=created,
            assume_role_policy_document=document(*(trust or [TRUSTS_EC2])),
            permissions_boundary_arn=boundary and self._policy_arn(boundary),
            attached_policies=None
            if policies is None
            else tuple(AttachedPolicy(policy, self._policy_arn(policy)) for policy in policies),
            inline_policies=None
            if inline is None
            else tuple(
                InlinePolicy(policy, inline[policy] if isinstance(inline, dict) else "{}")
                for policy in inline
            ),
            last_used=RoleLastUsed(last_used, EU if last_used else None),
        )
        return self._add(None, AUTHORIZATION_DETAILS, role)

    def policy(self, name: str, *statements: dict[str, Any]) -> ManagedPolicy:
        """A managed policy of the account; before the roles that have it."""
        self._own_policies.add(name)
        made = ManagedPolicy(ACCOUNT, self._policy_arn(name), name, document(*statements), "v1")
        return self._add(None, AUTHORIZATION_DETAILS, made)

    def _policy_arn(self, name: str) -> str:
        owner = ACCOUNT if name in self._own_policies else "aws"
        return f"arn:aws:iam::{owner}:policy/{name}"

    def profile(
        self,
        name: str,
        role: Role | None = None,
        *,
        created: datetime = LONG_AGO,
        path: str = "/",
        tags: dict[str, str] | None = None,
        generation: int = 1,
        partition: str = "aws",
    ) -> InstanceProfile:
        profile = InstanceProfile(
            account=ACCOUNT,
            instance_profile_id=aws_id("AIPA", f"{name}{generation}"),
            instance_profile_name=name,
            arn=f"arn:{partition}:iam::{ACCOUNT}:instance-profile{path}{name}",
            path=path,
            create_date=created,
            role=role
            and ContainedRole(
                role.role_id,
                role.role_name,
                role.arn,
                role.path,
                role.create_date,
                role.assume_role_policy_document,
            ),
            tags=tags,
        )
        return self._add(None, INSTANCE_PROFILES, profile)

    def healthy_profile(self, name: str) -> InstanceProfile:
        return self.profile(name, self.role(name))

    def instance(
        self,
        name: str,
        profile: InstanceProfile | InstanceProfileRef | None = None,
        *,
        state: str = "running",
        region: str = EU,
        imds: str = "enabled",
        operator: Operator | None = None,
        launched: datetime = LONG_AGO,
        tokens: str = "required",
        hops: int = 2,
        imds_state: str = "applied",
        tags: dict[str, str] | None = None,
    ) -> Instance:
        instance_id = aws_id("i-", name, 17).lower()
        instance = Instance(
            account=ACCOUNT,
            region=region,
            instance_id=instance_id,
            arn=f"arn:aws:ec2:{region}:{ACCOUNT}:instance/{instance_id}",
            state=state,
            instance_type="t3.micro",
            availability_zone=f"{region}a",
            launch_time=launched,
            iam_instance_profile=ref_of(profile) if profile else None,
            metadata_options=MetadataOptions(imds_state, imds, tokens, hops),
            operator=operator,
            tags={"Name": name} | (tags or {}),
        )
        return self._add(region, INSTANCES, instance)

    def association(
        self,
        instance: Instance,
        profile: InstanceProfile | InstanceProfileRef,
        state: str = "associated",
        age: float = 3600,
    ) -> Association:
        association = Association(
            account=ACCOUNT,
            region=instance.region,
            association_id=aws_id(
                "iip-assoc-", f"{instance.instance_id}{ref_of(profile).id}{state}", 17
            ).lower(),
            instance_id=instance.instance_id,
            iam_instance_profile=ref_of(profile),
            state=state,
            first_seen=NOW - timedelta(seconds=age),
        )
        return self._add(instance.region, ASSOCIATIONS, association)

    def template(
        self,
        name: str,
        profile: str | None = None,
        *,
        arn: str | None = None,
        number: int = 1,
        default: bool = True,
        latest: bool = True,
        region: str = EU,
    ) -> LaunchTemplateVersion:
        version = LaunchTemplateVersion(
            account=ACCOUNT,
            region=region,
            launch_template_id=aws_id("lt-", name, 17).lower(),
            launch_template_name=name,
            version_number=number,
            default_version=default,
            latest_version=latest,
            create_time=LONG_AGO,
            iam_instance_profile_arn=arn,
            iam_instance_profile_name=profile,
        )
        return self._add(region, LAUNCH_TEMPLATE_VERSIONS, version)

    def group(
        self,
        name: str,
        template: LaunchTemplateVersion | None = None,
        version: str = "$Default",
        configuration: LaunchConfiguration | None = None,
        region: str = EU,
        members: Sequence[Instance] = (),
        tags: dict[str, str] | None = None,
    ) -> AutoScalingGroup:
        group = AutoScalingGroup(
            account=ACCOUNT,
            region=region,
            auto_scaling_group_name=name,
            arn=f"arn:aws:autoscaling:{region}:{ACCOUNT}:autoScalingGroup:x:autoScalingGroupName/{name}",
            desired_capacity=2,
            launch_templates=(LaunchTemplateSpecification(template.launch_template_id, None, version),)
            if template
            else (),
            launch_configuration_name=configuration.launch_configuration_name if configuration else None,
            instances=tuple(AutoScalingInstance(member.instance_id, "InService") for member in members),
            tags=tags or {},
        )
        return self._add(region, AUTO_SCALING_GROUPS, group)

    def configuration(self, name: str, profile: str, region: str = EU) -> LaunchConfiguration:
        arn = f"arn:aws:autoscaling:{region}:{ACCOUNT}:launchConfiguration:x:launchConfigurationName/{name}"
        found = LaunchConfiguration(ACCOUNT, region, name, arn, profile)
        return self._add(region, LAUNCH_CONFIGURATIONS, found)

    def activity(
        self, group: AutoScalingGroup, message: str = "", *, status: str = "Failed", minutes: float = 10
    ) -> ScalingActivity:
        found = ScalingActivity(
            ACCOUNT,
            group.region,
            f"{group.auto_scaling_group_name}-{minutes}",
            group.auto_scaling_group_name,
            status,
            NOW - timedelta(minutes=minutes),
            "Launching a new EC2 instance",
            message,
        )
        return self._add(group.region, SCALING_ACTIVITIES, found)

    def fleet(
        self,
        name: str,
        template: LaunchTemplateVersion | None = None,
        *profiles: str,
        kind: Literal["spot-fleet", "ec2-fleet"] = "ec2-fleet",
        version: str = "$Default",
        region: str = EU,
    ) -> Fleet:
        specifications = (
            (LaunchTemplateSpecification(template.launch_template_id, None, version),) if template else ()
        )
        source = EC2_FLEETS if kind == "ec2-fleet" else SPOT_FLEETS
        made = Fleet(ACCOUNT, region, kind, aws_id("fleet-", name), "active", specifications, profiles)
        return self._add(region, source, made)

    def node(self, instance: Instance, ping_status: str = "Online") -> ManagedNode:
        found = ManagedNode(ACCOUNT, instance.region, instance.instance_id, ping_status)
        return self._add(instance.region, MANAGED_NODES, found)

    def defaults(
        self, managed_by: str = "account", region: str = EU, tokens: str | None = None
    ) -> MetadataDefaults:
        made = MetadataDefaults(ACCOUNT, region, managed_by, http_tokens=tokens)
        return self._add(region, METADATA_DEFAULTS, made)

    def tagged(self, profile: InstanceProfile, **tags: str) -> ResourceTags:
        written = {key.replace("__", ":"): value for key, value in tags.items()}
        return self._add(None, INSTANCE_PROFILE_TAGS, ResourceTags(ACCOUNT, profile.arn, written))

    def duration(self, role: Role, seconds: int) -> RoleDuration:
        return self._add(None, ROLE_DURATIONS, RoleDuration(ACCOUNT, role.arn, seconds))

    def role_changed(self, profile: InstanceProfile, minutes: float) -> None:
        change = RoleChange(ACCOUNT, profile.instance_profile_id, NOW - timedelta(minutes=minutes), "entry")
        self.role_changes.append(change)

    def summary(self, profiles: int, quota: int, roles: int = 1, roles_quota: int = 1000) -> AccountSummary:
        return self._add(
            None, ACCOUNT_SUMMARY, AccountSummary(ACCOUNT, profiles, quota, roles, roles_quota, 2048)
        )

    def named(self, name: str, **values: Any) -> NamedProfile:
        self.named_profiles.append(NamedProfile(name, **values))
        return self.named_profiles[-1]

    # -- how far it is read --------------------------------------------------------------------------------

    def state(
        self, source: str, state: CoverageState, region: str | None = None, cause: str | None = None
    ) -> None:
        """How reading a source ends; objects of one that is not complete arrive all the same."""
        self._states[(region, source)] = (state, cause)

    def events(self) -> list[list[LoadEvent]]:
        """What a load yields: streams that come in any order to one another, each in its own order."""
        caller = Caller(ACCOUNT, f"arn:aws:iam::{ACCOUNT}:{self.caller}", "AIDAEXAMPLE", "aws")
        streams: list[list[LoadEvent]] = [
            [caller, Batch(self._coverage(None, CALLER_IDENTITY))],
            [
                EnabledRegions(ACCOUNT, self.enabled, self.asked),
                Batch(self._coverage(None, REGIONS)),
            ],
            [
                LocalConfig(
                    tuple(self.named_profiles), self._coverage(None, LOCAL_CONFIG, ""), self.environment
                )
            ],
        ]
        streams += [self._stream(None, source) for source in GLOBAL_SOURCES]
        streams += [self._stream(region, source) for region in self.asked for source in REGIONAL_SOURCES]
        return streams

    def inventory(self) -> Inventory:
        inventory = Inventory(lambda: NOW)
        for stream in self.events():
            for event in stream:
                inventory.take(event)
        inventory.take_role_changes(self.role_changes)
        look(inventory, self.seen_at)
        return inventory

    def findings(self, rule: str | None = None, now: datetime = NOW) -> list[Finding]:
        return [f for f in evaluate(self.inventory(), now) if rule in (None, f.rule)]

    def present(self, rule: str) -> list[Finding]:
        return [finding for finding in self.findings(rule) if finding.verdict == "present"]

    def unknown(self, rule: str) -> list[Finding]:
        return [finding for finding in self.findings(rule) if finding.verdict == "unknown"]

    def only(self, rule: str) -> Finding:
        [finding] = self.findings(rule)
        return finding

    def _add(self, region: str | None, source: str, item: Any) -> Any:
        self._objects.setdefault((region, source), []).append(item)
        return item

    def _coverage(self, region: str | None, source: str, account: str = ACCOUNT) -> Coverage:
        state, cause = self._states.get((region, source), ("complete", None))
        return Coverage(account, region, source, state, cause)

    def _stream(self, region: str | None, source: str) -> list[LoadEvent]:
        begun = Coverage(ACCOUNT, region, source, "loading")
        pages = [Batch(begun, (item,)) for item in self._objects.get((region, source), [])]
        return [Batch(begun), *pages, Batch(self._coverage(region, source))]


def ref_of(profile: InstanceProfile | InstanceProfileRef) -> InstanceProfileRef:
    if isinstance(profile, InstanceProfileRef):
        return profile
    return InstanceProfileRef(profile.arn, profile.instance_profile_id)


def deleted(name: str, account: str = ACCOUNT) -> InstanceProfileRef:
    """How an instance points to an instance profile that is no more."""
    return InstanceProfileRef(
        f"arn:aws:iam::{account}:instance-profile/{name}", aws_id("AIPA", f"old {name}")
    )


def aws_id(prefix: str, seed: str, length: int = 17) -> str:
    return prefix + hashlib.blake2b(seed.encode(), digest_size=16).hexdigest()[:length].upper()
