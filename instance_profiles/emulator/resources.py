"""What exists in the emulated accounts: plain objects that operations read and change."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

InstanceState = Literal["pending", "running", "shutting-down", "terminated", "stopping", "stopped"]
AssociationState = Literal["associating", "associated", "disassociating"]

STATE_CODES: dict[InstanceState, int] = {
    "pending": 0,
    "running": 16,
    "shutting-down": 32,
    "terminated": 48,
    "stopping": 64,
    "stopped": 80,
}


@dataclass(slots=True)
class Role:
    name: str
    path: str
    id: str
    arn: str
    created: float
    trust: str
    """The trust policy as JSON text, keys in AWS's order."""
    max_session_duration: int = 3600
    description: str = ""
    boundary: str | None = None
    last_used: float | None = None
    last_used_region: str = ""
    attached: dict[str, str] = field(default_factory=dict)
    """Policy ARN to policy name."""
    inline: dict[str, str] = field(default_factory=dict)
    """Policy name to JSON text."""
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class InstanceProfile:
    name: str
    path: str
    id: str
    arn: str
    created: float
    role: Role | None = None
    visible_to_ec2: float = 0.0
    """When EC2 comes to know it; IAM knows it at once."""
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class ManagedPolicy:
    """A customer managed policy, or one of AWS's own that a role has attached."""

    name: str
    arn: str
    id: str
    created: float
    document: str
    path: str = "/"
    versions: list[str] = field(default_factory=list)
    """The documents of the versions before this one, oldest first; AWS keeps five in all."""
    later: list[str] = field(default_factory=list)
    """The documents of versions made after the one in force."""

    @property
    def default_version(self) -> str:
        return f"v{len(self.versions) + 1}"

    @property
    def documents(self) -> list[str]:
        """Of all versions, oldest first."""
        return [*self.versions, self.document, *self.later]


@dataclass(slots=True)
class ProfileReference:
    """How an instance names its instance profile: by ARN and by the id it had when it was attached."""

    arn: str
    id: str

    def wire(self) -> dict[str, str]:
        return {"Arn": self.arn, "Id": self.id}


@dataclass(slots=True)
class Association:
    id: str
    instance_id: str
    profile: ProfileReference
    state: AssociationState
    number: int
    """Grows with every new association: the newest of an instance is listed first."""
    attempts: int = 0
    """How often EC2 tried in vain to assume the role."""
    pinned: bool = False
    """The fleet wants this state to last."""
    role: Role | None = None
    """Whose credentials IMDS serves: EC2 takes them from the instance profile every hour or so."""
    asked_at: float = 0.0
    """When EC2 last tried to get credentials."""
    served: bool = False
    """Whether that succeeded, or gave nothing because the instance profile was empty."""


@dataclass(slots=True)
class Instance:
    id: str
    number: int
    reservation_id: str
    image_id: str
    instance_type: str
    zone: str
    subnet_id: str
    vpc_id: str
    private_ip: str
    launched: float
    state: InstanceState
    shown_state: InstanceState
    """What DescribeInstances says; it lags behind by a moment."""
    shown_profile: ProfileReference | None = None
    """The instance profile that DescribeInstances says; it lags behind the associations."""
    key_name: str = ""
    security_group: str = "default"
    metadata: dict[str, Any] = field(default_factory=dict)
    metadata_pending_until: float = 0.0
    operator: str | None = None
    hidden_by_default: bool = False
    unlisted: bool = False
    template: tuple[str, int] | None = None
    """Launch template id and version, for instances of scaling groups."""
    tags: dict[str, str] = field(default_factory=dict)
    state_reason: str = ""
    ping_status: str = ""
    """What Systems Manager says of it; left empty, its role decides. `none` for one that it does not know."""


@dataclass(slots=True)
class LaunchTemplateVersion:
    number: int
    created: float
    data: dict[str, Any]
    description: str = ""


@dataclass(slots=True)
class LaunchTemplate:
    id: str
    name: str
    created: float
    default: int
    versions: dict[int, LaunchTemplateVersion]
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def latest(self) -> int:
        return max(self.versions)


@dataclass(slots=True)
class LaunchConfiguration:
    name: str
    arn: str
    created: float
    image_id: str
    instance_type: str
    instance_profile: str = ""
    """A name or an ARN, as it was written."""


@dataclass(slots=True)
class InstanceRefresh:
    id: str
    started: float
    status: str


@dataclass(slots=True)
class ScalingGroup:
    name: str
    arn: str
    created: float
    desired: int
    minimum: int
    maximum: int
    zones: list[str]
    launch_template: dict[str, str] | None = None
    mixed_instances_policy: dict[str, Any] | None = None
    launch_configuration: str = ""
    instance_ids: list[str] = field(default_factory=list)
    activities: list[dict[str, Any]] = field(default_factory=list)
    refreshes: list[InstanceRefresh] = field(default_factory=list)
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Fleet:
    """`launch` is the config of a spot fleet request, or what an EC2 fleet says of its launches."""

    id: str
    created: float
    state: str
    kind: Literal["spot-fleet", "ec2-fleet"]
    launch: dict[str, Any]
    type: str = "maintain"
    target: int = 1
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Region:
    """The regional resources of one account, by id or name; those are listed in the order of these keys."""

    name: str
    instances: dict[str, Instance] = field(default_factory=dict)
    associations: dict[str, Association] = field(default_factory=dict)
    launch_templates: dict[str, LaunchTemplate] = field(default_factory=dict)
    launch_configurations: dict[str, LaunchConfiguration] = field(default_factory=dict)
    scaling_groups: dict[str, ScalingGroup] = field(default_factory=dict)
    fleets: dict[str, Fleet] = field(default_factory=dict)
    metadata_defaults: dict[str, Any] = field(default_factory=dict)
    """What GetInstanceMetadataDefaults replies."""
    elsewhere: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """Objects of other services that name instance profiles, by kind: `nodegroup`, `emr-cluster`, ..."""

    def associations_of(self, instance_id: str) -> list[Association]:
        """Newest first."""
        found = [a for a in self.associations.values() if a.instance_id == instance_id]
        return sorted(found, key=lambda a: -a.number)


@dataclass(slots=True)
class Quotas:
    instance_profiles: int = 1000
    roles: int = 1000
    trust_policy_size: int = 2048
    attached_policies_per_role: int = 10


@dataclass(slots=True)
class QuotaRequest:
    """An increase that was asked for at Service Quotas; `created` in seconds since 1970."""

    id: str
    quota_code: str
    desired: float
    created: float
    status: str = "PENDING"


@dataclass(frozen=True, slots=True)
class TrailTable:
    """Where Athena finds a trail. `output` is where its workgroup puts results, `cutoff` bytes its limit."""

    region: str
    database: str
    name: str
    workgroup: str
    output: str = ""
    cutoff: int = 0


@dataclass(frozen=True, slots=True)
class EventDataStore:
    """What CloudTrail Lake keeps events in."""

    region: str
    name: str
    id: str


@dataclass(slots=True)
class Account:
    """One account: IAM by folded name (names are unique without case), EC2 by region."""

    id: str
    partition: str = "aws"
    alias: str = ""
    quotas: Quotas = field(default_factory=Quotas)
    roles: dict[str, Role] = field(default_factory=dict)
    instance_profiles: dict[str, InstanceProfile] = field(default_factory=dict)
    policies: dict[str, ManagedPolicy] = field(default_factory=dict)
    """Customer managed policies by ARN."""
    regions: dict[str, Region] = field(default_factory=dict)
    user_policies: dict[str, dict[str, str]] = field(default_factory=dict)
    """Inline policies by user and name."""
    scps: list[list[str]] = field(default_factory=list)
    """Service control policies, a list for each level of the organisation."""
    trail_table: TrailTable | None = None
    event_data_store: EventDataStore | None = None
    quota_requests: list[QuotaRequest] = field(default_factory=list)

    def region(self, name: str) -> Region:
        return self.regions.setdefault(name, Region(name))

    def arn(self, service: str, resource: str, region: str = "") -> str:
        return f"arn:{self.partition}:{service}:{region}:{self.id}:{resource}"

    def profile_by_arn(self, arn: str) -> InstanceProfile | None:
        profile = self.instance_profiles.get(arn.rpartition("/")[2].casefold())
        return profile if profile is not None and profile.arn == arn else None


@dataclass(slots=True)
class Caller:
    """Who holds an access key. `chained` is true for credentials that came from AssumeRole."""

    access_key: str
    account: str
    arn: str
    user_id: str
    session_token: str = ""
    expires: float | None = None
    issued: float = 0.0
    """When temporary credentials were given; those that a fleet names, when the emulator started."""
    chained: bool = False
    enforced: bool = False
    """Whether policies decide what it may; else it may do all that is not denied by name."""
    policies: list[str] = field(default_factory=list)
    """Documents beside those of its user or role."""
    boundary: str | None = None
    session_policy: str | None = None

    @property
    def secret_key(self) -> str:
        """Signatures are not checked, so any text of 40 characters does."""
        return f"{self.access_key}SECRETKEYEXAMPLE".ljust(40, "x")[:40]
